"""`leadscoring rules diff`: what another folder of rules would have made of past leads."""

from pathlib import Path

import click

from scoring_service.cli.options import ACTIVE, FILE, STORE, as_json, models, setting
from scoring_service.cli.problem import Problem

EPILOG = """\b
Examples:
  leadscoring rules diff rules rules-next --leads leads.csv
  leadscoring rules diff rules rules-next --leads leads.jsonl --at engaged_on --html diff.html
  leadscoring rules diff rules rules-next --store sqlite:///leadscoring.db --since 30d --json
  leadscoring rules diff active rules-next --since 30d
"""


def _there(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    if not value.is_dir() and value != ACTIVE:
        raise Problem(f"there is no rules folder at {value}")
    return value


def _folder(name: str) -> click.Argument:
    return click.Argument(
        [name.lower()], metavar=name, type=click.Path(path_type=Path), callback=_there
    )


@click.command(epilog=EPILOG)
@setting("--leads", metavar="FILE", type=FILE, help="Past leads, CSV or JSON lines; `-` is stdin.")
@setting("--at", metavar="COLUMN", help="When a lead came; default `at`, `now` or `created_at`.")
@setting("--left", metavar="COLUMN", help="When it left its owner's hands; default `left_at`.")
@setting(
    "--responded", metavar="COLUMN", help="When it was first answered; default `responded_at`."
)
@setting("--accounts", metavar="FILE", type=FILE, help="Accounts, as `import accounts` reads them.")
@setting("--as-of", metavar="INSTANT", help="When leads without an instant came; default now.")
@setting(
    "--store", metavar="URL", default=STORE, show_default=True, help="Replay its leads instead."
)
@setting("--since", metavar="SPAN", help="How far back, such as 30d; with --store.")
@models
@setting(
    "--html",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page with everything, that needs nothing else.",
)
@as_json
@click.pass_context
def diff(
    context: click.Context,
    old: Path,
    new: Path,
    leads: str | None,
    at: str | None,
    left: str | None,
    responded: str | None,
    accounts: str | None,
    as_of: str | None,
    store: str,
    since: str | None,
    models: Path | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """Replay past leads through the rules of OLD and of NEW, and say what differs.

    One of them may be the word `active`: the rules that decide in the store.

    Both folders are replayed in the leads' order, with turns, limits, hours and queues; the record
    of what really happened is not looked at. Of the past, the same for both, come the leads and
    what they did, and the instants at which they left their owners' hands. Clocks that run out and
    leaves that begin move no lead here. Exit code 1 where a folder does not load or a row is left
    out; changes are no findings.
    """
    from scoring_service.cli.rules.diff.run import Asked, run

    asked = Asked(old, new, leads, at, left, responded, accounts, as_of, store, since, models)
    context.exit(run(asked, html, as_json))


diff.params[:0] = [_folder("OLD"), _folder("NEW")]
