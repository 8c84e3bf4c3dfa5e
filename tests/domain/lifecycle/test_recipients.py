"""When a notice goes out: inside the recipient's working hours, never before it was written."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.windows import is_open, next_open
from scoring_service.domain.lifecycle.recipients import TOGETHER, goes_out_at
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.leave_begins import leave_begins, leave_ends
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.team import Leave, Rep
from tests.workflows.conftest import rule_files

OFFICE = Calendar(
    "office", ZoneInfo("Europe/Berlin"), ((Window(540, 720), Window(780, 1020)),) * 5 + ((),) * 2
)
REP = Rep("ann", zone="Europe/Berlin", calendar="office")
POLICY: Policy = replace(
    load(source_of(rule_files())),
    calendars={"office": OFFICE, "default": OFFICE},
    reps={"ann": REP},
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2026, 12, 1, tzinfo=UTC).date())


@given(INSTANTS)
def test_a_notice_goes_out_in_working_hours_and_soon(now: datetime) -> None:
    at = goes_out_at(POLICY, "ann", now)
    assert now <= at
    assert is_open(OFFICE, at)
    assert at - next_open(OFFICE, now) <= TOGETHER


@given(INSTANTS, DAYS, st.integers(0, 20))
def test_a_leave_begins_inside_it_at_an_opening_or_at_once(
    now: datetime, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    rep = replace(REP, leave=(Leave(first, last),))
    begins, ends = leave_begins(POLICY, rep, now), leave_ends(POLICY, rep, now)
    if begins is None:
        assert ends is None
        return
    local = begins.astimezone(ZoneInfo("Europe/Berlin")).date()
    assert begins >= now
    assert first <= local <= last
    assert begins == now or is_open(OFFICE, begins)
    assert ends is None or (begins == now < ends)


def test_a_leave_over_a_weekend_never_begins() -> None:
    saturday = datetime(2026, 3, 7, tzinfo=UTC).date()
    rep = replace(REP, leave=(Leave(saturday, saturday + timedelta(days=1)),))
    assert leave_begins(POLICY, rep, datetime(2026, 3, 1, tzinfo=UTC)) is None
