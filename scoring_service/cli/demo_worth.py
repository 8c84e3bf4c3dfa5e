"""P(won) in the demo: what was predicted of the bank's leads, against what came true."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from leadscoring.v1 import types_pb2
from rich.console import Console
from rich.table import Table

BANDS = (0.03, 0.06, 0.12)
"""P(won) at which the next band of leads begins."""

Told = Sequence[tuple[float, bool]]
"""P(won) and whether it was won, of each lead."""


def predicted_and_true(
    scores: Mapping[str, types_pb2.Score], outcomes: Mapping[str, bool]
) -> list[tuple[float, bool]]:
    """Of every lead with an outcome, by its id."""
    return [(scores[lead_id].win_probability, won) for lead_id, won in outcomes.items()]


def worth(console: Console, told: Told, base_rate: float) -> None:
    """Predicted beside actual, and why they differ; `base_rate` is the model's own."""
    table = Table(title="P(won) of the bank's leads, and what came true", title_justify="left")
    for column in ("P(won)", "leads", "predicted", "won"):
        table.add_column(column, justify="left" if column == "P(won)" else "right")
    for low, high in pairwise((0.0, *BANDS, math.inf)):
        inside = [one for one in told if low <= one[0] < high]
        if inside:
            table.add_row(f"from {low:.2f}", *_row(inside))
    table.add_row("all", *_row(told))
    console.print(table)
    for sentence in sentences(told, base_rate):
        console.print(sentence, highlight=False)


def _row(told: Told) -> tuple[str, str, str]:
    return f"{len(told)}", f"{_predicted(told):.2f}", f"{_won(told):.2f}"


def sentences(told: Told, base_rate: float) -> tuple[str, str]:
    """That P is too low or too high because the base rate moved, and what still holds."""
    won, predicted = _won(told), _predicted(told)
    too, moved = ("low", "rose") if won > predicted else ("high", "fell")
    ranked = sorted(told, key=lambda one: -one[0])
    half = len(ranked) // 2
    better, other = _won(ranked[:half]), _won(ranked[half:])
    holds = "holds" if better > other else "does not hold either"
    return (
        f"P(won) is too {too}: {predicted:.2f} predicted, {won:.2f} won, because the base rate "
        f"{moved} from {base_rate:.2f} in the calls that the model learned from to {won:.2f} in "
        "these later ones.",
        f"Its order {holds}: {better:.2f} of the better half signed, {other:.2f} of the other. The "
        "remedy is to calibrate anew with calls as late as these.",
    )


def _predicted(told: Told) -> float:
    return sum(p for p, _ in told) / len(told)


def _won(told: Told) -> float:
    return sum(won for _, won in told) / len(told)
