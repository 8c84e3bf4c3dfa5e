"""A folder becomes one policy; what the policy before had compiled is used again."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from scoring_service.domain.business_time.duration import BusinessHours, Elapsed
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.routes import ToAccountOwner, ToPool, ToQueue, ToTrack
from scoring_service.policy.load import load, read_folder
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import Source, source_of
from scoring_service.values.team import Leave, Queue

NOON = datetime(2025, 1, 15, 12, tzinfo=UTC)
Files = Callable[..., dict[str, bytes]]


@pytest.fixture(scope="module")
def policy(loaded: Callable[..., Policy]) -> Policy:
    return loaded()


def test_a_policy_is_named_by_its_content(
    policy: Policy, source: Callable[..., Source], loaded: Callable[..., Policy]
) -> None:
    assert policy.revision == source().revision
    assert loaded().revision == policy.revision
    assert loaded(lifecycle="recycles_max: 4").revision != policy.revision


def test_attributes_are_the_declared_ones_and_every_field_of_a_lead(policy: Policy) -> None:
    assert policy.schema["plan"].values == {"free", "pro", "enterprise"}
    assert policy.schema["seats"].min == 0
    assert policy.schema["employees"].typed


def test_scoring_is_read(policy: Policy) -> None:
    scoring = policy.scoring
    assert [(one.name, one.points) for one in scoring.fit] == [("size", 40), ("plan", 20)]
    assert scoring.activities["page_view"].half_life == timedelta(days=7)
    assert scoring.activities["page_view"].points_max == 20
    assert scoring.activities["demo_request"].high_intent
    assert (scoring.mql.fit_min, scoring.mql.behaviour_min, scoring.mql.hysteresis) == (40, 40, 5)
    assert [one.reason for one in scoring.disqualify] == ["is_competitor"]


def test_routes_and_rows_stand_in_one_order(policy: Policy) -> None:
    routes = policy.routes.routes
    assert [(one.name, one.row, one.place) for one in routes] == [
        ("owned", None, "routing.yaml:2"),
        ("asked", None, "routing.yaml:3"),
        ("by territory", 1, "territories.csv:2"),
        ("by territory", 2, "territories.csv:3"),
        ("by territory", 3, "territories.csv:4"),
        ("small", None, "routing.yaml:5"),
        ("otherwise", None, "routing.yaml:6"),
    ]
    assert [one.position for one in routes] == list(range(7))
    assert list(policy.routes_unindexed.routes) == list(routes)


def test_a_route_says_where_it_sends_a_lead(policy: Policy) -> None:
    assigned = {(one.name, one.row): one.assign for one in policy.routes.routes}
    assert assigned["owned", None] == ToAccountOwner("sdr")
    assert assigned["by territory", 1] == ToPool("executives")
    assert assigned["by territory", 2] == ToPool("sdr")
    assert assigned["small", None] == ToTrack("welcome-nurture")
    assert assigned["otherwise", None] == ToQueue("triage", "sales-ops")


def test_a_row_is_told_as_a_condition(policy: Policy) -> None:
    assert policy.routes.routes[2].text == (
        'country in ["AT", "DE"] and employees != null and employees >= 1000'
    )


def test_a_route_has_its_sla_and_its_hours(policy: Policy) -> None:
    asked, small = policy.routes.routes[1], policy.routes.routes[5]
    assert (asked.sla, asked.during) == ("hot", "office")
    assert (small.sla, small.during) == ("accept", None)


def test_hours_of_a_route_are_those_of_the_calendar(policy: Policy) -> None:
    nothing = {"count": 0, "days_since": None}
    seen = {"demo_request": {"count": 1, "days_since": 0.1}, "page_view": nothing}
    symbols = {"account": dict.fromkeys(["owner"]), "activity": seen}
    for routes in (policy.routes, policy.routes_unindexed):
        open_hours = routes.first(symbols, datetime(2025, 1, 15, 9, 30, tzinfo=UTC))
        at_lunch = routes.first(symbols, datetime(2025, 1, 15, 11, 45, tzinfo=UTC))
        assert (open_hours.route.name, at_lunch.route.name) == ("asked", "otherwise")


def test_a_team_is_read(policy: Policy) -> None:
    anna = policy.reps["anna"]
    assert anna.leave == (Leave(date(2025, 3, 3), date(2025, 3, 7), "ben"),)
    assert anna.zone == "Europe/Berlin", "of the calendar, where the rep gives none"
    sdr, executives = policy.pools["sdr"], policy.pools["executives"]
    assert [(one.rep_id, one.weight, one.priority) for one in sdr.members] == [
        ("anna", 2, 2), ("ben", 1, 2),
    ]  # fmt: skip
    assert sdr.members[1].condition is not None
    assert sdr.members[1].condition({"country": "DE"})
    assert not sdr.members[1].condition({"country": "FR"})
    assert [one.rep_id for one in executives.members] == ["carla"], "everybody of the role"
    assert executives.queue == Queue("executives", "sales-ops", "default")
    assert policy.operators == {"sales-ops"}


def test_calendars_always_have_a_default_and_one_that_is_always_open(
    policy: Policy, rule_files: Files
) -> None:
    assert policy.calendars["default"] is policy.calendars["office"]
    assert {"always", "default", "office"} == set(policy.calendars)
    files = rule_files()
    del files["calendars.yaml"], files["routing_test.yaml"]
    at_any_hour = (b"calendar: office", b"calendar: always")
    files = {name: text.replace(*at_any_hour) for name, text in files.items()}
    files["routing.yaml"] = files["routing.yaml"].replace(b", during: office", b"")
    without = load(source_of(files)).calendars
    assert without["default"] is without["always"]


def test_what_lifecycle_leaves_out_keeps_its_default(policy: Policy, rule_files: Files) -> None:
    life = policy.lifecycle
    assert life.slas["hot"] == BusinessHours(timedelta(minutes=15))
    assert life.slas["first_contact"] == BusinessHours(timedelta(hours=1))
    assert life.reasons["timing"].tracks == ("not-now",)
    assert life.reasons["spam"].returns_turn
    files = rule_files()
    del files["lifecycle.yaml"]
    assert load(source_of(files)).lifecycle.reasons["timing"].reevaluate == Elapsed(
        timedelta(days=180)
    )


def test_a_condition_that_did_not_change_is_not_compiled_again(
    policy: Policy, source: Callable[..., Source], rule_files: Files
) -> None:
    changed = rule_files()["routing.yaml"].decode().replace("employees < 10", "employees < 20")
    again = load(source(routing=changed), policy)
    before, after = policy.routes.routes, again.routes.routes
    assert after[1].condition is before[1].condition
    assert after[5].condition is not before[5].condition
    assert again.scoring.fit[0].holds is policy.scoring.fit[0].holds
    assert again.revision != policy.revision


def test_under_another_schema_every_condition_is_compiled_anew(
    policy: Policy, source: Callable[..., Source], rule_files: Files
) -> None:
    wider = rule_files()["attributes.yaml"].decode() + "age: {type: integer}\n"
    again = load(source(attributes=wider), policy)
    assert again.routes.routes[1].condition is not policy.routes.routes[1].condition


def test_what_is_no_longer_used_is_not_kept(policy: Policy, source: Callable[..., Source]) -> None:
    routing = (
        "routes: [{name: a, when: 'employees < 11', assign: {pool: sdr}}]\n"
        "otherwise: {queue: triage, owner: sales-ops}\n"
    )
    again = load(source(routing=routing, routing_test=""), policy)
    texts = {text for known in again.compiled.values() for text in known}
    assert "employees < 11" in texts
    assert "employees < 10" not in texts


def test_a_reloaded_policy_decides_like_one_that_was_loaded_anew(
    policy: Policy, source: Callable[..., Source]
) -> None:
    first, again = load(source()), load(source(), policy)
    for country in ("DE", "US", "FR"):
        for employees in (5, 500, 5000, None):
            symbols = {"country": country, "employees": employees, "account": {"owner": None}}
            for routes in (again.routes, again.routes_unindexed):
                chosen = first.routes.first(symbols, NOON).route
                assert routes.first(symbols, NOON).route.position == chosen.position


@pytest.mark.parametrize("name", ["attributes.yaml", "scoring.yaml", "routing.yaml", "team.yaml"])
def test_a_needed_file_that_is_missing_is_all_that_is_told(name: str, rule_files: Files) -> None:
    files = rule_files()
    del files[name]
    with pytest.raises(Mistakes) as refused:
        load(source_of(files))
    assert [(one.file, one.what[:20]) for one in refused.value.mistakes] == [
        (name, "this file is missing")
    ]


@pytest.mark.parametrize(
    "name",
    ["attributes.yaml", "scoring.yaml", "routing.yaml", "team.yaml", "calendars.yaml",
     "lifecycle.yaml", "territories.csv", "routing_test.yaml"],
)  # fmt: skip
@pytest.mark.parametrize("content", [b"[", b"\xff\xfe", b"a: {b: [c", b"7\n", b"- 1\n- 2\n"])
def test_whatever_a_file_holds_is_a_mistake_of_that_file(
    name: str, content: bytes, rule_files: Files
) -> None:
    with pytest.raises(Mistakes) as refused:
        load(source_of(rule_files() | {name: content}))
    assert {one.file for one in refused.value.mistakes} == {name}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("seats:\n\ttype: integer\n", id="a tab"),
        pytest.param("seats: {type: integer}\nseats: {type: integer}\n", id="a key twice"),
    ],
)
def test_attributes_that_cannot_be_read_make_no_mistakes_of_the_tests(
    refused: Callable[..., list[str]], content: str
) -> None:
    (told,) = refused(attributes=content)
    assert told.startswith("attributes.yaml:2: $: ")


def test_routes_that_ask_about_activities_where_none_has_points_are_told_so(
    refused: Callable[..., list[str]],
) -> None:
    told = refused(scoring="mql: {fit_min: 40, behaviour_min: 40}\n", routing_test="[]")
    assert any(
        "unknown symbol 'activity': scoring.yaml gives points to no activity; add its type below"
        in line
        for line in told
    )


def test_an_empty_folder_misses_the_four_files_that_a_policy_needs() -> None:
    with pytest.raises(Mistakes) as refused:
        load(source_of({}))
    assert [one.file for one in refused.value.mistakes] == [
        "attributes.yaml", "routing.yaml", "scoring.yaml", "team.yaml",
    ]  # fmt: skip


def test_what_can_be_read_of_a_broken_folder_is_read(rule_files: Files) -> None:
    folder = read_folder(source_of(rule_files() | {"team.yaml": b"["}))
    assert folder.scoring is not None
    assert folder.routing is not None
    assert len(folder.routing.routes) == 7


@pytest.mark.parametrize("cut", range(0, 1400, 100))
def test_a_file_that_was_cut_off_while_it_was_written_never_crashes_loading(
    cut: int, rule_files: Files
) -> None:
    for name, content in rule_files().items():
        files = rule_files() | {name: content[: cut % max(1, len(content))]}
        with suppress(Mistakes):
            assert load(source_of(files)).revision == source_of(files).revision


@pytest.mark.parametrize("name", ["a.count", "page-view", "", "x" * 300, "$now"])
def test_an_activity_type_that_no_condition_can_name_is_one_mistake(
    name: str, refused: Callable[..., list[str]], rule_files: Files
) -> None:
    scoring = rule_files()["scoring.yaml"].decode()
    entry = "{points: 1, half_life: 1d, once: true}"
    more = f'    a: {entry}\n    "{name}": {entry}\n'
    told = refused(scoring=scoring.replace("    page_view", f"{more}    page_view"))
    assert len(told) == 1
    assert f"'{name}' is no name that a condition can use" in told[0]


def test_two_symbols_may_be_compared_with_each_other(loaded: Callable[..., Policy]) -> None:
    routing = (
        "routes: [{name: at home, when: 'country == account.country', assign: {pool: sdr}}]\n"
        "otherwise: {queue: triage, owner: sales-ops}\n"
    )
    routes = loaded(routing=routing, routing_test="").routes
    at_home = {"country": "DE", "account": {"country": "DE"}}
    assert routes.first(at_home, NOON).route.name == "at home"
    assert routes.first(at_home | {"country": "AT"}, NOON).route.name == "otherwise"
