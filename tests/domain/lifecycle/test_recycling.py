"""Into which track a lead goes back, until when, and what brings it to sales again."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.domain.lifecycle.recycling import (
    Back,
    comes_back,
    counts,
    recycled_to,
    reevaluated_at,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.score import score_state
from scoring_service.domain.scoring.state import fold, rebuild
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.activity import Activity
from scoring_service.values.score import Bar, Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

Entered = Callable[..., StoredLead]
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("reason", "tracks", "recycles", "track"),
    [
        pytest.param("timing", (), 0, "not-now", id="the first of the reason's tracks"),
        pytest.param("timing", ("not-now",), 1, "not-now-again", id="the first it was not in"),
        pytest.param("timing", ("not-now-again",), 1, "not-now", id="in their order"),
        pytest.param("timing", ("not-now", "not-now-again"), 2, None,
                     id="once every track was tried it is exhausted"),
        pytest.param("budget", ("welcome-nurture",), 1, "welcome-nurture",
                     id="without tracks the default, which may repeat"),
        pytest.param("budget", (), 2, "welcome-nurture", id="a third time"),
        pytest.param("budget", (), 3, None, id="not a fourth"),
        pytest.param("timing", (), 3, None, id="whatever tracks are left"),
        pytest.param("not_worked", (), 7, "welcome-nurture", id="not worked is never stopped"),
    ],
)  # fmt: skip
def test_where_a_lead_is_recycled_to(
    policy: Policy,
    entered: Entered,
    reason: str,
    tracks: tuple[str, ...],
    recycles: int,
    track: str | None,
) -> None:
    lead = entered(Stage.SQL, tracks=tracks, recycles=recycles)
    assert recycled_to(policy, lead, policy.lifecycle.reasons[reason]) == track


def test_what_the_limit_counts(policy: Policy) -> None:
    reasons = policy.lifecycle.reasons
    assert counts(reasons["timing"])
    assert not counts(reasons["not_worked"])


@pytest.mark.parametrize(("reason", "days"), [("timing", 180), ("not_worked", 30), ("other", 90)])
def test_when_it_is_looked_at_again(policy: Policy, reason: str, days: int) -> None:
    found = reevaluated_at(policy, policy.lifecycle.reasons[reason], MONDAY)
    assert found == MONDAY + days * DAY


def test_who_disqualifies_may_recycle_as_other(policy: Policy) -> None:
    """A reason without a time of its own is looked at as `other` is."""
    found = reevaluated_at(policy, policy.lifecycle.reasons["spam"], MONDAY)
    assert found == MONDAY + 90 * DAY


def recycled(
    policy: Policy, entered: Entered, now: datetime, *types: str, big: bool = True, **fields: Any
) -> tuple[StoredLead, Score, tuple[Activity, ...]]:
    """A lead recycled on Monday that did this a minute before `now`."""
    arrived = tuple(Activity(name, now - timedelta(minutes=1), name) for name in types)
    states = fold(policy.scoring, (), arrived, now)
    lead = entered(
        Stage.RECYCLED,
        recycled_at=MONDAY,
        reevaluate_at=MONDAY + 90 * DAY,
        behaviour=states,
        behaviour_since_recycling=states,
        **fields,
    )
    symbols = {"employees": 500 if big else 5, "email_domain": None}
    return lead, score_state(policy.scoring, symbols, states, now, "r"), arrived


@pytest.mark.parametrize(
    ("after", "types", "big", "back"),
    [
        pytest.param(1, ("demo",), True, Back.HIGH_INTENT, id="a high-intent act at any time"),
        pytest.param(1, ("demo",), False, None, id="but not where the fit is missed"),
        pytest.param(1, ("view",), True, None, id="a low one does not before the date"),
        pytest.param(1, ("view", "view", "webinar"), True, Back.FRESH,
                     id="acts since then that meet the bars by themselves do"),
        pytest.param(1, ("view", "view", "webinar"), False, None, id="with the fit only"),
        pytest.param(90, ("view",), True, Back.REEVALUATED, id="after the date any positive act"),
        pytest.param(90, ("bounce",), True, None, id="a negative one is none"),
        pytest.param(90, ("unheard-of",), True, None, id="nor one that is not scored"),
        pytest.param(90, (), True, None, id="nor nothing at all"),
        pytest.param(90, ("view",), False, None, id="nor one without the fit"),
    ],
)  # fmt: skip
def test_what_brings_it_back(
    policy: Policy, entered: Entered, after: int, types: tuple[str, ...], big: bool, back: Back
) -> None:
    now = MONDAY + after * DAY
    lead, score, arrived = recycled(policy, entered, now, *types, big=big)
    assert comes_back(policy, lead, score, arrived, now) is back


def test_the_date_itself_is_enough_where_something_happened_before(
    policy: Policy, entered: Entered
) -> None:
    now = MONDAY + 90 * DAY
    lead, score, _ = recycled(policy, entered, now - 30 * DAY, "view")
    assert comes_back(policy, lead, score, (), now - DAY) is None
    assert comes_back(policy, lead, score, (), now) is Back.REEVALUATED


def test_what_happened_before_the_recycling_opens_nothing(policy: Policy, entered: Entered) -> None:
    """History that comes late is scored, but it is from before."""
    lead, score, _ = recycled(policy, entered, MONDAY + DAY)
    late = (Activity("demo", MONDAY - DAY, "d1"), Activity("demo", MONDAY, "d2"))
    assert comes_back(policy, lead, score, late, MONDAY + DAY) is None


def test_points_from_before_are_no_points_since(policy: Policy, entered: Entered) -> None:
    before = fold(policy.scoring, (), (Activity("webinar", MONDAY - DAY, "w"),), MONDAY)
    now = MONDAY + DAY
    lead, _, arrived = recycled(policy, entered, now, "view")
    symbols = {"employees": 500, "email_domain": None}
    both = fold(policy.scoring, before, arrived, now)
    score = score_state(policy.scoring, symbols, both, now, "r")
    assert score.behaviour > 35
    assert comes_back(policy, lead, score, arrived, now) is None


def test_other_bars_that_are_missed_keep_it_out_though_behaviour_is_met_anew(
    policy: Policy, entered: Entered
) -> None:
    """(b) the activities after the recycling instant alone meet *every* bar."""
    now = MONDAY + DAY
    lead, score, arrived = recycled(policy, entered, now, "view", "view", "webinar")
    p_missed = Bar("win_probability", 0.1, 0.2, met=False)
    barred = msgspec.structs.replace(score, bars=(*score.bars, p_missed))
    assert comes_back(policy, lead, barred, arrived, now) is None
    p_met = msgspec.structs.replace(p_missed, value=0.3, met=True)
    with_p = msgspec.structs.replace(score, bars=(*score.bars, p_met))
    assert comes_back(policy, lead, with_p, arrived, now) is Back.FRESH


def test_behaviour_held_by_hysteresis_is_not_met_anew(policy: Policy, entered: Entered) -> None:
    """A bar that is held from before says nothing of what happened since."""
    now = MONDAY + DAY
    lead, score, arrived = recycled(policy, entered, now, "view")
    held = [msgspec.structs.replace(bar, met=True) for bar in score.bars]
    score = msgspec.structs.replace(score, bars=tuple(held))
    assert comes_back(policy, lead, score, arrived, now) is None


@pytest.mark.parametrize(
    ("minutes", "back"),
    [
        pytest.param(-1, None, id="before the recycling it is history"),
        pytest.param(0, None, id="at its instant too"),
        pytest.param(1, Back.REEVALUATED, id="after it, it counts"),
    ],
)
def test_after_the_date_what_counts_happened_since_the_recycling(
    policy: Policy, entered: Entered, minutes: int, back: Back | None
) -> None:
    happened = MONDAY + timedelta(minutes=minutes)
    states = fold(policy.scoring, (), (Activity("view", happened, "v"),), MONDAY + DAY)
    now = MONDAY + 91 * DAY
    lead, score, _ = recycled(policy, entered, now)
    lead = msgspec.structs.replace(lead, behaviour_since_recycling=states)
    assert comes_back(policy, lead, score, (), now) is back


def test_a_lead_without_the_instant_of_its_recycling_counts_from_its_entry(
    policy: Policy, entered: Entered
) -> None:
    """An imported lead was never recycled here: it entered its stage at an instant all the same."""
    lead, score, _ = recycled(policy, entered, MONDAY + DAY)
    imported = msgspec.structs.replace(lead, recycled_at=None)
    for minutes, back in ((-1, None), (0, None), (1, Back.HIGH_INTENT)):
        demo = Activity("demo", imported.entered_at + timedelta(minutes=minutes), "d")
        assert comes_back(policy, imported, score, (demo,), MONDAY + DAY) is back


@pytest.mark.parametrize(
    ("old", "back"),
    [
        pytest.param(timedelta(0), Back.FRESH, id="on the bar is over it"),
        pytest.param(timedelta(minutes=1), None, id="a minute's decay below it is not"),
    ],
)
def test_the_bar_that_is_met_anew_is_met_at_its_value(
    policy: Policy, entered: Entered, old: timedelta, back: Back | None
) -> None:
    """A webinar's 30 points and a view's 10 are the 40 that the bar asks for."""
    now = MONDAY + DAY
    did = (Activity("webinar", now, "w"), Activity("view", now - old, "v"))
    states = fold(policy.scoring, (), did, now)
    lead, _, _ = recycled(policy, entered, now)
    lead = msgspec.structs.replace(lead, behaviour=states, behaviour_since_recycling=states)
    symbols = {"employees": 500, "email_domain": None}
    score = score_state(policy.scoring, symbols, states, now, "r")
    assert comes_back(policy, lead, score, did, now) is back


def test_what_spoke_against_it_before_does_not_keep_it_out(
    policy: Policy, entered: Entered
) -> None:
    """(b) *the activities after the recycling instant alone* meet every bar."""
    before = fold(policy.scoring, (), (Activity("bounce", MONDAY - DAY, "b"),), MONDAY)
    now = MONDAY + DAY
    lead, _, arrived = recycled(policy, entered, now, "view", "view", "webinar")
    both = fold(policy.scoring, before, arrived, now)
    lead = msgspec.structs.replace(lead, behaviour=both)
    score = score_state(policy.scoring, {"employees": 500, "email_domain": None}, both, now, "r")
    assert not next(bar.met for bar in score.bars if bar.name == "behaviour")
    assert comes_back(policy, lead, score, arrived, now) is Back.FRESH


@pytest.mark.parametrize(
    ("points", "back"),
    [
        pytest.param(1, Back.REEVALUATED, id="one point is a sign of interest"),
        pytest.param(0, None, id="none is not"),
        pytest.param(-1, None, id="and a negative one speaks against it"),
    ],
)
def test_interest_is_an_activity_of_positive_points(
    files: Mapping[str, str], entered: Entered, points: int, back: Back | None
) -> None:
    scoring = files["scoring.yaml"].replace("view: {points: 10,", f"view: {{points: {points},")
    rules = {**files, "scoring.yaml": scoring}
    policy = load(source_of({name: text.encode() for name, text in rules.items()}))
    now = MONDAY + 91 * DAY
    lead, score, _ = recycled(policy, entered, now, "view")
    assert comes_back(policy, lead, score, (), now) is back


def test_what_is_scored_no_longer_is_no_interest(policy: Policy, entered: Entered) -> None:
    now = MONDAY + 91 * DAY
    states = rebuild(policy.scoring, (Activity("fair", now - DAY, "f"),), now)
    assert [state.type for state in states] == ["fair"], "it is remembered, without points"
    lead, score, _ = recycled(policy, entered, now)
    lead = msgspec.structs.replace(lead, behaviour_since_recycling=states)
    assert comes_back(policy, lead, score, (), now) is None
