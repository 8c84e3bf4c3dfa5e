"""`leadscoring`: all commands, and how each of them ends."""

import os
import signal
import sys
from collections.abc import Iterable
from errno import EPIPE
from io import TextIOWrapper
from types import FrameType
from typing import Any, NoReturn

import click

from scoring_service import __version__
from scoring_service.cli.files.rows import shown
from scoring_service.cli.lazy_group import LazyGroup
from scoring_service.cli.options import ENVIRONMENT, Setting
from scoring_service.cli.problem import Problem
from scoring_service.registry.problem import RegistryProblem
from scoring_service.server.start_problem import StartProblem
from scoring_service.store.problems import StoreProblem

COMMANDS = {
    "serve": "scoring_service.cli.serving.serve:serve",
    "demo": "scoring_service.cli.demo.demo:demo",
    "score": "scoring_service.cli.files.score:score",
    "route": "scoring_service.cli.files.route:route",
    "import": "scoring_service.cli.files.import_:import_group",
    "calibrate": "scoring_service.cli.calibrate.calibrate:calibrate",
    "rules": "scoring_service.cli.rules.rules:rules",
    "experiments": "scoring_service.cli.experiments.experiments:experiments",
    "models": "scoring_service.cli.models.models:models",
    "simulate": "scoring_service.cli.simulate.simulate:simulate",
    "reps": "scoring_service.cli.team.reps:reps",
    "leads": "scoring_service.cli.team.leads:leads",
    "webhooks": "scoring_service.cli.upkeep.webhooks:webhooks",
    "timers": "scoring_service.cli.upkeep.timers:timers",
    "doctor": "scoring_service.cli.upkeep.doctor:doctor",
    "migrate": "scoring_service.cli.upkeep.migrate:migrate",
}


class Program(LazyGroup):
    """All commands; what keeps one from being done is a Problem of one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises Problem."""
        try:
            return super().invoke(ctx)
        except (StartProblem, StoreProblem, RegistryProblem) as error:
            raise Problem(str(error)) from error
        except UnicodeEncodeError as error:
            raise Problem(f"{shown(error.object)} is no UTF-8 text") from error
        except OSError as error:
            if error.errno in (None, EPIPE):  # whoever read what is said has had enough
                raise
            raise Problem(f"{error.filename or 'the output'}: {error.strerror}") from error


@click.group(cls=Program, places=COMMANDS, context_settings={"auto_envvar_prefix": ENVIRONMENT})
@click.version_option(__version__, prog_name="leadscoring")
@click.pass_context
def cli(context: click.Context) -> None:
    """Score leads, explain every point, route them to accountable owners.

    Every option can also be set in the environment: --store as LEADSCORING_STORE, or as
    LEADSCORING_SERVE_STORE for `serve` alone. Exit codes: 0 done, 1 findings or rows left out, 2
    a usage that is wrong or a start that cannot succeed.
    """
    unknown = unknown_variables(context, os.environ)
    if unknown:
        from scoring_service.policy.mistake import did_you_mean

        known = _variables(cli, context, ENVIRONMENT)
        raise click.UsageError(
            f"unknown environment variable {unknown[0]}; {did_you_mean(unknown[0], known)}"
        )


def unknown_variables(context: click.Context, names: Iterable[str]) -> list[str]:
    """The LEADSCORING_* names that no option of any command is read from, sorted."""
    mine = {name for name in names if name.startswith(f"{ENVIRONMENT}_")}
    if not mine:
        return []
    return sorted(mine - _variables(cli, context, ENVIRONMENT))


def _variables(group: click.Group, context: click.Context, prefix: str) -> set[str]:
    known: set[str] = set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        here = f"{prefix}_{name.upper().replace('-', '_')}"
        if isinstance(command, click.Group):
            known |= _variables(command, context, here)
        settings = (option for option in command.params if isinstance(option, Setting))
        known |= {variable for option in settings for variable in option.variables(here)}
    return known


def main() -> None:
    """Run a command. Exit 0 ok, 1 findings, 2 usage or a start that cannot succeed."""
    signal.signal(signal.SIGTERM, _told_to_end)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr: never a traceback for a name
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


def _told_to_end(number: int, frame: FrameType | None) -> NoReturn:
    """End by way of every `finally`, so that nothing temporary is left behind."""
    sys.exit(128 + number)
