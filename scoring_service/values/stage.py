"""Where a lead is on its way."""

from enum import StrEnum


class Stage(StrEnum):
    """The path, and the places beside it. `disqualified` and `customer` are finished."""

    ANONYMOUS = "anonymous"
    KNOWN = "known"
    NURTURE = "nurture"
    MQL = "mql"
    SAL = "sal"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    CUSTOMER = "customer"
    CLOSED_LOST = "closed_lost"
    RECYCLED = "recycled"
    DISQUALIFIED = "disqualified"


PATH = (
    Stage.ANONYMOUS,
    Stage.KNOWN,
    Stage.NURTURE,
    Stage.MQL,
    Stage.SAL,
    Stage.SQL,
    Stage.OPPORTUNITY,
    Stage.CUSTOMER,
)
"""The order in which automation may move a lead: forward only."""

FINISHED = frozenset({Stage.CUSTOMER, Stage.DISQUALIFIED})
