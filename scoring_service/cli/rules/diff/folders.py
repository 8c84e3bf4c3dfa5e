"""The two folders of a diff; one of them may be what decides in the store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scoring_service.cli.options import ACTIVE
from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.folder import source_in
from scoring_service.cli.upkeep.active_rules import active_source
from scoring_service.policy.source import Source
from scoring_service.registry.current import current


def sources(
    old: Path, new: Path, store: str, models: Path | None
) -> Iterator[tuple[str, Path, Source]]:
    """Each with what it is called and where it is, both with one model: that of `models`, else the
    one that decides in the store where either of them does. Raises Problem and StartProblem.
    """
    active = _active(store) if any(_is_active(folder) for folder in (old, new)) else None
    for name, folder in ("OLD", old), ("NEW", new):
        source = active if active and _is_active(folder) else source_in(folder, models)
        if active is not None:
            model = _scorecard(models) if models else active.model
            source = replace(source, model=model)
        yield name, folder, source


def _is_active(folder: Path) -> bool:
    return folder == ACTIVE and not folder.is_dir()


def _scorecard(models: Path) -> bytes:
    found = current(models)
    return b"" if found is None else found.scorecard


def _active(store: str) -> Source:
    source = active_source(store)
    if source is None:
        raise Problem(f"no rules decide in {store} yet; name a folder, or another --store")
    return source
