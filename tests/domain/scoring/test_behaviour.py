from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.scoring.behaviour import of_dated, of_events
from scoring_service.domain.scoring.decay import decayed
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.activity import Activity, dated

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
Make = Callable[..., Scoring]


def did(**ages: list[float]) -> list[Activity]:
    """Activities of each type, so many days ago."""
    return [Activity(kind, NOW - age * DAY) for kind, days in ages.items() for age in days]


@pytest.mark.parametrize(
    ("types", "activities", "points"),
    [
        pytest.param({"visit": {}}, [], 0, id="who did nothing has no points"),
        pytest.param({"visit": {}}, did(visit=[0]), 10, id="a fresh act has all its points"),
        pytest.param({"visit": {}}, did(visit=[7]), 5, id="half of them after a half-life"),
        pytest.param({"visit": {}}, did(visit=[0, 7, 14]), 17.5, id="acts of a type add up"),
        pytest.param({"visit": {}}, did(call=[0]), 0, id="an unknown type has no points"),
        pytest.param({"visit": {}}, did(visit=[-0.001]), 0, id="what comes later is not known yet"),
        pytest.param(
            {"visit": {}, "call": {"points": 30, "half_life": DAY}},
            did(visit=[7], call=[1]),
            20,
            id="each type fades by its own half-life",
        ),
        pytest.param(
            {"visit": {"once": True}}, did(visit=[14, 7, 21]), 5, id="once counts the latest only"
        ),
        pytest.param(
            {"visit": {"once": True}},
            did(visit=[7, -1]),
            5,
            id="the latest that is known, not one to come",
        ),
        pytest.param(
            {"visit": {"expires_after": 7 * DAY}},
            did(visit=[7]),
            0,
            id="an act is dropped at the age at which it expires",
        ),
        pytest.param(
            {"visit": {"expires_after": 7 * DAY + MOMENT}},
            did(visit=[7]),
            5,
            id="and not a microsecond earlier",
        ),
        pytest.param(
            {"visit": {"expires_after": 7 * DAY, "once": True}},
            did(visit=[8, 9]),
            0,
            id="once and expired leaves nothing",
        ),
        pytest.param(
            {"visit": {"points_max": 12}}, did(visit=[0, 0]), 12, id="a type has its own cap"
        ),
        pytest.param({"visit": {"points_max": 0}}, did(visit=[0]), 0, id="a cap of zero is one"),
        pytest.param(
            {"visit": {"points": 50}, "leave": {"points": -40, "points_max": 15}},
            did(visit=[0], leave=[0]),
            35,
            id="a cap bounds the magnitude of a negative type",
        ),
        pytest.param(
            {"visit": {"group": "web", "points": 30}, "call": {"group": "web", "points": 30}},
            did(visit=[0], call=[0]),
            35,
            id="types of a group share an upper bound",
        ),
        pytest.param(
            {"visit": {"group": "web", "points": -30}, "call": {"points": 90}},
            did(visit=[0, 0], call=[0]),
            30,
            id="a group has no lower bound",
        ),
        pytest.param(
            {"visit": {"group": "web", "points": 30, "points_max": 20}},
            did(visit=[0, 0]),
            20,
            id="the cap of a type comes before that of its group",
        ),
        pytest.param({"visit": {"points": 60}}, did(visit=[0, 0]), 100, id="100 is the most"),
        pytest.param({"visit": {"points": -60}}, did(visit=[0, 0]), 0, id="0 is the least"),
    ],
)
def test_behaviour_points(
    make_scoring: Make,
    types: Mapping[str, Mapping[str, Any]],
    activities: list[Activity],
    points: float,
) -> None:
    found = of_events(make_scoring(types, {"web": 35}), activities, NOW)
    assert found.points == pytest.approx(points, abs=1e-9)
    assert sum(c.points for c in found.contributions) == pytest.approx(points, abs=1e-9)


