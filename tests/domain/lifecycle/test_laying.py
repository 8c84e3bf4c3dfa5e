"""The clocks of each stage, row by row; and what another owner, an activity, a contact changes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import msgspec
import pytest

from scoring_service.domain.lifecycle.laying import calendar_of, laid, relaid_each, with_lapse
from scoring_service.domain.lifecycle.lifecycle import Holder, StageRule
from scoring_service.domain.lifecycle.running import replaced
from scoring_service.domain.lifecycle.stage_clocks import STAGE_CLOCKS
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.clock import Clock, ClockName
from scoring_service.values.happening import Opportunity
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import HeldBar
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.stored import StoredLead

Entered = Callable[..., StoredLead]
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(clocks: tuple[Clock, ...]) -> dict[str, datetime | None]:
    return {clock.name.value: clock.due_at for clock in clocks}


def clock(lead: StoredLead, name: ClockName) -> Clock:
    return next(each for each in lead.clocks if each.name is name)


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        pytest.param(
            Stage.ANONYMOUS,
            {"never_identified": "2026-05-31T10:00"},
            id="anonymous: 90 days without activity",
        ),
        pytest.param(
            Stage.KNOWN,
            {"incomplete_notice": "2026-03-04T10:00", "incomplete": "2026-03-16T10:00"},
            id="known: a notice after 2 business days, the end after 10",
        ),
        pytest.param(
            Stage.NURTURE,
            {"review": "2026-08-29T10:00", "no_engagement": "2028-03-01T10:00"},
            id="nurture: a review after 180 days, the end after 730",
        ),
        pytest.param(
            Stage.MQL,
            {
                "accept": "2026-03-02T14:00",
                "escalate": "2026-03-09T10:00",
                "not_worked": "2026-03-30T10:00",
            },
            id="mql: 4 business hours to accept, from entry 5 and 20 business days",
        ),
        pytest.param(
            Stage.SAL,
            {"first_contact": "2026-03-02T11:00", "no_contact": "2026-03-16T10:00"},
            id="sal: a contact in 1 business hour, else another owner after 10 days",
        ),
        pytest.param(
            Stage.SQL,
            {"open_opportunity": "2026-03-04T10:00", "stalled": "2026-03-30T10:00"},
            id="sql: an opportunity in 2 business days, stalled after 20",
        ),
        pytest.param(
            Stage.OPPORTUNITY,
            {"overdue": "2026-04-08T09:00", "silent": "2026-03-30T10:00"},
            id="opportunity: 5 business days after the expected close, 20 without contact",
        ),
        pytest.param(
            Stage.CLOSED_LOST,
            {"disposition": "2026-03-09T10:00"},
            id="closed lost: its reason after 5 business days",
        ),
        pytest.param(
            Stage.RECYCLED,
            {"reevaluate": "2026-08-01T00:00", "no_engagement": "2028-03-01T10:00"},
            id="recycled: its date, and the end after 730 days",
        ),
        pytest.param(Stage.CUSTOMER, {}, id="a customer has none"),
        pytest.param(Stage.DISQUALIFIED, {}, id="nor has who is disqualified"),
    ],
)
def test_a_stage_has_its_clocks(
    entered: Entered, stage: Stage, expected: Mapping[str, str]
) -> None:
    lead = entered(
        stage,
        opportunity=Opportunity(MONDAY, expected_close=date(2026, 4, 1)),
        reevaluate_at=utc("2026-08-01"),
    )
    assert due(lead.clocks) == {name: utc(at) for name, at in expected.items()}


def test_every_unfinished_stage_has_one_clock_that_lasts() -> None:
    for stage, rows in STAGE_CLOCKS.items():
        assert sum(row.lasts for row in rows) == (stage not in FINISHED), stage


def test_an_opportunity_without_a_date_is_never_overdue(entered: Entered) -> None:
    assert set(due(entered(Stage.OPPORTUNITY).clocks)) == {"silent"}


def test_nor_is_it_in_other_hands(entered: Entered, policy: Policy) -> None:
    before = entered(Stage.OPPORTUNITY)
    assert set(due(laid(policy, before, handed(before, "bob"), WEDNESDAY))) == {"silent"}


def test_the_silence_of_an_opportunity_runs_on_in_other_hands(
    entered: Entered, policy: Policy
) -> None:
    """Of its 20 dates two are used: only in sal does a new owner begin the silence anew."""
    before = entered(Stage.OPPORTUNITY)
    assert due(laid(policy, before, handed(before, "bob"), WEDNESDAY)) == {
        "silent": utc("2026-03-30T10:00")
    }


def test_an_assignment_may_have_an_sla_of_its_own(entered: Entered) -> None:
    hot = clock(entered(Stage.MQL, sla="hot"), ClockName.ACCEPT)
    assert (hot.due_at, hot.sla) == (utc("2026-03-02T10:15"), "hot")
    assert clock(entered(Stage.MQL), ClockName.ACCEPT).sla == "accept"


@pytest.mark.parametrize(
    ("stage", "named"),
    [
        pytest.param(Stage.MQL, {"accept": "hot", "escalate": "", "not_worked": ""},
                     id="only accepting may have another"),
        pytest.param(Stage.SAL, {"first_contact": "first_contact", "no_contact": ""},
                     id="a first contact is one for all"),
        pytest.param(Stage.SQL, {"open_opportunity": "open_opportunity", "stalled": ""},
                     id="so is an opportunity"),
        pytest.param(Stage.CLOSED_LOST, {"disposition": "disposition"}, id="and what is lost"),
        pytest.param(Stage.NURTURE, {"review": "", "no_engagement": ""},
                     id="what grows stale is no promise to anybody"),
    ],
)  # fmt: skip
def test_a_clock_names_the_sla_it_is_of(
    entered: Entered, stage: Stage, named: dict[str, str]
) -> None:
    assert {one.name.value: one.sla for one in entered(stage, sla="hot").clocks} == named


def test_rules_may_drop_clocks_of_a_stage(changed: Callable[..., Policy], entered: Entered) -> None:
    kept = (ClockName.NOT_WORKED, ClockName.ACCEPT)
    rule = StageRule((Holder.REP,), kept, "", "", (Stage.SAL,))
    without = changed(stages={Stage.MQL: rule})
    assert {one.name for one in entered(Stage.MQL, policy=without).clocks} == set(kept)
    assert len(entered(Stage.SAL, policy=without).clocks) == 2, "other stages keep theirs"


def test_who_has_lost_a_clock_to_the_rules_has_the_others(
    entered: Entered, policy: Policy, changed: Callable[..., Policy]
) -> None:
    stages = dict(policy.lifecycle.stages)
    rule = stages[Stage.MQL]
    stages[Stage.MQL] = replace(rule, clocks=(ClockName.ACCEPT, ClockName.NOT_WORKED))
    lead = entered(Stage.MQL, policy=changed(stages=stages))
    assert set(due(lead.clocks)) == {"accept", "not_worked"}


def handed(lead: StoredLead, rep: str) -> StoredLead:
    return msgspec.structs.replace(
        lead, owner=RepOwner(rep), assignment_id="a2", waiting_in=None, enqueued_at=None
    )


WEDNESDAY = utc("2026-03-04T10:00")


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        pytest.param(
            Stage.MQL,
            {
                "accept": "2026-03-05T10:00",
                "escalate": "2026-03-09T10:00",
                "not_worked": "2026-03-30T10:00",
            },
            id="an mql is accepted anew, and runs on from its entry",
        ),
        pytest.param(
            Stage.SAL,
            {"first_contact": "2026-03-04T11:00", "no_contact": "2026-03-18T10:00"},
            id="a sal begins anew",
        ),
        pytest.param(
            Stage.SQL,
            {"open_opportunity": "2026-03-06T10:00", "stalled": "2026-04-01T10:00"},
            id="so does an sql",
        ),
        pytest.param(
            Stage.CLOSED_LOST, {"disposition": "2026-03-09T10:00"}, id="a lost one runs on"
        ),
    ],
)
def test_another_owner_has_his_own_calendar(
    entered: Entered, policy: Policy, stage: Stage, expected: Mapping[str, str]
) -> None:
    before = entered(stage)
    after = handed(before, "bob")
    clocks = laid(policy, before, after, WEDNESDAY, "accept" if stage is Stage.MQL else "")
    assert due(clocks) == {name: utc(at) for name, at in expected.items()}
    assert {each.calendar for each in clocks} == {"short"}


def test_of_a_date_half_as_long_the_same_share_is_half_as_long(
    entered: Entered, policy: Policy
) -> None:
    """On Wednesday at two 2.5 of 5 dates are used; bob works from nine to one, from Thursday on."""
    before = entered(Stage.CLOSED_LOST)
    clocks = laid(policy, before, handed(before, "bob"), utc("2026-03-04T14:00"))
    assert due(clocks) == {"disposition": utc("2026-03-09T11:00")}
    assert clocks[0].started_at == MONDAY


def test_from_a_queue_to_a_rep_is_another_assignment(entered: Entered, policy: Policy) -> None:
    waits = entered(Stage.MQL, owner=QueueOwner("waiting"), waiting_in="sdr")
    assert clock(waits, ClockName.ACCEPT).due_at == utc("2026-03-02T14:00")
    clocks = laid(policy, waits, handed(waits, "ann"), WEDNESDAY)
    assert due(clocks)["accept"] == utc("2026-03-04T14:00")
    assert due(clocks)["not_worked"] == utc("2026-03-30T10:00")


def test_the_same_hands_change_nothing(entered: Entered, policy: Policy) -> None:
    lead = entered(Stage.MQL)
    assert laid(policy, lead, lead, WEDNESDAY) == lead.clocks


@pytest.mark.parametrize(
    ("before", "contacted", "met"),
    [
        pytest.param(Stage.MQL, True, True, id="a contact logged before the acceptance meets it"),
        pytest.param(Stage.MQL, False, False, id="without one there is still one to come"),
        pytest.param(Stage.SQL, True, False, id="that of a later stage was another visit's"),
    ],
)
def test_whether_a_sal_was_contacted_already(
    entered: Entered, policy: Policy, before: Stage, contacted: bool, met: bool
) -> None:
    lead = entered(before, first_contact_at=MONDAY if contacted else None)
    sal = msgspec.structs.replace(lead, stage=Stage.SAL, visit=2, first_contact_at=None)
    first, none = laid(policy, lead, sal, WEDNESDAY)
    due_at = None if met else utc("2026-03-04T11:00")
    assert (first.due_at, first.met_at) == (due_at, WEDNESDAY if met else None)
    assert none.due_at == utc("2026-03-18T10:00")


def test_a_close_is_expected_by_the_dates_of_its_owners_zone(entered: Entered) -> None:
    """A date has no hour: it begins at midnight where its owner works, and 5 business days on."""
    expected = Opportunity(MONDAY, expected_close=date(2026, 3, 2))
    there = entered(Stage.OPPORTUNITY, owner=RepOwner("mia"), opportunity=expected)
    here = entered(Stage.OPPORTUNITY, opportunity=expected)
    assert due(here.clocks)["overdue"] == utc("2026-03-09T09:00")
    assert due(there.clocks)["overdue"] == utc("2026-03-09T13:00"), "9:00 in New York, in summer"


def test_nobody_is_told_any_more_once_there_is_somebody(entered: Entered, policy: Policy) -> None:
    lead = entered(Stage.MQL)
    stuck = Clock(ClockName.NOBODY, MONDAY, MONDAY, lead.clocks[0].left, "office", "r", WEDNESDAY)
    lead = msgspec.structs.replace(lead, clocks=replaced(lead.clocks, stuck))
    assert "nobody" in due(laid(policy, lead, lead, WEDNESDAY))
    assert "nobody" not in due(laid(policy, lead, handed(lead, "bob"), WEDNESDAY))


@pytest.mark.parametrize(
    ("stage", "until", "there"),
    [
        pytest.param(Stage.MQL, utc("2026-03-09"), True, id="an owner of an mql is told"),
        pytest.param(Stage.SQL, utc("2026-03-09"), True, id="and of an sql"),
        pytest.param(Stage.OPPORTUNITY, utc("2026-03-09"), False, id="of an opportunity not"),
        pytest.param(Stage.NURTURE, utc("2026-03-09"), False, id="nor marketing"),
        pytest.param(Stage.MQL, None, False, id="never is no instant"),
        pytest.param(Stage.MQL, MONDAY, False, id="what is over is not to come"),
    ],
)
def test_a_qualification_lapses(
    entered: Entered, policy: Policy, stage: Stage, until: datetime | None, there: bool
) -> None:
    held = (HeldBar("fit", 40.0), HeldBar("behaviour", 40.0, until))
    lead = entered(stage, held_bars=held)
    assert due(lead.clocks).get("lapse") == (until if there else None)
    bare = entered(stage)
    assert with_lapse(policy, bare, bare.clocks, until, MONDAY) == lead.clocks
    assert with_lapse(policy, lead, lead.clocks, None, MONDAY) == bare.clocks


def test_a_changed_calendar_spares_running_clocks_and_keeps_the_past(
    entered: Entered, policy: Policy, files: Mapping[str, str]
) -> None:
    text = files["calendars.yaml"].replace(
        "office: {zone: UTC,", "office: {zone: UTC, closed: [2026-03-02, 2026-03-05],"
    )
    new = load(source_of({n: t.encode() for n, t in {**files, "calendars.yaml": text}.items()}))
    lead = entered(Stage.MQL)
    clocks = relaid_each(policy, new, lead, WEDNESDAY)
    assert due(clocks) == {
        "accept": utc("2026-03-02T14:00"),
        "escalate": utc("2026-03-10T10:00"),
        "not_worked": utc("2026-03-31T10:00"),
    }
    assert {each.revision for each in clocks} == {new.revision}
    assert relaid_each(policy, policy, lead, WEDNESDAY) == lead.clocks


@pytest.mark.parametrize(
    ("owner", "pool", "calendar"),
    [
        pytest.param(RepOwner("bob"), None, "short", id="a rep's own"),
        pytest.param(RepOwner("zoe"), None, "default", id="of one who is gone the file's default"),
        pytest.param(QueueOwner("waiting"), "sdr", "office", id="a pool's queue has one"),
        pytest.param(QueueOwner("waiting"), "gone", "default", id="not where its pool is gone"),
        pytest.param(QueueOwner("intake"), None, "default", id="people's queues have none"),
        pytest.param(TrackOwner("not-now"), None, "short", id="a track's own"),
        pytest.param(TrackOwner("welcome-nurture"), None, "default", id="a track without one"),
        pytest.param(TrackOwner("suppressed"), None, "default", id="the built-in track has none"),
        pytest.param(None, None, "default", id="of a lead that nobody has"),
    ],
)
def test_in_which_calendar_a_lead_is_counted(
    policy: Policy, owner: Owner | None, pool: str | None, calendar: str
) -> None:
    found = calendar_of(policy, owner, pool)
    assert found == calendar
    assert found in policy.calendars
