"""Days of a team that is too small, told from a number: leads arrive, some must not be contacted
any more, some are taken away; and of every story the same holds.

Nobody overtakes: an arriving lead takes its place behind those waiting that the same rep could
take. A limit of 2 a day refuses the third, in the rep's zone. Every lead is somebody's.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from scoring_service.values.decision import Decision
from scoring_service.values.facts import Asked, Facts
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.waiting import DRAIN
from tests.workflows.conftest import TEAM

NEW_YORK = ZoneInfo("America/New_York")
QUEUE = QueueOwner("limited-waiting")
TAKES_BIG = "employees >= 200"
LIMITED = {
    **TEAM["pools"]["limited"],
    "members": [{"rep": "dan", "weight": 2}, {"rep": "eve", "when": TAKES_BIG}],
    "fallback": ["helpers"],
}
TEAM_OF_FEW = {
    **TEAM,
    "reps": {**TEAM["reps"], "fay": {"name": "Fay", "open_leads_max": 1, "manager": "mia"}},
    "pools": {**TEAM["pools"], "limited": LIMITED, "helpers": {"members": [{"rep": "fay"}]}},
}
PER_DAY = {"dan": 2, "eve": 1}
SHARED = ("dan", "eve", "fay")


class Story:
    """What happens at a desk, step by step; after each step its laws are asked."""

    def __init__(self, desk: Any, seed: int) -> None:
        self.desk, self.rng = desk, Random(seed)
        self.leads: list[str] = []
        self.seen = ""

    async def step(self) -> None:
        """Time passes, what is due is done, or not yet; then something happens."""
        self.desk.clock.advance(minutes=self.rng.randint(5, 240))
        if self.rng.random() < 0.5:
            await self.desk.drain()
        what = self.rng.random()
        if what < 0.6 or len(self.leads) < 3:
            await self.arrives()
        elif what < 0.75:
            await self.frees_and_arrives()
        elif what < 0.9:
            name = self.rng.choice(self.leads)
            await self.desk.route(
                lead_id=name, actor_id="sales-ops", reassign_reason="on the wrong desk"
            )
        else:
            await self.desk.route(lead_id=self.rng.choice(self.leads))
        await self.nobody_has_overtaken()

    async def arrives(self) -> None:
        """A British lead, big or small."""
        await self.desk.route(self.another())

    def another(self) -> Lead:
        name = f"l{len(self.leads):03}"
        self.leads.append(name)
        employees = self.rng.choice([50, 500])
        email = f"{name}@firm{name}.example"
        return Lead(name, email=email, employees=employees, country="GB")

    async def frees_and_arrives(self) -> None:
        """In one batch a lead must not be contacted any more, if there is one Fay's, and another
        arrives: nothing is drained in between.
        """
        held = [await self.desk.lead(name) for name in self.leads]
        fays = [lead.lead.lead_id for lead in held if lead.owner == RepOwner("fay")]
        ends = Lead(lead_id=self.rng.choice(fays or self.leads), do_not_contact=True)
        await self.desk.together(self.desk.request(ends), self.desk.request(self.another()))

    async def waiting(self) -> dict[str, datetime]:
        """Who waits, each with the instant of his place."""
        _, places = await self.desk.store.read(lambda reader: reader.waiting("limited"))
        return {place.lead_id: place.enqueued_at for place in places}

    async def nobody_has_overtaken(self) -> None:
        """Of those who wait still, none could have had what a later one got since last asked."""
        waiting = await self.waiting()
        for decision_id, facts, decision in await self.decided(self.seen):
            self.seen = decision_id
            draw = decision.draw
            if draw is None or draw.winner not in SHARED:
                continue
            since = facts.now
            if facts.asked is Asked.DRAIN and facts.enqueued_at is not None:
                since = facts.enqueued_at
            for name, at in waiting.items():
                lead = await self.desk.lead(name)
                fit = draw.winner != "eve" or (lead.lead.employees or 0) >= 200
                could = fit and draw.winner not in lead.excluded
                assert not (could and at < since), (
                    f"{facts.lead.lead_id} was given to {draw.winner} before {name}"
                )

    async def decided(self, after: str = "") -> list[tuple[str, Facts, Decision]]:
        """Every decision behind that id, with what it was made from."""
        return [
            (
                one.decision_id,
                msgspec.json.decode(one.facts, type=Facts),
                msgspec.json.decode(one.decision, type=Decision),
            )
            for one in await self.desk.decisions(after)
        ]


def not_yet(tx: Any, policy: Any, now: datetime) -> int:
    """What is due by itself: nothing."""
    return 0


@pytest.fixture
def begin(open_desk: Callable[..., Any], policy_of: Callable[..., Any]) -> Callable[[int], Story]:
    """A story at a desk of its own, which drains when the story says so."""
    policy = policy_of(team=TEAM_OF_FEW)
    return lambda seed: Story(open_desk(f"story-{seed}", policy, due=not_yet), seed)


@pytest.mark.parametrize("seed", range(4))
async def test_a_queue_told_day_by_day(begin: Callable[[int], Story], seed: int) -> None:
    story = begin(seed)
    for _ in range(40):
        await story.step()
    await story.desk.drain()
    taken: Counter[tuple[str, date]] = Counter()
    for _, facts, decision in await story.decided():
        if decision.draw is not None:
            taken[decision.draw.winner, facts.now.astimezone(NEW_YORK).date()] += 1
    for (rep, day), count in taken.items():
        assert count <= PER_DAY.get(rep, count), f"{rep} took {count} on {day}"
    broken = await story.desk.store.read(lambda reader: list(findings(reader, story.desk.policy)))
    assert [f"{one.subject}: {one.what}" for one in broken] == []
    assert {rep for rep, _ in taken} == {"dan", "eve", "fay"}, "a story in which all have turns"


@pytest.mark.parametrize("seed", [7, 8])
async def test_whoever_waits_is_given_to_somebody_in_the_end(
    begin: Callable[[int], Story], seed: int
) -> None:
    """Once nobody arrives any more the queue empties by itself, oldest first for each rep."""
    story = begin(seed)
    for _ in range(12):
        await story.arrives()
    waited = await story.waiting()
    assert len(waited) > 5
    for _ in range(8):
        timer = await story.desk.run(lambda tx, policy, now: tx.timer(DRAIN, "limited"))
        if timer is None:
            break
        assert timer.due_at > story.desk.clock.now, "what is due was done"
        story.desk.clock.now = timer.due_at
        await story.desk.drain()
        await story.nobody_has_overtaken()
    assert await story.waiting() == {}
    for name in waited:
        lead = await story.desk.lead(name)
        assert isinstance(lead.owner, RepOwner)
        assert (lead.stage, lead.waiting_in, lead.enqueued_at) == (Stage.MQL, None, None)


async def test_an_evening_of_nobody_leaves_a_timer_and_no_drain_before_it(
    begin: Callable[[int], Story],
) -> None:
    """The one drain timer is set to the earliest instant at which somebody may be free."""
    story = begin(9)
    for _ in range(8):
        await story.arrives()
    waited = await story.waiting()
    timer = await story.desk.run(lambda tx, policy, now: tx.timer(DRAIN, "limited"))
    midnight = timer.due_at.astimezone(NEW_YORK)
    assert (midnight.hour, midnight.minute) == (0, 0)
    while story.desk.clock.now < timer.due_at - timedelta(hours=1):
        story.desk.clock.advance(hours=1)
        await story.desk.drain()
        assert await story.waiting() == waited, "before it nothing changes"
        now = await story.desk.run(lambda tx, policy, now: tx.timer(DRAIN, "limited"))
        assert now == timer
    story.desk.clock.now = timer.due_at
    await story.desk.drain()
    left = await story.waiting()
    assert left.items() < waited.items(), "some are taken, the others keep their places"
