"""A group of commands, each loaded only when it is called, so that all of them start fast."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Imports a command's module when the command is asked for."""

    def __init__(self, *names: Any, places: Mapping[str, str], **how: Any) -> None:
        """`places` are the commands in the order of their use: name -> "module:name"."""
        super().__init__(*names, **how)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of their use."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called so, or None."""
        if cmd_name not in self._places:
            return None
        module, name = self._places[cmd_name].split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command), cmd_name
        return command
