"""One lead being decided on: its facts, and what is worked out of them along the way."""

from collections.abc import Callable
from datetime import date
from typing import Any

from scoring_service.domain.business_time.windows import is_open
from scoring_service.domain.experiments.arms import with_arms
from scoring_service.domain.lifecycle.path import moved
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.leave import covering, looked_at
from scoring_service.domain.routing.routes import Route
from scoring_service.domain.scoring.score import score_state
from scoring_service.domain.scoring.state import seen
from scoring_service.domain.symbols import lead_symbols, route_symbols
from scoring_service.values.decision import Considered, Passed, RouteError
from scoring_service.values.facts import Asked, Facts, PoolFacts
from scoring_service.values.owner import RepOwner
from scoring_service.values.score import Score
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.team import Leave, Rep

Pools = Callable[[str], PoolFacts]
"""The facts of a pool, by its name."""

SOLD = frozenset(
    {Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CLOSED_LOST, Stage.CUSTOMER}
)
"""Stages in which sales holds a lead: another owner never takes it out of them."""

_SLA_OF = {Stage.SAL: "first_contact", Stage.SQL: "open_opportunity"}
RESPONDED = frozenset({Stage.MQL, *_SLA_OF})
"""Stages in which an assignment starts a clock: further on nobody has to respond to it."""


class Case:
    """What a decision is made from, who was looked at so far, and the route being tried.

    It lives for one decision and is the only thing in it that changes. Its `policy` is as the arms
    of the lead make it. `score` is given where it is known already; it and the symbols are worked
    out when they are first asked for.
    """

    def __init__(
        self, policy: Policy, facts: Facts, pools: Pools, score: Score | None = None
    ) -> None:
        policy = with_arms(policy, facts.arms, facts.now)
        self.policy, self.facts, self.pools = policy, facts, pools
        self.now = facts.now
        self.excluded = frozenset(facts.excluded)
        self.drains = facts.asked is Asked.DRAIN
        self.considered: list[Considered] = []
        self.errors: tuple[RouteError, ...] = ()
        self.route: Route | None = None
        self._open: dict[str, bool] = {}
        self._looked_at: dict[tuple[str, str, str], tuple[date, ...]] = {}
        self._score = score
        self._fit_symbols: dict[str, Any] | None = None
        self._symbols: dict[str, Any] | None = None

    def under(self, policy: Policy) -> "Case":
        """The same lead, nobody looked at yet, by a policy that has its symbols and score alike."""
        other = Case(policy, self.facts, self.pools, self.score)
        other._fit_symbols, other._symbols = self._fit_symbols, self._symbols
        return other

    @property
    def fit_symbols(self) -> dict[str, Any]:
        """What criteria and disqualifiers see."""
        if self._fit_symbols is None:
            facts = self.facts
            self._fit_symbols = lead_symbols(facts.lead, self.policy.schema, facts.account)
        return self._fit_symbols

    @property
    def score(self) -> Score:
        """What the lead is worth by now."""
        if self._score is None:
            self._score = self._scored()
        return self._score

    @property
    def symbols(self) -> dict[str, Any]:
        """What routes and members' conditions see."""
        if self._symbols is None:
            self._symbols = self._routed_by()
        return self._symbols

    def _scored(self) -> Score:
        facts, policy = self.facts, self.policy
        return score_state(
            policy.scoring,
            self.fit_symbols,
            facts.behaviour,
            facts.now,
            facts.policy_revision,
            facts.held_bars,
            facts.visit_bars,
            None if facts.stage in FINISHED else policy.model,
            facts.model_behaviour,
        )

    def _routed_by(self) -> dict[str, Any]:
        scoring, facts = self.policy.scoring, self.facts
        activity = seen(scoring, facts.behaviour, facts.now)
        return route_symbols(
            self.fit_symbols, self.score, activity, scoring.activities, facts.stage, facts.now
        )

    @property
    def sla(self) -> str:
        """The SLA of the clock that an assignment starts: the stage's own from sal on."""
        route = self.route.sla if self.route else self.facts.sla
        name = _SLA_OF.get(self.facts.stage, route)
        return name if name in self.policy.lifecycle.slas else "accept"

    @property
    def sales_stage(self) -> Stage:
        """Where a lead is once it was given to a rep or to a queue of sales."""
        return moved(self.facts.stage, Stage.MQL)

    @property
    def reassigned(self) -> bool:
        """Whether sales has the lead, and it is taken from a rep or was asked to be moved."""
        facts = self.facts
        taken = facts.asked is Asked.REASSIGN or isinstance(facts.owner, RepOwner)
        return taken and facts.stage in SOLD

    def leave(self, rep: Rep) -> Leave | None:
        """The leave that keeps the lead from a rep; what calendar and zone say is asked once."""
        if not rep.leave:
            return None
        key = rep.calendar, rep.zone, self.sla
        days = self._looked_at.get(key)
        if days is None:
            days = self._looked_at[key] = looked_at(self.policy, rep, self.now, self.sla)
        return covering(rep, days)

    def is_open(self, calendar: str) -> bool:
        """Whether a calendar is open now."""
        found = self._open.get(calendar)
        if found is None:
            found = self._open[calendar] = is_open(self.policy.calendars[calendar], self.now)
        return found

    def rep(self, rep_id: str | None) -> Rep | None:
        """An active rep of the policy, or None."""
        found = self.policy.reps.get(rep_id) if rep_id else None
        return found if found is not None and found.active else None

    def consider(self, rep_id: str, outcome: Passed, reason: str, pool: str = "") -> None:
        """Note that a rep was looked at, and what became of it."""
        self.considered.append(Considered(rep_id, outcome, reason, pool))
