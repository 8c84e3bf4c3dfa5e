"""When a lead first holds the bars, against a plain look at every one of its instants."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.calibration.table import LeadHistory
from scoring_service.calibration.thresholds.crossings import crossings, paths_of
from scoring_service.calibration.thresholds.replay import Replay, before_after
from scoring_service.calibration.thresholds.threshold_results import Pair
from scoring_service.calibration.thresholds.wilson import wilson
from scoring_service.domain.scoring.scoring import (
    ActivityScoring,
    Bars,
    FitCriterion,
    Grades,
    Scoring,
)
from scoring_service.values.activity import Activity
from scoring_service.values.instant import micros

DAY = timedelta(days=1)
BEGAN = CREATED = datetime(2026, 1, 5, tzinfo=UTC)
HORIZON = 30 * DAY
BIG = FitCriterion("big", "size >= 3", 40.0, lambda symbols: symbols["size"] >= 3)
KNOWN = FitCriterion("known", "size != 0", 20.0, lambda symbols: symbols["size"] != 0)
SCORING = Scoring(
    (BIG, KNOWN),
    {
        "visit": ActivityScoring("visit", 10.0, 7 * DAY, points_max=30.0),
        "demo": ActivityScoring("demo", 50.0, 21 * DAY, high_intent=True),
    },
    {},
    Grades((), ()),
    Bars(40, 40),
)


def history(
    sizes: dict[int, int],
    acts: list[tuple[int, str]],
    closed: int | None = None,
    won: bool = False,
    late: int = 0,
    name: str = "lead",
) -> LeadHistory:
    """Sizes since a day, acts on a day, days counted from creation; acts are known `late`."""
    done = [Activity(kind, CREATED + day * DAY, f"a{n}") for n, (day, kind) in enumerate(acts)]
    return LeadHistory(
        name,
        CREATED,
        tuple((CREATED + day * DAY, {"size": size}) for day, size in sorted(sizes.items())),
        tuple((act.occurred_at + late * DAY, act) for act in done),
        None if closed is None else CREATED + closed * DAY,
        won,
    )


def naive(one: LeadHistory, pair: Pair) -> datetime | None:
    """The first instant, of all at which something happened, at which both bars hold."""
    happened = [at for at, _ in one.symbols] + [at for at, _ in one.activities]
    for at in sorted(happened):
        if one.closed_at is not None and at > one.closed_at:
            continue
        size = [symbols["size"] for since, symbols in one.symbols if since <= at][-1]
        fit = 40 * (size >= 3) + 20 * (size != 0)
        sums = {
            kind: sum(
                points * 0.5 ** ((at - act.occurred_at) / (days * DAY))
                for known, act in one.activities
                if act.type == kind and known <= at
            )
            for kind, points, days in (("visit", 10, 7), ("demo", 50, 21))
        }
        behaviour = min(min(sums["visit"], 30) + sums["demo"], 100)
        if fit >= pair.fit_min and behaviour >= pair.behaviour_min - 1e-9:
            return at
    return None


BARS = st.builds(Pair, st.sampled_from([5.0, 20.0, 40.0, 60.0]), st.sampled_from([0.0, 15, 37, 55]))
HISTORIES = st.builds(
    history,
    st.dictionaries(st.integers(1, 40), st.integers(0, 4), max_size=3).map(lambda d: {0: 1, **d}),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["visit", "demo"])), max_size=6),
    st.none() | st.integers(0, 50),
    st.booleans(),
    st.integers(0, 9),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(HISTORIES, min_size=1, max_size=4), BARS)
def test_a_lead_counts_at_its_first_instant_with_both_bars(
    leads: list[LeadHistory], pair: Pair
) -> None:
    paths = paths_of(leads, SCORING, HORIZON, BEGAN + 100 * DAY)
    found = {
        int(paths.lead[place]): int(paths.at[place]) for place in crossings(paths, pair).points
    }
    looked = {number: naive(one, pair) for number, one in enumerate(leads)}
    assert found == {number: micros(at) for number, at in looked.items() if at is not None}


LABELS = [
    pytest.param(20, True, 60, (True, True), id="won within the horizon of the crossing"),
    pytest.param(45, True, 80, (False, True), id="won too late for it"),
    pytest.param(20, False, 60, (False, True), id="lost"),
    pytest.param(None, False, 60, (False, True), id="open when the horizon ended"),
    pytest.param(None, False, 20, (False, False), id="open, and the horizon has not ended"),
    pytest.param(15, True, 39, (True, False), id="won, too, is known at the horizon only"),
    pytest.param(15, True, 40, (True, True), id="and at it"),
    pytest.param(12, False, 39, (False, False), id="so is lost"),
    pytest.param(40, True, 40, (True, True), id="won at the very horizon"),
]


@pytest.mark.parametrize(("closed", "won", "until", "expected"), LABELS)
def test_a_crossing_is_labelled_from_then(
    closed: int | None, won: bool, until: int, expected: tuple[bool, bool]
) -> None:
    lead = history({0: 3}, [(10, "demo")], closed, won)
    paths = paths_of([lead], SCORING, HORIZON, BEGAN + until * DAY)
    (place,) = crossings(paths, Pair(40, 40)).points
    assert paths.at[place] == micros(CREATED + 10 * DAY)
    assert (bool(paths.won[place]), bool(paths.known[place])) == expected


def test_of_leads_whose_horizon_has_not_ended_the_won_promise_nothing() -> None:
    """Half the leads are won within a day, so that the young ones known are all won ones."""
    leads = [history({0: 3}, [(n, "demo")], n + 1, won=n % 2 == 0) for n in range(20)]
    replay = Replay(paths_of(leads, SCORING, HORIZON, BEGAN + 39 * DAY), dated=True)
    volume = replay.volume(Pair(40, 40))
    assert (volume.leads, volume.labelled, volume.won) == (20, 10, 5)


def test_what_was_logged_with_the_outcome_crosses_no_bar_before_it() -> None:
    """A demo of day 5 that was written down on day 20, when the lead was won."""
    told = history({0: 3}, [(5, "demo")], closed=20, won=True)
    late = history({0: 3}, [(5, "demo")], closed=20, won=True, late=16)
    on_the_day = history({0: 3}, [(5, "demo")], closed=30, won=True, late=15)
    paths = paths_of([told, late, on_the_day], SCORING, HORIZON, BEGAN + 90 * DAY)
    found = crossings(paths, Pair(40, 30)).points
    assert paths.lead[found].tolist() == [0, 2]
    assert paths.at[found].tolist() == [micros(BEGAN + day * DAY) for day in (5, 20)]


def test_what_a_lead_did_before_it_was_created_counts_from_its_creation_on() -> None:
    """Nobody could have given it to a rep before."""
    paths = paths_of([history({0: 3}, [(-5, "demo"), (9, "visit")])], SCORING, HORIZON, BEGAN)
    assert paths.at.tolist() == [micros(BEGAN), micros(BEGAN + 9 * DAY)]
    assert paths.behaviour[0] == pytest.approx(50 * 0.5 ** (5 / 21))


def test_what_a_lead_does_after_its_outcome_does_not_count() -> None:
    lead = history({0: 3}, [(10, "demo")], closed=9, won=True)
    paths = paths_of([lead], SCORING, HORIZON, BEGAN + 90 * DAY)
    assert not len(crossings(paths, Pair(40, 40)).points)


def test_without_a_horizon_won_is_won_whenever() -> None:
    leads = [history({0: 3}, [], closed=300, won=True), history({0: 3}, [])]
    paths = paths_of(leads, SCORING, None, BEGAN)
    assert paths.won.tolist() == [True, False]
    assert paths.known.tolist() == [True, False]


def test_a_bar_on_p_holds_for_no_lead_without_a_model() -> None:
    paths = paths_of([history({0: 3}, [(1, "demo")])], SCORING, HORIZON, BEGAN)
    assert not len(crossings(paths, Pair(40, 40, 0.01)).points)


def test_no_leads_have_no_paths() -> None:
    paths = paths_of([], SCORING, HORIZON, BEGAN)
    assert len(paths.at) == len(crossings(paths, Pair(5, 0)).points) == 0


def test_volumes_are_of_the_crossings() -> None:
    """Ten leads a week cross on their first day; every third is won, the last ones are open."""
    leads = [
        LeadHistory(
            f"lead {n}",
            BEGAN + n * DAY * 0.7,
            ((BEGAN + n * DAY * 0.7, {"size": 3 if n % 2 else 1}),),
            (),
            BEGAN + (n + 1) * DAY * 0.7 if n < 180 else None,
            n % 3 == 0 and n < 180,
        )
        for n in range(200)
    ]
    replay = Replay(paths_of(leads, SCORING, HORIZON, BEGAN + 141 * DAY), dated=True)
    both = before_after(replay, Pair(20, 0), Pair(60, 0))
    seen = [n for n in range(200) if n * 0.7 + 30 <= 141]
    won = [n for n in seen if n % 3 == 0]
    odd = [n for n in won if n % 2]
    assert (both.before.leads, both.before.won, both.before.recall.value) == (200, len(won), 1.0)
    assert (both.after.leads, both.after.won, both.after.recall.value) == (100, len(odd), 0.5)
    assert both.before.leads_a_week == pytest.approx(10)
    assert both.after.leads_a_week == pytest.approx(5)
    labelled = both.after.labelled
    assert labelled == len([n for n in seen if n % 2])
    assert both.after.precision == (len(odd) / labelled, *wilson(len(odd), labelled))
    assert both.after.wins == pytest.approx(100 * len(odd) / labelled, rel=0.1)


@settings(max_examples=20, deadline=None)
@given(st.lists(HISTORIES, min_size=1, max_size=8), BARS)
def test_higher_bars_never_bring_more_leads(leads: list[LeadHistory], pair: Pair) -> None:
    replay = Replay(paths_of(leads, SCORING, HORIZON, BEGAN + 100 * DAY), dated=False)
    higher = Pair(pair.fit_min + 5, pair.behaviour_min + 5)
    lower, upper = replay.volume(pair), replay.volume(higher)
    assert upper.leads <= lower.leads
    assert upper.leads_a_week is None
    assert np.isfinite(upper.wins)
