"""What the findings of a calibration mean, one sentence each."""

import math
from collections.abc import Iterator

from scoring_service.calibration.results import Leak, Severity, Training
from scoring_service.cli.calibrate_found import Found, is_left_out

Z_90 = 1.645


def left_out(training: Training) -> Iterator[str]:
    """Each column that bears a mark: what became of it, why, and how to have it otherwise."""
    for leak in sorted(training.leaks, key=lambda leak: leak.severity is not Severity.EXCLUDED):
        yield f"{leak.column}: {_became(leak)} ({_marks(leak)}){_remedy(leak)}"


def _became(leak: Leak) -> str:
    if leak.allowed:
        return "kept, as --allow says"
    if leak.severity is Severity.EXCLUDED:
        return "left out, it tells the outcome too well to have been known before"
    return "kept, but is it known when a lead is scored?"


def _marks(leak: Leak) -> str:
    figures = f"alone AUC {leak.lone_auc:.2f}"
    return "; ".join((*leak.marks, figures))


def _remedy(leak: Leak) -> str:
    if leak.allowed:
        return "."
    keep = f"--allow {leak.column}"
    return f"; {keep} keeps it." if is_left_out(leak) else f"; {keep} says that it is."


def clocks(training: Training) -> Iterator[str]:
    """The columns that tell the last window from the rows before it, and what they would do."""
    named = [f"{clock.column} ({clock.auc:.2f})" for clock in training.clocks if is_left_out(clock)]
    kept = [clock.column for clock in training.clocks if clock.allowed]
    if named:
        yield (
            f"{', '.join(named)}: left out, as each tells the last window from the rows before "
            "it with the AUC beside it: what it taught cannot be seen again. --allow keeps one."
        )
    if kept:
        yield f"{', '.join(kept)}: kept, as --allow says."
    if training.metrics and training.metrics_with_clocks:
        without, with_ = training.metrics.roc_auc, training.metrics_with_clocks.roc_auc
        yield f"The AUC there is {without.value:.3f} without clocks, {with_.value:.3f} with them."


def drift(training: Training) -> Iterator[str]:
    """Whether P(won) is right on average in the last window, and whether the base rate moved."""
    if training.window is None:
        return
    won, predicted = training.window.table.won, float(training.window.p.mean())
    actual, before = float(won.mean()), float(training.table.won[training.trains].mean())
    error = math.sqrt(predicted * (1 - predicted) / len(won))
    if abs(actual - predicted) <= Z_90 * error:
        yield f"P(won) is right on average there: {predicted:.3f} predicted, {actual:.3f} won."
        return
    too = "low" if actual > predicted else "high"
    yield (
        f"Drift: P(won) is too {too} in the last window: {predicted:.3f} predicted, {actual:.3f} "
        f"won; the base rate went from {before:.3f} before it to {actual:.3f} in it."
    )


def headroom(training: Training) -> Iterator[str]:
    """What the additive form leaves on the table, and whether other half-lives would fit better."""
    if training.headroom and training.metrics:
        probe, metrics = training.headroom, training.metrics
        yield (
            f"A gradient boosting of the same columns reaches AUC {probe.roc_auc:.3f} and log-loss "
            f"{probe.log_loss:.3f} there: {probe.roc_auc - metrics.roc_auc.value:+.3f} and "
            f"{probe.log_loss - metrics.log_loss.value:+.3f} against the scorecard's."
        )
    if training.half_lives:
        tried = ", ".join(f"{loss:.4f} at {factor:g} x" for factor, loss in training.half_lives)
        yield f"Log-loss by half-lives: {tried}; they are given, never learned."


def verdict(found: Found) -> Iterator[str]:
    """Published as what, or refused and by how much."""
    gate = found.training.gate
    if gate.refused is None:
        beside = f", in place of {found.compared_with}" if found.compared_with else ""
        yield f"Published as {found.models}/{found.version}, now current{beside}: {gate.why}"
        return
    yield f"Not published, {gate.refused.value.replace('_', ' ')}: {gate.why}"
    if found.compared_with:
        yield f"{found.compared_with} stays current."


def next_steps(found: Found) -> Iterator[str]:
    """What to do with it, a command each."""
    if found.version is None:
        return
    yield f"Read {found.models}/{found.version}/card.md."
    yield f"Serve it: leadscoring serve --models {found.models}"
    yield (
        "Publishing changes no rule: --precision, --capacity or --value with --cost proposes bars, "
        "and --apply writes them."
    )
