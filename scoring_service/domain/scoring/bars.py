"""The bars of qualification, and what a stored lead that met one keeps of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from scoring_service.domain.scoring.scoring import Bars, Scoring
from scoring_service.values.score import Bar, HeldBar, Score, WinProbability

FIT = "fit"
BEHAVIOUR = "behaviour"
WIN_PROBABILITY = "win_probability"

_WIN_HYSTERESIS = 0.9
"""A bar on the win probability is kept down to this share of it."""

_SAME = 1e-9
"""Thresholds nearer than this are one: they come back from sums."""

_DIGITS = 12
"""Decimals of a threshold: 0.9 of 0.2 is 0.18, which a lead of 0.18 meets, and no hair more."""


def judged(
    bars: Bars,
    fit: float,
    behaviour: float,
    win: WinProbability | None,
    held: Sequence[HeldBar],
    past_bars: tuple[float, float] | None,
    now: datetime,
) -> tuple[Bar, ...]:
    """Fit and behaviour against their bars and, only where it is set, the win probability.

    `past_bars` (fit, behaviour) are those by which the lead entered its visit. A bar that is held
    is judged by its threshold less the hysteresis. A win probability that is absent meets no bar;
    its value is then written as 0.
    """
    fit_min, behaviour_min = past_bars or (bars.fit_min, bars.behaviour_min)
    found = (
        _judged(bars, FIT, fit, fit_min, held, now),
        _judged(bars, BEHAVIOUR, behaviour, behaviour_min, held, now),
    )
    if bars.win_probability_min is None:
        return found
    value = 0.0 if win is None else win.value
    return (*found, _judged(bars, WIN_PROBABILITY, value, bars.win_probability_min, held, now))


def lowered(bars: Bars, name: str, threshold: float) -> float:
    """Down to where a bar that was met is kept: `hysteresis` points, 0.9 of a probability.

    >>> lowered(Bars(fit_min=40, behaviour_min=45, hysteresis=5), "behaviour", 45)
    40
    """
    if name == WIN_PROBABILITY:
        return round(threshold * _WIN_HYSTERESIS, _DIGITS)
    return round(threshold - bars.hysteresis, _DIGITS)


def held_bars(
    score: Score, scoring: Scoring, held: Iterable[HeldBar], now: datetime
) -> tuple[HeldBar, ...]:
    """What a stored lead keeps after something happened to it: each bar met, and until when.

    `held` is what it kept before, and what `score` was judged with. Fit does not decay.
    """
    before = {bar.name: bar for bar in held if _stands(bar, now)}
    kept = []
    for bar in score.bars:
        if not bar.met:
            continue
        threshold, past = bar.threshold, before.get(bar.name)
        if past is not None and threshold <= lowered(scoring.mql, bar.name, past.threshold) + _SAME:
            threshold = _raised(scoring.mql, bar.name, threshold)
        until = score.qualified_until if bar.name == BEHAVIOUR else None
        kept.append(HeldBar(bar.name, threshold, until))
    return tuple(kept)


def _judged(
    bars: Bars, name: str, value: float, threshold: float, held: Sequence[HeldBar], now: datetime
) -> Bar:
    for past in held:
        if past.name == name and past.threshold >= threshold - _SAME and _stands(past, now):
            threshold = lowered(bars, name, threshold)
            break
    return Bar(name, value, threshold, value >= threshold)


def _stands(held: HeldBar, now: datetime) -> bool:
    return held.until is None or now < held.until


def _raised(bars: Bars, name: str, threshold: float) -> float:
    """The bar itself, of the threshold that hysteresis made of it."""
    if name == WIN_PROBABILITY:
        return round(threshold / _WIN_HYSTERESIS, _DIGITS)
    return round(threshold + bars.hysteresis, _DIGITS)
