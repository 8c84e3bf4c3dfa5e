"""Rules that change: running clocks are laid on the new calendars, the past is never rewritten."""

from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import msgspec
import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import Source, source_of
from scoring_service.store.transaction import Transaction
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Timer
from scoring_service.workflows.activation import activate
from scoring_service.workflows.due import KINDS, run_due
from scoring_service.workflows.requests import ActivatePolicy
from tests.conftest import MONDAY, Clock, Desk
from tests.workflows.conftest import rule_files
from tests.workflows.firing.conftest import (
    CALENDARS,
    TEAM,
    an_mql,
    days,
    diary,
    in_stage,
    is_whole,
    live,
)


class RealDesk(Desk):
    """A desk whose revisions are stored with their rules, as a server stores them."""

    def __init__(self, path: Path, clock: Clock, source: Source) -> None:
        super().__init__(path, clock, load(source), run_due)
        self._sources = {self.policy.revision: source}

    async def swap(self, calendars: dict[str, Any]) -> None:
        """Have other calendars hold."""
        source = source_with(calendars)
        self._sources[source.revision] = source
        await self.activate(load(source))

    async def activate(self, policy: Policy) -> Any:
        if not self._active:
            self._active = True
            await self.activate(self.policy)
        content = self._sources[policy.revision].pack()
        self._compiled[content] = policy
        request = ActivatePolicy(content, "tester")
        self.policy = policy
        return await self.store.writer.activate(
            lambda tx, policy, now: activate(tx, policy, request, now), policy
        )


def source_with(calendars: dict[str, Any]) -> Source:
    """The team's rules with these calendars."""
    return source_of(rule_files(team=TEAM, calendars=calendars))


def office_with(**entry: Any) -> dict[str, Any]:
    """The team's calendars, the office's with other entries."""
    return {**CALENDARS, "office": {**CALENDARS["office"], **entry}}


@pytest.fixture
async def real(empty_store: Path, tmp_path: Path, clock: Clock) -> Any:
    """The team's desk with stored rules."""
    desk = RealDesk(Path(copy(empty_store, tmp_path / "real.db")), clock, source_with(CALENDARS))
    yield desk
    await desk.store.close()


@pytest.mark.parametrize(
    ("swapped_after", "calendars", "first"),
    [
        pytest.param(
            0.5,
            office_with(closed=["2026-03-03"]),
            ["2026-03-02 14:00 accept: mia", "2026-03-04 10:00 accept: vic"],
            id="a holiday on the morrow spares the second rung",
        ),
        pytest.param(
            2,
            office_with(closed=["2026-03-02"]),
            ["2026-03-03 11:00 accept: mia", "2026-03-03 15:00 accept: vic"],
            id="a holiday declared today takes nothing back of what passed today",
        ),
        pytest.param(
            1,
            office_with(weekly={"mon-fri": "09:00-12:00"}),
            ["2026-03-03 11:00 accept: mia", "2026-03-04 12:00 accept: vic"],
            id="shorter hours spread what is left",
        ),
        pytest.param(
            1,
            office_with(breaks=[{"on": "2026-03-09", "at": "10:00-11:00"}]),
            ["2026-03-02 14:00 accept: mia", "2026-03-03 10:00 accept: vic"],
            id="a change far away changes no instant",
        ),
    ],
)
async def test_running_clocks_are_laid_on_the_new_calendar(
    real: Any, swapped_after: float, calendars: dict[str, Any], first: list[str]
) -> None:
    lead_id = await an_mql(real)
    await live(real, MONDAY + timedelta(hours=swapped_after))
    await real.swap(calendars)
    await live(real, MONDAY + days(4))
    assert (await diary(real, lead_id))[:2] == first
    assert await is_whole(real)


async def test_every_lead_is_laid_anew_by_itself_and_its_timer_moves(real: Any) -> None:
    leads = [await an_mql(real, i) for i in range(150)]
    await real.swap(office_with(closed=["2026-03-02", "2026-03-03"]))
    await real.drain()
    for lead_id in leads:
        timer = await real.run(lambda tx, policy, now, one=lead_id: tx.timer("lead", one))
        assert f"{timer.due_at:%Y-%m-%d}" == "2026-03-04"
        changed = await real.store.read(lambda reader, one=lead_id: reader.happenings(one))
        assert "laid" in {getattr(one.happening, "how", "") for one in changed}


async def test_a_clock_of_older_rules_acts_only_if_it_still_ran_out(real: Any) -> None:
    """It fell due by the old rules, in a downtime, before all leads were laid anew."""
    lead_id = await in_stage(real, Stage.SAL)
    real.clock.now = MONDAY + timedelta(minutes=50)
    await real.swap(office_with(breaks=[{"on": "2026-03-02", "at": "10:50-16:00"}]))
    real.clock.now = MONDAY + timedelta(hours=2)
    await real.drain()
    assert await diary(real, lead_id) == []
    await live(real, MONDAY + timedelta(hours=7))
    assert await diary(real, lead_id) == ["2026-03-02 16:10 first_contact: mia"]


async def test_a_timer_of_an_unknown_kind_is_left_alone_and_blocks_nobody(office: Any) -> None:
    strange = [Timer("of-a-newer-version", f"s{i:04}", MONDAY, "r") for i in range(300)]

    def arm(tx: Transaction, policy: Policy, now: datetime) -> None:
        for timer in strange:
            tx.set_timer(timer)

    lead_id = await in_stage(office, Stage.SAL)
    await office.run(arm)
    office.clock.now = MONDAY + timedelta(hours=1, microseconds=1)
    await office.drain()
    assert await diary(office, lead_id) == ["2026-03-02 11:00 first_contact: mia"]
    kept = await office.run(lambda tx, policy, now: tx.timer("of-a-newer-version", "s0007"))
    assert kept == strange[7]


async def test_a_timer_that_raises_is_tried_again_later_and_blocks_nobody(office: Any) -> None:
    """A lead whose assignment is lost cannot be reassigned."""
    broken, whole = await in_stage(office, Stage.SAL, 1), await in_stage(office, Stage.SAL, 2)

    def spoil(tx: Transaction, policy: Policy, now: datetime) -> None:
        lead = tx.lead(broken)
        assert lead is not None
        clocks = tuple(clock for clock in lead.clocks if clock.name == "no_contact")
        due = tuple(
            msgspec.structs.replace(clock, due_at=MONDAY + timedelta(hours=1)) for clock in clocks
        )
        tx.save_lead(msgspec.structs.replace(lead, clocks=due, assignment_id="lost"))

    await office.run(spoil)
    office.clock.now = MONDAY + timedelta(hours=1, seconds=1)
    await office.drain()
    assert await diary(office, whole) == ["2026-03-02 11:00 first_contact: mia"]
    timer = await office.run(lambda tx, policy, now: tx.timer("lead", broken))
    assert timer.attempts >= 1
    assert timer.due_at > office.clock.now


def test_every_kind_that_is_armed_is_known() -> None:
    assert set(KINDS) == {"lead", "notices", "leave", "handover", "book", "relay", "drain"}
