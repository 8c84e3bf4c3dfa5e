"""How far a calibration is: a bar on a terminal, nothing elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

Advance = Callable[[str, float], None]
"""What is being done, and which share of all is done."""


@contextmanager
def progress() -> Iterator[Advance]:
    """A bar on stderr that is gone when the work is done."""
    if not sys.stderr.isatty():
        yield _nothing
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("reading", total=1.0)

        def advance(what: str, share: float) -> None:
            shown.update(task, description=what, completed=share, refresh=True)

        yield advance


def _nothing(what: str, share: float) -> None:
    """No terminal, no bar."""
