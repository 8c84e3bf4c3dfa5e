"""What gives a lead points, for examples in which its score is asked about."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from math import ceil
from typing import Any

from scoring_service.domain.schema import Attribute
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring
from scoring_service.policy.conditions import Compiled
from scoring_service.policy.examples.values import values_for

TYPES_MAX = 4
CRITERIA_MAX = 12
"""Activity types and criteria that are tried: those of the most points."""

STEPS = (1.0, 0.75, 0.5, 0.25)
"""Shares of the points that a type can give that are tried."""

Values = Mapping[str, Any]
Used = Mapping[str, Mapping[str, object]]


def fillers(
    scoring: Scoring, compiled: Used, symbols: Mapping[str, Attribute], values: Values
) -> list[Values]:
    """The values with further ones that give points for fit and for behaviour, in many ways.

    `compiled` are the conditions of the folder, by scope and text.
    """
    criteria = sorted(scoring.fit, key=lambda one: -one.points)[:CRITERIA_MAX]
    met = [_meeting(one.text, compiled, symbols) for one in criteria if one.points > 0]
    fits = list(_of_fit(list(filter(None, met)), values))
    acts = list(_of_behaviour(scoring))
    places = sorted(product(range(len(fits)), range(len(acts))), key=sum)
    return [{**fits[fit], **acts[act], **values} for fit, act in places]


def _of_fit(met: Sequence[Values], values: Values) -> Iterator[Values]:
    """Nothing; the best criteria together, all of them first; and each alone."""
    yield {}
    for count in range(len(met), 1, -1):
        together: dict[str, Any] = {}
        for one in reversed(met[:count]):
            together |= one
        yield together
    yield from (one for one in met if not one.keys() & values.keys())


def _meeting(text: str, compiled: Used, symbols: Mapping[str, Attribute]) -> Values:
    """Values by which a criterion holds, as far as the index knows it."""
    found = next((used[text] for used in compiled.values() if text in used), None)
    tests = found.necessary if isinstance(found, Compiled) else ()
    values = {test.symbol: values_for([test], symbols[test.symbol]) for test in tests}
    return {symbol: tried[0] for symbol, tried in values.items() if tried}


def _of_behaviour(scoring: Scoring) -> Iterator[Values]:
    """Nothing; and of the types that give most a few or many."""
    yield {}
    types = sorted(scoring.activities.values(), key=lambda one: -one.points)
    for scored in islice(types, TYPES_MAX):
        if scored.points > 0:
            yield from ({f"activity.{scored.type}.count": n} for n in _counts(scored))


def _counts(scored: ActivityScoring) -> list[int]:
    most = 1 if scored.once else ceil((scored.points_max or 100) / scored.points)
    return sorted({max(1, round(most * step)) for step in STEPS}, reverse=True)
