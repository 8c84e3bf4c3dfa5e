"""manifest.json: what the registry reads of it. The rest is for people."""

import msgspec

from scoring_service.registry.problem import RegistryProblem

MANIFEST = "manifest.json"
SCORECARD = "scorecard.json"
SKOPS = "model.skops"


class Manifest(msgspec.Struct, frozen=True):
    """The version, and the SHA-256 (hex) of every other file of its folder by name."""

    version: str
    files: dict[str, str]


def manifest_in(content: bytes, where: str) -> Manifest:
    """The manifest of a file's content; RegistryProblem where it is none."""
    try:
        found = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RegistryProblem(f"{where} is no manifest: {error}; publish it anew") from error
    if SCORECARD not in found.files:
        raise RegistryProblem(f"{where} names no {SCORECARD}; publish it anew")
    return found
