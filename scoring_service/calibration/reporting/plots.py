"""Pictures of an evaluation as PNG: the same evaluation gives the same bytes.

Figures are made by matplotlib's object interface on the Agg backend; no state of pyplot is used.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scoring_service.calibration.reporting.evaluation import Evaluation, Weight
from scoring_service.calibration.results import Interval

SIZE = (7.0, 4.5)
DPI = 100
WON, LOST, INK, PALE = "#1b7f5c", "#b9c2cc", "#22313f", "#8a97a5"
WEIGHTS_MAX = 24


def plots(evaluation: Evaluation, bars: Mapping[str, float]) -> dict[str, bytes]:
    """PNGs by file name; none where nothing was predicted. `bars` are thresholds on P by name."""
    if evaluation.distribution is None or evaluation.gain is None:
        return {}
    drawn: dict[str, Callable[[Any], None]] = {
        "reliability.png": lambda axes: _reliability(axes, evaluation),
        "distribution.png": lambda axes: _distribution(axes, evaluation, bars),
        "gain.png": lambda axes: _gain(axes, evaluation),
        "weights.png": lambda axes: draw_weights(axes, evaluation.weights),
    }
    shown = largest(evaluation.weights)
    sizes = {"weights.png": (SIZE[0], 1.2 + 0.26 * max(len(shown), 4))}
    return {name: png(draw, sizes.get(name, SIZE)) for name, draw in drawn.items()}


def png(draw: Callable[[Any], None], size: tuple[float, float] = SIZE) -> bytes:
    """One picture, without a date or the software's version in it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=DPI, layout="constrained")
    canvas: Any = FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    draw(axes)
    out = io.BytesIO()
    canvas.print_png(out, metadata={"Software": None})  # savefig would draw it twice
    return out.getvalue()


def largest(weights: Sequence[Weight]) -> tuple[Weight, ...]:
    """The weights to draw: the largest in log-odds, largest first."""
    ordered = sorted(weights, key=lambda weight: (-abs(drawn(weight).value), weight.term))
    return tuple(ordered[:WEIGHTS_MAX])


def drawn(weight: Weight) -> Interval:
    """The log-odds that are drawn: of an activity type those of one fresh activity."""
    if weight.kind != "activity" or weight.points is None:
        return weight.log_odds
    low, high = sorted((weight.log_odds.low * weight.points, weight.log_odds.high * weight.points))
    return Interval(weight.log_odds.value * weight.points, low, high)


def _reliability(axes: Any, evaluation: Evaluation) -> None:
    bins = evaluation.reliability
    predicted, actual = [b.predicted for b in bins], [b.won.value for b in bins]
    below = [b.won.value - b.won.low for b in bins]
    above = [b.won.high - b.won.value for b in bins]
    top = max(0.1, *predicted, *(b.won.high for b in bins)) * 1.05
    axes.plot([0, top], [0, top], color=PALE, linestyle="--", label="right in every P")
    axes.errorbar(
        predicted, actual, yerr=[below, above], fmt="o", color=WON, capsize=3, label="leads"
    )
    for place in bins:
        axes.annotate(
            f"{place.rows:,}", (place.predicted, place.won.high), xytext=(0, 4),
            textcoords="offset points", ha="center", fontsize=7, color=PALE,
        )  # fmt: skip
    axes.set(
        title="Reliability: does P come true? (rows above each point)",
        xlabel="P(won), mean of the bin", ylabel="share won, 90 % interval",
        xlim=(0, top), ylim=(0, top),
    )  # fmt: skip
    axes.legend(loc="lower right", frameon=False)


def _distribution(axes: Any, evaluation: Evaluation, bars: Mapping[str, float]) -> None:
    found = evaluation.distribution
    assert found is not None
    left, width = found.edges[:-1], found.edges[1] - found.edges[0]
    axes.bar(left, found.lost, width, align="edge", color=LOST, label="lost")
    axes.bar(left, found.won, width, align="edge", bottom=found.lost, color=WON, label="won")
    for place, (name, bar) in enumerate(sorted(bars.items(), key=lambda pair: pair[1])):
        axes.axvline(bar, color=INK, linewidth=1)
        axes.annotate(
            f" {name} {bar:.2f}", (bar, 0.97 - 0.07 * place), xycoords=("data", "axes fraction"),
            fontsize=8, color=INK, va="top",
        )  # fmt: skip
    full = (found.won + found.lost).nonzero()[0]
    right = max([float(found.edges[full[-1] + 1]) if len(full) else 1.0, *bars.values()])
    axes.set(
        title="Leads by P(won)", xlabel="P(won)", ylabel="leads", xlim=(0, min(1.0, right * 1.1))
    )
    axes.legend(loc="upper right", frameon=False)


def _gain(axes: Any, evaluation: Evaluation) -> None:
    found = evaluation.gain
    assert found is not None
    axes.plot([0, 100], [0, 100], color=PALE, linestyle="--", label="without a model")
    axes.plot(found.rows * 100, found.wins * 100, color=WON, label="by P, best first")
    for at in (10, 20, 50):
        wins = float(found.wins[abs(found.rows * 100 - at).argmin()]) * 100
        axes.plot([at], [wins], "o", color=WON, markersize=4)
        axes.annotate(
            f"{wins:.0f} % of the wins in {at} %", (at, wins), xytext=(6, -10),
            textcoords="offset points", fontsize=8, color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    axes.set(
        title="Gain: wins found by working the best leads first", xlabel="leads worked, %",
        ylabel="wins among them, %", xlim=(0, 100), ylim=(0, 102),
    )  # fmt: skip
    axes.legend(loc="lower right", frameon=False)


def draw_weights(axes: Any, weights: Sequence[Weight]) -> None:
    """The largest weights as dots with their intervals, largest on top."""
    shown = largest(weights)[::-1]
    for place, weight in enumerate(shown):
        figure = drawn(weight)
        color = "#b3412f" if weight.surprise else WON if figure.value >= 0 else INK
        axes.plot([figure.low, figure.high], [place, place], color=color, linewidth=1.5)
        axes.plot([figure.value], [place], "o", color=color, markersize=5)
    axes.axvline(0, color=PALE, linewidth=1)
    axes.set_yticks(range(len(shown)), [plain(weight.term) for weight in shown], fontsize=8)
    axes.set(
        title=f"Learned weights, the {len(shown)} largest (red: a surprising sign)",
        xlabel="log-odds, 90 % interval; of an activity type, one fresh activity",
        ylim=(-0.7, max(len(shown), 1) - 0.3),
    )


def plain(text: str, length: int = 40) -> str:
    """A name as it can be drawn: no formulas, no letter that the font lacks, not too long.

    >>> plain("price in $ and $x$"), len(plain("x" * 99))
    ('price in \\\\$ and \\\\$x\\\\$', 40)
    """
    shown = "".join(letter if _drawable(letter) else "?" for letter in text)
    cut = shown if len(shown) <= length else f"{shown[: length - 3]}..."
    return cut.replace("$", r"\$")


def _drawable(letter: str) -> bool:
    """Latin, Greek, Cyrillic and punctuation: what matplotlib's own font has."""
    return letter.isprintable() and letter < "\u0530"
