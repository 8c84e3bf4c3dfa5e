"""What the findings of a calibration mean, one sentence each."""

from collections.abc import Iterator

from scoring_service.calibration.results import Leak, Severity, Training
from scoring_service.cli.calibrate.found import Found, is_left_out


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
    """The columns that tell the last window from the rows before it."""
    named = [f"{clock.column} ({clock.auc:.2f})" for clock in training.clocks if is_left_out(clock)]
    kept = [clock.column for clock in training.clocks if clock.allowed]
    if named:
        yield (
            f"{', '.join(named)}: left out, as each tells the last window from the rows before "
            "it with the AUC beside it: what it taught cannot be seen again. --allow keeps one."
        )
    if kept:
        yield f"{', '.join(kept)}: kept, as --allow says."


def _current(found: Found) -> str:
    before = found.compared_with
    if before == found.version:
        return "which is current already"
    return f"now current, in place of {before}" if before else "now current"


def verdict(found: Found) -> Iterator[str]:
    """Published as what, or refused and by how much."""
    gate = found.training.gate
    if gate.refused is None:
        yield f"Published as {found.models}/{found.version}, {_current(found)}."
        if gate.why:
            yield f"It was {gate.why}."
        if found.unserved:
            yield f"A server with these rules refuses it and keeps what it has: {found.unserved}."
        if not found.new:
            yield "That scorecard had been published before: nothing in its folder was changed."
        return
    yield f"Not published: {gate.why}."
    if found.compared_with:
        yield f"{found.compared_with} stays current."


def next_steps(found: Found) -> Iterator[str]:
    """What to do with it, a command each."""
    if found.version is None:
        return
    yield f"Read {found.models}/{found.version}/card.md."
    yield f"Serve it: leadscoring serve --models {found.models}"
    proposed = found.proposed
    if proposed is not None and proposed.written:
        models = f"--models {found.models}"
        yield (
            "Review the change of scoring.yaml: leadscoring rules check DIR "
            f"{models}, leadscoring rules test DIR {models}."
        )
    elif proposed is not None and proposed.change is not None:
        yield "Nothing was written: --apply writes the bars into scoring.yaml."
    elif proposed is None:
        yield (
            "Publishing changes no rule: --precision, --capacity or --value with --cost proposes "
            "bars, and --apply writes them."
        )
