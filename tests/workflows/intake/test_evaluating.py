"""Something happens to a lead, and what follows of it is done in the same unit."""

from typing import Any

import msgspec
import pytest

from scoring_service.values.clock import ClockName
from scoring_service.values.errors import AlreadyExists, InvalidArgument, NotFound
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.replay import Verdict, replay

ANNS, WELCOME = RepOwner("ann"), TrackOwner("welcome-nurture")
INTAKE, NEWSLETTER = QueueOwner("intake"), TrackOwner("newsletter")
LARGE: dict[str, Any] = {"email": "a@a.example", "country": "DE", "employees": 500, "source": "web"}


@pytest.mark.parametrize(
    ("fields", "did", "stage", "owner"),
    [
        pytest.param(LARGE, ["demo_request"], "mql", ANNS, id="who meets every bar is an mql"),
        pytest.param(LARGE, [], "nurture", WELCOME, id="below the bars the default track has it"),
        pytest.param(
            {**LARGE, "employees": 5},
            ["demo_request"],
            "nurture",
            NEWSLETTER,
            id="below the bars a route to a track is tried",
        ),
        pytest.param(
            {**LARGE, "employees": 50, "country": "GB"},
            [],
            "mql",
            RepOwner("dan"),
            id="below the bars a route that is marked so is tried",
        ),
        pytest.param(
            {**LARGE, "employees": 50},
            ["demo_request"],
            "nurture",
            WELCOME,
            id="below the bars no other route to a rep is tried",
        ),
        pytest.param(
            {"email": "a@a.example"},
            [],
            "known",
            INTAKE,
            id="without a source it is known only",
        ),
        pytest.param({}, ["pricing_page_view"], "anonymous", WELCOME, id="unreachable: anonymous"),
        pytest.param(
            {**LARGE, "company_domain": "rival.com"},
            ["demo_request"],
            "disqualified",
            TrackOwner("suppressed"),
            id="a rule disqualifies whatever the points",
        ),
        pytest.param(
            {**LARGE, "do_not_contact": True},
            ["demo_request"],
            "disqualified",
            TrackOwner("suppressed"),
            id="who must not be contacted goes to nobody",
        ),
    ],
)
async def test_a_new_lead_is_evaluated_as_it_is_stored(
    front: Any, fields: dict[str, Any], did: list[str], stage: str, owner: Any
) -> None:
    view = await front.takes(Lead("a", **fields), *map(front.did, did))
    assert (view.stage, view.owner) == (stage, owner)
    assert await front.stages("a") == [stage]
    await front.is_whole()


async def test_an_anonymous_one_goes_forward_as_data_arrive(front: Any) -> None:
    steps: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["pricing_page_view"]),
        ({"email": "a@a.example"}, []),
        ({"source": "web"}, []),
        ({"employees": 500, "country": "DE"}, []),
        ({}, ["demo_request"]),
        ({"employees": 1}, []),
    ]
    for fields, did in steps:
        front.clock.advance(hours=1)
        await front.takes(Lead("a", **fields), *map(front.did, did))
    assert await front.stages("a") == ["anonymous", "known", "nurture", "mql"]
    await front.is_whole()


async def test_crossing_the_bar_by_an_activity_makes_the_mql_and_its_assignment(
    front: Any, large: Any
) -> None:
    await front.takes(large("a"))
    front.clock.advance(hours=1)
    view = await front.records("a", front.did("demo_request"))
    (entry,) = (await front.entries("a"))[1:]
    assert (view.stage, view.owner, entry.cause) == (Stage.MQL, ANNS, "qualified")
    lapse = next(clock for clock in view.clocks if clock.name is ClockName.LAPSE)
    assert lapse.due_at == view.score.qualified_until is not None
    assert view.respond_by is not None
    assert view.decision_id


