"""Who answers for a lead: a pure function of the policy and of what was known."""

from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.absences import with_absences
from scoring_service.domain.routing.assigning import assigned, waiting
from scoring_service.domain.routing.by_hand import BY_HAND, by_hand, given
from scoring_service.domain.routing.case import Case, Pools
from scoring_service.domain.routing.choice import Choice
from scoring_service.domain.routing.evaluated import evaluated
from scoring_service.domain.routing.leave import respond_by
from scoring_service.domain.routing.standing import standing, suppressed
from scoring_service.domain.scoring.bars import held_bars
from scoring_service.values.decision import Cause, Decision
from scoring_service.values.facts import Asked, Facts
from scoring_service.values.owner import RepOwner
from scoring_service.values.score import Score

_NOTHING_HAPPENED = frozenset({Asked.REASSIGN, Asked.DRAIN, *BY_HAND})


def decide(
    policy: Policy, facts: Facts, pools: Pools | None = None, score: Score | None = None
) -> Decision:
    """The decision on one lead, with everybody looked at and why each was passed over.

    `pools` reads a pool when it is asked for; without it the facts must have every pool that the
    decision needs: that is a replay. Whoever had been entered as away is so again. `score` is that
    of these facts, where it is known already.
    """
    return decision_on(case_of(policy, facts, pools, score))


def case_of(
    policy: Policy, facts: Facts, pools: Pools | None = None, score: Score | None = None
) -> Case:
    """The lead as the decision on it begins."""
    policy = with_absences(policy, facts.away)
    assert policy.revision == facts.policy_revision, (policy.revision, facts.policy_revision)
    known = pools or {known.pool: known for known in facts.pools}.__getitem__
    return Case(policy, facts, known, score)


def decision_on(case: Case) -> Decision:
    """The decision on a case that nothing was decided on yet; it then knows what was looked at."""
    return decision_of(case, chosen(case))


def chosen(case: Case) -> Choice:
    """Who gets the lead of a case that nothing was decided on yet, and in which stage it then is.

    The score is worked out only where that depends on it.
    """
    choice = suppressed(case)
    if choice is not None:
        return choice
    if case.facts.asked is Asked.ASSIGN:
        return given(case)
    if case.drains:
        assert case.facts.waiting_in is not None, "a drain is for those who wait"
        return waiting(case, case.facts.waiting_in)
    held_back = evaluated(case) if case.facts.asked is Asked.EVALUATE else None
    choice = held_back or standing(case) or _routed(case)
    return by_hand(choice) if case.facts.asked is Asked.MOVE else choice


def _routed(case: Case) -> Choice:
    """The first route that matches, or the next one where its account owner cannot be had; the
    `otherwise` names none.
    """
    choice, start = None, 0
    while choice is None:
        match = case.policy.routes.first(case.symbols, case.now, start)
        case.route, case.errors = match.route, (*case.errors, *match.errors)
        choice, start = assigned(case, match.route.assign), match.route.position + 1
    return choice


def decision_of(case: Case, choice: Choice) -> Decision:
    """What was chosen for a case, written out whole."""
    facts, score, route = case.facts, case.score, case.route
    cause = choice.cause or (Cause.QUALIFIED if score.mql_ready else Cause.ROUTED)
    missed = cause is Cause.ROUTED and not choice.reason
    happened = facts.asked not in _NOTHING_HAPPENED
    held = facts.held_bars
    return Decision(
        owner=choice.owner,
        cause=cause,
        score=score,
        stage=choice.stage,
        route=route.name if route else facts.route if case.drains else "",
        row=route.row if route else None,
        pool=choice.pool,
        considered=tuple(case.considered),
        bars_missed=tuple([bar.name for bar in score.bars if not bar.met]) if missed else (),
        held_bars=held_bars(score, case.policy.scoring, held, facts.now) if happened else held,
        stood_in_for=choice.stood_in_for,
        sla=case.sla if choice.clock else "",
        respond_by=_respond_by(case, choice),
        enqueued_at=choice.enqueued_at,
        draw=choice.draw,
        errors=case.errors,
        note=choice.note,
        reason=choice.reason,
    )


def _respond_by(case: Case, choice: Choice) -> datetime | None:
    """By the owner's calendar: the rep's, else the queue's."""
    if not choice.clock:
        return None
    if isinstance(choice.owner, RepOwner):
        calendar = case.policy.reps[choice.owner.id].calendar
    else:
        pool = case.policy.pools.get(choice.pool)
        calendar = pool.queue.calendar if pool else "default"
    return respond_by(case.policy, calendar, case.now, case.sla)
