"""Sales as the simulation has it: people who answer, forget, go away, find out and close."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from scoring_service.domain.business_time.deadline import deadline
from scoring_service.domain.business_time.duration import BusinessHours
from scoring_service.domain.policy import Policy
from scoring_service.simulation.world import Person, ticked

FORGETS = 0.16
"""The share of leads that a rep of no diligence forgets; one of full diligence forgets none."""

ANSWERS_IN, CONTACTS_IN, QUALIFIES_IN = 0.7, 0.4, 6.0
"""Median business hours until a rep answers, contacts after accepting, and knows enough."""

CLOSES_IN_DAYS = 24.0
AWAY_DAYS, AWAY_SHARE = 7, 0.6
"""A leave is so many days; so many of the reps have one in half a year."""

NOT_NOW = ("timing", "budget", "no_decision", "unresponsive")
WRONG = ("wrong_icp", "no_need", "invalid_contact", "spam")
LOST = ("budget", "no_decision", "chose_competitor", "no_need")


@dataclass(frozen=True, slots=True)
class Habits:
    """How a rep is: `diligence` from 0 to 1, `pace` a factor on how long he takes, and when he is
    away.
    """

    diligence: float
    pace: float
    away: tuple[datetime, datetime] | None = None

    def is_away(self, at: datetime) -> bool:
        """Whether he is away then."""
        return self.away is not None and self.away[0] <= at < self.away[1]


def habits(chance: Random, start: datetime, days: int) -> Habits:
    """One rep's habits."""
    diligence = chance.betavariate(5, 2)
    pace = 1.6 - diligence + chance.uniform(-0.2, 0.2)
    if chance.random() > AWAY_SHARE * days / 180:
        return Habits(diligence, pace)
    leaves = start + timedelta(days=int(chance.uniform(7, max(8, days - AWAY_DAYS))))
    return Habits(diligence, pace, (leaves, leaves + timedelta(days=AWAY_DAYS)))


def after(
    chance: Random, policy: Policy, rep_id: str, habits: Habits, at: datetime, hours: float
) -> datetime:
    """When a rep comes to something that takes him `hours` of business time in the median.

    Nothing is done while he is away.
    """
    span = BusinessHours(timedelta(hours=hours * habits.pace * chance.lognormvariate(0, 0.8)))
    calendar = policy.calendars[policy.reps[rep_id].calendar]
    done = deadline(calendar, at, span)
    if habits.away and habits.is_away(done):
        done = deadline(calendar, habits.away[1], span)
    return ticked(done)


def forgets(chance: Random, habits: Habits) -> bool:
    """Whether he forgets a lead that he was given."""
    return chance.random() < FORGETS * (1 - habits.diligence) * 2


def accepts(chance: Random, person: Person) -> bool:
    """Whether a lead looks worth working to a rep."""
    return chance.random() < (0.93 if person.buys else 0.74)


def turns_out(chance: Random, person: Person) -> bool:
    """Whether sales finds a need, a budget and somebody who decides."""
    return chance.random() < (0.9 if person.buys else 0.4)


def reason(chance: Random, policy: Policy, names: tuple[str, ...]) -> str:
    """One of these reasons that the rules know."""
    known = [name for name in names if name in policy.lifecycle.reasons]
    return chance.choice(known or sorted(policy.lifecycle.reasons))
