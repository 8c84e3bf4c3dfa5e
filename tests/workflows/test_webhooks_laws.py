"""Whatever happens to receivers and to those who give them events: at least once, in order per
lead.

A story is drawn from a number: events of a few leads as time passes, a receiver that is down for a
while or never takes one of them, a replica that dies with what it took in its hands.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import msgspec
import pytest

from scoring_service.domain.webhooks import RETRIES
from scoring_service.values.stored import Event
from scoring_service.values.webhook import Endpoint
from scoring_service.workflows.webhooks import AT_ONCE, LEASE, Delivery, Parcel, given, take

CRM = Endpoint("crm", "https://crm.example/hooks", b"k" * 24)
ERP = Endpoint("erp", "https://erp.example/hooks", b"k" * 24, frozenset({"notice"}))
LEADS = "abcd"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
STEP = 3 * HOUR
TO_THE_LAST = sum(RETRIES, timedelta()) + (len(RETRIES) + 2) * STEP
"""How long an event that is never taken may hold up those of its lead behind it."""


class Story:
    """What two replicas do for one receiver; every event that it took is in `taken`, in order."""

    def __init__(self, desk: Any, endpoint: Endpoint, rng: Random) -> None:
        self.desk, self.endpoint, self.rng = desk, endpoint, rng
        self.emitted: list[str] = []
        self.taken: list[str] = []
        self.never: set[str] = set()
        self.is_up = True
        self.crashed: set[str] = set()

    async def happens(self, count: int) -> None:
        """So many events, each of any lead or of none, some of another type."""
        events = []
        for _ in range(count):
            lead = self.rng.choice([*LEADS, ""])
            type_ = self.rng.choice(["lead.assigned", "notice"])
            name = f"{lead or 'none'}-{len(self.emitted):03}"
            self.emitted += [name] if self.endpoint.wants(type_) else []
            events.append(Event(name, lead, type_, self.desk.clock.now, b"{}"))
            if len(events) % 7 == 6 and self.endpoint.wants(type_):
                self.never |= {name} if self.rng.random() < 0.2 else set()

        def unit(tx: Any, policy: Any, now: Any) -> None:
            for event in events:
                tx.emit(event)

        await self.desk.run(unit)

    async def gives(self, holder: str, dies: bool = False) -> int:
        """One go of a replica; one that dies gave some of what it took, and never says so."""
        parcels: tuple[Parcel, ...] = await self.desk.run(
            lambda tx, policy, now: take(tx, self.endpoint, holder, now)
        )
        assert len(parcels) <= AT_ONCE
        leads = [parcel.event.lead_id for parcel in parcels if parcel.event.lead_id]
        assert len(set(leads)) == len(leads), "one a lead, so that none overtakes"
        made = []
        for parcel in parcels[: self.rng.randint(0, len(parcels)) if dies else None]:
            name = parcel.event.event_id
            takes = self.is_up and name not in self.never
            self.taken += [name] if takes else []
            self.crashed |= {name} if takes and dies else set()
            made.append(Delivery(parcel, "" if takes else "answered 503"))
        if made and not dies:
            await self.desk.run(lambda tx, policy, now: given(tx, self.endpoint, made, now))
        return len(parcels)

    async def passes(self, span: timedelta, step: timedelta) -> None:
        """Time in which both replicas do what there is to do."""
        ends = self.desk.clock.now + span
        while self.desk.clock.now < ends:
            for holder in ("one", "two"):
                while await self.gives(holder):
                    pass
            self.desk.clock.now += step

    def firsts(self) -> list[str]:
        """Events in the order in which each was taken for the first time."""
        return list(dict.fromkeys(self.taken))


@pytest.fixture
def begin(desk: Any) -> Callable[..., Any]:
    """A story whose receiver is known, so that it gets all that happens from now on."""

    async def made(seed: int, endpoint: Endpoint = CRM) -> Story:
        story = Story(desk, endpoint, Random(seed))
        await story.gives("one")
        return story

    return made


def in_order(names: list[str]) -> bool:
    """Whether the events of each lead come in the order in which they happened."""
    by_lead: dict[str, list[str]] = {}
    for name in names:
        by_lead.setdefault(name.split("-")[0], []).append(name)
    by_lead.pop("none", None)
    return all(one < other for mine in by_lead.values() for one, other in pairwise(mine))


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_goes_wrong_each_is_taken_and_in_order(begin: Any, seed: int) -> None:
    """But for those that a receiver never takes: they are dead, and what is behind them goes on."""
    story = await begin(seed)
    for _ in range(6):
        await story.happens(story.rng.randint(0, 12))
        story.is_up = story.rng.random() < 0.6
        if story.rng.random() < 0.5:
            await story.gives(story.rng.choice(["one", "two"]), dies=True)
        await story.passes(story.rng.choice([MINUTE, 7 * MINUTE]), 3 * MINUTE)
    story.is_up = True
    await story.passes((len(story.never) + 1) * TO_THE_LAST, STEP)
    assert sorted(set(story.taken)) == sorted(set(story.emitted) - story.never)
    assert in_order(story.firsts())
    dead = await story.desk.run(lambda tx, policy, now: tx.webhook_letters("crm", 99, dead=True))
    assert len(dead) == len(story.never)
    assert {letter.attempts for letter in dead} <= {len(RETRIES) + 1}
    again = [name for name in story.firsts() if story.taken.count(name) > 1]
    assert set(again) <= story.crashed, "twice only where nobody could say that it was taken"


async def test_a_receiver_that_takes_all_gets_each_once(begin: Any) -> None:
    story = await begin(11)
    for _ in range(3):
        await story.happens(50)
        story.never.clear()
        await story.passes(MINUTE, MINUTE)
    assert sorted(story.taken) == sorted(story.emitted)
    assert in_order(story.taken)


async def test_a_receiver_of_one_type_is_held_up_by_no_other(begin: Any) -> None:
    story = await begin(12, ERP)
    await story.happens(60)
    story.never.clear()
    await story.passes(MINUTE, MINUTE)
    assert sorted(story.taken) == sorted(story.emitted)
    assert len(story.emitted) < 60


async def test_what_a_dead_replica_took_is_given_after_its_lease_and_not_before(
    begin: Any,
) -> None:
    story = await begin(13)
    await story.happens(9)
    story.never.clear()
    await story.gives("one", dies=True)
    seen = len(story.taken)
    assert await story.gives("two") == 0
    story.desk.clock.now += LEASE - timedelta(microseconds=1)
    assert await story.gives("two") == 0, "until its end it is the other's"
    story.desk.clock.now += timedelta(microseconds=1)
    await story.passes(MINUTE, MINUTE)
    assert len(story.taken) > seen
    assert sorted(set(story.taken)) == sorted(story.emitted)


async def test_two_receivers_are_told_the_same_and_do_not_wait_for_each_other(
    begin: Any, desk: Any
) -> None:
    crm = await begin(14)
    other = Story(desk, msgspec.structs.replace(CRM, name="other"), Random(14))
    await other.gives("one")
    other.is_up = False
    await crm.happens(20)
    crm.never.clear()
    for story in (other, crm):
        await story.passes(MINUTE, MINUTE)
    assert sorted(crm.taken) == sorted(crm.emitted)
    assert other.taken == []
    other.is_up = True
    await other.passes(2 * HOUR, 20 * MINUTE)
    assert sorted(other.taken) == sorted(crm.emitted)
    assert in_order(other.taken)
