"""What a pair of bars brings, counted by hand on paths of a few points."""

from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.calibration.thresholds.crossings import Paths, crossings
from scoring_service.calibration.thresholds.replay import Replay
from scoring_service.calibration.thresholds.threshold_results import Pair
from scoring_service.calibration.thresholds.weeks import WEEK
from scoring_service.calibration.thresholds.wilson import wilson

DAY = WEEK // 7
BARS = Pair(40, 30)

Row = tuple[int, float, float, float, bool, bool]
"""(lead, week, fit, behaviour, won, known)."""


def paths(*rows: Row, ever_won: int | None = None, p: list[float] | None = None) -> Paths:
    lead, week, fit, behaviour, won, known = zip(*rows, strict=True) if rows else [()] * 6
    return Paths(
        lead=np.array(lead, dtype=np.int64),
        at=(np.array(week, dtype=np.float64) * WEEK).astype(np.int64),
        fit=np.array(fit, dtype=np.float64),
        behaviour=np.array(behaviour, dtype=np.float64),
        p=np.full(len(rows), np.nan) if p is None else np.array(p),
        won=np.array(won, dtype=np.bool_),
        known=np.array(known, dtype=np.bool_),
        count=len(set(lead)),
        ever_won=sum(won) if ever_won is None else ever_won,
    )


CROSSES = [
    pytest.param([(40, 30)], 0, id="on both bars"),
    pytest.param([(39.9, 90)], None, id="under the bar on fit, however much it does"),
    pytest.param([(90, 29.9)], None, id="under the bar on behaviour, however well it fits"),
    pytest.param([(90, 0), (0, 90)], None, id="over each, never at once"),
    pytest.param([(40, 0), (40, 30), (90, 90)], 1, id="the first point over both counts"),
    pytest.param([(40, 30), (0, 0), (90, 90)], 0, id="falling below and coming back is no other"),
]


@pytest.mark.parametrize(("points", "place"), CROSSES)
def test_where_a_lead_crosses(points: list[tuple[float, float]], place: int | None) -> None:
    rows = [(0, float(n), fit, done, False, True) for n, (fit, done) in enumerate(points)]
    assert crossings(paths(*rows), BARS).points.tolist() == ([] if place is None else [place])


@pytest.mark.parametrize(
    ("p", "place"),
    [
        pytest.param([0.3, 0.9], [0], id="on the bar on P"),
        pytest.param([0.29, 0.9], [1], id="as soon as it is"),
        pytest.param([0.29, 0.1], [], id="never"),
        pytest.param([float("nan"), 0.3], [1], id="where P is not known it is not"),
    ],
)
def test_a_bar_on_p_beside_the_points(p: list[float], place: list[int]) -> None:
    rows = [(0, float(n), 90.0, 90.0, False, True) for n in range(2)]
    assert crossings(paths(*rows, p=p), Pair(40, 30, 0.3)).points.tolist() == place


def over(lead: int, week: float, won: bool, known: bool = True) -> Row:
    return lead, week, 50.0, 50.0, won, known


def under(lead: int, week: float, won: bool, known: bool = True) -> Row:
    return lead, week, 5.0, 5.0, won, known


def test_of_what_crosses_only_what_is_known_is_a_share() -> None:
    rows = (over(0, 0, True), over(1, 1, False), over(2, 2, True, known=False), under(3, 3, True))
    volume = Replay(paths(*rows), dated=False).volume(BARS)
    assert (volume.leads, volume.labelled, volume.won) == (3, 2, 1)
    assert volume.precision == (0.5, *wilson(1, 2))
    assert volume.recall.value == 2 / 3, "a win counts though its horizon has not ended"


def test_bars_that_nobody_holds_bring_nothing_and_promise_nothing() -> None:
    volume = Replay(paths(under(0, 0, True), under(1, 9, False)), dated=True).volume(BARS)
    assert (volume.leads, volume.labelled, volume.won, volume.wins) == (0, 0, 0, 0.0)
    assert volume.precision == (0.0, 0.0, 1.0)
    assert volume.recall.value == 0.0
    assert (volume.leads_a_week, volume.wins_a_week) == (0.0, 0.0)


