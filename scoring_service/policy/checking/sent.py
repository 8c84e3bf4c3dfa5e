"""Activity types that are scored and never sent, and those that are sent and not scored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from scoring_service.policy.checking.places import at, limited
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding, did_you_mean

_PATH = ("behaviour", "activities")


@dataclass(frozen=True, slots=True)
class Sent:
    """Activities that came in: how many of each type, from where, and on which line of a file the
    first of a type stands.
    """

    origin: str
    counts: Mapping[str, int]
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many activities there are."""
        return sum(self.counts.values())


def sent_findings(folder: Folder, sent: Sent) -> Iterator[Finding]:
    """Where what is sent and what is scored differ; nothing can be said without any activity."""
    assert folder.scoring is not None
    if not sent.total:
        what = f"there is no activity in {sent.origin}, so types are not held against it"
        yield Finding("scoring.yaml", 1, "$.behaviour.activities", what, "give more of the past")
        return
    scored = folder.scoring.activities
    yield from limited(_never_sent(folder, sent, [n for n in scored if not sent.counts.get(n)]))
    yield from limited(_not_scored(folder, sent, [n for n in sent.counts if n not in scored]))


def _never_sent(folder: Folder, sent: Sent, names: list[str]) -> Iterator[Finding]:
    document = folder.documents["scoring.yaml"]
    assert document is not None
    assert folder.scoring is not None
    unknown = [name for name in sent.counts if name not in folder.scoring.activities]
    for name in names:
        what = f"nobody sends {name}: none of the {sent.total:,} activities of {sent.origin} is one"
        near = get_close_matches(name, unknown, n=1, cutoff=0.6)
        remedy = f"is it sent as '{near[0]}'?" if near else "mend the sender, or remove the type"
        yield at(document, (*_PATH, name), what, remedy)


def _not_scored(folder: Folder, sent: Sent, names: list[str]) -> Iterator[Finding]:
    document = folder.documents["scoring.yaml"]
    assert document is not None
    assert folder.scoring is not None
    for name in sorted(names):
        where = f", the first on line {sent.lines[name]}" if name in sent.lines else ""
        several = sent.counts[name] != 1
        count = f"{sent.counts[name]:,} {'activities' if several else 'activity'} of {sent.origin}"
        are = "are" if several else "is"
        what = f"{count} {are} of the type '{name}'{where}, which is not scored"
        near = did_you_mean(name, folder.scoring.activities)
        remedy = near if near.startswith("did") else "add it, with 0 points if it says nothing"
        path = _PATH if folder.scoring.activities else ()
        yield at(document, path, what, remedy)
