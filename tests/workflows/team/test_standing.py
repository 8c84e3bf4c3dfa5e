"""When a rep is away, of the files and of people together: read from values."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.absences import with_absences
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.workflows.rep_requests import Away
from scoring_service.workflows.team.standing import availability_of

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
OF_TEAM = {"from": "2026-03-04", "to": "2026-03-06", "backup": "bob"}


def march(first: int, last: int, backup: str | None = None) -> Absence:
    return Absence("ann", date(2026, 3, first), date(2026, 3, last), backup)


def entered(first: int, last: int, backup: str | None = None) -> EnteredAbsence:
    return EnteredAbsence(march(first, last, backup), MONDAY - timedelta(days=9), "mia")


LEAVE = Away(march(4, 6, "bob"))


def by_people(first: int, last: int, backup: str | None = None) -> Away:
    one = entered(first, last, backup)
    return Away(one.absence, one.at, one.actor)


def standing(policy: Policy, *mine: EnteredAbsence, now: datetime = MONDAY) -> Any:
    """How Ann stands, with what people entered of her."""
    present = with_absences(policy, tuple(one.absence for one in mine))
    return availability_of(present, present.reps["ann"], mine, now)


@pytest.fixture(scope="module")
def with_leave(office_of: Callable[..., Policy]) -> Policy:
    """Ann has leave of team.yaml from Wednesday to Friday."""
    return office_of(ann={"leave": [OF_TEAM]})


@pytest.mark.parametrize(
    ("mine", "day", "away"),
    [
        pytest.param((), 2, (LEAVE,), id="leave of the files is told before it begins"),
        pytest.param((), 6, (LEAVE,), id="and on its last day"),
        pytest.param((), 7, (), id="what is over is told no more"),
        pytest.param(
            (entered(2, 3), entered(9, 10)),
            2,
            (by_people(2, 3), LEAVE, by_people(9, 10)),
            id="with what people entered, in the order of its days",
        ),
        pytest.param(
            (entered(4, 5, "cat"),),
            4,
            (by_people(4, 5, "cat"), LEAVE),
            id="on one day what people entered comes first",
        ),
        pytest.param((entered(1, 3),), 4, (LEAVE,), id="each as long as it is not over"),
    ],
)
def test_when_a_rep_is_away(
    with_leave: Policy, mine: tuple[EnteredAbsence, ...], day: int, away: tuple[Away, ...]
) -> None:
    found = standing(with_leave, *mine, now=MONDAY.replace(day=day))
    assert (found.rep_id, found.away) == ("ann", away)


@pytest.mark.parametrize(
    ("mine", "now", "until"),
    [
        pytest.param((), "2026-03-02T10:00", None, id="who is there is away until no day"),
        pytest.param((), "2026-03-03T16:59", None, id="nor on the evening before"),
        pytest.param(
            (), "2026-03-03T17:00", 6, id="after hours it is the next opening that counts"
        ),
        pytest.param((), "2026-03-04T10:00", 6, id="on leave until its last day"),
        pytest.param((), "2026-03-06T16:59", 6, id="that day included"),
        pytest.param((), "2026-03-06T17:00", None, id="on its last evening he is back on Monday"),
        pytest.param(
            (entered(7, 10),), "2026-03-04T10:00", 10, id="one that follows at once prolongs it"
        ),
        pytest.param((entered(9, 10),), "2026-03-06T18:00", 10, id="of Monday it is looked at"),
    ],
)
def test_until_when_he_is_away(
    with_leave: Policy, mine: tuple[EnteredAbsence, ...], now: str, until: int | None
) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = standing(with_leave, *mine, now=at)
    assert found.away_until == (None if until is None else date(2026, 3, until))
