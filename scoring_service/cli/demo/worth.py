"""P(won) in the demo: what was predicted of the bank's leads, against what came true."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
from leadscoring.v1 import types_pb2
from rich.console import Console
from rich.table import Table

from scoring_service.domain.calibration.scorecard import Scorecard
from scoring_service.registry.current import current

BANDS = (0.03, 0.06, 0.12)
"""P(won) at which the next band of leads begins."""

TRAITS = 5
"""So many are shown of what adds to a P(won)."""

Told = Sequence[tuple[float, bool]]
"""P(won) and whether it was won, of each lead."""


def base_rate_in(models: Path) -> float:
    """The share won among the rows that the current model of a folder was trained on."""
    found = current(models)
    assert found is not None, models
    return msgspec.json.decode(found.scorecard, type=Scorecard).base_rate


def estimated(console: Console, score: types_pb2.Score) -> None:
    """P(won) of one lead with its interval, and what speaks most for it and against it."""
    if not score.HasField("win_probability"):
        return
    low, high = score.win_probability_low, score.win_probability_high
    console.print(
        f"P(won) {score.win_probability:.2f} (between {low:.2f} and {high:.2f}) by model "
        f"{score.model_version}, in log-odds:",
        highlight=False,
    )
    base, *traits = score.model_contributions
    most = sorted(traits, key=lambda trait: -abs(trait.log_odds))[:TRAITS]
    rest = sum(trait.log_odds for trait in traits) - sum(trait.log_odds for trait in most)
    for trait in (base, *most):
        console.print(f"  {trait.log_odds:+.2f} {trait.name}", markup=False, highlight=False)
    console.print(f"  {rest:+.2f} all others", highlight=False)


def predicted_and_true(
    scores: Mapping[str, types_pb2.Score], outcomes: Mapping[str, bool]
) -> list[tuple[float, bool]]:
    """Of every lead with an outcome, by its id."""
    return [(scores[lead_id].win_probability, won) for lead_id, won in outcomes.items()]


def worth(console: Console, told: Told, base_rate: float) -> None:
    """Predicted beside actual, and why they differ; `base_rate` is the model's own."""
    table = Table(title="P(won), and what came true", title_justify="left")
    for column in ("P(won)", "leads", "predicted", "won"):
        table.add_column(column, justify="left" if column == "P(won)" else "right")
    for low, high in pairwise((0.0, *BANDS, math.inf)):
        inside = [one for one in told if low <= one[0] < high]
        if inside:
            table.add_row(f"from {low:.2f}", *_row(inside))
    table.add_row("all", *_row(told))
    console.print()
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
