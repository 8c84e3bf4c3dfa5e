"""Leads join experiments: once, at an evaluation, by the first lead's id, and stay in their arm."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.domain.experiments.enrolling import arm_of
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.values.facts import Facts
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.events import JoinedExperiment
from scoring_service.workflows.requests import ScoreLead
from scoring_service.workflows.scoring import score_stored

BAR = "lower-bar"
LOWER: Mapping[str, Any] = {"mql": {"behaviour_min": 25}}
NURTURE = TrackOwner("welcome-nurture")
HALVES = {"control": 1, "lower": 1}
IN_CONTROL, IN_LOWER = "lead-1", "lead-4"
"""What the hash says of them, as the test of the hash writes down."""


def experiment(starts: date, days: int = 30, **lower: Any) -> dict[str, Any]:
    """An experiment of two halves; `lower` is what its second arm changes."""
    return {
        "from": starts,
        "to": starts + timedelta(days=days),
        "arms": {"control": {"weight": 1}, "lower": {"weight": 1, **(lower or LOWER)}},
        "outcome": {"stage": "opportunity", "within": "60d"},
    }


@pytest.fixture
def tried(policy_of: Callable[..., Policy], clock: Any) -> Callable[..., Policy]:
    """The rules with an experiment that began today, or with others."""

    def make(_of: Mapping[str, Any] | None = None, **lower: Any) -> Policy:
        found = {BAR: experiment(clock.now.date(), **lower)} if _of is None else _of
        return policy_of(experiments=found)

    return make


@pytest.fixture
async def running(front: Any, tried: Callable[..., Policy]) -> Any:
    """The front while the experiment runs."""
    await front.desk.activate(tried())
    return front


async def joined(front: Any) -> list[tuple[str, str, str]]:
    """Every enrolment: experiment, first lead, arm."""
    found = await front.desk.store.read(lambda reader: reader.followed(BAR, (Stage.OPPORTUNITY,)))
    return [(one.joined.experiment, one.joined.first_lead_id, one.joined.arm) for one in found]


def test_the_two_leads_are_in_different_arms() -> None:
    assert arm_of(BAR, IN_CONTROL, HALVES) == "control"
    assert arm_of(BAR, IN_LOWER, HALVES) == "lower"


@pytest.mark.parametrize(
    ("lead_id", "arm", "stage"),
    [
        pytest.param(IN_CONTROL, "control", Stage.NURTURE, id="control is judged by the rules"),
        pytest.param(IN_LOWER, "lower", Stage.MQL, id="the other arm by its own bar"),
    ],
)
async def test_an_arm_is_judged_by_its_bars_and_all_of_it_is_recorded(
    running: Any, large: Any, lead_id: str, arm: str, stage: Stage
) -> None:
    """Two page views are 30 points: below 40, above 25."""
    views = [running.did("pricing_page_view"), running.did("pricing_page_view")]
    view = await running.takes(large(lead_id), *views)
    arms, bar = {BAR: arm}, 25 if arm == "lower" else 40
    lead, entry = await running.lead(lead_id), (await running.entries(lead_id))[-1]
    assigned = await running.desk.store.read(lambda r: r.assignment(lead.assignment_id))
    assert (view.stage, view.arms, lead.arms) == (stage, arms, arms)
    assert (entry.arms, assigned.arms) == (arms, arms)
    assert lead.visit_bars == ((40, 25) if arm == "lower" else None)
    assert [b.threshold for b in view.score.bars if b.name == "behaviour"] == [bar]
    assert await joined(running) == [(BAR, lead_id, arm)]
    await running.is_whole()


async def test_joining_is_told_once(running: Any, large: Any) -> None:
    await running.takes(large(IN_LOWER), running.did("pricing_page_view"))
    await running.records(IN_LOWER, running.did("pricing_page_view"))
    await running.desk.route(Lead(IN_LOWER, email=f"{IN_LOWER}@{IN_LOWER}.example"))
    events = await running.desk.store.read(lambda reader: reader.events())
    told = [one for _, one in events if one.type == "lead.joined_experiment"]
    payload = msgspec.json.decode(told[0].payload, type=JoinedExperiment)
    revision = running.desk.policy.revision
    assert len(told) == 1
    assert payload == JoinedExperiment(IN_LOWER, BAR, "lower", revision, running.clock.now)
    assert len(await joined(running)) == 1


async def test_a_decision_is_replayed_from_its_facts_with_the_arm(running: Any, large: Any) -> None:
    views = [running.did("pricing_page_view"), running.did("pricing_page_view")]
    view = await running.takes(large(IN_LOWER), *views)
    made = await running.desk.store.read(lambda reader: reader.decision(view.decision_id))
    facts = msgspec.json.decode(made.facts, type=Facts)
    assert facts.arms == {BAR: "lower"}
    again = decide(running.desk.policy, facts)
    assert msgspec.json.encode(again) == made.decision
    other = decide(running.desk.policy, msgspec.structs.replace(facts, arms={}))
    assert other.owner != again.owner, "the arm is what made the difference"


async def test_score_by_id_and_route_use_the_same_bars(running: Any, large: Any) -> None:
    await running.takes(large(IN_LOWER), running.did("pricing_page_view"))
    policy, now = running.desk.policy, running.clock.now

    def score(reader: Any) -> Any:
        return score_stored(policy, reader, reader, ScoreLead(lead_id=IN_LOWER), now)

    found = await running.desk.store.read(score)
    routed = await running.desk.route(Lead(IN_LOWER), dry_run=True)
    assert [bar.threshold for bar in found.bars] == [35, 25], "fit was met, and is kept down to 35"
    assert routed.score.bars == found.bars
    assert found.arms == routed.arms == {BAR: "lower"}


async def test_a_dry_run_enrols_nobody_and_says_what_would_be(running: Any, large: Any) -> None:
    views = (running.did("pricing_page_view"), running.did("pricing_page_view"))
    named = await running.desk.route(large(IN_LOWER), activities=views, dry_run=True)
    nameless = await running.desk.route(
        Lead(email="new@new.example", employees=500), activities=views, dry_run=True
    )
    assert (named.arms, named.stage) == ({BAR: "lower"}, Stage.MQL)
    assert nameless.arms == {}
    assert await joined(running) == []


async def test_changed_weights_move_nobody_who_is_enrolled(
    running: Any, large: Any, tried: Callable[..., Policy]
) -> None:
    for lead_id in (IN_CONTROL, IN_LOWER):
        await running.takes(large(lead_id))
    before = await joined(running)
    changed = experiment(running.clock.now.date())
    changed["arms"]["lower"]["weight"] = 1000
    await running.desk.activate(tried({BAR: changed}))
    for lead_id in (IN_CONTROL, IN_LOWER):
        await running.records(lead_id, running.did("pricing_page_view"))
    assert (await running.lead(IN_CONTROL)).arms == {BAR: "control"}
    assert await joined(running) == before


def _standing(lead: Any) -> tuple[Any, ...]:
    """Where a lead is and what it is judged by; its clocks go on meanwhile."""
    return lead.stage, lead.owner, lead.visit, lead.arms, lead.visit_bars


async def test_a_start_moves_nobody_and_sales_leads_join_at_their_next_visit_only(
    front: Any, large: Any, tried: Callable[..., Policy]
) -> None:
    await front.takes(large(IN_LOWER), front.did("demo_request"))
    await front.takes(large(IN_CONTROL), front.did("pricing_page_view"))
    before = [_standing(await front.lead(one)) for one in (IN_LOWER, IN_CONTROL)]
    front.clock.advance(hours=1)
    await front.desk.activate(tried())
    assert [_standing(await front.lead(one)) for one in (IN_LOWER, IN_CONTROL)] == before
    await front.records(IN_LOWER, front.did("pricing_page_view"))
    assert (await front.lead(IN_LOWER)).arms == {}, "sales has it"
    await front.gives(IN_LOWER, Stage.RECYCLED, NURTURE, recycled_at=front.clock.now)
    front.clock.advance(hours=1)
    back = await front.records(IN_LOWER, front.did("demo_request"))
    assert (back.stage, back.arms) == (Stage.MQL, {BAR: "lower"})
    assert (await front.lead(IN_LOWER)).visit_bars == (40, 25)


async def test_recycled_leads_come_back_by_the_bars_of_their_arm(running: Any, large: Any) -> None:
    for lead_id in (IN_CONTROL, IN_LOWER):
        await running.takes(large(lead_id), running.did("demo_request"))
        await running.gives(lead_id, Stage.RECYCLED, NURTURE, recycled_at=running.clock.now)
    running.clock.advance(hours=1)
    stages = []
    for lead_id in (IN_CONTROL, IN_LOWER):
        views = [running.did("pricing_page_view"), running.did("pricing_page_view")]
        stages.append((await running.records(lead_id, *views)).stage)
    assert stages == [Stage.RECYCLED, Stage.MQL]


@pytest.mark.parametrize(
    "ended",
    [
        pytest.param({"days": 2}, id="its last day is over"),
        pytest.param({"decided": 1}, id="people decided"),
    ],
)
async def test_an_end_moves_nobody_enrols_nobody_and_its_bars_are_gone_but_for_visits(
    running: Any, large: Any, tried: Callable[..., Policy], ended: dict[str, int]
) -> None:
    views = [running.did("pricing_page_view") for _ in range(2)]
    await running.takes(large(IN_LOWER), *views)
    start = running.clock.now.date()
    found = experiment(start, ended.get("days", 30))
    if "decided" in ended:
        found["decision"] = {"arm": "lower", "on": start + timedelta(days=ended["decided"])}
    running.clock.advance(days=2)
    before = _standing(await running.lead(IN_LOWER))
    await running.desk.activate(tried({BAR: found}))
    assert _standing(await running.lead(IN_LOWER)) == before
    many = len(await joined(running))
    await running.records(IN_LOWER, running.did("pricing_page_view"))
    in_visit = await running.lead(IN_LOWER)
    assert (in_visit.stage, in_visit.visit_bars) == (Stage.MQL, (40, 25))
    late = await running.takes(large("late"), *[running.did("pricing_page_view") for _ in range(2)])
    assert (late.arms, late.stage) == ({}, Stage.NURTURE)
    assert len(await joined(running)) == many


async def test_history_that_is_imported_makes_nobody_join(
    front: Any, large: Any, tried: Callable[..., Policy]
) -> None:
    await front.takes(large(IN_LOWER))
    await front.desk.activate(tried())
    await front.records(IN_LOWER, front.did("pricing_page_view"), batch_id="b")
    assert (await front.lead(IN_LOWER)).arms == {}
    await front.records(IN_LOWER, front.did("pricing_page_view"))
    assert (await front.lead(IN_LOWER)).arms == {BAR: "lower"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(IN_LOWER, IN_CONTROL, id="the older is in the other arm"),
        pytest.param(IN_CONTROL, IN_LOWER, id="the older is in control"),
    ],
)
async def test_a_survivor_keeps_its_arm_and_no_one_is_enrolled_anew(
    running: Any, large: Any, first: str, second: str
) -> None:
    await running.takes(large(first))
    running.clock.advance(hours=1)
    await running.takes(large(second))
    before = (await running.lead(first)).arms
    enrolled = await joined(running)
    await running.merges(first, second)
    assert (await running.lead(first)).arms == before
    assert await joined(running) == enrolled


async def test_a_survivor_without_an_arm_has_that_of_the_person(
    front: Any, large: Any, tried: Callable[..., Policy]
) -> None:
    await front.takes(large(IN_CONTROL), front.did("demo_request"))
    front.clock.advance(hours=1)
    await front.desk.activate(tried())
    await front.takes(large(IN_LOWER))
    await front.merges(IN_CONTROL, IN_LOWER)
    assert (await front.lead(IN_CONTROL)).arms == {BAR: "lower"}
    assert await joined(front) == [(BAR, IN_LOWER, "lower")]


async def test_a_next_cycle_is_in_the_arm_of_the_person(running: Any, large: Any) -> None:
    await running.takes(large(IN_LOWER))
    path = (Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER)
    await running.gives(IN_LOWER, Stage.MQL, RepOwner("bob"))
    await running.puts(IN_LOWER, *path[1:])
    running.clock.advance(days=1)
    view = await running.records(IN_LOWER, running.did("demo_request"))
    assert (view.cycle, view.arms) == (2, {BAR: "lower"})
    assert await joined(running) == [(BAR, IN_LOWER, "lower")]


async def test_a_customers_next_cycle_joins_by_the_first_lead(
    front: Any, large: Any, tried: Callable[..., Policy]
) -> None:
    await front.takes(large(IN_LOWER))
    await front.gives(IN_LOWER, Stage.MQL, RepOwner("bob"))
    await front.puts(IN_LOWER, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER)
    front.clock.advance(days=1)
    await front.desk.activate(tried())
    view = await front.records(IN_LOWER, front.did("demo_request"))
    assert view.lead.lead_id != IN_LOWER
    assert view.arms == {BAR: "lower"}
    assert await joined(front) == [(BAR, IN_LOWER, "lower")]


async def test_without_experiments_nothing_is_kept_of_any(front: Any, large: Any) -> None:
    view = await front.takes(large(IN_LOWER), front.did("demo_request"))
    assert (view.arms, (await front.entries(IN_LOWER))[-1].arms) == ({}, {})
    assert await joined(front) == []


async def test_an_arm_that_nobody_was_enrolled_in_is_found(running: Any, large: Any) -> None:
    await running.takes(large(IN_LOWER))
    await running.is_whole()
    await running.puts(IN_LOWER, Stage.MQL, arms={"never": "ran"})
    with pytest.raises(AssertionError, match="never"):
        await running.is_whole()
