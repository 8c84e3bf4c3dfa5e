"""A small folder of rules that is right, and ways to change it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.document import Document, compose
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import Source, source_of

BASE = Path(__file__).parent.parent / "golden" / "base"
STEMS = {"territories": "territories.csv"}


@pytest.fixture(scope="session")
def rule_files() -> Callable[..., dict[str, bytes]]:
    """The files of the folder, whole ones replaced by their stem: `routing="routes: ..."`."""

    def files(**changes: str) -> dict[str, bytes]:
        found = {file.name: file.read_bytes() for file in BASE.iterdir()}
        for stem, text in changes.items():
            found[STEMS.get(stem, f"{stem}.yaml")] = text.encode()
        return found

    return files


@pytest.fixture(scope="session")
def source(rule_files: Callable[..., dict[str, bytes]]) -> Callable[..., Source]:
    """The folder as a Source, whole files replaced by their stem."""
    return lambda **changes: source_of(rule_files(**changes))


@pytest.fixture(scope="session")
def loaded(source: Callable[..., Source]) -> Callable[..., Policy]:
    """The folder as a policy, whole files replaced by their stem."""
    return lambda **changes: load(source(**changes))


@pytest.fixture(scope="session")
def refused(source: Callable[..., Source]) -> Callable[..., list[str]]:
    """What loading says of the folder with whole files replaced; [] when it loads."""

    def said(**changes: str) -> list[str]:
        try:
            load(source(**changes))
        except Mistakes as found:
            return str(found).splitlines()
        return []

    return said


@pytest.fixture(scope="session")
def document() -> Callable[[str], Document]:
    """A text as the document `rules.yaml`."""
    return lambda text: compose("rules.yaml", text.encode())
