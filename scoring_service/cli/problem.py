"""What ends a command: one sentence for people and exit code 2, never a traceback."""

from typing import IO, Any

import click


class Problem(click.ClickException):
    """A command that cannot do what it was asked; the message is one sentence with its remedy."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence on stderr."""
        click.echo(f"leadscoring: {self.format_message()}", file=file, err=file is None)
