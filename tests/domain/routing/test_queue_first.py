"""Nobody overtakes: an arriving lead takes its place behind those waiting that the same rep could
take; waiting leads beyond the 64 looked at count as takable.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.routing.routes import ToPool
from scoring_service.values.decision import Cause, Passed
from scoring_service.values.facts import Asked, Waiting
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
EARLIER = MONDAY - timedelta(hours=1)
BIG = Lead("l1", employees=500)
WAITS = {
    "stage": Stage.MQL,
    "owner": QueueOwner("p-queue"),
    "waiting_in": "p",
    "enqueued_at": EARLIER,
}


def line(*not_for: str) -> list[Waiting]:
    """Leads w0, w1, ... each not for the reps of its text."""
    return [
        Waiting(f"w{i}", EARLIER + timedelta(minutes=i), tuple(reps))
        for i, reps in enumerate(not_for)
    ]


@pytest.mark.parametrize(
    ("waiting", "owner"),
    [
        pytest.param(line(), "a", id="nobody-waits"),
        pytest.param(line(""), None, id="one-waits-whom-all-could-take"),
        pytest.param(line("a"), "a", id="one-waits-whom-a-may-not-take"),
        pytest.param(line("a", "b"), None, id="one-for-each-of-them"),
        pytest.param(line("ab", "ab"), "a", id="those-who-wait-wait-for-somebody-else"),
        pytest.param(line("b"), "b", id="b-is-not-for-the-one-who-waits"),
    ],
)
def test_an_arriving_lead_comes_behind_those_the_same_rep_could_take(
    new_office: NewOffice, new_pool: NewPool, waiting: list[Waiting], owner: str | None
) -> None:
    office = new_office(new_pool("p", "a b"), otherwise=ToPool("p"))
    decision = office.decide(BIG, pools=[office.pool_facts("p", waiting)])
    assert decision.owner == (RepOwner(owner) if owner else QueueOwner("p-queue"))
    for one in decision.considered:
        if one.outcome is Passed.QUEUE_FIRST:
            assert one.reason.startswith("w")


def test_beyond_those_looked_at_they_count_as_takable(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    office = new_office(new_pool("p", "a b"), otherwise=ToPool("p"))
    known = office.pool_facts("p", line(*["ab"] * 64))
    assert office.decide(BIG, pools=[known]).owner == RepOwner("a")
    longer = msgspec.structs.replace(known, waiting_count=65)
    decision = office.decide(BIG, pools=[longer])
    assert decision.owner == QueueOwner("p-queue")
    assert "one of 1 more" in decision.considered[0].reason


def test_the_fallback_is_drawn_from_for_whom_nobody_waits(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    office = new_office(
        new_pool("p", "a", fallback=("q",)), new_pool("q", "b"), otherwise=ToPool("p")
    )
    pools = [office.pool_facts("p", line("b")), office.pool_facts("q", line("b"))]
    decision = office.decide(BIG, pools=pools)
    assert (decision.owner, decision.pool) == (RepOwner("b"), "q")
    assert decision.considered[0].outcome is Passed.QUEUE_FIRST


def test_a_lead_does_not_come_behind_itself(new_office: NewOffice, new_pool: NewPool) -> None:
    office = new_office(new_pool("p", "a"), otherwise=ToPool("p"))
    known = office.pool_facts("p", [Waiting("l1", EARLIER)])
    decision = office.decide(BIG, pools=[known], asked=Asked.REASSIGN, **WAITS)
    assert decision.owner == RepOwner("a")


def test_a_drain_draws_and_does_not_route_afresh(new_office: NewOffice, new_pool: NewPool) -> None:
    """A drain draws for each waiting lead from the pool, then its fallbacks, as on arrival; it does
    not route afresh.
    """
    office = new_office(new_pool("p", "a", fallback=("q",)), new_pool("q", "b"))
    office.hire(Rep("a", per_day_max=0))
    decision = office.decide(BIG, asked=Asked.DRAIN, route="by table", sla="hot", **WAITS)
    assert (decision.owner, decision.pool, decision.stage) == (RepOwner("b"), "q", Stage.MQL)
    assert (decision.route, decision.sla, decision.enqueued_at) == ("by table", "hot", EARLIER)
    assert decision.respond_by == MONDAY + timedelta(minutes=15)


def test_a_drain_that_finds_nobody_leaves_the_lead(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    office = new_office(new_pool("p", "a"), reps=[Rep("a", per_day_max=0)])
    decision = office.decide(BIG, asked=Asked.DRAIN, **WAITS)
    assert (decision.owner, decision.cause) == (QueueOwner("p-queue"), Cause.KEPT)
    assert decision.enqueued_at == EARLIER


def test_a_drain_gives_a_renamed_queue_its_leads(new_office: NewOffice, new_pool: NewPool) -> None:
    office = new_office(new_pool("p", "a"), reps=[Rep("a", per_day_max=0)])
    old = {**WAITS, "owner": QueueOwner("old name")}
    decision = office.decide(BIG, asked=Asked.DRAIN, **old)
    assert (decision.owner, decision.pool) == (QueueOwner("p-queue"), "p")
    assert decision.enqueued_at == EARLIER


@given(
    not_for=st.lists(st.sets(st.sampled_from("abcd")), max_size=6),
    mine=st.sets(st.sampled_from("abcd")),
)
def test_whoever_gets_it_could_have_taken_none_of_those_who_wait(
    new_office: NewOffice, new_pool: NewPool, not_for: list[set[str]], mine: set[str]
) -> None:
    office = new_office(new_pool("p", "a b c d"), otherwise=ToPool("p"))
    waiting = line(*["".join(reps) for reps in not_for])
    decision = office.decide(
        BIG, pools=[office.pool_facts("p", waiting)], excluded=tuple(sorted(mine))
    )
    free = [rep for rep in "abcd" if rep not in mine and all(rep in reps for reps in not_for)]
    assert decision.owner == (RepOwner(free[0]) if free else QueueOwner("p-queue"))
