"""The stages as a table: who holds a lead there, and where it may go from there by whom."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from scoring_service.values.stage import Stage


class Mover(StrEnum):
    """Who moves a lead."""

    AUTOMATION = "automation"
    SALES = "sales"
    AUTHORISED = "authorised"


_S = Stage

AUTOMATION: Mapping[Stage, frozenset[Stage]] = {
    _S.ANONYMOUS: frozenset({_S.KNOWN, _S.NURTURE, _S.MQL, _S.DISQUALIFIED}),
    _S.KNOWN: frozenset({_S.NURTURE, _S.MQL, _S.DISQUALIFIED}),
    _S.NURTURE: frozenset({_S.MQL, _S.DISQUALIFIED}),
    _S.MQL: frozenset({_S.RECYCLED, _S.DISQUALIFIED}),
    _S.SAL: frozenset({_S.DISQUALIFIED}),
    _S.SQL: frozenset({_S.RECYCLED, _S.DISQUALIFIED}),
    _S.OPPORTUNITY: frozenset(),
    _S.CLOSED_LOST: frozenset({_S.RECYCLED, _S.DISQUALIFIED}),
    _S.RECYCLED: frozenset({_S.MQL, _S.DISQUALIFIED}),
    _S.CUSTOMER: frozenset(),
    _S.DISQUALIFIED: frozenset(),
}
"""Forward on the path, and the arrows beside it. From sal and sql to disqualified only by
do_not_contact.
"""

SALES: Mapping[Stage, frozenset[Stage]] = {
    **dict.fromkeys(_S, frozenset[Stage]()),
    _S.MQL: frozenset({_S.SAL, _S.RECYCLED, _S.DISQUALIFIED}),
    _S.SAL: frozenset({_S.SQL, _S.RECYCLED, _S.DISQUALIFIED}),
    _S.SQL: frozenset({_S.OPPORTUNITY, _S.RECYCLED, _S.DISQUALIFIED}),
    _S.OPPORTUNITY: frozenset({_S.CUSTOMER, _S.CLOSED_LOST}),
    _S.CLOSED_LOST: frozenset({_S.RECYCLED, _S.DISQUALIFIED}),
}
"""What the owner of a lead, or a manager above him, may do with it."""


def allowed(stage: Stage, mover: Mover, exits: Collection[Stage] | None = None) -> frozenset[Stage]:
    """The stages to which `mover` may move a lead; `exits`, where given, are those that the rules
    leave to sales.

    >>> sorted(allowed(Stage.OPPORTUNITY, Mover.SALES))
    [<Stage.CLOSED_LOST: 'closed_lost'>, <Stage.CUSTOMER: 'customer'>]
    """
    if mover is Mover.AUTHORISED:
        return frozenset(Stage) - {stage}
    if mover is Mover.AUTOMATION:
        return AUTOMATION[stage]
    return SALES[stage] if exits is None else SALES[stage] & frozenset(exits)


class IllegalMove(Exception):
    """A move that the stage does not allow; the message names those it does."""

    def __init__(
        self, stage: Stage, to: Stage, mover: Mover, exits: Collection[Stage] | None = None
    ) -> None:
        can = ", ".join(sorted(allowed(stage, mover, exits))) or "none"
        super().__init__(f"{stage} -> {to} is no move of {mover}; allowed from {stage}: {can}")
        self.stage, self.to, self.mover = stage, to, mover


def check(stage: Stage, to: Stage, mover: Mover, exits: Collection[Stage] | None = None) -> None:
    """Raise IllegalMove where `mover` may not move a lead so; a stage is never left for itself."""
    if to not in allowed(stage, mover, exits):
        raise IllegalMove(stage, to, mover, exits)
