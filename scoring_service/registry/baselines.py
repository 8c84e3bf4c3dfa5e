"""What leads looked like when a version was trained, as its folder keeps it."""

import msgspec

from scoring_service.domain.calibration.baseline import HEALTH, Baseline
from scoring_service.registry.problem import RegistryProblem
from scoring_service.registry.versions import Version


def baseline_of(found: Version) -> Baseline | None:
    """The baseline of a checked version; None where it was published without one.

    Raises RegistryProblem where the file cannot be read, or holds no baseline.
    """
    path = found.folder / HEALTH
    if HEALTH not in found.manifest.files:
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Baseline)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RegistryProblem(f"{path} holds no baseline: {error}; publish it anew") from error
