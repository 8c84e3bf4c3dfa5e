"""Which server and store a command is told, and the options that tell it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from scoring_service.cli.options import models, rules, server, store

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Where:
    """Which server and store a command was told; `keeps` is whether it changes what is stored."""

    store: str
    server: str | None = None
    rules: Path | None = None
    models: Path | None = None
    keeps: bool = False


def server_options(*, keeps: bool = False, scores: bool = False) -> Callable[[Command], Command]:
    """--rules, --store and --server, and --models where a command `scores`: it has all of them as
    `where`, which keeps what the command changes only where it `keeps` something.
    """
    options = (rules, models, store, server) if scores else (rules, store, server)

    def with_options(command: Command) -> Command:
        @wraps(command)
        def told(
            *words: Any,
            rules: Path | None,
            store: str,
            server: str | None,
            models: Path | None = None,
            **more: Any,
        ) -> Any:
            return command(*words, where=Where(store, server, rules, models, keeps), **more)

        for option in reversed(options):
            told = option(told)
        return told

    return with_options
