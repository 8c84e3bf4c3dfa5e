"""What can be concluded of an experiment, and what not, in sentences."""

from collections.abc import Iterator
from datetime import datetime
from math import isinf

from scoring_service.domain.experiments.balance import ALPHA as ALARM
from scoring_service.domain.experiments.experiment import CONTROL
from scoring_service.domain.experiments.report import ArmReport, Report

FEW_LEADS = 50
FEW_SUCCESSES = 20
"""With less than this in an arm, or in both together, hardly any difference could be seen."""


def sentences(found: Report) -> tuple[str, ...]:
    """What the report says, the gravest first; always at least one sentence."""
    return (*_alarm(found), *_so_far(found), *_arms(found), *_left_out(found))


def _alarm(found: Report) -> Iterator[str]:
    if found.unbalanced:
        yield (
            f"ALARM: the arms are not as large as their weights say (p = {found.balance:.2g}, and"
            f" {ALARM:g} is where the alarm is): whom leads were enrolled by, or recorded, is"
            " wrong. Conclude nothing from the rates before that is found."
        )


def _so_far(found: Report) -> Iterator[str]:
    experiment = found.experiment
    if not found.enrolled:
        yield f"Nobody is enrolled{_when(found)}."
    elif found.matures_at is not None:
        yield (
            f"Of {found.waiting:,} enrolled the time of {experiment.span} has not passed; they"
            f" count in neither way until it has, the next one on {_day(found.matures_at)}."
        )
    if not found.in_rules:
        yield (
            "It is no longer in the rules: nobody joins it, and its arms change nothing. It is told"
            " as it stood when it last enrolled somebody."
        )
    elif found.at < experiment.over_at and found.enrolled:
        yield (
            f"It runs until {_day(experiment.over_at)}. You may look as often as you like, and end"
            " it when you like: what is once shown stays as sure as is said with it."
        )


def _when(found: Report) -> str:
    begins, is_over = _day(found.experiment.starts), found.at >= found.experiment.over_at
    if is_over or not found.in_rules:
        return ""
    return f" yet: it {'begins' if found.at < found.experiment.starts else 'began'} on {begins}"


def _arms(found: Report) -> Iterator[str]:
    control = next((arm for arm in found.arms if arm.name == CONTROL), None)
    for arm in () if found.unbalanced else found.arms:
        if arm.ratio is not None and control is not None and found.matured:
            yield _compared(found, arm, control)


def _compared(found: Report, arm: ArmReport, control: ArmReport) -> str:
    ratio, stage = arm.ratio, found.experiment.stage.value
    assert ratio is not None, arm.name
    sure = f"{100 * (1 - found.alpha):.3g} % sure, however often one looked"
    between = _between(ratio.low, ratio.high)
    if ratio.refutes_same:
        more = "more" if ratio.low > 1 else "less"
        return (
            f"'{arm.name}' reaches {stage} {more} often than {CONTROL}: {between} its rate"
            f" ({sure}). This is shown."
        )
    few = _few(arm, control)
    if few:
        return f"Too few to tell '{arm.name}' from {CONTROL}: {few}. Nothing is shown yet."
    return (
        f"No difference between '{arm.name}' and {CONTROL} is shown: '{arm.name}' reaches {stage}"
        f" at {between} {CONTROL}'s rate ({sure}). That they are the same is not shown either."
    )


def _few(arm: ArmReport, control: ArmReport) -> str:
    successes = arm.rate.successes + control.rate.successes
    if min(arm.rate.leads, control.rate.leads) < FEW_LEADS:
        return (
            f"{arm.rate.leads} and {control.rate.leads} whose time has passed, and each should have"
            f" {FEW_LEADS}"
        )
    if successes < FEW_SUCCESSES:
        return f"{successes} reached the outcome in both together, and {FEW_SUCCESSES} should"
    return ""


def _left_out(found: Report) -> Iterator[str]:
    if found.crossed:
        yield (f"{found.crossed:,} persons were in two arms after a merge, and count in neither.")
    verdict = found.experiment.verdict
    if verdict is not None:
        yield (
            f"It was decided for '{verdict.arm}' from {_day(verdict.on)} on: the arms change"
            " nothing from then, so write what was chosen into the rules."
        )


def _between(low: float, high: float) -> str:
    """The bounds of a ratio in words; one that is not bounded is left out."""
    if isinf(high):
        return f"at least {low:.2f} times" if low > 0 else "any multiple of"
    return f"{low:.2f} to {high:.2f} times" if low > 0 else f"at most {high:.2f} times"


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
