"""`leadscoring simulate`: months of leads in seconds, through the rules as they are."""

from pathlib import Path

import click

from scoring_service.cli.options import as_json, models, rules, setting

DAYS_MAX, LEADS_MAX = 3650, 1_000_000

EPILOG = """\b
Examples:
  leadscoring simulate --days 30 --leads 500 --seed 7
  leadscoring simulate --days 180 --leads 5000 --seed 1 --store sqlite:///half-a-year.db
"""


@click.command(epilog=EPILOG)
@setting(
    "--days", type=click.IntRange(1, DAYS_MAX), default=180, show_default=True, help="How long."
)
@setting(
    "--leads",
    type=click.IntRange(1, LEADS_MAX),
    default=5000,
    show_default=True,
    help="How many leads come.",
)
@setting("--seed", type=int, default=1, show_default=True, help="What chance is drawn from.")
@setting(
    "--store",
    metavar="URL",
    default=None,
    help="An empty store to keep it in, default a temporary one.",
)
@rules
@models
@as_json
def simulate(
    days: int,
    leads: int,
    seed: int,
    store: str | None,
    rules: Path | None,
    models: Path | None,
    as_json: bool,
) -> None:
    """Live through days of leads, activities and sales, by the rules as they are.

    Leads come, do things, are scored and routed; reps accept, reject, forget and go away; clocks
    run out, leads are taken away, recycled, won and lost: all through the workflows that serve
    calls. Prints the funnel, how many were answered in time, and what became of recycled leads,
    after everything stored has been checked. The same seed gives the same store.
    """
    from scoring_service.cli.simulate.run import Asked, run

    run(Asked(days, leads, seed, store, rules, models, as_json))
