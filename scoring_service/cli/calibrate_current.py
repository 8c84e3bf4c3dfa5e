"""The model that a new one is compared with: the one that models/CURRENT names."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from scoring_service.cli.problem import Problem
from scoring_service.domain.calibration.scorecard import Scorecard


class Current(NamedTuple):
    """A published version and its scorecard."""

    version: str
    scorecard: Scorecard


def current_in(models: Path) -> Current | None:
    """The current version of a models folder; None where there is none. Raises Problem."""
    name = models / "CURRENT"
    if not name.is_file():
        return None
    version = name.read_text(encoding="utf-8").strip()
    file = models / version / "scorecard.json"
    try:
        return Current(version, msgspec.json.decode(file.read_bytes(), type=Scorecard))
    except (OSError, msgspec.DecodeError) as error:
        raise Problem(f"{name} names a model that cannot be read: {file}: {error}") from error
