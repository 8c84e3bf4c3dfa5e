"""Whether the arms are as large as their weights say: an alarm on the machinery, not a result.

Each enrolment is a draw of an arm by its weights. Against that stands the forecast of somebody who
goes by what he saw: an arm of which c came where e were due is expected (c + S w) / (e + S w) times
as often as its weight w says. The product of forecast over weight, over all enrolments, is 1 in the
mean while the weights are true, however often one looks: it reaches 1 / alpha with a probability of
at most alpha. With weights that never change it is the Dirichlet-multinomial test of M. Lindon and
A. Malek, Anytime-valid inference for multinomial count data, NeurIPS 2022, with concentration S w.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log

ALPHA = 0.001
"""How often the alarm may ever be raised for arms that are as they should be."""

_STUBBORN = (1.0, 100.0)
"""How many enrolments the weights count for in a forecast: one looks for what is grossly wrong, one
for shares off by a tenth. What is bet is the mean of both.
"""


def balance(enrolled: Iterable[tuple[str, Mapping[str, int]]]) -> float:
    """The always-valid p of "the arms are drawn by their weights"; alarm where at most ALPHA.

    `enrolled` are the arm and the weights of all arms then, in the order of the enrolments.

    >>> balance([("a", {"a": 1, "b": 1}), ("b", {"a": 1, "b": 1})] * 500)
    1.0
    """
    came: dict[str, float] = {}
    due: dict[str, float] = {}
    bets, best = [0.0] * len(_STUBBORN), 0.0
    for arm, weights in enrolled:
        total = sum(weights.values())
        for index, stubborn in enumerate(_STUBBORN):
            bets[index] += _gain(arm, weights, came, due, stubborn / total)
        best = max(best, _log_mean(bets))
        came[arm] = came.get(arm, 0.0) + 1
        for name, weight in weights.items():
            due[name] = due.get(name, 0.0) + weight / total
    return exp(-best)


def _gain(
    arm: str,
    weights: Mapping[str, int],
    came: Mapping[str, float],
    due: Mapping[str, float],
    counts: float,
) -> float:
    """The logarithm of forecast over share, for the arm that was drawn; a unit of weight counts for
    so many enrolments.
    """
    tilts = {
        name: (came.get(name, 0.0) + counts * weight) / (due.get(name, 0.0) + counts * weight)
        for name, weight in weights.items()
    }
    mean = sum(weights[name] * tilt for name, tilt in tilts.items()) / sum(weights.values())
    return log(tilts[arm] / mean)


def _log_mean(logs: Sequence[float]) -> float:
    most = max(logs)
    return most + log(sum(exp(each - most) for each in logs) / len(logs))
