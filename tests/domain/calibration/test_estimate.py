"""P(won) of one lead: what is added, what it sums to, how wide the interval is."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.calibration.estimate import (
    Estimate,
    estimate,
    sums_of_events,
    sums_of_states,
)
from scoring_service.domain.calibration.model import Model, model_of
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
    version_of,
)
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.behaviour import of_events, of_states
from scoring_service.domain.scoring.scoring import (
    ActivityScoring,
    Bars,
    Grades,
    Scoring,
    state_digest,
)
from scoring_service.domain.scoring.state import rebuild
from scoring_service.values.activity import Activity, dated
from scoring_service.values.condition import ConditionError

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
GRADES = Grades((("A", 75.0),), ((1, 60.0),))
BARS = Bars(40, 40)


def activity_scoring(name: str, points: float, days: float, **other: Any) -> ActivityScoring:
    half_life = timedelta(days=days)
    digest = state_digest(points, half_life, None, once=False)
    return ActivityScoring(name, points, half_life, digest=digest, **other)


TODAY = Scoring(
    (),
    {
        "demo_request": activity_scoring("demo_request", 60.0, 21, points_max=60),
        "pricing_page_view": activity_scoring("pricing_page_view", 15.0, 7, points_max=30),
    },
    {},
    GRADES,
    BARS,
)


def big(symbols: Mapping[str, Any]) -> bool:
    if not isinstance(symbols.get("employees"), int | float):
        raise ConditionError("employees is null")
    return bool(symbols["employees"] >= 200)


@pytest.fixture(scope="session")
def model(scorecard: Callable[..., Scorecard]) -> Model:
    return model_of("v1", scorecard(), {"employees >= 200": big}, TODAY)


def names(found: Estimate) -> list[str]:
    return [contribution.name for contribution in found.contributions]


@pytest.mark.parametrize(
    ("symbols", "added"),
    [
        pytest.param(
            {"employees": 500, "plan": "pro"},
            {"base": -2.0, "company size": 0.8, "employees >= 50.5": 0.4, "plan pro": 0.3},
            id="a criterion that holds, a bin and a level",
        ),
        pytest.param(
            {"employees": 10, "plan": "free"},
            {"base": -2.0, "employees 10 to 50.5": 0.1, "plan free": -0.7},
            id="a value on an edge belongs to the bin above it",
        ),
        pytest.param(
            {},
            {"base": -2.0, "employees missing": -0.2, "plan missing": 0.05},
            id="what is not known is missing, and no criterion holds",
        ),
        pytest.param(
            {"employees": 9, "plan": "golden"},
            {"base": -2.0, "employees < 10": -0.5, "plan other": 0.0},
            id="a level that training never saw is other",
        ),
        pytest.param(
            {"employees": "many", "plan": ""},
            {"base": -2.0, "employees missing": -0.2, "plan missing": 0.05},
            id="neither a text for a number nor an empty text is a value",
        ),
        *(
            pytest.param(
                {"employees": number, "plan": text},
                {"base": -2.0, "employees missing": -0.2, "plan missing": 0.05},
                id=f"{number} is no number and {text} no text",
            )
            for number, text in [(math.nan, 5), (True, ["free"]), ("500", True), ([500], 1.5)]
        ),
    ],
)
def test_a_lead_has_one_cell_a_term(
    model: Model, symbols: Mapping[str, Any], added: Mapping[str, float]
) -> None:
    found = estimate(model, symbols, {})
    assert {c.name: c.log_odds for c in found.contributions} == added


def test_activities_add_their_capped_points(model: Model) -> None:
    found = estimate(model, {}, {"demo_request": 90.0, "pricing_page_view": -40.0})
    added = {c.name: c.log_odds for c in found.contributions}
    assert added["demo_request"] == pytest.approx(0.03 * 60)
    assert added["pricing_page_view"] == pytest.approx(0.02 * -25)


def test_an_activity_of_no_points_is_not_told(model: Model) -> None:
    assert "demo_request" not in names(estimate(model, {}, {"demo_request": 0.0}))


SYMBOLS = st.fixed_dictionaries(
    {},
    optional={
        "employees": st.none() | st.integers(-5, 600) | st.floats(-9, 9e9) | st.just("many"),
        "plan": st.none() | st.sampled_from(["free", "pro", "other", ""]),
    },
)
SUMS = st.dictionaries(
    st.sampled_from(["demo_request", "pricing_page_view", "unknown"]), st.floats(-200, 200)
)


def plain(card: Scorecard, symbols: Mapping[str, Any], sums: Mapping[str, float]) -> list[Any]:
    """(cell, times) of each term, as plainly as it can be said."""
    found: list[Any] = [(card.intercept, 1.0)]
    for term in card.terms:
        match term:
            case CriterionTerm():
                value = symbols.get("employees")
                if isinstance(value, int | float) and value >= 200:
                    found.append((term.holds, 1.0))
            case NumberTerm():
                number: Any = symbols.get(term.attribute)
                known = isinstance(number, int | float)
                place = sum(edge <= number for edge in term.edges) if known else 0
                found.append((term.bins[place] if known else term.missing, 1.0))
            case TextTerm():
                value = symbols.get(term.attribute)
                told = isinstance(value, str) and value
                cell = term.levels.get(str(value), term.unseen) if told else term.missing
                found.append((cell, 1.0))
            case ActivityTerm():
                most = term.points_max or math.inf
                found.append((term.per_point, max(-most, min(most, sums.get(term.type, 0.0)))))
    return found


@given(symbols=SYMBOLS, sums=SUMS)
def test_contributions_sum_to_the_log_odds_and_the_interval_is_that_of_l(
    model: Model, symbols: Mapping[str, Any], sums: Mapping[str, float]
) -> None:
    assert_plain(model, symbols, sums, 1e-9)


def assert_plain(
    model: Model, symbols: Mapping[str, Any], sums: Mapping[str, float], off: float
) -> None:
    """The estimate is what the cells say, P but for `off`; L is kept to 26 bits, so the ends of its
    interval but for 1e-8.
    """
    found = estimate(model, symbols, sums)
    cells = plain(model.scorecard, symbols, sums)
    eta = sum(cell.weight * times for cell, times in cells)
    assert sum(c.log_odds for c in found.contributions) == pytest.approx(eta, abs=1e-9)
    total = [sum(cell.row[k] * times for cell, times in cells) for k in range(12)]
    variance = sum(x * x for x in total) + sum(cell.variance for cell, _ in cells)
    half = 1.645 * math.sqrt(variance)
    ends = max(off, 1e-8)
    for value, at, near in (
        (found.win.value, eta, off),
        (found.win.low, eta - half, ends),
        (found.win.high, eta + half, ends),
    ):
        p = 1 / (1 + math.exp(-min(max(at, -40.0), 40.0)))
        assert value == pytest.approx(min(max(p, 0.0001), 0.9999), abs=near)


@given(base=st.floats(-12, 12), sums=SUMS)
def test_p_and_its_ends_are_plain_up_to_their_bounds_and_beyond(
    scorecard: Callable[..., Scorecard], base: float, sums: Mapping[str, float]
) -> None:
    found = model_of("v", scorecard(base=base), {"employees >= 200": big}, TODAY)
    assert_plain(found, {}, sums, 1e-9)


@pytest.mark.parametrize(
    ("size", "off"),
    [
        pytest.param(0.001, 1e-9, id="rows far from the reach of doubles"),
        pytest.param(0.03, 1e-9, id="rows that just keep within it"),
        pytest.param(0.05, 1e-9, id="rows of points that go beyond it"),
        pytest.param(10.0, 1e-6, id="rows of cells that go beyond it"),
    ],
)
@given(symbols=SYMBOLS, done=st.floats(-1000, 1000))
def test_the_interval_is_that_of_l_however_large_its_rows_are(
    size: float, off: float, symbols: Mapping[str, Any], done: float
) -> None:
    rising, falling = (Cell(0.01, (size * sign,) * 11 + (size,)) for sign in (1, -1))
    terms = (
        NumberTerm("employees", AttributeType.INTEGER, (10.0,), (rising, falling), rising),
        TextTerm("plan", AttributeType.TEXT, {"free": rising, "pro": falling}, rising, falling),
        TextTerm("plan", AttributeType.TEXT, {"free": rising, "pro": falling}, rising, falling),
        ActivityTerm("visit", 10.0, 86_400.0, Cell(0.01, falling.row)),
    )
    card = Scorecard(rising, terms, base_rate=0.1, rows=1000, won=100)
    assert_plain(model_of("v", card, {}, TODAY), symbols, {"visit": done}, off)


@given(symbols=SYMBOLS, sums=SUMS)
def test_the_interval_holds_the_estimate(
    model: Model, symbols: Mapping[str, Any], sums: Mapping[str, float]
) -> None:
    win = estimate(model, symbols, sums).win
    assert 0.0001 <= win.low <= win.value <= win.high <= 0.9999


@pytest.mark.parametrize("base", [-5000.0, -41.0, 41.0, 5000.0])
def test_nothing_is_certain_and_nothing_overflows(
    scorecard: Callable[..., Scorecard], base: float
) -> None:
    term = CriterionTerm("never", "never", Cell(0.0, (0.0,) * 12))
    model = model_of("v", scorecard(term, base=base), {"never": lambda s: False}, TODAY)
    assert estimate(model, {}, {}).win.value == (0.0001 if base < 0 else 0.9999)


def test_a_level_never_seen_widens_the_interval(model: Model) -> None:
    known = estimate(model, {"employees": 20, "plan": "pro"}, {}).win
    unseen = estimate(model, {"employees": 20, "plan": "golden"}, {}).win
    assert unseen.high - unseen.low > known.high - known.low


def test_only_types_that_are_scored_otherwise_today_have_a_state_of_their_own(
    model: Model,
) -> None:
    assert set(model.own.activities) == {"pricing_page_view"}
    assert "pricing_page_view" in model.own_digest


@given(days=st.lists(st.floats(0, 60), max_size=6), kinds=st.data())
def test_points_are_by_the_scoring_of_training_whether_of_events_or_of_states(
    model: Model, days: list[float], kinds: st.DataObject
) -> None:
    types = st.sampled_from(["demo_request", "pricing_page_view"])
    events = [Activity(kinds.draw(types), NOW - timedelta(days=age)) for age in days]
    by_events = sums_of_events(model, of_events(TODAY, events, NOW), dated(events), NOW)
    states = rebuild(TODAY, events, NOW)
    second = rebuild(model.own, events, NOW)
    by_states = sums_of_states(model, of_states(TODAY, states, NOW), second, NOW)
    for name, points, half_life in (("demo_request", 60, 21), ("pricing_page_view", 10, 3)):
        ages = [age for age, event in zip(days, events, strict=True) if event.type == name]
        wanted = sum(points * 2 ** (-age / half_life) for age in ages)
        assert by_events.get(name, 0.0) == pytest.approx(wanted, abs=1e-6)
        assert by_states.get(name, 0.0) == pytest.approx(wanted, abs=1e-6)


def test_a_version_is_the_hash_of_its_bytes(scorecard_json: Callable[..., bytes]) -> None:
    one, other = scorecard_json(), scorecard_json(base=-2.1)
    assert version_of(one) == version_of(bytes(one))
    assert version_of(one) != version_of(other)
    assert len(version_of(one)) == 16
