"""Paths of points whose true P(won) is known, as a replay of histories would find them."""

from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.table import Floats, Integers
from scoring_service.calibration.thresholds.crossings import Paths

MOST = 4
DAY = 86_400 * 1_000_000
EVERY = 2 * 3_600 * 1_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """Log-odds: of a lead without points, of 100 points of fit, of 100 points of its most active
    day; `other` is the spread of what no points tell.
    """

    base: float
    fit: float
    behaviour: float
    other: float = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """Paths, and the true P(won) of each lead, shape (leads,)."""

    paths: Paths
    p: Floats


def rule(chance: np.random.Generator) -> Rule:
    """Some rule: points mean something, sometimes little."""
    fit, behaviour = chance.uniform(0, 4, 2)
    return Rule(chance.uniform(-3.5, -1.5), float(fit), float(behaviour))


def paths(chance: np.random.Generator, leads: int, by: Rule) -> Simulated:
    """So many leads, one every two hours, each seen at one to four instants, days apart."""
    points = chance.integers(1, MOST + 1, leads)
    lead = np.repeat(np.arange(leads), points)
    fits = np.clip(5 * np.round(chance.normal(8, 5, leads)), 0, 100)
    behaviours = np.clip(chance.gamma(1.2, 20, len(lead)), 0, 100)
    most = np.zeros(leads)
    np.maximum.at(most, lead, behaviours)
    eta = by.base + by.fit * fits / 100 + by.behaviour * most / 100
    p = 1 / (1 + np.exp(-eta - by.other * chance.normal(size=leads)))
    won = chance.random(leads) < p
    found = Paths(
        lead=lead,
        at=_instants(chance, lead),
        fit=fits[lead],
        behaviour=behaviours,
        p=np.full(len(lead), np.nan),
        won=won[lead],
        known=np.ones(len(lead), dtype=bool),
        count=leads,
        ever_won=int(won.sum()),
    )
    return Simulated(found, p)


def _instants(chance: np.random.Generator, lead: Integers) -> Integers:
    """Each lead's first at its creation, the others up to three days after the one before."""
    first = np.flatnonzero(np.diff(lead, prepend=-1))
    later = chance.integers(1, 3 * DAY, len(lead))
    later[first] = 0
    total = np.cumsum(later)
    since = total - np.repeat(total[first], np.diff(np.append(first, len(lead))))
    found: Integers = lead * EVERY + since
    return found
