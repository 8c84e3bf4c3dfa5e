"""An import is history: it scores and moves no stored lead; a new one may begin anywhere."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.values.decision import Cause
from scoring_service.values.errors import InvalidArgument, PermissionDenied
from scoring_service.values.happening import Enrolment, Imported, Win
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows import records
from scoring_service.workflows.lifecycle_requests import InitialState

STAGES = (Stage.NURTURE, Stage.MQL, Stage.SAL, Stage.CUSTOMER, Stage.CLOSED_LOST, Stage.RECYCLED,
          Stage.DISQUALIFIED)  # fmt: skip
ANNS, WELCOME, INTAKE = RepOwner("ann"), TrackOwner("welcome-nurture"), QueueOwner("intake")


@pytest.mark.parametrize("stage", STAGES)
async def test_a_stored_lead_is_scored_and_stays(front: Any, large: Any, stage: Stage) -> None:
    await front.takes(large("a"))
    if stage is not Stage.NURTURE:
        await front.puts("a", stage, reason="no_need", recycled_at=front.clock.now)
    front.clock.advance(hours=1)
    before = await front.lead("a")
    view = await front.records("a", front.did("demo_request"), batch_id="b")
    await front.takes(Lead("a", product_interest="new"), front.did("demo_request"), batch_id="b")
    after = await front.lead("a")
    assert (after.stage, after.owner, after.visit) == (before.stage, before.owner, before.visit)
    assert view.score.behaviour == (0 if stage is Stage.DISQUALIFIED else 60)
    assert after.held_bars == before.held_bars
    assert await front.told("sales-ops") == await front.told("ann") == []
    assert Imported("b") in await front.happened("a", Imported)
    await front.is_whole()


async def test_what_an_import_brought_counts_when_something_happens(front: Any, large: Any) -> None:
    await front.takes(large("a"))
    await front.records("a", front.did("demo_request"), batch_id="b")
    front.clock.advance(hours=1)
    assert (await front.records("a", front.did("pricing_page_view"))).stage is Stage.MQL


async def test_a_new_lead_of_an_import_is_evaluated(front: Any, large: Any) -> None:
    view = await front.takes(large("a"), front.did("demo_request"), batch_id="b")
    assert (view.stage, (await front.lead("a")).batch_id) == (Stage.MQL, "b")


@pytest.mark.parametrize(
    ("initial", "stage", "owner"),
    [
        pytest.param(InitialState(Stage.NURTURE), "nurture", WELCOME, id="a track's by default"),
        pytest.param(
            InitialState(Stage.KNOWN), "known", INTAKE, id="the intake queue's by default"
        ),
        pytest.param(InitialState(Stage.MQL), "mql", INTAKE, id="an mql in the intake queue"),
        pytest.param(InitialState(Stage.MQL, ANNS), "mql", ANNS, id="an mql of a rep"),
        pytest.param(InitialState(Stage.OPPORTUNITY, ANNS), "opportunity", ANNS, id="a rep's"),
        pytest.param(InitialState(None, ANNS, outcome="won"), "customer", ANNS, id="won"),
        pytest.param(
            InitialState(None, ANNS, outcome="lost", reason="budget"),
            "closed_lost",
            ANNS,
            id="lost",
        ),
        pytest.param(
            InitialState(Stage.RECYCLED, reason="timing"),
            "recycled",
            WELCOME,
            id="recycled",
        ),
        pytest.param(
            InitialState(Stage.DISQUALIFIED, reason="spam"),
            "disqualified",
            SUPPRESSED,
            id="ended",
        ),
    ],
)
async def test_a_new_one_begins_where_it_is_said(
    front: Any, large: Any, initial: InitialState, stage: str, owner: Owner
) -> None:
    view = await front.takes(large("a"), batch_id="b", initial=initial, actor_id="olu")
    (entry,) = await front.entries("a")
    assert (view.stage, view.owner) == (stage, owner)
    assert (entry.stage_from, entry.stage_to, entry.cause) == ("", stage, "import")
    assert entry.reason == view.reason == initial.reason
    assert (await front.lead("a")).win is not None or stage != "customer"
    await front.is_whole()


async def test_it_entered_its_stage_when_it_is_said_and_its_clocks_begin_now(
    front: Any, large: Any
) -> None:
    at = front.clock.now - timedelta(days=40)
    initial = InitialState(Stage.SQL, ANNS, at)
    view = await front.takes(large("a"), batch_id="b", initial=initial, actor_id="sales-ops")
    assert view.entered_at == at
    assert min(clock.due_at for clock in view.clocks if clock.due_at) > front.clock.now
    assert view.assignment_id
    await front.is_whole()


@pytest.mark.parametrize(
    ("initial", "place"),
    [
        pytest.param(InitialState(), "initial.stage", id="no stage"),
        pytest.param(InitialState(Stage.SAL), "initial.rep_id", id="a sal without a rep"),
        pytest.param(InitialState(Stage.SAL, WELCOME), "initial.rep_id", id="a sal of a track"),
        pytest.param(
            InitialState(Stage.SAL, RepOwner("who")), "initial.rep_id", id="an unknown rep"
        ),
        pytest.param(InitialState(Stage.NURTURE, ANNS), "initial.rep_id", id="a rep who nurtures"),
        pytest.param(
            InitialState(Stage.NURTURE, TrackOwner("x")), "initial.queue", id="no such track"
        ),
        pytest.param(
            InitialState(Stage.NURTURE, INTAKE), "initial.queue", id="a queue that nurtures"
        ),
        pytest.param(
            InitialState(Stage.MQL, QueueOwner("limited-waiting")),
            "initial.queue",
            id="a pool's queue",
        ),
        pytest.param(
            InitialState(Stage.RECYCLED), "initial.reason", id="recycled without a reason"
        ),
        pytest.param(
            InitialState(Stage.CLOSED_LOST, ANNS, reason="bored"),
            "initial.reason",
            id="an unknown reason",
        ),
        pytest.param(
            InitialState(Stage.SAL, ANNS, outcome="won"), "initial.outcome", id="won, but a sal"
        ),
        pytest.param(
            InitialState(Stage.SAL, ANNS, outcome="lost"), "initial.outcome", id="lost, but a sal"
        ),
    ],
)
async def test_what_cannot_be_is_named(
    front: Any, large: Any, initial: InitialState, place: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        await front.takes(large("a"), batch_id="b", initial=initial, actor_id="olu")
    assert {field for field, _ in refused.value.violations} == {place}


async def test_tomorrow_and_no_batch_are_named_together(front: Any, large: Any) -> None:
    initial = InitialState(Stage.NURTURE, entered_at=front.clock.now + timedelta(days=1))
    with pytest.raises(InvalidArgument) as refused:
        await front.takes(large("a"), initial=initial, actor_id="olu")
    assert [field for field, _ in refused.value.violations] == ["batch_id", "initial.entered_at"]


@pytest.mark.parametrize("actor", ["", "ann", "mia"])
async def test_only_an_actor_who_may_says_where_one_begins(
    front: Any, large: Any, actor: str
) -> None:
    initial = InitialState(Stage.NURTURE)
    with pytest.raises(PermissionDenied):
        await front.takes(large("a"), batch_id="b", initial=initial, actor_id=actor)


async def test_of_a_lead_that_exists_it_says_nothing(front: Any, large: Any) -> None:
    await front.takes(large("a"), front.did("demo_request"))
    initial = InitialState(Stage.NURTURE)
    view = await front.takes(large("a", phone="+1"), batch_id="b", initial=initial)
    assert view.stage is Stage.MQL


async def test_its_assignment_is_read_back_though_no_decision_gave_it(
    front: Any, large: Any
) -> None:
    initial = InitialState(Stage.SQL, ANNS)
    taken = await front.takes(large("a"), batch_id="b", initial=initial, actor_id="olu")
    listed = await front.desk.store.read(lambda reader: records.assignments(reader, "a"))
    one = await front.desk.store.read(
        lambda reader: records.assignment(reader, taken.assignment_id)
    )
    assert listed == (one,)
    assert (one.owner, one.cause, one.stage) == (ANNS, Cause.IMPORTED, Stage.SQL)
    assert (one.decision_id, one.considered, one.assigned_at) == ("", (), front.clock.now)


@pytest.mark.parametrize(
    ("stage", "owner", "reason", "refused"),
    [
        pytest.param(Stage.NURTURE, None, "", True, id="not into a track"),
        pytest.param(Stage.MQL, ANNS, "", True, id="not to sales"),
        pytest.param(Stage.SQL, ANNS, "", True, id="whatever sales has found out"),
        pytest.param(Stage.RECYCLED, None, "timing", True, id="nor back to marketing"),
        pytest.param(Stage.OPPORTUNITY, ANNS, "", False, id="from opportunity on it is a flag"),
        pytest.param(Stage.CUSTOMER, ANNS, "", False, id="of a customer too"),
        pytest.param(Stage.DISQUALIFIED, None, "spam", False, id="who is ended stays so"),
    ],
)
async def test_who_must_not_be_contacted_begins_nowhere_before_opportunity(
    front: Any, large: Any, stage: Stage, owner: Owner | None, reason: str, refused: bool
) -> None:
    fields = {"batch_id": "b", "actor_id": "olu"}
    initial = InitialState(stage, owner, reason=reason)
    stopped = large("a", do_not_contact=True)
    if not refused:
        assert (await front.takes(stopped, initial=initial, **fields)).stage is stage
        return
    with pytest.raises(InvalidArgument, match="it must not be contacted") as wrong:
        await front.takes(stopped, initial=initial, **fields)
    assert [field for field, _ in wrong.value.violations] == ["initial.stage"]
    assert (await front.takes(stopped, **fields)).stage is Stage.DISQUALIFIED, "evaluated it ends"


@pytest.mark.parametrize(
    ("days_ago", "back"),
    [
        pytest.param(10, False, id="before its date a low act brings nobody back"),
        pytest.param(181, True, id="after it any act of positive points does"),
    ],
)
async def test_a_recycled_one_is_looked_at_again_when_its_reason_says(
    front: Any, large: Any, days_ago: int, back: bool
) -> None:
    """Timing is looked at again after 180 days, counted from when it was recycled elsewhere."""
    at = front.clock.now - timedelta(days=days_ago)
    initial = InitialState(Stage.RECYCLED, None, at, reason="timing")
    await front.takes(large("a"), batch_id="b", initial=initial, actor_id="olu")
    assert (await front.lead("a")).reevaluate_at == at + timedelta(days=180)
    await front.desk.drain()
    front.clock.advance(minutes=1)
    view = await front.records("a", front.did("pricing_page_view"))
    assert (view.stage is Stage.MQL) is back
    await front.is_whole()


@pytest.mark.parametrize(
    ("initial", "enrolled", "wins"),
    [
        pytest.param(InitialState(Stage.NURTURE), [Enrolment("welcome-nurture", True)], 0,
                     id="one that nurtures is enrolled in its track"),
        pytest.param(InitialState(Stage.DISQUALIFIED, reason="spam"), [], 0,
                     id="nobody is enrolled in the track that suppresses"),
        pytest.param(InitialState(Stage.SAL, ANNS), [], 0, id="nor in a rep"),
        pytest.param(InitialState(None, ANNS, outcome="won"), [], 1, id="a win is recorded"),
    ],
)  # fmt: skip
async def test_what_it_begins_with_is_recorded(
    front: Any, large: Any, initial: InitialState, enrolled: list[Enrolment], wins: int
) -> None:
    await front.takes(large("a"), batch_id="b", initial=initial, actor_id="olu")
    assert await front.happened("a", Enrolment) == enrolled
    assert await front.happened("a", Win) == [Win(front.clock.now)] * wins
