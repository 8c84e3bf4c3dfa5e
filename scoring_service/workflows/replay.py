"""A stored decision, decided again from its own facts."""

from enum import StrEnum

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.values.decision import Decision
from scoring_service.values.facts import SEMANTICS_VERSION, Facts
from scoring_service.values.stored import StoredDecision


class Verdict(StrEnum):
    """What a replay found. `no_policy`: the rules that decided cannot be had. `trimmed`: the facts
    are no longer kept.
    """

    EQUAL = "equal"
    DIFFERENT = "different"
    OTHER_SEMANTICS = "other_semantics"
    NO_POLICY = "no_policy"
    TRIMMED = "trimmed"


class Replay(msgspec.Struct, frozen=True):
    """The verdict, the fields that differ, the decision made now (None under other semantics)."""

    verdict: Verdict
    differing: tuple[str, ...] = ()
    decision: Decision | None = None
    note: str = ""


def facts_in(stored: StoredDecision) -> Facts:
    """The facts of a record."""
    return msgspec.json.decode(stored.facts, type=Facts)


def kept_facts(stored: StoredDecision) -> Facts | None:
    """The facts of a record; None where they are no longer kept."""
    return None if stored.trimmed_at is not None else facts_in(stored)


def trimmed_note(stored: StoredDecision) -> str:
    """For how long the facts of a record were kept, and when they went; "" while they are kept."""
    if stored.trimmed_at is None:
        return ""
    days = (stored.trimmed_at - stored.at).days
    return f"its facts were kept {days} days; trimmed on {stored.trimmed_at:%Y-%m-%d}"


def decision_in(stored: StoredDecision) -> Decision:
    """The decision of a record."""
    return msgspec.json.decode(stored.decision, type=Decision)


def replay(policy: Policy, stored: StoredDecision) -> Replay:
    """Decide again under `policy`, which must be of the record's revision, and compare.

    A record of other semantics is not compared, nor one without its facts: the note says so.
    """
    assert policy.revision == stored.revision, (policy.revision, stored.revision)
    if note := trimmed_note(stored):
        return Replay(Verdict.TRIMMED, note=note)
    if stored.semantics != SEMANTICS_VERSION:
        note = f"recorded under semantics {stored.semantics}; this is {SEMANTICS_VERSION}"
        return Replay(Verdict.OTHER_SEMANTICS, note=note)
    first = decision_in(stored)
    try:
        again = decide(policy, facts_in(stored))
    except KeyError as pool:
        return Replay(Verdict.DIFFERENT, note=f"it needs a pool that its facts do not have: {pool}")
    differing = tuple(
        field
        for field in Decision.__struct_fields__
        if getattr(first, field) != getattr(again, field)
    )
    verdict = Verdict.DIFFERENT if differing else Verdict.EQUAL
    return Replay(verdict, differing, again)
