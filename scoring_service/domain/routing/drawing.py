"""Drawing for a lead: from a pool, then from its fallbacks, behind those who wait."""

from collections.abc import Sequence
from functools import lru_cache

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.eligibility import barred
from scoring_service.domain.routing.rotation import Entrant, draw, fixed
from scoring_service.values.decision import Considered, Draw, Passed
from scoring_service.values.facts import MemberFacts, PoolFacts, Waiting
from scoring_service.values.team import Counts, Member


def pools_of(policy: Policy, pool: str) -> tuple[str, ...]:
    """The pool, then those it falls back to, in the order in which they are drawn from."""
    return (pool, *policy.pools[pool].fallback)


def drawn(case: Case, pool: str, whatever_the_hour: bool = False) -> Draw | None:
    """The turn of the first pool in which somebody is eligible, or None.

    Everybody looked at is considered.
    """
    for name in pools_of(case.policy, pool):
        made = _drawn_from(case, name, whatever_the_hour)
        if made is not None:
            return made
    return None


def charged(case: Case, winner: str) -> Draw | None:
    """The turn that an assignment without a draw costs.

    None, unless the pool of the lead's queue or last assignment says `counts: all`: then it is a
    turn whose winner was fixed.
    """
    name = case.facts.waiting_in or case.facts.last_pool
    pool = case.policy.pools.get(name) if name else None
    if pool is None or pool.counts is not Counts.ALL:
        return None
    known = case.pools(pool.name)
    entrants = [
        _entrant(member, facts)
        for member, facts in zip(pool.members, known.members, strict=True)
        if barred(case, pool, member, facts) is None
    ]
    return fixed(pool.name, known.next_draw, entrants, winner)


def somebody_else(case: Case, pool: str) -> bool:
    """Whether the pool or its fallbacks have an active member who is not excluded, at any hour."""
    return any(
        case.rep(member.rep_id) is not None and member.rep_id not in case.excluded
        for name in pools_of(case.policy, pool)
        for member in case.policy.pools[name].members
    )


def _drawn_from(case: Case, name: str, whatever_the_hour: bool) -> Draw | None:
    pool, known = case.policy.pools[name], case.pools(name)
    ahead = () if case.drains or whatever_the_hour else _ahead(known, case.facts.lead.lead_id)
    entrants: list[Entrant] = []
    considered = case.considered
    for member, facts in zip(pool.members, known.members, strict=True):
        bar = barred(case, pool, member, facts, whatever_the_hour)
        if bar is None and ahead:
            bar = _behind(member.rep_id, ahead)
        if bar is None:
            entrants.append(_entrant(member, facts))
        else:
            considered.append(Considered(member.rep_id, bar[0], bar[1], name))
    if not entrants:
        return None
    made = draw(name, known.next_draw, entrants)
    considered += [
        _chosen(entrant.rep_id, name, len(entrants))
        if entrant.rep_id == made.winner
        else _other_turn(entrant.rep_id, name)
        for entrant in entrants
    ]
    return made


def _entrant(member: Member, facts: MemberFacts) -> Entrant:
    return Entrant(member.rep_id, member.weight, member.priority, facts.credit, facts.last_draw)


def _ahead(known: PoolFacts, lead_id: str) -> Sequence[Waiting]:
    """Those who wait and are ahead of this lead; the ones not looked at could take anybody."""
    if not known.waiting_count:
        return ()
    ahead = [waiting for waiting in known.waiting if waiting.lead_id != lead_id]
    further = known.waiting_count - len(known.waiting)
    if further:
        ahead.append(Waiting(f"one of {further} more", known.waiting[-1].enqueued_at))
    return ahead


def _behind(rep_id: str, ahead: Sequence[Waiting]) -> tuple[Passed, str] | None:
    for waiting in ahead:
        if rep_id not in waiting.not_for:
            return Passed.QUEUE_FIRST, f"{waiting.lead_id} waits for this turn"
    return None


@lru_cache(maxsize=16_384)
def _chosen(rep_id: str, pool: str, eligible: int) -> Considered:
    return Considered(rep_id, Passed.CHOSEN, f"the next turn of {eligible} eligible", pool)


@lru_cache(maxsize=16_384)
def _other_turn(rep_id: str, pool: str) -> Considered:
    return Considered(rep_id, Passed.OTHER_TURN, "eligible; it was another's turn", pool)
