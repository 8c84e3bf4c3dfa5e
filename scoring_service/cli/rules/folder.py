"""Rule files as the commands read them, and what they say of a row's columns."""

from pathlib import Path

from scoring_service.cli.files.messages import Types
from scoring_service.policy.document import compose
from scoring_service.policy.files.attributes import schema
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import Source, source_of
from scoring_service.registry.current import current
from scoring_service.server.folders import rule_files

ATTRIBUTES = "attributes.yaml"


def source_in(folder: Path, models: Path | None = None) -> Source:
    """The rule files of a folder with the current model of another; StartProblem where they cannot
    be read, RegistryProblem where the model is not as it was published.
    """
    found = current(models) if models else None
    return source_of(rule_files(folder), b"" if found is None else found.scorecard)


def types_in(source: Source) -> Types:
    """The type of each attribute, of those that can be read."""
    try:
        found, _ = schema(compose(ATTRIBUTES, source.files.get(ATTRIBUTES, b"")))
    except Mistakes:
        return {}
    return {name: attribute.type for name, attribute in found.items()}
