"""Whether a model may be published: enough outcomes, a signal, no worse than the current one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.judging.metrics import Judged
from scoring_service.calibration.results import Gate, Predictions, Refusal
from scoring_service.calibration.table import Flags, Floats, Integers, TrainingTable

TRAINING_MIN = 50
WINDOW_MIN = 20
ALPHA = 5.0
PASSED = Gate(None, "")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of the current model, on rows that it had not learned from then."""

    rows: int
    won: int
    log_loss: float
    brier: float

    def is_of(self, window: Predictions) -> bool:
        """Whether these are the rows: as many, and as many of them won."""
        return (self.rows, self.won) == (len(window.table), int(window.table.won.sum()))


def too_few(table: TrainingTable, in_window: Flags, trains: Flags) -> Gate | None:
    """The refusal where there are not 50 won and 50 lost leads to train on and 20 and 20 to judge
    by; None where there are. Several rows of one lead are one outcome.
    """
    counts = [_counts(table, trains), _counts(table, in_window)]
    if min(counts[0]) >= TRAINING_MIN and min(counts[1]) >= WINDOW_MIN:
        return None
    (won, lost), (later_won, later_lost) = counts
    return Gate(
        Refusal.TOO_FEW_OUTCOMES,
        f"too few outcomes: {won} won and {lost} not won to train on ({TRAINING_MIN} of each are"
        f" needed), {later_won} won and {later_lost} not won in the last window ({WINDOW_MIN} of"
        " each); wait for more outcomes, or give more of the past",
    )


def gate(
    window: Predictions,
    base_rate: float,
    within: Predictions,
    fold_of: Integers,
    current: Predictions | None,
    seed: int,
    replicates: int,
    recorded: Recorded | None = None,
) -> Gate:
    """Signal first, then not worse than the current model on the same rows.

    `base_rate` is the training window's; `within` are predictions of training rows by models that
    did not see them, and `fold_of` the parts inside which they are ranked: a model that ranks by
    chance gets past the last window once in a while, and has to do so there too, on more rows.
    `current` has NaN for rows that the current model learned from: on these it would look better
    than it is, so that they are not held against the new one. Where it learned from nearly all,
    what was recorded of it on the same rows before it did (`recorded`) stands in.
    """
    no_signal = _no_signal(window, base_rate, seed, replicates) or _no_signal_within(
        within, fold_of, seed, replicates
    )
    if no_signal:
        return Gate(Refusal.NO_SIGNAL, f"no signal: {no_signal}")
    if current is None:
        return PASSED
    unseen = ~np.isnan(current.p)
    if min(_counts(window.table, unseen)) < WINDOW_MIN:
        if recorded is None or not recorded.is_of(window):
            return Gate(None, _not_compared(unseen))
        worse = _worse_than_recorded(window, recorded, seed, replicates)
        return Gate(Refusal.WORSE_THAN_CURRENT, worse) if worse else PASSED
    worse = _worse(_fold(window, unseen), _fold(current, unseen), seed, replicates)
    return Gate(Refusal.WORSE_THAN_CURRENT, worse) if worse else PASSED


def _worse_than_recorded(
    window: Predictions, recorded: Recorded, seed: int, replicates: int
) -> str:
    """As `_worse`, against figures instead of predictions: by the new model's interval alone."""
    judged = Judged.of(window)
    drawn = [judged.figures(w) for w in judged.resampled(np.random.default_rng(seed), replicates)]
    of = (("log-loss", 2, recorded.log_loss), ("Brier score", 3, recorded.brier))
    for name, place, theirs in of:
        low = float(np.nanpercentile([figures[place] for figures in drawn], ALPHA))
        if low > theirs:
            return (
                f"worse than the current model was on the same rows: {name}"
                f" {judged.figures(judged.weights)[place]:.4f} against {theirs:.4f},"
                f" at least {low - theirs:.4f} worse with 95 % confidence"
            )
    return ""


