"""What symbols never are, whatever a lead: beyond what its rules can give it, or intake takes."""

from collections.abc import Iterable, Mapping
from math import ceil, floor, inf

from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring
from scoring_service.policy.necessary import Between, Necessary
from scoring_service.policy.necessary_logic import disjoint

_POINTS_MAX = 100.0
_ALWAYS = {"score.behaviour_level": (1, 4), "score.win_probability": (0.0001, 0.9999)}


def never_met(
    tests: Iterable[Necessary], symbols: Mapping[str, Attribute], scoring: Scoring
) -> str:
    """Why no lead meets one of these tests; "" where one may."""
    for test in tests:
        attribute = symbols[test.symbol]
        known = bounds_of(test.symbol, attribute, scoring)
        if known is not None and disjoint(test, known):
            return _said(test.symbol, known)
        whole = attribute.type is AttributeType.INTEGER
        if whole and isinstance(test, Between) and not _holds_whole(test):
            return f"{test.symbol} is a whole number, and none is in the range"
    return ""


def bounds_of(symbol: str, attribute: Attribute, scoring: Scoring) -> Between | None:
    """Between what a symbol always is where it is not null; None where it may be anything."""
    if symbol in _ALWAYS:
        return Between(symbol, *_ALWAYS[symbol])
    if symbol == "score.fit":
        return Between(symbol, 0, best_fit(scoring))
    if symbol == "score.behaviour":
        return Between(symbol, 0, best_behaviour(scoring))
    if symbol.startswith("activity."):
        return Between(symbol, 0)
    narrowed = attribute.min is not None or attribute.max is not None
    if narrowed and not symbol.startswith("account."):
        return Between(symbol, attribute.min, attribute.max)
    return None


def best_fit(scoring: Scoring) -> float:
    """The most points that fit can come to."""
    return min(_POINTS_MAX, sum(max(0.0, one.points) for one in scoring.fit))


def best_behaviour(scoring: Scoring) -> float:
    """The most points that behaviour can come to."""
    free = 0.0
    groups: dict[str, float] = {}
    for one in scoring.activities.values():
        if one.group is None:
            free += most_of(one)
        else:
            groups[one.group] = groups.get(one.group, 0.0) + most_of(one)
    return min(
        _POINTS_MAX, free + sum(min(most, scoring.groups[name]) for name, most in groups.items())
    )


def most_of(scored: ActivityScoring) -> float:
    """The most points that a type can come to, apart from its group."""
    if scored.points <= 0:
        return 0.0
    repeated = scored.points if scored.once else inf
    return min(repeated, inf if scored.points_max is None else scored.points_max)


def _holds_whole(test: Between) -> bool:
    if test.low is None or test.high is None:
        return True
    low = ceil(test.low) if test.low_included else floor(test.low) + 1
    high = floor(test.high) if test.high_included else ceil(test.high) - 1
    return low <= high


def _said(symbol: str, known: Between) -> str:
    if known.high is None:
        return f"{symbol} is never below {known.low:g}"
    if known.low is None:
        return f"{symbol} is never above {known.high:g}"
    return f"{symbol} is always from {known.low:g} to {known.high:g}"
