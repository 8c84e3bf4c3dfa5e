"""`leadscoring calibrate`: what a score is worth, from leads that were won and lost."""

import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from scoring_service.cli.calibrate.asked import Asked, check
from scoring_service.cli.options import as_json, folder, leads_file, setting
from scoring_service.cli.problem import Problem
from scoring_service.policy.files.spans import ElapsedSpan, written

MODELS = "models"
SEED = 0
SEED_MAX = 2**32 - 1
WINDOW = 0.2

EPILOG = """\b
Examples:
  leadscoring calibrate leads.csv --outcome won --models models
  leadscoring calibrate leads.csv --outcome won --ordered --window 0.25 --json
  leadscoring calibrate leads.csv --outcome stage --activities activities.csv --rules rules
  leadscoring calibrate --store sqlite:///leadscoring.db --rules rules --precision 0.3
  leadscoring calibrate leads.csv --outcome won --rules rules --capacity 40 --apply
"""


class Finite(click.FloatRange):
    """A number in a range. No comparison would refuse nan, and inf is no number to reckon with."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number; a usage error where it is none."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is no number to reckon with.", param, ctx)
        return number


def _elapsed(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> timedelta | None:
    if value is None:
        return None
    try:
        span = written(ElapsedSpan, value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    assert isinstance(span, ElapsedSpan)
    return span.elapsed


@click.command(epilog=EPILOG)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@setting("--store", metavar="URL", help="Read the leads of this store instead of FILE.")
@leads_file
@setting(
    "--horizon",
    metavar="DURATION",
    callback=_elapsed,
    help="Won means won within this time, as 90d.",
)
@setting(
    "--window",
    metavar="SHARE",
    type=Finite(0, 1, min_open=True, max_open=True),
    default=WINDOW,
    show_default=True,
    help="Share of the rows, the last ones, that judge the model.",
)
@setting(
    "--allow",
    metavar="COLUMN",
    multiple=True,
    help="Keep a column that looks like a leak or a clock; may be given again.",
)
@setting(
    "--rules",
    metavar="DIR",
    callback=folder,
    help="Rule files whose criteria and activities are learned from, and that --apply changes.",
)
@setting(
    "--models",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=MODELS,
    show_default=True,
    help="Folder to publish into, made if it is not there; its current model is compared with.",
)
@setting(
    "--precision",
    metavar="P",
    type=Finite(0, 1, min_open=True, max_open=True),
    help="Propose bars above which at least this share is won.",
)
@setting(
    "--capacity",
    metavar="LEADS",
    type=Finite(0, min_open=True),
    help="Propose bars that give the team this many leads a week.",
)
@setting(
    "--leads-per-week",
    metavar="LEADS",
    type=Finite(0, min_open=True),
    help="How many leads come in a week, where FILE has no times.",
)
@setting(
    "--value",
    metavar="VALUE",
    type=Finite(0, min_open=True),
    help="What a win is worth; with --cost, propose the bar at which a lead pays.",
)
@setting(
    "--cost",
    metavar="COST",
    type=Finite(0, min_open=True),
    help="What working one lead costs, in the currency of --value.",
)
@setting("--apply", "applied", is_flag=True, help="Write the bars into scoring.yaml of --rules.")
@setting(
    "--propose-points",
    "points",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write scoring.yaml of --rules with points learned from outcomes to FILE.",
)
@setting(
    "--report",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write all of it to FILE as one HTML page too, also where nothing is published.",
)
@setting(
    "--seed",
    type=click.IntRange(0, SEED_MAX),
    default=SEED,
    show_default=True,
    help="What chance is drawn from.",
)
@as_json
@click.pass_context
def calibrate(context: click.Context, /, **options: Any) -> None:
    """Learn P(won) from leads that were won and lost, and publish it if it holds.

    The model is judged on the last rows, by what was known before them. Columns that tell the
    outcome too well, or only the time, are left out and named. Nothing is published without
    signal, from too few outcomes, or when it is worse than the current model: exit 1, which says
    why. Publishing changes no rule.
    """
    if options["file"] and context.get_parameter_source("store") is ParameterSource.ENVIRONMENT:
        options["store"] = None
    asked = Asked(**options)
    check(asked)
    from scoring_service.calibration.problem import CalibrationProblem
    from scoring_service.cli.calibrate.run import run

    try:
        context.exit(run(asked))
    except CalibrationProblem as problem:
        raise Problem(str(problem)) from problem
