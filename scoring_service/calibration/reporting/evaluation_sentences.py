"""What the figures of a training say, one plain sentence each, and what they cannot say."""

from collections.abc import Iterator, Sequence

import numpy as np

from scoring_service.calibration.reporting.evaluation import BaseRates, Weight
from scoring_service.calibration.reporting.figures import between, days, share, signed
from scoring_service.calibration.results import Headroom, Interval, Metrics, Training
from scoring_service.calibration.table import Kind, Time

NO_TIME = {
    Time.ORDER: (
        "The order of the rows was taken as time; there are no dates, so nothing is known of weeks,"
        " and no label was held back."
    ),
    Time.NONE: (
        "The rows have no times: random parts stand in for the last window, each in turn for the "
        "figures, one of them for the rest, which shows no drift and flatters. Give the rows a "
        "date, or --ordered where they are in the order of time."
    ),
}


def sentences(
    training: Training, rates: BaseRates | None, weights: Sequence[Weight]
) -> tuple[str, ...]:
    """All of them, in the order of a report."""
    return (
        *((rates.sentence,) if rates else ()),
        *_headroom(training),
        *_recycled(training),
        *_half_lives(training),
        *_with_clocks(training),
        *_surprises(weights),
        *_cannot(training),
    )


def base_rate_sentence(before: float, won: Interval, predicted: float) -> str:
    """Whether P is right on average in the last window, and whether a moved base rate explains it.

    >>> base_rate_sentence(0.05, Interval(0.31, 0.30, 0.32), 0.12)[:66]
    'In the last window P is too low because the base rate rose from .0'
    """
    if won.low <= predicted <= won.high:
        return (
            f"In the last window P is right on average: {share(predicted)} predicted, "
            f"{between(won)} won (in training {share(before)})."
        )
    too, moved = ("low", "rose") if predicted < won.value else ("high", "fell")
    explained = (won.value > before) == (predicted < won.value)
    why = (
        f"because the base rate {moved} from {share(before)} to {share(won.value)}"
        if explained
        else f"although the base rate went from {share(before)} to {share(won.value)}"
    )
    return (
        f"In the last window P is too {too} {why}: {share(predicted)} predicted on average, "
        f"{between(won)} won."
    )


def _headroom(training: Training) -> Iterator[str]:
    probe, metrics = training.headroom, training.metrics
    if probe is None or metrics is None:
        return
    yield (
        f"A gradient boosting of the same columns on the same rows reaches AUC "
        f"{share(probe.roc_auc)} and log-loss {share(probe.log_loss)}, the scorecard "
        f"{between(metrics.roc_auc)} and {between(metrics.log_loss)}: {_left(probe, metrics)}."
    )


def _left(probe: Headroom, metrics: Metrics) -> str:
    auc, loss = probe.roc_auc - metrics.roc_auc.value, metrics.log_loss.value - probe.log_loss
    better = {"AUC": auc, "log-loss": loss}
    left = [f"{share(gain)} of {name}" for name, gain in better.items() if gain > 0]
    return f"the additive form leaves {' and '.join(left) or 'nothing'} on the table"


def _recycled(training: Training) -> Iterator[str]:
    window, without = training.window, training.metrics_unrecycled
    if window is None or without is None or training.metrics is None:
        return
    fresh, weights = ~window.table.recycled, window.table.weights
    mean = float(np.average(window.p, weights=weights))
    mean_fresh = float(np.average(window.p[fresh], weights=weights[fresh]))
    yield (
        f"Mean P is {share(mean)} with recycled leads and {share(mean_fresh)} without the "
        f"{int((~fresh).sum()):,} rows of them; AUC {between(training.metrics.roc_auc)} with them, "
        f"{between(without.roc_auc)} without."
    )


def _half_lives(training: Training) -> Iterator[str]:
    tried = training.half_lives
    if not tried:
        return
    told = ", ".join(f"{loss:.4f} at {factor:g} x" for factor, loss in tried)
    best = min(tried, key=lambda pair: pair[1])[0]
    other = "" if best == 1 else f"; {best:g} x fits best, and scoring.yaml decides"
    yield f"Log-loss in the last window by half-life: {told} (given, never learned){other}."


def _with_clocks(training: Training) -> Iterator[str]:
    kept, without = training.metrics_with_clocks, training.metrics
    if kept is not None and without is not None:
        yield (
            f"AUC in the last window is {between(without.roc_auc)} without the clocks and "
            f"{between(kept.roc_auc)} with them."
        )


def _surprises(weights: Sequence[Weight]) -> Iterator[str]:
    for weight in weights:
        if weight.surprise:
            yield f"Surprising: {weight.term} {weight.surprise} ({signed(weight.log_odds)})."


def _cannot(training: Training) -> Iterator[str]:
    """What the data cannot show."""
    table = training.table
    if table.time in NO_TIME:
        yield NO_TIME[table.time]
    if table.horizon is None:
        yield (
            "There is no horizon: won means won whenever, and leads still open were left out, so "
            "that P says nothing of when."
        )
    else:
        yield f"Won means won within {days(table.horizon)}; later wins count as lost."
    if not any(column.kind is Kind.ACTIVITY for column in table.columns):
        yield "No activities were given: what leads did plays no part in P."
    if training.metrics is not None and training.metrics_unrecycled is None:
        yield "No recycled lead is among the rows: P with and without them cannot be told apart."
    yield (
        "The interval of P covers the P(won) of leads that look alike to the scorecard; what it "
        "does not see, and a future unlike the past, it does not cover."
    )
