"""A sales team with office hours and two floors of managers, and leads of it in every stage."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.activity import Activity
from scoring_service.values.happening import Escalation
from scoring_service.values.lead import Lead
from scoring_service.values.owner import TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.due import run_due
from scoring_service.workflows.entering import Entry, enter
from scoring_service.workflows.lead_view import score_of

CALENDARS: dict[str, Any] = {
    "office": {"weekly": {"mon-fri": "09:00-17:00"}},
    "default": "office",
}
_REP = {"calendar": "office", "manager": "mia"}
TEAM: dict[str, Any] = {
    "reps": {
        "ann": _REP,
        "bob": _REP,
        "cat": _REP,
        "mia": {"calendar": "office", "role": "manager", "manager": "vic"},
        "vic": {"calendar": "office", "role": "manager"},
        "dan": {"calendar": "office"},
    },
    "pools": {
        "west": {
            "members": [{"rep": "ann"}, {"rep": "bob"}, {"rep": "cat"}],
            "queue": {"name": "west", "owner": "olu", "calendar": "office"},
        },
        "limited": {
            "members": [{"rep": "dan"}],
            "queue": {"name": "limited", "owner": "olu", "calendar": "office"},
        },
    },
    "operators": ["sales-ops"],
}
WAY: tuple[tuple[Stage, Mover, str], ...] = (
    (Stage.SAL, Mover.SALES, ""),
    (Stage.SQL, Mover.SALES, ""),
    (Stage.OPPORTUNITY, Mover.SALES, ""),
    (Stage.CLOSED_LOST, Mover.SALES, "timing"),
)
"""How a lead goes on from mql, by whom and why."""


def team_of(**reps: dict[str, Any]) -> dict[str, Any]:
    """The team with changes of its reps."""
    changed = {name: {**TEAM["reps"][name], **change} for name, change in reps.items()}
    return {**TEAM, "reps": {**TEAM["reps"], **changed}}


@pytest.fixture(scope="session")
def office_of(policy_of: Callable[..., Policy]) -> Callable[..., Policy]:
    """The policy with changes of its reps, or with whole files replaced."""

    def make(files: dict[str, Any] | None = None, **reps: dict[str, Any]) -> Policy:
        return policy_of(**{"team": team_of(**reps), "calendars": CALENDARS, **(files or {})})

    return make


@pytest.fixture
def office(open_desk: Callable[..., Any], office_of: Callable[..., Policy]) -> Any:
    """The team's desk; timers fire by themselves."""
    return open_desk("office", office_of(), run_due)


def wants(i: int, **fields: Any) -> Lead:
    """A lead that the pool west gets."""
    return Lead(lead_id=f"l{i}", email=f"p{i}@firm{i}.example", employees=500, **fields)


def demo(i: int, at: datetime) -> Activity:
    """A demo request."""
    return Activity("demo_request", at, f"a{i}")


async def an_mql(desk: Any, i: int = 1) -> str:
    """A lead that was just given to a rep of the pool west."""
    view = await desk.route(wants(i), activities=(demo(i, desk.clock.now),))
    assert view.stage is Stage.MQL, view
    return f"l{i}"


async def in_stage(desk: Any, stage: Stage, i: int = 1, **fields: Any) -> str:
    """A lead that entered a stage at this very instant, the way leads come there."""
    lead_id = await an_mql(desk, i)
    for to, mover, reason in WAY if stage is not Stage.MQL else ():
        entry = Entry(to, mover, "test", "tester", reason=fields.get("reason") or reason)
        await moved(desk, lead_id, entry, **fields)
        if to is stage:
            break
    return lead_id


async def moved(desk: Any, lead_id: str, entry: Entry, **fields: Any) -> None:
    """A lead enters another stage."""
    fields = {name: value for name, value in fields.items() if name != "reason"}

    def unit(tx: Transaction, policy: Policy, now: datetime) -> StoredLead:
        lead = tx.lead(lead_id)
        assert lead is not None
        lead = msgspec.structs.replace(lead, **fields)
        return enter(tx, policy, lead, entry, score_of(tx, policy, lead, now), now)

    await desk.run(unit)


def to_track(reason: str = "timing") -> Entry:
    """Sales recycles a lead."""
    return Entry(
        Stage.RECYCLED, Mover.SALES, "test", "ann", TrackOwner("welcome-nurture"), reason=reason
    )


async def live(desk: Any, until: datetime) -> None:
    """Let time pass, everything that falls due at its instant."""
    while True:
        due = await desk.store.read(lambda reader: reader.next_due())
        if due is None or due > until:
            break
        desk.clock.now = max(desk.clock.now, due)
        await desk.drain()
    desk.clock.now = until
    await desk.drain()


async def diary(desk: Any, lead_id: str) -> list[str]:
    """What became of a lead by itself: who was told and where it went, by the minute."""
    lines = []
    for one in await desk.store.read(lambda reader: reader.happenings(lead_id)):
        if isinstance(one.happening, Escalation):
            told = ", ".join(one.happening.told) or one.happening.what
            lines.append((one.at, f"{one.happening.clock}: {told}"))
    for entry in await desk.run(lambda tx, policy, now: tx.stage_entries(lead_id)):
        if entry.actor == "timer":
            lines.append((entry.at, f"{entry.stage_to}, {entry.reason}"))
    return [f"{at:%Y-%m-%d %H:%M} {what}" for at, what in sorted(lines)]


async def is_whole(desk: Any) -> bool:
    """Whether the doctor finds nothing."""
    found = await desk.store.read(lambda reader: list(findings(reader, desk.policy)))
    assert not found, found
    return True


def days(count: float) -> timedelta:
    """So many days."""
    return timedelta(days=count)