async def test_another_activity_counts_the_lapse_anew(front: Any, large: Any) -> None:
    first = await front.takes(large("a"), front.did("demo_request"))
    front.clock.advance(days=3)
    later = await front.records("a", front.did("pricing_page_view"))
    due = [clock.due_at for clock in later.clocks if clock.name is ClockName.LAPSE]
    assert due == [later.score.qualified_until]
    assert later.score.qualified_until > first.score.qualified_until
    assert later.decision_id == ""


async def test_sales_keeps_what_it_has_whatever_is_evaluated(front: Any, large: Any) -> None:
    await front.takes(large("a"), front.did("demo_request"))
    await front.puts("a", Stage.SAL)
    view = await front.takes(Lead("a", employees=1), front.did("unsubscribe"))
    assert (view.stage, view.owner) == (Stage.SAL, ANNS)
    assert await front.stages("a") == ["mql", "sal"]


async def test_of_a_rule_that_names_what_sales_works_on_its_owner_is_told_once(
    front: Any, large: Any
) -> None:
    await front.takes(large("a"), front.did("demo_request"))
    await front.puts("a", Stage.SAL)
    for title in ("Buyer", "Head of Buying"):
        await front.takes(Lead("a", company_domain="rival.com", job_title=title))
    assert await front.told("ann") == [("disqualify_rule", "a")]
    assert (await front.lead("a")).stage is Stage.SAL


async def test_what_is_known_already_changes_nothing(front: Any, large: Any) -> None:
    seen = front.did("pricing_page_view")
    await front.takes(large("a"), seen)
    before = await front.lead("a")
    front.clock.advance(days=1)
    await front.takes(large("a"), seen)
    assert await front.lead("a") == before


async def test_the_same_request_has_its_first_answer(front: Any, large: Any) -> None:
    first = await front.takes(large("a"), request_id="r")
    again = await front.takes(large("a"), request_id="r")
    assert again == msgspec.structs.replace(first, replayed=True)
    with pytest.raises(AlreadyExists):
        await front.takes(large("b"), request_id="r")
    with pytest.raises(AlreadyExists):
        await front.records("a", front.did("demo_request"), request_id="r")


async def test_every_decision_of_the_intake_replays_equal(front: Any, large: Any) -> None:
    await front.takes(large("a"))
    await front.records("a", front.did("demo_request"))
    await front.takes(large("b", country="GB", employees=50))
    await front.puts("a", Stage.CUSTOMER)
    front.clock.advance(hours=1)
    await front.records("a", front.did("demo_request"))
    found = await front.desk.decisions()
    assert [replay(front.desk.policy, one).verdict for one in found] == [Verdict.EQUAL] * 4


@pytest.mark.parametrize(
    ("did", "place"),
    [
        pytest.param({"type_": "dance"}, "activities[0].type", id="an unknown type"),
        pytest.param(
            {"type_": "demo_request", "activity_id": ""},
            "activities[0].activity_id",
            id="an activity without an id",
        ),
    ],
)
async def test_what_is_wrong_is_named_and_stores_nothing(
    front: Any, large: Any, did: dict[str, Any], place: str
) -> None:
    activity = msgspec.structs.replace(front.did(did.pop("type_")), **did)
    with pytest.raises(InvalidArgument) as refused:
        await front.takes(large("a"), activity)
    assert [field for field, _ in refused.value.violations] == [place]
    with pytest.raises(NotFound):
        await front.records("a", front.did("demo_request"))


async def test_a_lead_that_waits_is_judged_anew_by_what_is_new_of_it(
    front: Any, large: Any, conditional: Any
) -> None:
    await front.desk.activate(conditional('industry == "software"'))
    waits = await front.takes(large("a"), front.did("demo_request"))
    assert (waits.stage, waits.waiting_in) == (Stage.MQL, "west")
    front.clock.advance(minutes=5)
    await front.takes(Lead("a", industry="software"))
    await front.desk.drain()
    assert (await front.lead("a")).owner == ANNS
    await front.is_whole()