def test_without_any_lead_there_is_nothing_to_divide_by() -> None:
    volume = Replay(paths(), dated=True).volume(BARS)
    assert (volume.leads, volume.recall.value, volume.leads_a_week) == (0, 0.0, 0.0)


WEEKS = [
    pytest.param([0, 20], 8.0, id="the last eight, of a longer past"),
    pytest.param([0, 8], 8.0, id="eight of eight"),
    pytest.param([0, 3], 3.0, id="as long as the past is"),
    pytest.param([0, 0.5], 1.0, id="at least one"),
    pytest.param([5], 1.0, id="of one lead, too"),
]


@pytest.mark.parametrize(("created", "weeks"), WEEKS)
def test_volumes_are_of_the_last_weeks(created: list[float], weeks: float) -> None:
    rows = [under(lead, week, won=False) for lead, week in enumerate(created)]
    assert Replay(paths(*rows), dated=True).weeks == pytest.approx(weeks)


def test_a_week_counts_what_crosses_in_it_not_who_came_in() -> None:
    """Lead 0 came in long ago and crosses in the last week; 1 crossed before the last eight."""
    rows = (
        under(0, 0, won=False), over(0, 19.5, won=False), over(1, 1, won=False),
        over(2, 12, won=False), over(3, 20, won=False),
    )  # fmt: skip
    volume = Replay(paths(*rows), dated=True).volume(BARS)
    assert volume.leads == 4
    assert volume.leads_a_week == pytest.approx(2 / 8), "the eighth week back is not in them"


def test_what_crosses_after_the_newest_lead_came_in_is_of_no_week() -> None:
    """By then new leads would have come that the paths do not have."""
    rows = (over(0, 0, won=False), under(1, 4, won=False), over(1, 9, won=False))
    volume = Replay(paths(*rows), dated=True).volume(BARS)
    assert volume.leads == 2
    assert volume.leads_a_week == 0.0


def test_without_dates_nothing_is_counted_by_week() -> None:
    volume = Replay(paths(over(0, 0, won=True)), dated=False).volume(BARS)
    assert (volume.leads_a_week, volume.wins_a_week) == (None, None)


def test_where_nothing_is_known_the_surface_is_even() -> None:
    replay = Replay(paths(over(0, 0, True, known=False), over(1, 1, False, known=False)), False)
    assert (replay.surface.base, replay.surface.fit, replay.surface.behaviour) == (0.0, 0.0, 0.0)
    assert replay.volume(BARS).wins == pytest.approx(1.0), "a half each"


def test_a_point_weighs_by_the_pairs_of_which_it_is_the_first() -> None:
    """Fit 10 and behaviour 5 hold 2 x 2 pairs of the grid; fit 15 and 5 then 1 x 2 more."""
    rows = ((0, 0.0, 10.0, 5.0, True, True), (0, 1.0, 15.0, 5.0, True, True))
    assert Replay(paths(*rows), dated=False).first_points.tolist() == [4.0, 2.0]


POINTS = st.sampled_from([0.0, 20.0, 40.0, 55.0, 100.0])
ROWS = st.lists(st.tuples(st.integers(0, 5), POINTS, POINTS, st.booleans(), st.booleans()))


@settings(max_examples=20, deadline=None)
@given(ROWS, POINTS, POINTS)
def test_counts_are_those_of_a_plain_walk(
    rows: list[tuple[int, float, float, bool, bool]], fit_min: float, behaviour_min: float
) -> None:
    numbers = {lead: number for number, lead in enumerate(sorted({row[0] for row in rows}))}
    ordered = sorted(rows, key=itemgetter(0))
    made = paths(
        *(
            (numbers[lead], float(n), fit, done, won, known)
            for n, (lead, fit, done, won, known) in enumerate(ordered)
        )
    )
    first: dict[int, tuple[bool, bool]] = {}
    for lead, fit, done, won, known in ordered:
        if fit >= fit_min and done >= behaviour_min:
            first.setdefault(lead, (won, known))
    found = Replay(made, dated=False).volume(Pair(fit_min, behaviour_min))
    assert found.leads == len(first)
    assert found.labelled == sum(known for _, known in first.values())
    assert found.won == sum(won and known for won, known in first.values())
