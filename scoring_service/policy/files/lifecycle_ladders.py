"""What is wrong with the ladders of lifecycle.yaml."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise

from scoring_service.domain.business_time.duration import Duration
from scoring_service.domain.lifecycle.lifecycle import Lifecycle
from scoring_service.domain.lifecycle.stage_clocks import STAGE_CLOCKS
from scoring_service.domain.lifecycle.telling import MANAGER, OWNER, TOP, level_of
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.names import Names
from scoring_service.policy.files.spans import length
from scoring_service.policy.mistake import Mistake

_OF_STAGES = frozenset(
    row.key for rows in STAGE_CLOCKS.values() for row in rows if not row.stale
) - {"accept"}
"""SLAs that are no time to accept."""

_WORDS = (OWNER, TOP, MANAGER, f"{MANAGER}'s {MANAGER}")
"""Whom a rung may tell beside people by name; managers further up too."""


def wrong_rungs(document: Document, path: Path, spans: Sequence[Duration]) -> Iterator[Mistake]:
    """Rungs that are not later than the one before, or that count in another unit."""
    for index, (first, then) in enumerate(pairwise(spans), start=1):
        if type(first) is not type(then):
            what = "this rung counts in another unit than the one before"
            yield document.mistake((*path, index, "after"), what, "use one unit in a ladder")
        elif length(then) <= length(first):
            what = "this rung is not later than the one before"
            remedy = "times count from the assignment: give it a longer one"
            yield document.mistake((*path, index, "after"), what, remedy)


def wrong_words(
    document: Document, path: Path, words: Sequence[str | None], names: Names
) -> Iterator[Mistake]:
    """Whom a rung tells, misspelt: else nobody would ever read it. Any other name is a mailbox."""
    for index, word in enumerate(words):
        if word is None or word in names.reps or word in _WORDS or level_of(word) is not None:
            continue
        near = get_close_matches(word.lower().replace("\u2019", "'"), _WORDS, n=1, cutoff=0.8)
        if near:
            what, remedy = f"nobody is called '{word}'", f"did you mean '{near[0]}'?"
            yield document.mistake((*path, index, "tell"), what, remedy)


def wrong_sla_ladders(document: Document, lifecycle: Lifecycle) -> Iterator[Mistake]:
    """SLAs that are over only when the second rung of their ladder is: the first rung is the SLA.

    Spans of different units cannot be compared, and are not.
    """
    for name, own in lifecycle.slas.items():
        ladder = lifecycle.sla_ladders.get(name, lifecycle.ladder)
        if name in _OF_STAGES or len(ladder) < 2 or type(own) is not type(ladder[1].after):
            continue
        first, second = ladder[0].after, ladder[1].after
        if length(own) >= length(second) > length(first):
            what = f"the SLA '{name}' is not over before the second rung of its ladder"
            remedy = f"shorten it, or give it a ladder of its own: 'sla_ladders: {{{name}: ...}}'"
            yield document.mistake(_place(document, name), what, remedy)


def _place(document: Document, name: str) -> Path:
    """The SLA where the file has it, else what the file changed instead."""
    written = document.value if isinstance(document.value, dict) else {}
    if name in (written.get("slas") or {}):
        return ("slas", name)
    return ("sla_ladders", name) if name in (written.get("sla_ladders") or {}) else ("ladder",)