def _not_compared(unseen: Flags) -> str:
    seen = len(unseen) - int(unseen.sum())
    return (
        f"not compared with the current model, which learned from {seen:,} of the {len(unseen):,}"
        f" rows that judge: the others have not {WINDOW_MIN} won and {WINDOW_MIN} not won"
    )


def _counts(table: TrainingTable, which: Flags) -> tuple[int, int]:
    won, lost = (np.unique(table.leads[which & outcome]) for outcome in (table.won, ~table.won))
    return len(won), len(lost)


def _no_signal(window: Predictions, base_rate: float, seed: int, replicates: int) -> str:
    judged = Judged.of(window)
    auc, _, log_loss, *_ = judged.figures(judged.weights)
    drawn = judged.resampled(np.random.default_rng(seed), replicates)
    low = float(np.nanpercentile([judged.auc(w) for w in drawn], ALPHA))
    if low <= 0.5:
        return (
            f"on the last window the AUC is {auc:.3f} and its 5 % bound {low:.3f}, not above .5:"
            " what is known of a lead does not tell who buys"
        )
    constant = _log_loss(window, base_rate)
    if log_loss >= constant:
        return (
            f"on the last window the log-loss is {log_loss:.4f}, and to say the earlier base rate"
            f" of {base_rate:.3f} for every lead gives {constant:.4f}"
        )
    return ""


def _no_signal_within(within: Predictions, fold_of: Integers, seed: int, replicates: int) -> str:
    """Ranking inside each fold only: that the base rate moves between folds is no signal."""
    parts = [_fold(within, fold_of == k) for k in np.unique(fold_of)]
    judged = [Judged.of(part) for part in parts if 0 < part.table.won.sum() < len(part.table)]
    if not judged:
        return "no fold of the training rows has both outcomes"
    chance = np.random.default_rng(seed)
    drawn = zip(*(j.resampled(chance, replicates) for j in judged), strict=True)
    sizes = np.array([np.sqrt(float(j.won.sum()) * float((~j.won).sum())) for j in judged])

    def pooled(weights: Sequence[Floats]) -> float:
        found = np.array([j.auc(w) for j, w in zip(judged, weights, strict=True)])
        there = ~np.isnan(found)
        return float(np.average(found[there], weights=sizes[there])) if there.any() else np.nan

    value = pooled([j.weights for j in judged])
    low = float(np.nanpercentile([pooled(weights) for weights in drawn], ALPHA))
    if low > 0.5:
        return ""
    return (
        f"inside parts of the training rows the AUC is {value:.3f} and its 5 % bound {low:.3f},"
        " not above .5: the last window alone is no proof"
    )


def _fold(predictions: Predictions, which: Flags) -> Predictions:
    return Predictions(predictions.table.rows(which), predictions.p[which])


def _log_loss(window: Predictions, p: float) -> float:
    constant = Predictions(window.table, np.full(len(window.p), p))
    judged = Judged.of(constant)
    return judged.figures(judged.weights)[2]


def _worse(window: Predictions, current: Predictions, seed: int, replicates: int) -> str:
    """Where Brier or log-loss are worse than the current model's beyond chance, by how much."""
    new, old = Judged.of(window), Judged.of(current)
    draws = zip(
        *(j.resampled(np.random.default_rng(seed), replicates) for j in (new, old)), strict=True
    )
    gaps = [np.subtract(new.figures(a)[2:4], old.figures(b)[2:4]) for a, b in draws]
    lows = np.nanpercentile(gaps, ALPHA, axis=0)
    for name, place in (("log-loss", 2), ("Brier score", 3)):
        mine, theirs = (j.figures(j.weights)[place] for j in (new, old))
        low = float(lows[place - 2])
        if low > 0:
            return (
                f"worse than the current model on the last window: {name} {mine:.4f} against"
                f" {theirs:.4f}, at least {low:.4f} worse with 95 % confidence"
            )
    return ""