def test_of_a_type_that_expires_the_newest_500_count(make_scoring: Make) -> None:
    types = {"visit": {"points": 0.1, "expires_after": 90 * DAY, "half_life": 36_500 * DAY}}
    activities = [Activity("visit", NOW - i * timedelta(minutes=1)) for i in range(600)]
    found = of_events(make_scoring(types), activities, NOW)
    assert len(found.contributions) == 500
    assert min(c.occurred_at for c in found.contributions if c.occurred_at) == (
        NOW - timedelta(minutes=499)
    )
    forever = of_events(make_scoring({"visit": {"points": 0.1}}), activities, NOW)
    assert len(forever.contributions) == 600


def test_every_act_is_explained_and_every_cap_is_named(make_scoring: Make) -> None:
    types = {
        "call": {"points": 90, "points_max": 80},
        "visit": {"points": 30, "points_max": 40, "group": "web"},
        "leave": {"points": -10},
    }
    activities = did(visit=[0, 7, 0], call=[0], leave=[7])
    found = of_events(make_scoring(types, {"web": 35}), activities, NOW)
    assert [(c.name, c.points, c.undecayed) for c in found.contributions] == [
        ("call", 90, 90),
        ("visit", 30, 30),
        ("visit", 30, 30),
        ("visit", 15, 30),
        ("leave", -5, -10),
        ("visit: at most 40", -35, None),
        ("call: at most 80", -10, None),
        ("group web: at most 35", -5, None),
        ("at most 100", -10, None),
    ]
    assert found.contributions[3].occurred_at == NOW - 7 * DAY
    assert found.points == 100


def test_the_order_in_which_acts_are_sent_does_not_matter(make_scoring: Make) -> None:
    types = {"visit": {"once": True}, "call": {"expires_after": 10 * DAY}}
    activities = did(visit=[3, 1, 2], call=[1, 12, 4])
    one = of_events(make_scoring(types), activities, NOW)
    other = of_events(make_scoring(types), activities[::-1], NOW)
    assert one.points == pytest.approx(other.points, abs=1e-9)
    named = [sorted((c.name, c.points) for c in found.contributions) for found in (one, other)]
    assert named[0] == named[1]


def one_by_one(scoring: Scoring, activities: list[Activity], now: datetime) -> list[Any]:
    """Name, instant, points left and undecayed of each act that counts, best first."""
    found = []
    for scored in scoring.activities.values():
        acts = [a.occurred_at for a in activities if a.type == scored.type and a.occurred_at <= now]
        if scored.expires_after is not None:
            acts = [at for at in acts if now - at < scored.expires_after]
        for at in [max(acts)] if scored.once and acts else acts:
            points = decayed(scored.points, now - at, scored.half_life)
            found.append((scored.type, at, points, scored.points))
    return found


kinds = {
    "visit": {},
    "call": {"points": -30, "half_life": timedelta(hours=5)},
    "mail": {"expires_after": 2 * DAY},
    "fair": {"once": True},
    "demo": {"once": True, "expires_after": DAY, "points_max": 3},
}
acts = st.tuples(
    st.sampled_from([*kinds, "unknown"]), st.integers(-2, 4 * 86_400_000_000).map(MOMENT.__mul__)
)


@given(st.lists(acts, max_size=12))
def test_columns_are_scored_as_the_acts_one_by_one(
    make_scoring: Make, did_ago: list[tuple[str, timedelta]]
) -> None:
    scoring = make_scoring(kinds)
    activities = [Activity(kind, NOW - ago) for kind, ago in did_ago]
    found = of_dated(scoring, dated(activities), NOW)
    told = [
        (c.name, c.occurred_at, c.points, c.undecayed) for c in found.contributions if c.occurred_at
    ]
    assert sorted(told) == sorted(one_by_one(scoring, activities, NOW))
    assert [one[2] for one in told] == sorted((one[2] for one in told), reverse=True)
    assert found.points == pytest.approx(sum(c.points for c in found.contributions), abs=1e-9)
