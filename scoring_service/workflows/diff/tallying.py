"""What is counted of a replay: what reps got, how leads became MQLs, and what became of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from scoring_service.domain.business_time.windows import is_open
from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.values.decision import Cause, Decision
from scoring_service.values.owner import RepOwner
from scoring_service.values.score import Score
from scoring_service.workflows.diff.ledger import Decided, Ledger
from scoring_service.workflows.diff.past import Past
from scoring_service.workflows.diff.results import Enrolled, Fate, Replayed
from scoring_service.workflows.diff.settling import WORKED

QUALIFIED, ROUTED = "qualified", "routed"


class Tally:
    """The counts of one replay. `seen` are the leads of the window in their order; `mql` is how
    each became one.
    """

    def __init__(self, ledger: Ledger, past: Past) -> None:
        self._ledger, self._past = ledger, past
        self.seen: dict[str, None] = {}
        self.mql: dict[str, str] = {}
        self._last: dict[str, tuple[str, float | None]] = {}
        self._outside: set[str] = set()
        self._taken: Counter[str] = Counter()
        self._drawn: Counter[str] = Counter()

    def judged(self, lead_id: str, score: Score) -> None:
        """What a lead was worth when something happened to it last."""
        win = score.win_probability
        self._last[lead_id] = score.quadrant.value, None if win is None else win.value

    def count(self, made: Decided, decision: Decision) -> None:
        """What a decision adds to the loads, and how it made the lead an MQL."""
        if decision.cause is Cause.KEPT:
            return
        lead_id, owner = made.facts.lead.lead_id, decision.owner
        self._outside.discard(lead_id)
        if decision.stage in WORKED and made.lead.stage not in WORKED:
            self.mql[lead_id] = QUALIFIED if decision.cause is Cause.QUALIFIED else ROUTED
        if not isinstance(owner, RepOwner):
            return
        self._taken[owner.id] += 1
        if decision.draw is not None:
            self._drawn[decision.pool] += 1
        if self._answers_outside(lead_id, owner.id, made.facts.now):
            self._outside.add(lead_id)

    def result(self, known: Mapping[str, Fate], foreseen: Sequence[Experiment]) -> Replayed:
        """Everything counted, and what became of each lead of the window; `known` are the fates of
        those that were not replayed.
        """
        policy, lines = self._ledger.policy, self._ledger.lines
        waiting = {pool: lines.waiting((pool,), 1)[0] for pool in lines.pools()}
        return Replayed(
            revision=policy.revision,
            fates=tuple([known.get(lead_id) or self._fate(lead_id) for lead_id in self.seen]),
            taken=dict(self._taken),
            drawn=dict(self._drawn),
            waiting=waiting,
            model_version="" if policy.model is None else policy.model.version,
            foreseen=tuple([self._enrolled(one) for one in foreseen]),
        )

    def _enrolled(self, one: Experiment) -> Enrolled:
        """How many of the window's leads are in each arm at its end."""
        arms = Counter(self._ledger.leads[lead_id].arms.get(one.name) for lead_id in self.seen)
        return Enrolled(one.name, {arm.name: arms[arm.name] for arm in one.arms})

    def _answers_outside(self, lead_id: str, rep_id: str, now: datetime) -> bool:
        """Whether the rep's calendar is closed at the first response; where none is known, when he
        is given the lead.
        """
        policy = self._ledger.policy
        calendar = policy.calendars[policy.reps[rep_id].calendar]
        return not is_open(calendar, max(now, self._past.responses.get(lead_id, now)))

    def _fate(self, lead_id: str) -> Fate:
        lead, stands = self._ledger.leads[lead_id], self._ledger.standing.get(lead_id)
        quadrant, won = self._last[lead_id]
        return Fate(
            lead_id,
            lead.owner,
            stands.route if stands else "",
            quadrant,
            self.mql.get(lead_id),
            won,
            lead_id in self._outside,
        )
