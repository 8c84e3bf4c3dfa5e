"""A server of one's own for as long as a command takes, where none runs."""

import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from scoring_service.cli.files.messages import Types
from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.folder import source_in, types_in
from scoring_service.cli.serving.running import sqlite_file
from scoring_service.cli.upkeep.active_rules import active_source
from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.policy.source import Source
from scoring_service.registry.adding import add_version, hashes
from scoring_service.registry.current import promote
from scoring_service.registry.manifest import SCORECARD, Manifest
from scoring_service.server.folders import shipped
from scoring_service.server.options import Options
from scoring_service.server.serve import SWITCH_SECONDS, serving
from scoring_service.store.sqlite_lock import lock_path

ANY_PORT = "127.0.0.1:0"


class Local(NamedTuple):
    """Where it listens, and what the attributes of its leads are."""

    address: str
    types: Types


@asynccontextmanager
async def local_server(
    store: str, rules: Path | None, models: Path | None = None, *, keeps: bool
) -> AsyncIterator[Local]:
    """A server on the store; on a copy of it where nothing is to be kept.

    It decides by `rules`, else by the store's active revision, else by the starter rules; with the
    current model of `models`, else with the active revision's own. Raises Problem where it cannot.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    with tempfile.TemporaryDirectory(prefix="leadscoring-") as scratch:
        folder, own = (rules, None) if rules else _active_or_starter(store, Path(scratch))
        url = store if keeps else _copied(store, Path(scratch))
        options = Options(
            rules=folder,
            models=models or own,
            store=url,
            listen=ANY_PORT,
            http=ANY_PORT,
            watch=False,
            durable=keeps,
            log_level="error",
        )
        click.echo(f"no server runs on {store}; working here, by {_named(rules, folder)}", err=True)
        async with serving(options) as server:
            if server.reloader.detail:
                raise Problem(server.reloader.detail)
            _keep_to_oneself(url)
            yield Local(str(server.address), types_in(source_in(folder)))


def _keep_to_oneself(store: str) -> None:
    """Have no other command find this server: it ends with its own command."""
    file = sqlite_file(store)
    if file is not None:
        lock_path(file).write_text("")


def _named(rules: Path | None, folder: Path) -> str:
    if rules is not None:
        return f"the rules in {rules}"
    return "the starter rules" if folder == shipped("rules") else f"its own rules, {folder.name}"


def _active_or_starter(store: str, scratch: Path) -> tuple[Path, Path | None]:
    """The rules, and the folder of their model where they have one."""
    source = active_source(store)
    if source is None:
        return shipped("rules"), None
    return _laid_out(source, scratch / source.revision), _model_laid_out(source, scratch / "models")


def _laid_out(source: Source, folder: Path) -> Path:
    folder.mkdir()
    for name, content in source.files.items():
        (folder / name).write_bytes(content)
    return folder


def _model_laid_out(source: Source, folder: Path) -> Path | None:
    if not source.model:
        return None
    files = {SCORECARD: source.model}
    manifest = Manifest(version_of(source.model), hashes(files))
    version, _ = add_version(folder, files, msgspec.json.encode(manifest))
    promote(folder, version)
    return folder


def _copied(store: str, scratch: Path) -> str:
    """A store of the same content that may be changed."""
    file = sqlite_file(store)
    if file is None:
        raise Problem("name a running server with --server: a PostgreSQL store is not copied")
    copy = scratch / "copy.db"
    if file.is_file():
        _copy(file, copy)
    return f"sqlite:///{copy}"


def _copy(file: Path, copy: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(copy)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as error:
        raise Problem(f"the store {file} cannot be read: {error}") from error
