"""What holds of every decision, whatever is known of the lead."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.lifecycle.path import BEFORE_OPPORTUNITY
from scoring_service.domain.routing.case import SOLD
from scoring_service.domain.routing.routes import ToAccountOwner, ToPool, ToQueue, ToTrack
from scoring_service.values.account import Account, AccountMatch, MatchedBy
from scoring_service.values.activity import BehaviourState
from scoring_service.values.decision import Cause, Decision, Passed
from scoring_service.values.facts import Asked, Facts, Waiting
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import PATH, Stage
from scoring_service.values.team import Counts, Hours, Leave, Member, Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
DEMO = (BehaviourState("demo", 60.0, MONDAY, 1, MONDAY, "v1"),)
REPS = "abcdefm"
REP_OWNERS = st.sampled_from([RepOwner(rep) for rep in REPS])
OWNERS = {
    Stage.ANONYMOUS: st.sampled_from([None, TrackOwner("welcome")]),
    Stage.KNOWN: st.sampled_from([None, QueueOwner("intake")]),
    Stage.NURTURE: st.sampled_from([TrackOwner("news"), TrackOwner("welcome")]),
    Stage.RECYCLED: st.sampled_from([TrackOwner("news"), TrackOwner("welcome")]),
    Stage.DISQUALIFIED: st.just(SUPPRESSED),
    Stage.MQL: st.one_of(
        REP_OWNERS, st.sampled_from([QueueOwner("by-hand"), QueueOwner("west-queue")])
    ),
}
LEADS = st.builds(
    Lead,
    st.just("l1"),
    email=st.sampled_from([None, "x@acme.de"]),
    company_domain=st.sampled_from([None, "r.co", "acme.de"]),
    region=st.sampled_from(["west", "east", "owner", "track", "hand", None]),
    employees=st.sampled_from([None, 5, 500]),
    source=st.sampled_from([None, "web"]),
)
ACCOUNTS = st.sampled_from([None, *REPS]).map(
    lambda rep: AccountMatch(Account("acme"), MatchedBy.DOMAIN, rep, "acme" if rep else None)
)
WAITING = st.lists(st.sets(st.sampled_from(REPS)).map(lambda s: tuple(sorted(s))), max_size=2)


@pytest.fixture(scope="module")
def office(new_office: NewOffice, new_pool: NewPool) -> Any:
    """Everything at once: leave, limits, hours, conditions, fallbacks, somebody gone."""
    week = Leave(date(2026, 3, 2), date(2026, 3, 4), backup="b")
    big = Member(
        "b", 2, condition=lambda s: (s["employees"] or 0) > 9, condition_text="more than 9"
    )
    by_region = {
        "west": ToPool("west"),
        "east": ToPool("east"),
        "owner": ToAccountOwner("west"),
        "track": ToTrack("news"),
        "hand": ToQueue("by-hand", "ops"),
    }
    return new_office(
        new_pool("west", [Member("a"), big, Member("c")], fallback=("east",), counts=Counts.ALL),
        new_pool("east", "d e f", hours=Hours.WORKING),
        reps=[
            Rep("a", leave=(week,), manager="m"),
            Rep("c", per_day_max=1, manager="m"),
            Rep("d", calendar="new-york", manager="m"),
            Rep("e", active=False, manager="m"),
            Rep("f", open_leads_max=2, manager="m"),
            Rep("m"),
        ],
        routes=[
            (name, lambda s, region=name: bool(s["region"] == region), assign)
            for name, assign in by_region.items()
        ],
        otherwise=ToQueue("intake", "ops"),
    )


@st.composite
def decisions(draw: Any, office: Any) -> tuple[Facts, Decision]:
    """Facts that a store could have, and what is decided of them."""
    stage = draw(st.sampled_from(list(Stage)))
    owner = draw(OWNERS.get(stage, REP_OWNERS))
    waits = owner == QueueOwner("west-queue")
    asked = draw(st.sampled_from([Asked.ROUTE, Asked.REASSIGN, *([Asked.DRAIN] if waits else [])]))
    excluded = draw(st.sets(st.sampled_from(REPS), max_size=3))
    if asked is Asked.REASSIGN and isinstance(owner, RepOwner):
        excluded |= {owner.id}
    full = draw(st.sets(st.sampled_from("cf")))
    taken = {rep: {"taken_today": 1, "open_leads": 2} for rep in full}
    line = [Waiting(f"w{i}", MONDAY, reps) for i, reps in enumerate(draw(WAITING))]
    fields: dict[str, Any] = {
        "asked": asked,
        "stage": stage,
        "owner": owner,
        "excluded": tuple(sorted(excluded)),
        "is_new": owner is None,
        "do_not_contact": draw(st.booleans()) and draw(st.booleans()),
        "behaviour": draw(st.sampled_from([(), DEMO])),
        "account": draw(ACCOUNTS),
        "pinned_rep": draw(st.sampled_from([None, None, None, "c", "e"])),
        "previous_owner": draw(st.sampled_from([None, "a", "e", "f"])),
        "last_pool": draw(st.sampled_from([None, "west", "east", "gone"])),
        "waiting_in": "west" if waits else None,
        "enqueued_at": MONDAY - timedelta(hours=1) if waits else None,
        "pools": [office.pool_facts(name, line, **taken) for name in ("west", "east")],
    }
    lead = draw(LEADS)
    return office.facts(lead, **fields), office.decide(lead, **fields)


@pytest.fixture(scope="module")
def decided(office: Any) -> Any:
    """Facts and their decision, drawn by a property."""
    return decisions(office)


@given(data=st.data())
def test_who_must_not_be_contacted_never_goes_to_a_rep(decided: Any, data: Any) -> None:
    """`do_not_contact` (before opportunity) or disqualified -> the built-in track `suppressed`,
    never a rep.
    """
    facts, decision = data.draw(decided)
    if facts.stage is Stage.DISQUALIFIED or (
        facts.do_not_contact and facts.stage in BEFORE_OPPORTUNITY
    ):
        assert (decision.owner, decision.stage) == (SUPPRESSED, Stage.DISQUALIFIED)


@given(data=st.data())
def test_an_exclusion_beats_every_preference(decided: Any, data: Any) -> None:
    facts, decision = data.draw(decided)
    if isinstance(decision.owner, RepOwner) and decision.owner.id in facts.excluded:
        assert decision.cause is Cause.KEPT
        assert decision.owner == facts.owner


@given(data=st.data())
def test_nobody_gone_is_given_a_lead(office: Any, decided: Any, data: Any) -> None:
    """Never with an inactive owner; but a customer keeps its owner."""
    facts, decision = data.draw(decided)
    if isinstance(decision.owner, RepOwner) and facts.stage is not Stage.CUSTOMER:
        assert office.policy.reps[decision.owner.id].active


@given(data=st.data())
def test_automation_moves_forward_only(decided: Any, data: Any) -> None:
    """And beside it only: recycled -> mql, and disqualified."""
    facts, decision = data.draw(decided)
    if decision.stage not in (facts.stage, Stage.DISQUALIFIED):
        assert facts.stage not in SOLD
        assert decision.stage in PATH
        if facts.stage is Stage.RECYCLED:
            assert decision.stage is Stage.MQL
        else:
            assert PATH.index(decision.stage) > PATH.index(facts.stage)


@given(data=st.data())
def test_what_is_kept_costs_nothing(decided: Any, data: Any) -> None:
    """No turn, no new clock; "kept" is recorded."""
    facts, decision = data.draw(decided)
    if decision.cause is Cause.KEPT:
        assert (decision.owner, decision.stage) == (facts.owner, facts.stage)
        assert (decision.draw, decision.respond_by) == (None, None)
        assert decision.enqueued_at == facts.enqueued_at


@given(data=st.data())
def test_the_winner_of_a_draw_gets_the_lead_and_pays_what_all_gained(
    decided: Any, data: Any
) -> None:
    _, decision = data.draw(decided)
    if decision.draw is not None:
        assert decision.owner == RepOwner(decision.draw.winner)
        assert decision.draw.paid == sum(gain for _, gain in decision.draw.gains)
        assert decision.pool == decision.draw.pool


@given(data=st.data())
def test_exactly_the_owner_is_the_one_chosen(decided: Any, data: Any) -> None:
    """Every candidate is considered, and told why he was passed over."""
    facts, decision = data.draw(decided)
    chosen = [one.rep_id for one in decision.considered if one.outcome is Passed.CHOSEN]
    if isinstance(decision.owner, RepOwner) and decision.cause is not Cause.KEPT:
        assert chosen == [decision.owner.id]
    else:
        assert set(chosen) <= {getattr(decision.owner, "id", "")}
    assert all(one.reason for one in decision.considered)
    del facts


@given(data=st.data())
def test_sales_has_what_it_was_given_by_a_time(decided: Any, data: Any) -> None:
    """A lead given to a rep or a queue enters `mql` (if not further along), and up to `sql` its
    owner has to respond; one given to a track, or sold already, has no such clock.
    """
    facts, decision = data.draw(decided)
    if decision.cause is Cause.KEPT:
        return
    sold = isinstance(decision.owner, RepOwner) or (
        isinstance(decision.owner, QueueOwner) and decision.stage is not Stage.KNOWN
    )
    assert sold is (decision.stage in SOLD)
    clocked = decision.stage in (Stage.MQL, Stage.SAL, Stage.SQL)
    assert (decision.respond_by is not None, bool(decision.sla)) == (clocked, clocked)
    if decision.respond_by is not None:
        assert decision.respond_by > facts.now


@given(data=st.data())
def test_qualified_means_every_bar_is_met(decided: Any, data: Any) -> None:
    """Cause `qualified` (bars met) or `routed` (with the bars missed). So "MQL" can be counted
    strictly.
    """
    _, decision = data.draw(decided)
    missed = tuple(bar.name for bar in decision.score.bars if not bar.met)
    if decision.cause is Cause.QUALIFIED:
        assert not missed
    if decision.cause is Cause.ROUTED and not decision.reason:
        assert decision.bars_missed == missed


@given(data=st.data())
def test_what_is_further_than_mql_never_waits(decided: Any, data: Any) -> None:
    """A queue takes an mql, never a sal or sql."""
    facts, decision = data.draw(decided)
    if facts.stage in SOLD and facts.stage is not Stage.MQL and decision.cause is not Cause.KEPT:
        assert decision.pool == "" or isinstance(decision.owner, RepOwner)
