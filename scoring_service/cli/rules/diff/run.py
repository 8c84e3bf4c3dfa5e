"""A diff from beginning to end: two folders loaded, the past read, both replayed, all told."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from scoring_service.cli.instant import instant_in
from scoring_service.cli.options import STORE
from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.diff.folders import sources
from scoring_service.cli.rules.diff.forked import undisturbed
from scoring_service.cli.rules.diff.page import html_of
from scoring_service.cli.rules.diff.rows import Columns, Policies, Read, read_leads
from scoring_service.cli.rules.diff.sides import both_replayed
from scoring_service.cli.rules.diff.told import Told, told
from scoring_service.cli.rules.diff.told_as_json import json_of
from scoring_service.cli.sparing import spare
from scoring_service.domain.experiments.foreseen import begun_by
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.workflows.diff.comparing import compared


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command."""

    old: Path
    new: Path
    leads: str | None = None
    at: str | None = None
    left: str | None = None
    responded: str | None = None
    accounts: str | None = None
    as_of: str | None = None
    store: str = STORE
    since: str | None = None
    models: Path | None = None


def run(asked: Asked, html: Path | None, as_json: bool) -> int:
    """Say what differs; the exit code. Raises Problem and UsageError."""
    _refuse_usage(asked)
    spare("--html", html, asked.leads, asked.accounts, asked.store, asked.old, asked.new)
    policies = _policies(asked)
    if policies is None:
        return 1
    with undisturbed():
        found = _found(asked, policies)
    if html is not None:
        _write(html, html_of(found))
    click.echo(json_of(found) if as_json else told(found))
    return 1 if found.left_out else 0


def _found(asked: Asked, policies: Policies) -> Told:
    now = datetime.now(UTC)
    read = _read(asked, policies, now)
    if not read.past.moments:
        raise Problem("there is no lead to replay; name others with --leads, or a longer --since")
    begun = begun_by(policies.new, policies.old, now)
    old, new = both_replayed(policies.old, policies.new, read.past, begun=begun)
    diff = compared(old, new, read.past)
    return Told(diff, str(asked.old), str(asked.new), read.left_out, read.notes)


def _refuse_usage(asked: Asked) -> None:
    """Options that say nothing where they stand are a mistake of the caller's."""
    if asked.leads is None and asked.since is None:
        raise click.UsageError("name the past: --leads FILE, or --store URL with --since 30d")
    if asked.leads is not None and asked.since is not None:
        raise click.UsageError("--since is for --store; a file's leads are replayed all")
    of_file = (asked.at, asked.left, asked.responded, asked.accounts, asked.as_of)
    if asked.leads is None and any(option is not None for option in of_file):
        raise click.UsageError("--at, --left, --responded, --accounts, --as-of are for --leads")


def _policies(asked: Asked) -> Policies | None:
    """Both, with the same model; None where one does not load, and every mistake is told."""
    loaded: list[Policy] = []
    for name, folder, source in sources(asked.old, asked.new, asked.store, asked.models):
        try:
            loaded.append(load(source, loaded[-1] if loaded else None))
        except Mistakes as wrong:
            told = "\n".join(f"mistake {mistake}" for mistake in wrong.mistakes)
            click.echo(f"{told}\n{name}, the folder {folder}, does not load", err=True)
            return None
    return Policies(*loaded)


def _read(asked: Asked, policies: Policies, now: datetime) -> Read:
    if asked.leads is None:
        from scoring_service.cli.rules.diff.recorded import read_store

        assert asked.since is not None
        return read_store(asked.store, asked.since, now)
    columns = Columns(asked.at, asked.left, asked.responded)
    return read_leads(asked.leads, columns, policies, asked.accounts, _as_of(asked, now))


def _as_of(asked: Asked, now: datetime) -> datetime:
    if asked.as_of is None:
        return now
    try:
        return instant_in(asked.as_of)
    except ValueError as error:
        raise click.UsageError(f"--as-of {error}") from None


def _write(file: Path, page: str) -> None:
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}") from error
