"""scoring.yaml: fit criteria, activity types, grades and bars."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.scoring import Bars, Grades, Scoring

Loaded = Callable[..., Policy]
Refused = Callable[..., list[str]]

MQL = "mql: {fit_min: 40, behaviour_min: 40}\n"
ROUTING = "routes: []\notherwise: {queue: triage, owner: sales-ops}\n"


def of(loaded: Loaded, scoring: str) -> Scoring:
    return loaded(scoring=MQL + scoring, routing=ROUTING, routing_test="").scoring


@pytest.fixture
def said(refused: Refused) -> Refused:
    """What loading says of this scoring.yaml, whose first line are the bars."""

    def told(scoring: str) -> list[str]:
        found = refused(scoring=MQL + scoring, routing=ROUTING, routing_test="")
        return [line.removeprefix("scoring.yaml:") for line in found]

    return told


def activity(entry: str) -> str:
    return f"behaviour: {{groups: {{web: {{points_max: 30}}}}, activities: {{view: {entry}}}}}\n"


def test_the_bars_are_all_that_must_be_there(loaded: Loaded) -> None:
    scoring = of(loaded, "")
    assert scoring.mql == Bars(40, 40, None, 5)
    assert (scoring.fit, scoring.activities, scoring.disqualify) == ((), {}, ())
    assert scoring.grades == Grades((("A", 75), ("B", 50), ("C", 25)), ((1, 60), (2, 35), (3, 15)))


def test_a_criterion_is_a_condition_with_points(loaded: Loaded) -> None:
    (size,) = of(loaded, "fit: [{name: size, when: 'employees >= 200', points: -7.5}]\n").fit
    assert (size.name, size.text, size.points) == ("size", "employees >= 200", -7.5)
    assert size.holds({"employees": 200})
    assert not size.holds({"employees": 199})


def test_a_criterion_sees_the_account_and_the_source(loaded: Loaded) -> None:
    when = 'account.employees >= 10 and source == "fair"'
    (one,) = of(loaded, f"fit: [{{name: x, when: '{when}', points: 1}}]\n").fit
    assert one.holds({"account": {"employees": 10}, "source": "fair"})


@pytest.mark.parametrize(
    ("entry", "field", "value"),
    [
        pytest.param("", "points_max", None, id="no cap"),
        pytest.param(", points_max: 9", "points_max", 9, id="a cap"),
        pytest.param(", group: web", "group", "web", id="a group"),
        pytest.param(", expires_after: 90d", "expires_after", timedelta(days=90), id="an end"),
        pytest.param(", once: true", "once", True, id="once"),
        pytest.param(", high_intent: true", "high_intent", True, id="of high intent"),
        pytest.param("", "half_life", timedelta(days=7), id="a half-life"),
    ],
)
def test_an_activity_type_is_read(loaded: Loaded, entry: str, field: str, value: object) -> None:
    found = of(loaded, activity(f"{{points: 5, half_life: 7d{entry}}}")).activities["view"]
    assert found.points == 5
    assert getattr(found, field) == value


@pytest.mark.parametrize(
    ("entry", "same"),
    [
        pytest.param("{points: 5, half_life: 168h}", True, id="the same half-life in hours"),
        pytest.param("{points: 5, half_life: 7d, points_max: 9}", True, id="a cap"),
        pytest.param("{points: 5, half_life: 7d, group: web}", True, id="a group"),
        pytest.param("{points: 5, half_life: 7d, high_intent: true}", True, id="high intent"),
        pytest.param("{points: 6, half_life: 7d}", False, id="other points"),
        pytest.param("{points: 5, half_life: 8d}", False, id="another half-life"),
        pytest.param("{points: 5, half_life: 7d, once: true}", False, id="once"),
        pytest.param("{points: 5, half_life: 7d, expires_after: 9d}", False, id="an end"),
    ],
)
def test_a_stored_sum_is_kept_where_it_would_come_out_the_same(
    loaded: Loaded, entry: str, same: bool
) -> None:
    before = of(loaded, activity("{points: 5, half_life: 7d}")).activities["view"]
    after = of(loaded, activity(entry)).activities["view"]
    assert (before.digest == after.digest) is same


def test_a_type_of_another_name_with_the_same_scoring_has_the_same_digest(loaded: Loaded) -> None:
    entry = "{points: 5, half_life: 7d}"
    one = of(loaded, activity(entry)).activities["view"]
    other = of(loaded, activity(entry).replace("view:", "look:")).activities["look"]
    assert one.digest == other.digest != ""


def test_grades_are_read(loaded: Loaded) -> None:
    scoring = of(loaded, "grades: {fit: {A: 90}, behaviour: {1: 80, 3: 10}}\n")
    assert scoring.grades == Grades((("A", 90), ("B", 50), ("C", 25)), ((1, 80), (2, 35), (3, 10)))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("fit: [{name: a, when: 'true', points: 1001}]",
                     "2: $.fit[0].points: 1001 is not allowed here", id="too many points"),
        pytest.param("fit: [{name: '', when: 'true', points: 1}]",
                     "2: $.fit[0].name: this is empty",
                     id="a criterion without a name"),
        pytest.param("fit: [{name: a, when: 'true', points: 1}, "
                     "{name: a, when: 'true', points: 1}]",
                     "2: $.fit[1].name: the name 'a' is there twice", id="a name twice"),
        pytest.param("disqualify: [{name: a, when: 'stage == \"mql\"', reason: spam}]",
                     "2: $.disqualify[0].when: 'stage' is not known to fit and disqualify criteria",
                     id="a criterion that sees the stage"),
        pytest.param("disqualify: [{name: a, when: 'true', reason: budget}]",
                     "2: $.disqualify[0].reason: the reason 'budget' leads to recycle",
                     id="a reason that ends nothing"),
        pytest.param(activity("{points: 40, half_life: 7d}"),
                     "2: $.behaviour.activities.view.points: one view of 40 points alone reaches "
                     "behaviour_min 40", id="a low activity that qualifies alone"),
        pytest.param(activity("{points: 5, half_life: 7d, group: wed}"),
                     "2: $.behaviour.activities.view.group: unknown group 'wed'", id="no group"),
        pytest.param(activity("{points: 5, half_life: 7d, points_max: 0}"),
                     "2: $.behaviour.activities.view.points_max: 0 is not allowed here",
                     id="a cap of nothing"),
        pytest.param(activity("{points: 5, half_life: 7d, expires_after: 0d}"),
                     "2: $.behaviour.activities.view.expires_after: 0d is not longer than zero",
                     id="an end at once"),
        pytest.param("grades: {fit: {A: 50, B: 50}}",
                     "2: $.grades.fit: the cut-offs do not fall from the best grade to the worst",
                     id="two grades at one cut-off"),
        pytest.param("grades: {behaviour: {2: 70}}",
                     "2: $.grades.behaviour: the cut-offs do not fall from the best grade to the "
                     "worst", id="a level above the best"),
        pytest.param("grades: {behaviour: {4: 5}}",
                     "2: $.grades.behaviour.4: unknown key '4'", id="a level below the last"),
        pytest.param("sql: {win_probability_min: 30}",
                     "2: $.sql.win_probability_min: 30 is not allowed here", id="30 per cent"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(said: Refused, text: str, what: str) -> None:
    found = said(text)
    assert len(found) == 1
    assert found[0].startswith(f"{what};")


def test_a_low_activity_just_below_the_bar_is_let_in(said: Refused) -> None:
    assert said(activity("{points: 39.9, half_life: 7d, once: true}")) == []
    assert said(activity("{points: 99, half_life: 7d, high_intent: true}")) == []


@pytest.mark.parametrize(
    ("bars", "what"),
    [
        pytest.param("{fit_min: 40}", "the key 'behaviour_min' is missing", id="one bar"),
        pytest.param("{fit_min: 101, behaviour_min: 40}", "101 is not allowed here", id="too high"),
        pytest.param("{fit_min: 40, behaviour_min: 40, hysteresis: -1}", "-1 is not allowed here",
                     id="a hysteresis that raises the bar"),
        pytest.param("{fit_min: 40, behaviour_min: 40, win_probability_min: 0.1}",
                     "a bar on the win probability needs a model, and there is none",
                     id="a bar that needs a model"),
    ],
)  # fmt: skip
def test_bars_that_do_not_fit_are_refused(refused: Refused, bars: str, what: str) -> None:
    found = refused(scoring=f"mql: {bars}\n", routing=ROUTING, routing_test="")
    assert len(found) == 1
    assert what in found[0]
