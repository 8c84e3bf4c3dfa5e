"""`leadscoring`: each command is loaded only when it is called, so that all of them start fast."""

import importlib
import os
import sys

import click

from scoring_service import __version__

COMMANDS = {
    "serve": "scoring_service.cli.serve:serve",
    "demo": "scoring_service.cli.demo:demo",
    "score": "scoring_service.cli.score:score",
    "route": "scoring_service.cli.route:route",
    "import": "scoring_service.cli.import_:import_group",
    "rules": "scoring_service.cli.rules:rules",
    "migrate": "scoring_service.cli.migrate:migrate",
}
ENVIRONMENT = "LEADSCORING"


class LazyGroup(click.Group):
    """Imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called so, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command), cmd_name
        return command


@click.group(cls=LazyGroup, context_settings={"auto_envvar_prefix": ENVIRONMENT})
@click.version_option(__version__, prog_name="leadscoring")
@click.pass_context
def cli(context: click.Context) -> None:
    """Score, explain and route leads; every option is also LEADSCORING_COMMAND_OPTION."""
    unknown = unknown_variables(context, os.environ.keys())
    if unknown:
        raise click.UsageError(
            f"unknown environment variable {unknown[0]}; `leadscoring COMMAND --help` lists the "
            "options, each is LEADSCORING_COMMAND_OPTION"
        )


def unknown_variables(context: click.Context, names: object) -> list[str]:
    """The LEADSCORING_* names that no option of any command is read from, sorted."""
    mine = {n for n in names if str(n).startswith(f"{ENVIRONMENT}_")}  # type: ignore[attr-defined]
    if not mine:
        return []
    assert isinstance(context.command, click.Group)
    return sorted(mine - _variables(context.command, context, ENVIRONMENT))


def _variables(group: click.Group, context: click.Context, prefix: str) -> set[str]:
    known: set[str] = set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        here = f"{prefix}_{name.upper().replace('-', '_')}"
        if isinstance(command, click.Group):
            known |= _variables(command, context, here)
        known |= {f"{here}_{(p.name or '').upper()}" for p in command.params}
    return known


def main() -> None:
    """Run a command. Exit 0 ok, 1 findings, 2 usage or a start that cannot succeed."""
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"leadscoring: {error.format_message()}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
