"""A models folder with versions in it, made as a calibration makes them."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.adding import add_version, hashes
from scoring_service.registry.manifest import Manifest


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Where the models are; not there yet."""
    return tmp_path / "models"


@pytest.fixture
def add(models: Path, scorecard_json: Callable[..., bytes]) -> Callable[..., str]:
    """Adds a version of another base, with further files; gives its name."""

    def added(base: float = -2.0, **more: bytes) -> str:
        card = scorecard_json(base=base)
        named = {name.replace("_", "."): content for name, content in more.items()}
        files = {"scorecard.json": card, **named}
        manifest = msgspec.json.encode(Manifest(version_of(card), hashes(files)))
        return add_version(models, files, manifest)[0]

    return added
