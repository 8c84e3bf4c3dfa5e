"""Days and weeks of a rep are those of the zone; a pool's leads may come from others' queues."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.policy import Policy
from scoring_service.values.team import Rep
from scoring_service.workflows.pools import day_start, feeders, week_start

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "began"),
    [
        pytest.param("UTC", "2026-03-02T00:00", "2026-03-02T00:00", id="at midnight it begins"),
        pytest.param("UTC", "2026-03-02T23:59:59", "2026-03-02T00:00", id="and lasts all day"),
        pytest.param(NEW_YORK, "2026-03-02T04:59", "2026-03-01T05:00", id="there it is yesterday"),
        pytest.param(NEW_YORK, "2026-03-02T05:00", "2026-03-02T05:00", id="there it is midnight"),
        pytest.param(BERLIN, "2026-03-01T23:00", "2026-03-01T23:00", id="here it is tomorrow"),
        pytest.param(BERLIN, "2026-03-29T12:00", "2026-03-28T23:00", id="a day of 23 hours"),
        pytest.param(BERLIN, "2026-03-30T12:00", "2026-03-29T22:00", id="the day after it"),
        pytest.param(BERLIN, "2026-10-25T22:59", "2026-10-24T22:00", id="a day of 25 hours"),
        pytest.param(
            "America/Santiago", "2026-09-06T12:00", "2026-09-06T04:00", id="no midnight at all"
        ),
    ],
)
def test_a_day_begins_at_the_midnight_of_the_rep(zone: str, now: str, began: str) -> None:
    assert day_start(Rep("ann", zone=zone), at(now)) == at(began)


@pytest.mark.parametrize(
    ("zone", "now", "began"),
    [
        pytest.param("UTC", "2026-03-02T00:00", "2026-03-02T00:00", id="on Monday it begins"),
        pytest.param("UTC", "2026-03-08T23:59", "2026-03-02T00:00", id="and ends with Sunday"),
        pytest.param(
            NEW_YORK, "2026-03-02T04:00", "2026-02-23T05:00", id="there it is Sunday still"
        ),
        pytest.param(BERLIN, "2026-03-01T23:30", "2026-03-01T23:00", id="here it is Monday"),
        pytest.param(
            BERLIN, "2026-03-29T12:00", "2026-03-22T23:00", id="a week with the clocks put forward"
        ),
        pytest.param("UTC", "2026-01-01T12:00", "2025-12-29T00:00", id="over the turn of the year"),
    ],
)
def test_a_week_begins_at_the_monday_of_the_rep(zone: str, now: str, began: str) -> None:
    assert week_start(Rep("ann", zone=zone), at(now)) == at(began)


zones = st.sampled_from(["UTC", BERLIN, NEW_YORK, "Asia/Kolkata", "Australia/Lord_Howe"])
instants = st.integers(0, 15 * 365 * 24 * 60).map(
    lambda minutes: at("2020-01-01") + timedelta(minutes=minutes, seconds=7)
)


@given(zones, instants)
def test_a_day_began_by_now_and_a_week_by_the_day(zone: str, now: datetime) -> None:
    rep = Rep("ann", zone=zone)
    day, week = day_start(rep, now), week_start(rep, now)
    assert week <= day <= now < day + timedelta(hours=25)
    assert week > now - timedelta(days=7, hours=1)
    local = day.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert local.date() == now.astimezone(ZoneInfo(zone)).date()
    assert week.astimezone(ZoneInfo(zone)).weekday() == 0
    assert (day.tzinfo, week.tzinfo) == (UTC, UTC)


def team(**pools: Any) -> dict[str, Any]:
    """Ann in pools that fall back as it is said."""
    made = {name: {"members": [{"rep": "ann"}], **pool} for name, pool in pools.items()}
    reps = {"ann": {"name": "Ann"}, "olu": {"name": "Olu", "role": "ops"}}
    return {"reps": reps, "pools": made, "operators": ["sales-ops"]}


@pytest.fixture(scope="module")
def falling_back(policy_of: Callable[..., Policy]) -> Policy:
    """East and south fall back to west, south to east as well."""
    pools = team(
        west={}, limited={}, east={"fallback": ["west"]}, south={"fallback": ["east", "west"]}
    )
    return policy_of(team=pools)


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        pytest.param("limited", ("limited",), id="one to which none falls back has its own"),
        pytest.param("west", ("west", "east", "south"), id="its own first, then others'"),
        pytest.param("east", ("east", "south"), id="those that name it, not those it names"),
        pytest.param("south", ("south",), id="who falls back takes from nobody"),
    ],
)
def test_a_pool_takes_from_its_queue_and_from_those_that_fall_back_to_it(
    falling_back: Policy, pool: str, expected: tuple[str, ...]
) -> None:
    assert feeders(falling_back, pool) == expected
