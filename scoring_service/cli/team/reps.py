"""`leadscoring reps`: who is away, how much each has, and to whom a book of leads goes."""

from datetime import datetime, timedelta
from functools import partial

import click

from scoring_service.cli.options import actor, as_json, setting
from scoring_service.cli.serving.where import Where, server_options

LIST_EPILOG = """\b
Examples:
  leadscoring reps list
  leadscoring reps list --server 127.0.0.1:50051 --json
"""
AWAY_EPILOG = """\b
Examples:
  leadscoring reps away anna --from 2026-08-03 --to 2026-08-21 --backup ben --actor anna
  leadscoring reps away anna --from today --to tomorrow --actor carla
"""
BACK_EPILOG = """\b
Examples:
  leadscoring reps back anna --actor anna
  leadscoring reps back anna --from 2026-08-17 --to 2026-08-21 --actor sales-ops
"""
HAND_OVER_EPILOG = """\b
Examples:
  leadscoring reps hand-over anna --to ben --reason "new territory" --actor sales-ops
  leadscoring reps hand-over anna --reason "leaves the team" --actor sales-ops
"""


def _day(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """A day as it is sent; the words mean days of this machine."""
    words = {"today": 0, "tomorrow": 1}
    if value not in words:
        return value
    day = datetime.now().astimezone().date() + timedelta(days=words[value])
    return day.isoformat()


first_day = partial(setting, "--from", "first", metavar="DAY", callback=_day)
last_day = partial(setting, "--to", "last", metavar="DAY", callback=_day)


@click.group()
def reps() -> None:
    """Reps: who is away, how much each has, and to whom their leads go."""


@reps.command(name="list", epilog=LIST_EPILOG)
@server_options()
@as_json
def list_reps(where: Where, as_json: bool) -> None:
    """How every rep stands: away until when and who said so, open leads and leads of today."""
    from scoring_service.cli.team.reps_calls import standing
    from scoring_service.cli.team.reps_told import reps_told

    click.echo(reps_told(standing(where), as_json=as_json))


@reps.command(epilog=AWAY_EPILOG)
@click.argument("rep")
@first_day(required=True, help="The first day: 2026-08-03, today or tomorrow.")
@last_day(required=True, help="The last day, included.")
@setting("--backup", metavar="REP", default="", help="Who stands in meanwhile.")
@actor
@server_options(keeps=True)
@as_json
def away(
    rep: str,
    first: str,
    last: str,
    backup: str,
    actor: str,
    where: Where,
    as_json: bool,
) -> None:
    """Enter that REP is away, beside the leave of team.yaml; it takes effect at once.

    What he has not accepted goes to others when it begins. By himself, a manager above him, a rep
    with role ops or an operator.
    """
    from scoring_service.cli.team.reps_calls import Days, set_away
    from scoring_service.cli.team.reps_told import availability_told

    made = set_away(where, rep, Days(first, last), actor, backup=backup)
    click.echo(availability_told(made, as_json=as_json))


@reps.command(epilog=BACK_EPILOG)
@click.argument("rep")
@first_day(default="", help="The first day; else today.")
@last_day(default="", help="The last; else of what is under way.")
@actor
@server_options(keeps=True)
@as_json
def back(
    rep: str,
    first: str,
    last: str,
    actor: str,
    where: Where,
    as_json: bool,
) -> None:
    """REP is there after all: his turns, and whoever waits for him, come to him at once.

    Without days the absence that is under way ends; what is planned for later stays. What
    team.yaml says is changed there.
    """
    from scoring_service.cli.team.reps_calls import Days, set_away
    from scoring_service.cli.team.reps_told import availability_told

    made = set_away(where, rep, Days(first, last), actor, withdraw=True)
    click.echo(availability_told(made, as_json=as_json))


@reps.command(name="hand-over", epilog=HAND_OVER_EPILOG)
@click.argument("rep")
@setting("--to", metavar="REP", default="", help="Who gets them; else the routes say.")
@setting("--reason", metavar="TEXT", required=True, help="Why; recorded with each lead.")
@actor
@server_options(keeps=True)
@as_json
def hand_over(
    rep: str,
    to: str,
    reason: str,
    actor: str,
    where: Where,
    as_json: bool,
) -> None:
    """Hand all leads of REP over, and wait until that is done.

    To one rep, with his accounts; or open leads by the routes, and opportunities, lost ones and
    customers to the nearest active manager above. It goes on by itself where this command is
    stopped.
    """
    from scoring_service.cli.team.reps_calls import handed_over
    from scoring_service.cli.team.reps_told import handover_told

    made = handed_over(where, rep, to, reason, actor, lambda text: click.echo(text, err=True))
    click.echo(handover_told(made, as_json=as_json))
