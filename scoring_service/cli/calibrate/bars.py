"""Bars and points from outcomes: what is chosen, shown as a change, written where that is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scoring_service.calibration.reporting.publish import encoded
from scoring_service.calibration.results import Training
from scoring_service.calibration.table import Readings
from scoring_service.calibration.thresholds.bars import ChosenBars, choose_bars
from scoring_service.calibration.thresholds.bars_in_file import Bars, Change, with_bars, write
from scoring_service.calibration.thresholds.proposal import Proposal, proposal
from scoring_service.calibration.thresholds.threshold_results import By, Wish
from scoring_service.cli.calibrate.asked import Asked
from scoring_service.cli.problem import Problem
from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.domain.policy import Policy
from scoring_service.server.folders import rule_files


@dataclass(frozen=True, slots=True)
class Proposed:
    """What came of a wish: the bars; the change of scoring.yaml that they are, None without rules
    or where none can be had, and whether it was written; points, where they were asked for.
    """

    bars: ChosenBars
    change: Change | None = None
    written: bool = False
    points: Proposal | None = None


def wish_of(asked: Asked) -> Wish | None:
    """What is asked of the bars; None where nothing is."""
    match asked.bars:
        case "precision":
            assert asked.precision is not None
            return Wish(By.PRECISION, asked.precision, asked.leads_per_week)
        case "capacity":
            assert asked.capacity is not None
            return Wish(By.CAPACITY, asked.capacity, asked.leads_per_week)
        case "value":
            assert asked.value is not None
            assert asked.cost is not None
            return Wish(By.VALUE, asked.cost / asked.value, asked.leads_per_week)
        case _:
            return None


def proposed(
    asked: Asked, training: Training, read: Readings, policy: Policy | None
) -> Proposed | None:
    """Bars and points by a model that may be published; None where none are asked for.

    Nothing is written. Raises CalibrationProblem where they cannot be chosen, or the rules would
    not load with them.
    """
    wish = wish_of(asked)
    if wish is None or training.gate.refused is not None:
        return None
    scoring = None if policy is None else policy.scoring
    bars = choose_bars(training, read, scoring, wish, window=asked.window, seed=asked.seed)
    if asked.rules is None or policy is None:
        return Proposed(bars)
    files = rule_files(asked.rules)
    points = None
    if asked.points is not None:
        points = proposal(training, read, policy, files, wish, seed=asked.seed)
    return Proposed(bars, _change(files, bars, training), points=points)


def _change(files: Mapping[str, bytes], bars: ChosenBars, training: Training) -> Change | None:
    pair = None if bars.pair is None else bars.pair.pair
    on_p = bars.threshold.threshold
    if pair is None and on_p is None:
        return None
    assert training.published is not None
    scorecard = encoded(training.published)
    wanted = Bars(pair, None if on_p is None else on_p.value, version_of(scorecard))
    return with_bars(files, wanted, scorecard)


def written(asked: Asked, found: Proposed) -> Proposed:
    """What was proposed, once it stands in the files that were asked for.

    Raises CalibrationProblem or Problem where one cannot be written.
    """
    if asked.points is not None and found.points is not None:
        try:
            asked.points.write_bytes(found.points.change.content)
        except OSError as error:
            raise Problem(f"{asked.points} cannot be written: {error.strerror}") from error
    if not asked.applied or asked.rules is None or found.change is None or not found.change.diff:
        return found
    write(asked.rules, found.change)
    return replace(found, written=True)
