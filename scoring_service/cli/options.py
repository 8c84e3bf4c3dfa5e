"""The options that several commands share, and the environment variables they are read from."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from scoring_service.cli.problem import Problem

ENVIRONMENT = "LEADSCORING"
RULES = "leadscoring.rules"
FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)
STORE = "sqlite:///leadscoring.db"
ACTIVE = Path("active")
"""Instead of a folder of rules: those that decide in the store."""

F = TypeVar("F", bound=Callable[..., Any])


class Setting(click.Option):
    """An option that is also read from LEADSCORING_COMMAND_OPTION, else LEADSCORING_OPTION."""

    def variables(self, prefix: str) -> tuple[str, str]:
        """The names it is read from, the command's own first.

        >>> Setting(["--http"]).variables("LEADSCORING_SERVE")
        ('LEADSCORING_SERVE_HTTP', 'LEADSCORING_HTTP')
        """
        word = max(self.opts, key=len).lstrip("-").upper().replace("-", "_")
        return f"{prefix}_{word}", f"{ENVIRONMENT}_{word}"

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """What the environment says; an empty variable says nothing."""
        return os.environ.get(self._variable(ctx))

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """The option, and the variable that its value stands in where it was not typed."""
        hint = super().get_error_hint(ctx)
        if (
            ctx is None
            or ctx.get_parameter_source(str(self.name)) is not ParameterSource.ENVIRONMENT
        ):
            return hint
        return f"{hint} ({self._variable(ctx)})"

    def _variable(self, ctx: click.Context) -> str:
        """The variable that is set, "" where none is."""
        names = self.variables(ctx.auto_envvar_prefix or ENVIRONMENT)
        return next(filter(os.environ.get, names), "")


def setting(*names: str, **how: Any) -> Callable[[F], F]:
    """`click.option`, read from the environment too."""
    return click.option(*names, cls=Setting, **how)


def folder(context: click.Context, parameter: click.Parameter, value: str | None) -> Path | None:
    """A folder that is there; a Problem where it is not."""
    if value is None:
        return None
    if not os.path.isdir(value):
        raise Problem(f"there is no {parameter.human_readable_name} folder at {value}")
    return Path(value)


def rules_folder(command: F) -> F:
    """The folder as the argument DIR, or as --rules; the command has it as `folder`."""
    argument = click.argument(
        "folder", metavar="[DIR]", required=False, callback=_argument_or_option
    )
    option = setting(
        "--rules",
        metavar="DIR",
        is_eager=True,
        expose_value=False,
        callback=_remember,
        help="The folder, instead of DIR.",
    )
    return argument(option(command))


def _remember(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    context.meta[RULES] = value


def _argument_or_option(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> Path:
    given = value or context.meta[RULES]
    if given is None:
        raise click.UsageError("name the folder of rule files: DIR")
    if not os.path.isdir(given):
        raise Problem(f"there is no rules folder at {given}")
    return Path(given)


rules = setting(
    "--rules",
    metavar="DIR",
    callback=folder,
    help="Folder of rule files; default the starter rules that come with leadscoring.",
)
models = setting(
    "--models",
    metavar="DIR",
    callback=folder,
    help="Folder of published models; without a current one no win probability is computed.",
)
store = setting(
    "--store",
    metavar="URL",
    default=STORE,
    show_default=True,
    help="sqlite:///file.db or postgresql://user@host/database.",
)
server = setting(
    "--server",
    metavar="HOST:PORT",
    help="The running server; default the one that holds the store.",
)
out = setting(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, allow_dash=True),
    default="-",
    help="Where results go, as CSV for a name that ends in .csv; default the terminal.",
)
actor = setting("--actor", metavar="ID", default="", help="Who asks; recorded.")
_LEADS_FILE = (
    setting("--outcome", metavar="COLUMN", help="The column of FILE that says how a lead ended."),
    setting(
        "--activities",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="What the leads of FILE did: lead_id, type, occurred_at.",
    ),
    setting(
        "--mapping",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="What the columns and values of FILE mean; written by the analyst.",
    ),
    setting("--ordered", is_flag=True, help="The rows of FILE stand in the order of time."),
)
as_json = setting("--json", "as_json", is_flag=True, help="Say it as JSON, for machines.")


def leads_file(command: F) -> F:
    """What is said of a FILE of leads that ended: --outcome, --activities, --mapping, --ordered."""
    for option in reversed(_LEADS_FILE):
        command = option(command)
    return command
