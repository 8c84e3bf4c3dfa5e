"""Everything a decision was made from. A decision is replayed from its facts alone."""

from datetime import datetime
from enum import StrEnum

import msgspec

from scoring_service.values.absence import Absence
from scoring_service.values.account import AccountMatch
from scoring_service.values.activity import BehaviourState
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner
from scoring_service.values.score import HeldBar
from scoring_service.values.stage import Stage

SEMANTICS_VERSION = 2
"""Raised when a decision from the same facts and policy would come out differently; 2: to what is
sold already nobody has to respond in a time that no clock counts.
"""

FIRST_SEMANTICS = 1
"""Of facts that do not say."""

MEMBERS_MAX = 500
"""Members a pool may have."""

WAITING_LOOKED_AT_MAX = 64
"""Waiting leads looked at before an arriving lead; further ones count as takable by anybody."""


class Asked(StrEnum):
    """What the caller wanted of the decision.

    `evaluate`: something happened to the lead; `recycled`: it comes back to sales; `cycle`: it is
    a customer's next lead; `assign`: it is given to the rep `given_to`; `move`: somebody moved it
    to `stage`, and it needs an owner there.
    """

    ROUTE = "route"
    REASSIGN = "reassign"
    DRAIN = "drain"
    EVALUATE = "evaluate"
    RECYCLED = "recycled"
    CYCLE = "cycle"
    ASSIGN = "assign"
    MOVE = "move"


class MemberFacts(msgspec.Struct, frozen=True, array_like=True):
    """One rep of a pool as the store knew him: rotation credit, last draw (0: never) and how much
    he holds.
    """

    rep_id: str
    credit: int = 0
    last_draw: int = 0
    open_leads: int = 0
    taken_today: int = 0
    taken_this_week: int = 0


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    """A lead that waits, and the reps who may not take it (condition not met, or excluded)."""

    lead_id: str
    enqueued_at: datetime
    not_for: tuple[str, ...] = ()


class PoolFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pool at the instant: its members in file order, the number of its next draw, and who waits
    for it.

    `waiting` are those, oldest first and at most 64, that could be drawn from this pool: from its
    own queue and from the queues of pools that fall back to it. `waiting_count` counts them all.
    """

    pool: str
    members: tuple[MemberFacts, ...]
    next_draw: int
    waiting: tuple[Waiting, ...] = ()
    waiting_count: int = 0


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was known when a lead was routed. `decide(policy(revision), facts)` is a pure function
    of it.

    `route` and `sla` are those of the assignment that stands: a drain keeps them. `excluded` are
    reps who must not get the lead in this visit, of one that is reassigned its owner too. `away`
    are all absences that people had entered beside team.yaml, those that were over left out.
    """

    lead: Lead
    now: datetime
    policy_revision: str
    asked: Asked = Asked.ROUTE
    semantics_version: int = FIRST_SEMANTICS
    model_version: str = ""
    stage: Stage = Stage.ANONYMOUS
    visit: int = 0
    do_not_contact: bool = False
    is_new: bool = True
    behaviour: tuple[BehaviourState, ...] = ()
    behaviour_since_recycling: tuple[BehaviourState, ...] = ()
    model_behaviour: tuple[BehaviourState, ...] = ()
    held_bars: tuple[HeldBar, ...] = ()
    visit_bars: tuple[float, float] | None = None
    account: AccountMatch = AccountMatch()
    owner: Owner | None = None
    previous_owner: str | None = None
    last_pool: str | None = None
    route: str = ""
    sla: str = ""
    pinned_rep: str | None = None
    given_to: str = ""
    excluded: tuple[str, ...] = ()
    waiting_in: str | None = None
    enqueued_at: datetime | None = None
    tracks: tuple[str, ...] = ()
    recycled_at: datetime | None = None
    reevaluate_at: datetime | None = None
    arms: dict[str, str] = {}
    pools: tuple[PoolFacts, ...] = ()
    away: tuple[Absence, ...] = ()
