"""experiments.yaml: arms, what they change, what is looked at; and what does not go together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.domain.experiments.experiment import Arm, Experiment, Verdict
from scoring_service.domain.routing.routes import Assign, Route, ToPool, ToTrack
from scoring_service.domain.scoring.scoring import ActivityScoring, Bars, Grades, Scoring
from scoring_service.policy.document import Document, compose
from scoring_service.policy.files.experiments import (
    ARMS_MAX,
    EXPERIMENTS_MAX,
    Beside,
    experiments,
)
from scoring_service.policy.files.experiments_shape import WITHIN_MAX
from scoring_service.policy.files.names import Anything, Names
from scoring_service.values.stage import Stage

NAMES = Names(
    reps=frozenset(),
    pools=frozenset({"sdr", "ae"}),
    queues={},
    calendars=frozenset(),
    tracks=frozenset({"warm", "cold"}),
    reasons=frozenset(),
    slas=frozenset(),
)
BESIDE = Beside(NAMES, None, None, has_model=False)
TWO = "{control: {weight: 1}, b: {weight: 1}}"


def written(
    arms: str = TWO, start: str = "2026-09-01", end: str = "2026-12-01", more: str = "",
    outcome: str = "{stage: sql, within: 60d}",
) -> str:  # fmt: skip
    return f"{{from: {start}, to: {end}, arms: {arms}, outcome: {outcome}{more}}}"


def document(**entries: str) -> Document:
    text = "".join(f"{name}: {entry}\n" for name, entry in entries.items())
    return compose("experiments.yaml", text.encode())


def said(**entries: str) -> list[str]:
    return said_beside(BESIDE, **entries)


def said_beside(beside: Beside, /, **entries: str) -> list[str]:
    wrong = experiments(document(**entries), beside)[1]
    return [str(one).removeprefix("experiments.yaml:") for one in wrong]


def day(month: int, of_month: int = 1) -> datetime:
    return datetime(2026, month, of_month, tzinfo=UTC)


def test_an_experiment_is_read_as_written() -> None:
    arms = (
        "{control: {weight: 3}, b: {mql: {fit_min: 30, behaviour_min: 0},"
        " tracks: {warm: cold}, routes: {small: ae}}}"
    )
    more = ", decision: {arm: b, on: 2026-10-15}"
    found, wrong = experiments(document(e=written(arms, more=more)), BESIDE)
    assert wrong == []
    assert found == (
        Experiment(
            "e", day(9), day(12),
            (Arm("control", 3), Arm("b", 1, 30, 0, None, {"warm": "cold"}, {"small": "ae"})),
            Stage.SQL, timedelta(days=60), Verdict("b", day(10, 15)),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        pytest.param(written(), [], id="two arms, one of them as the rules are"),
        pytest.param(
            written("{a: {}, b: {}}"),
            ["1: $.e.arms: no arm is called 'control', and the others are compared with it;"
             " add 'control: {weight: 1}'"],
            id="no control",
        ),
        pytest.param(
            written("{control: {}}"),
            ["1: $.e.arms: an experiment has 2 to 10 arms, and this has 1; add an arm, or take"
             " some out"],
            id="one arm",
        ),
        pytest.param(
            written("{}"),
            ["1: $.e.arms: no arm is called 'control', and the others are compared with it;"
             " add 'control: {weight: 1}'",
             "1: $.e.arms: an experiment has 2 to 10 arms, and this has 0; add an arm, or take"
             " some out"],
            id="no arm",
        ),
        pytest.param(
            written("{control: {routes: {small: ae}}, b: {}}"),
            ["1: $.e.arms.control: the arm 'control' changes something, and it is there for the"
             " rules as they are; change it in the rules, or in another arm"],
            id="a control that changes something",
        ),
        pytest.param(
            written(start="2026-12-01"),
            ["1: $.e: it is over on 2026-12-01, and begins on 2026-12-01; give a later 'to'"],
            id="over on the day it begins",
        ),
        pytest.param(
            written(more=", decision: {arm: c, on: 2026-09-02}"),
            ["1: $.e.decision.arm: unknown arm 'c'; known are: b, control"],
            id="decided for an arm that is none",
        ),
        pytest.param(
            written(more=", decision: {arm: b, on: 2026-09-01}"),
            ["1: $.e.decision.on: the decision of 2026-09-01 is not within the experiment; give a"
             " day after 2026-09-01, at the latest 2026-12-01"],
            id="decided on its first day",
        ),
        pytest.param(
            written(more=", decision: {arm: b, on: 2026-12-01}"), [], id="decided on its last day"
        ),
        pytest.param(
            written(more=", decision: {arm: b, on: 2026-12-02}"),
            ["1: $.e.decision.on: the decision of 2026-12-02 is not within the experiment; give a"
             " day after 2026-09-01, at the latest 2026-12-01"],
            id="decided after its end",
        ),
        pytest.param(
            written("{control: {}, b: {tracks: {warm: worm}}}"),
            ["1: $.e.arms.b.tracks.warm: unknown track 'worm'; did you mean 'warm'?"],
            id="another track that is none",
        ),
        pytest.param(
            written("{control: {}, b: {tracks: {worm: warm}}}"),
            ["1: $.e.arms.b.tracks.worm: unknown track 'worm'; did you mean 'warm'?"],
            id="instead of a track that is none",
        ),
        pytest.param(
            written("{control: {}, b: {routes: {small: sdrs}}}"),
            ["1: $.e.arms.b.routes.small: unknown pool 'sdrs'; did you mean 'sdr'?"],
            id="a pool that is none",
        ),
        pytest.param(
            written("{control: {}, b: {mql: {win_probability_min: 0.2}}}"),
            ["1: $.e.arms.b.mql.win_probability_min: a bar on the win probability needs a model,"
             " and there is none; remove it until a model is current"],
            id="a bar that waits for a model",
        ),
        pytest.param(written(outcome="{stage: sql, within: 730d}"), [], id="two years"),
        pytest.param(
            written(outcome="{stage: sql, within: 731d}"),
            ["1: $.e.outcome: this is longer than 730d; give a shorter time"],
            id="a day more",
        ),
        pytest.param(
            written("{control: {weight: 1000}, b: {weight: 1}}"), [], id="the largest weight"
        ),
        pytest.param(
            written("{control: {weight: 1001}, b: {weight: 0}}"),
            ["1: $.e.arms.control.weight: 1001 is not allowed here; write a whole number <= 1000",
             "1: $.e.arms.b.weight: 0 is not allowed here; write a whole number >= 1"],
            id="larger, and none",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_place(entry: str, told: list[str]) -> None:
    assert said(e=entry) == told
    assert timedelta(days=730) == WITHIN_MAX


def test_what_broken_files_may_name_is_not_called_unknown() -> None:
    names = Names(Anything(), Anything(), {}, Anything(), Anything(), Anything(), Anything())
    arms = "{control: {}, b: {tracks: {x: y}, routes: {z: w}}}"
    assert said_beside(Beside(names, None, None, has_model=True), e=written(arms)) == []


@pytest.mark.parametrize(
    ("count", "told"),
    [
        pytest.param(EXPERIMENTS_MAX, [], id="as many as may stand there"),
        pytest.param(
            EXPERIMENTS_MAX + 1,
            ["1: $: these are 21 experiments, 20 may stand here; take out those that are over:"
             " their report stays"],
            id="one more",
        ),
    ],
)  # fmt: skip
def test_how_many_experiments_there_may_be(count: int, told: list[str]) -> None:
    assert said(**{f"e{n}": written() for n in range(count)}) == told


@pytest.mark.parametrize("count", [ARMS_MAX, ARMS_MAX + 1])
def test_how_many_arms_there_may_be(count: int) -> None:
    arms = ", ".join(["control: {}", *(f"a{n}: {{}}" for n in range(count - 1))])
    assert bool(said(e=written(f"{{{arms}}}"))) is (count > ARMS_MAX)


LOWER = "{control: {}, b: {mql: {fit_min: 30}}}"
WARM = "{control: {}, b: {tracks: {warm: cold}}}"


@pytest.mark.parametrize(
    ("one", "other", "overlaps"),
    [
        pytest.param(written(LOWER), written(WARM), False, id="they change something else"),
        pytest.param(written(LOWER), written(LOWER), True, id="they change the same at once"),
        pytest.param(
            written(LOWER), written(LOWER, "2026-12-01", "2027-01-01"), False,
            id="one begins when the other is over",
        ),
        pytest.param(
            written(LOWER), written(LOWER, "2026-11-30", "2027-01-01"), True, id="a day before"
        ),
        pytest.param(
            written(LOWER, more=", decision: {arm: b, on: 2026-10-01}"),
            written(LOWER, "2026-10-01", "2027-01-01"), False,
            id="one begins when the other is decided",
        ),
        pytest.param(
            written(LOWER, "2027-01-01", "2027-02-01"), written(LOWER), False,
            id="the later one stands above",
        ),
    ],
)  # fmt: skip
def test_two_may_not_change_the_same_at_the_same_time(one: str, other: str, overlaps: bool) -> None:
    told = (
        "2: $.f: it changes the bar 'fit_min', as 'e' does at the same time; let one begin when"
        " the other is over, or make them arms of one"
    )
    assert said(e=one, f=other) == ([told] if overlaps else [])


SPANS = st.tuples(st.integers(1, 27), st.integers(1, 27)).filter(lambda days: days[0] < days[1])


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(SPANS, SPANS)
def test_two_spans_overlap_where_a_day_is_in_both(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    entries = [written(LOWER, f"2026-09-{a:02}", f"2026-09-{b:02}") for a, b in (one, other)]
    shared = set(range(*one)) & set(range(*other))
    assert bool(said(e=entries[0], f=entries[1])) is bool(shared)


def route(name: str, assign: Assign) -> Route:
    return Route(0, name, "true", assign, lambda symbols: True)


ROUTES = (
    route("small", ToPool("sdr")),
    route("by row", ToPool("sdr")),
    route("by row", ToPool("ae")),
    route("same", ToPool("ae")),
    route("same", ToPool("ae")),
    route("nurture", ToTrack("warm")),
)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("small", "", id="a route that draws from a pool"),
        pytest.param("same", "", id="rows that all draw from one"),
        pytest.param("smal", "unknown route 'smal'; did you mean 'small'?", id="one that is none"),
        pytest.param(
            "by row",
            "the route 'by row' draws from no pool that it names; those that do are: small, same",
            id="rows that draw from two",
        ),
        pytest.param(
            "nurture",
            "the route 'nurture' draws from no pool that it names; those that do are: small, same",
            id="a track",
        ),
    ],
)
def test_an_arm_has_another_pool_where_a_route_draws_from_one(name: str, told: str) -> None:
    beside = Beside(NAMES, None, ROUTES, has_model=False)
    wrong = said_beside(beside, e=written(f"{{control: {{}}, b: {{routes: {{{name}: ae}}}}}}"))
    assert [one.partition(": ")[2].partition(": ")[2] for one in wrong] == ([told] if told else [])


def test_a_track_does_not_stand_in_for_itself() -> None:
    arms = "{control: {}, b: {tracks: {warm: warm}}}"
    assert said(e=written(arms)) == [
        "1: $.e.arms.b.tracks.warm: 'warm' stands in for itself; name another track"
    ]


SCORING = Scoring(
    (),
    {
        "view": ActivityScoring("view", 5.0, timedelta(days=7)),
        "demo": ActivityScoring("demo", 60.0, timedelta(days=7), high_intent=True),
    },
    {},
    Grades((), ()),
    Bars(40, 40),
    sql_win_probability_min=0.3,
)


@pytest.mark.parametrize(
    ("bars", "told"),
    [
        pytest.param("behaviour_min: 5.5", [], id="above what one act brings"),
        pytest.param(
            "behaviour_min: 5",
            ["1: $.e.arms.b.mql.behaviour_min: one view of 5 points alone reaches 5; raise"
             " behaviour_min above it, or mark it high_intent: true"],
            id="what one act of low intent brings",
        ),
        pytest.param("fit_min: 0", [], id="no bar on behaviour"),
        pytest.param("win_probability_min: 0.3", [], id="as high as that of sql"),
        pytest.param(
            "win_probability_min: 0.31",
            ["1: $.e.arms.b.mql.win_probability_min: the bar of sql, 0.3, is below it; lower it to"
             " that of sql"],
            id="higher",
        ),
    ],
)  # fmt: skip
def test_the_bars_of_an_arm_keep_to_what_scoring_says(bars: str, told: list[str]) -> None:
    beside = Beside(NAMES, SCORING, None, has_model=True)
    arms = f"{{control: {{}}, b: {{mql: {{{bars}}}}}}}"
    assert said_beside(beside, e=written(arms)) == told
