"""The run of a simulation: what happens next, tick by tick, through the workflows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

import msgspec

from scoring_service.simulation import sales
from scoring_service.simulation.bench import Bench
from scoring_service.simulation.moments import Assigned, Moment, Moments
from scoring_service.simulation.world import START, TICK, acts, person, ticked
from scoring_service.values.owner import RepOwner
from scoring_service.workflows.events import OwnerChanged

Progress = Callable[[float], None]
"""Told the share of the days that are over, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated: so many days with so many leads, drawn from a seed."""

    days: int
    leads: int
    seed: int

    @property
    def ends(self) -> datetime:
        """The end of the last day."""
        return START + timedelta(days=self.days)


def simulate(bench: Bench, plan: Plan, progress: Progress = lambda share: None) -> None:
    """Live through the days of a plan; what came of it is in the store.

    The same plan on the same rules gives the same store: every draw comes from the seed.
    """
    _Run(bench, plan).live(progress)


class _Run:
    """What is still to come, by its tick, then in the order in which it was planned."""

    def __init__(self, bench: Bench, plan: Plan) -> None:
        self.bench, self.plan = bench, plan
        chance = Random(plan.seed)  # noqa: S311
        policy = bench.policy
        people = [person(chance, policy.schema, number, plan.days) for number in range(plan.leads)]
        habits = {rep: sales.habits(chance, START, plan.days) for rep in sorted(policy.reps)}
        self.moments = Moments(policy, {each.lead.lead_id: each for each in people}, habits, chance)
        self._coming: list[tuple[datetime, int, Moment]] = []
        self._numbers = count()
        for each in people:
            self._plan(self.moments.comes(each))
            for at, kind in acts(chance, policy.scoring, each, plan.ends):
                self._plan(self.moments.does(each, at, kind))

    def live(self, progress: Progress) -> None:
        """Go from tick to tick until the last day is over."""
        while (now := self._next()) is not None:
            moments = list(self._due(now))
            results = self.bench.run(now, [each.work for each in moments])
            for each, result in zip(moments, results, strict=True):
                if result is not None:
                    for follows in each.then(result, now):
                        self._plan(follows)
            self._hear(now)
            progress((now - START) / (self.plan.ends - START))

    def _plan(self, moment: Moment) -> None:
        if moment.at <= self.plan.ends:
            heappush(self._coming, (moment.at, next(self._numbers), moment))

    def _next(self) -> datetime | None:
        """The next tick at which something happens or falls due."""
        due = self.bench.next_due()
        ticks = [ticked(due + TICK / 2)] if due is not None else []
        if self._coming:
            ticks.append(self._coming[0][0])
        now = min(ticks, default=None)
        return now if now is not None and now <= self.plan.ends else None

    def _due(self, now: datetime) -> Iterator[Moment]:
        while self._coming and self._coming[0][0] <= now:
            yield heappop(self._coming)[2]

    def _hear(self, now: datetime) -> None:
        """Reps hear of the leads they are given, and come to them in their time."""
        for event in self.bench.told():
            if event.type == "lead.assigned":
                told = msgspec.json.decode(event.payload, type=OwnerChanged)
                if isinstance(told.owner, RepOwner):
                    given = Assigned(told.lead_id, told.owner.id, told.assignment_id)
                    for follows in self.moments.assigned(given, now):
                        self._plan(follows)
