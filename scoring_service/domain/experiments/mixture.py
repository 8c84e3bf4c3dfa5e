"""An always-valid comparison of two rates: a bet on which arm the next success is from.

Under "both arms have the same rate" the arm of a success tells nothing: of a lead that was enrolled
with weights w0 (control) and w1 it is w1 / (w0 + w1), whatever the rate is, however it drifts over
time and differs between leads. If the rate of the arm is R times control's, the odds are R times
these. With m of n successes from the arm the likelihood of R is a product of such odds, and

    E(R) = (mean over a fixed prior of the likelihood of R') / (likelihood of R)

is, when R is the truth, a nonnegative martingale that begins at 1. By Ville's inequality it ever
reaches 1 / alpha with a probability of at most alpha: exactly, for any number of leads and however
often one looks. So the R with E(R) < 1 / alpha are a confidence sequence, and the same rate is
refuted when 1 is not among them.

Sources: the mixture sequential probability ratio test, H. Robbins, Statistical methods related to
the law of the iterated logarithm, Ann. Math. Stat. 41 (1970), here over a grid of ratios; successes
as a multinomial count, M. Lindon and A. Malek, Anytime-valid inference for multinomial count data,
NeurIPS 2022.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, inf, log, log1p

PRIOR_SPREAD = 0.5
"""Standard deviation of the prior of log R: ratios of 0.6 to 1.65 are what is bet on. Fixed: what
is chosen after the data was seen would not be valid.
"""

_STEP = 0.1
_GRID = tuple(step * _STEP for step in range(-20, 21))
_BELL = tuple(exp(-0.5 * (at / PRIOR_SPREAD) ** 2) for at in _GRID)
_PRIOR = tuple(weight / sum(_BELL) for weight in _BELL)
_FARTHEST = 12.0
_EXACT = 1e-4
_LARGE = 1e100


@dataclass(frozen=True, slots=True)
class Ratio:
    """What is known of an arm's rate over control's: between `low` and `high` (inf: not bounded).

    `p` is at most alpha once the same rate was refuted, and never rises again.
    """

    low: float
    high: float
    p: float

    @property
    def refutes_same(self) -> bool:
        """Whether the two rates differ."""
        return not self.low <= 1 <= self.high


def compared(successes: Iterable[tuple[bool, float]], alpha: float) -> Ratio:
    """The ratio after these successes, in the order in which they came to count.

    Each is whether it is the arm's, and the chance w1 / (w0 + w1) that it would be at equal rates.
    What was excluded once stays so: `low` and `high` are those of every look, intersected. Where no
    ratio is left, which with a probability of at most alpha may be, both are the last that was.
    """
    bets, threshold = _Bets(), -log(alpha)
    low, high, best = -_FARTHEST, _FARTHEST, 0.0
    for of_arm, chance in successes:
        bets.add(chance, of_arm=of_arm)
        won = bets.won()
        best = max(best, won)
        below = won - bets.likelihood(low) >= threshold
        above = won - bets.likelihood(high) >= threshold
        if not (below or above):
            continue
        peak = bets.peak(low, high)
        if won - bets.likelihood(peak) >= threshold:
            break
        low = bets.crossing(low, peak, won - threshold) if below else low
        high = bets.crossing(high, peak, won - threshold) if above else high
    return Ratio(
        0.0 if low == -_FARTHEST else exp(low),
        inf if high == _FARTHEST else exp(high),
        min(1.0, exp(-best)),
    )


class _Bets:
    """Successes counted by the chance that they had, and what the bets on the grid have won.

    Likelihoods are of a log ratio, over that of equal rates, and logarithms.
    """

    def __init__(self) -> None:
        self._counts: dict[float, list[int]] = {}
        self._factors: dict[float, tuple[tuple[float, ...], ...]] = {}
        self._wealth: list[float] = list(_PRIOR)
        self._scale = 0.0

    def add(self, chance: float, *, of_arm: bool) -> None:
        """One more success."""
        if chance not in self._counts:
            self._counts[chance], self._factors[chance] = [0, 0], _factors(chance)
        self._counts[chance][of_arm] += 1
        factors = self._factors[chance][of_arm]
        self._wealth = [have * factor for have, factor in zip(self._wealth, factors, strict=True)]
        total = sum(self._wealth)
        if total > _LARGE or total < 1 / _LARGE:
            self._wealth = [have / total for have in self._wealth]
            self._scale += log(total)

    def won(self) -> float:
        """The mean of the likelihood over the prior."""
        return log(sum(self._wealth)) + self._scale

    def likelihood(self, ratio: float) -> float:
        """The likelihood of a log ratio."""
        total = 0.0
        for chance, (others, own) in self._counts.items():
            odds = log(chance) - log1p(-chance)
            changed = _softplus(odds + ratio) - _softplus(odds)
            total += own * ratio - (own + others) * changed
        return total

    def peak(self, low: float, high: float) -> float:
        """The likeliest log ratio between these two."""
        while high - low > _EXACT:
            middle = (low + high) / 2
            if self._slope(middle) > 0:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    def crossing(self, out: float, within: float, level: float) -> float:
        """Between a log ratio that is refuted and one that is not, the last that is."""
        while abs(out - within) > _EXACT:
            middle = (out + within) / 2
            if self.likelihood(middle) <= level:
                out = middle
            else:
                within = middle
        return out

    def _slope(self, ratio: float) -> float:
        slope = 0.0
        for chance, (others, own) in self._counts.items():
            odds = log(chance) - log1p(-chance) + ratio
            slope += own - (own + others) / (1 + exp(-odds))
        return slope


def _factors(chance: float) -> tuple[tuple[float, ...], ...]:
    """By how much each bet of the grid grows with a success of control, and with one of the arm."""
    odds = [exp(at) * chance / (1 - chance) for at in _GRID]
    control = tuple([1 / (1 + each) / (1 - chance) for each in odds])
    return control, tuple([each / (1 + each) / chance for each in odds])


def _softplus(value: float) -> float:
    return max(value, 0.0) + log1p(exp(-abs(value)))
