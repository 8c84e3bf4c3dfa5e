"""A window of the past as one policy would have had it: lead by lead, in their order."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime

import msgspec

from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.experiments.foreseen import as_if_running, foreseen_arms
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.absences import with_absences
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.decide import case_of, decision_on
from scoring_service.values.stage import Stage
from scoring_service.values.stored import QueuePlace, StoredLead
from scoring_service.workflows.behaviour import NO_ACTIVITIES, with_behaviour
from scoring_service.workflows.diff.asking import asked_here, asked_of_recycled
from scoring_service.workflows.diff.draining import Draining
from scoring_service.workflows.diff.first_scores import FirstScore, as_first_met
from scoring_service.workflows.diff.foreknown import NOTHING, Foreknown
from scoring_service.workflows.diff.leaving import leave
from scoring_service.workflows.diff.ledger import Decided, Ledger, PoolsSeen
from scoring_service.workflows.diff.past import Arrived, Left, Moment, Past, Stood
from scoring_service.workflows.diff.results import Replayed
from scoring_service.workflows.diff.settling import settle
from scoring_service.workflows.diff.tallying import Tally
from scoring_service.workflows.facts import facts_of


def replay(
    policy: Policy,
    past: Past,
    known: Foreknown = NOTHING,
    foreseen: Sequence[Experiment] = (),
) -> Replayed:
    """What the policy makes of the window. Decided by nothing but these.

    `known` is what is known by this policy of as many leads as may be. `foreseen` are experiments
    of the policy that are taken to run all the while: who would be enrolled, is.
    """
    replaying = _Replaying(as_if_running(policy, foreseen), past, known, foreseen)
    for stood in past.stood:
        replaying.stand(stood)
    replaying.begin()
    for moment in past.moments:
        if replaying.knows(moment):
            continue
        replaying.go(moment.at)
        replaying.until(moment.at)
        if isinstance(moment, Left):
            leave(replaying.ledger, moment)
        else:
            replaying.arrive(moment)
        replaying.drain(moment.at)
    replaying.end()
    return replaying.result()


class _Replaying:
    """One replay under way: the ledger, and the tally of it."""

    def __init__(
        self, policy: Policy, past: Past, known: Foreknown, foreseen: Sequence[Experiment]
    ) -> None:
        self.past, self.known, self.going = past, known, deque(past.went)
        self.foreseen = foreseen
        self.ledger = Ledger(policy)
        self.draining = Draining(self.ledger)
        self.tally = Tally(self.ledger, past)
        for rotation in past.rotations:
            self.ledger.set_rotation(rotation)
        for rep_id, at in past.taken:
            self.ledger.counts.take(rep_id, at)
        self.ledger.counts.open.update(dict(past.held))

    def stand(self, stood: Stood) -> None:
        """A lead as it stood when the window began; its place in a queue is judged anew."""
        lead_id, ledger = stood.lead.lead.lead_id, self.ledger
        at = stood.lead.updated_at
        lead = with_behaviour(NO_ACTIVITIES, self.policy, stood.lead, stood.activities, at)
        ledger.save(lead)
        ledger.accounts[lead_id] = stood.account
        if stood.assignment is not None:
            ledger.standing[lead_id] = stood.assignment
        if stood.turn is not None:
            ledger.turns[lead_id] = stood.turn
        if stood.mql:
            self.tally.mql[lead_id] = stood.mql
        if lead.waiting_in is not None and lead.enqueued_at is not None:
            ledger.lines.enqueue(QueuePlace(lead.waiting_in, lead_id, lead.enqueued_at, 0))

    def begin(self) -> None:
        """Every queue in which somebody waits is drained, as after an activation."""
        if self.past.moments:
            for pool in self.ledger.lines.pools():
                self.ledger.lines.arm(pool, self.past.moments[0].at)

    def knows(self, moment: Moment) -> bool:
        """Whether the fate of whom something happens to is known, and no other depends on it."""
        if isinstance(moment, Left):
            return moment.lead_id in self.known.fates
        lead_id = moment.lead.lead_id
        self.tally.seen[lead_id] = None
        return lead_id in self.known.fates

    def end(self) -> None:
        """Time passes to the end of the window."""
        if self.past.moments:
            self.go(self.past.moments[-1].at)
            self.until(self.past.moments[-1].at)

    @property
    def policy(self) -> Policy:
        """The policy with who is away at the time."""
        return self.ledger.policy

    def go(self, at: datetime) -> None:
        """Whoever went or came back by now; who is back may be drawn for those who wait."""
        while self.going and self.going[0].at <= at:
            went, ledger = self.going.popleft(), self.ledger
            self.until(went.at)
            ledger.policy = with_absences(ledger.policy, went.away)
            for pool in ledger.lines.pools():
                ledger.lines.arm(pool, went.at)
            self.drain(went.at)

    def until(self, at: datetime) -> None:
        """Let time pass: queues are drained when they are due."""
        while (due := self.ledger.lines.next_due()) is not None and due <= at:
            self.drain(due)

    def drain(self, now: datetime) -> None:
        """Drain what is due by now."""
        due = self.ledger.lines.next_due()
        if due is None or due > now:
            return
        self.draining.run_due(now)
        for made, decision in self.draining.moved:
            self.tally.count(made, decision)
        self.draining.moved.clear()

    def arrive(self, moment: Arrived) -> None:
        """Decide on a lead to which something happened."""
        lead_id, ledger, now = moment.lead.lead_id, self.ledger, moment.at
        before = ledger.leads.get(lead_id)
        first = self.known.scores.get(lead_id) if before is None else None
        lead = self._arrived(before, first, moment)
        facts = facts_of(
            self.policy,
            lead,
            moment.account,
            now,
            asked=asked_here(self.policy, moment, before),
            is_new=before is None,
            stands=ledger.standing.get(lead_id),
        )
        if moment.given_to:
            facts = msgspec.structs.replace(facts, given_to=moment.given_to)
        pools = PoolsSeen(ledger, now)
        case = case_of(self.policy, facts, pools, None if first is None else first.score)
        if lead.stage is Stage.RECYCLED:
            case = self._recycled(case, lead, moment)
        decision = decision_on(case)
        made = Decided(lead, case.facts, moment.changed)
        ledger.accounts[lead_id] = moment.account
        settle(ledger, made, decision, pools)
        self.tally.judged(lead_id, decision.score)
        self.tally.count(made, decision)

    def _recycled(self, case: Case, lead: StoredLead, moment: Arrived) -> Case:
        """The case of a lead that is recycled here, with what is asked of it by the bars here."""
        asked = asked_of_recycled(self.policy, lead, case.score, moment, case.facts.asked)
        facts = msgspec.structs.replace(case.facts, asked=asked)
        return case_of(self.policy, facts, case.pools, case.score)

    def result(self) -> Replayed:
        """Everything counted, and what became of each lead of the window."""
        return self.tally.result(self.known.fates, self.foreseen)

    def _arrived(
        self, before: StoredLead | None, first: FirstScore | None, moment: Arrived
    ) -> StoredLead:
        now, sent = moment.at, moment.lead
        stored = before or as_first_met(moment)
        if first is None:
            folded = with_behaviour(NO_ACTIVITIES, self.policy, stored, moment.activities, now)
            behaviour, of_model = folded.behaviour, folded.model_behaviour
            since, scored_by = folded.behaviour_since_recycling, folded.model_scoring
        else:
            behaviour, of_model = first.behaviour, first.model_behaviour
            since, scored_by = (), first.model_scoring
        arrived = msgspec.structs.replace(
            stored,
            lead=sent,
            behaviour=behaviour,
            behaviour_since_recycling=since,
            model_behaviour=of_model,
            model_scoring=scored_by,
            do_not_contact=bool(sent.do_not_contact),
            pinned_rep=moment.pinned_rep,
            arms=moment.arms,
            updated_at=now,
        )
        return self._foreseeing(arrived, stored, moment) if self.foreseen else arrived

    def _foreseeing(self, lead: StoredLead, before: StoredLead, moment: Arrived) -> StoredLead:
        """The lead in the arms it has here, and in those that this evaluation gives it."""
        lead = msgspec.structs.replace(lead, arms={**before.arms, **moment.arms})
        asked, first, now = asked_here(self.policy, moment, before), moment.first, moment.at
        arms = foreseen_arms(self.policy, self.foreseen, lead, asked, first, now)
        return msgspec.structs.replace(lead, arms=arms)
