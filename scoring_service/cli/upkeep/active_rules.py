"""The rules that a store last decided by, read from the store itself."""

from contextlib import closing

from scoring_service.cli.problem import Problem
from scoring_service.cli.serving.running import sqlite_file
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import Source, unpack
from scoring_service.server.loading import told
from scoring_service.store.database import open_database


def active_source(store: str) -> Source | None:
    """The active revision's files; None where nothing has decided yet. Raises StoreProblem, and
    Problem where they are damaged.
    """
    file = sqlite_file(store)
    if file is not None and not file.is_file():
        return None
    content = _active_content(store)
    try:
        return unpack(content) if content else None
    except ValueError as error:
        raise Problem(f"the rules that decide in {store} are damaged: {error}") from error


def active_policy(store: str, remedy: str) -> Policy:
    """The policy that decides in a store. Raises StoreProblem, and Problem where none ever did or
    this version does not read it.
    """
    source = active_source(store)
    if source is None:
        raise Problem(f"no policy was ever active in {store}; {remedy}")
    try:
        return load(source)
    except Mistakes as wrong:
        raise Problem(f"the rules that decide in {store} do not load: {told(wrong)}") from wrong


def _active_content(store: str) -> bytes | None:
    database = open_database(store)
    if database.schema_version() is None:
        return None
    database.check()
    with closing(database.reading()) as reader:
        revision = reader.active_revision()
        return reader.revision_content(revision) if revision else None
