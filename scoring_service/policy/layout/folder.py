"""All files of a rules folder laid out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scoring_service.policy.document import compose
from scoring_service.policy.files.folder import TABLE_SUFFIX
from scoring_service.policy.files.reading import read
from scoring_service.policy.files.routing import columns_by_table
from scoring_service.policy.files.routing_shape import RoutingFile
from scoring_service.policy.layout.csv_file import csv_laid_out
from scoring_service.policy.layout.yaml_file import yaml_laid_out
from scoring_service.policy.mistake import Mistake, Mistakes

ROUTING = "routing.yaml"


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The files that are laid out otherwise than they should be, with what they should be; and why
    others cannot be laid out.
    """

    files: Mapping[str, bytes]
    mistakes: tuple[Mistake, ...]


def laid_out(files: Mapping[str, bytes]) -> LaidOut:
    """The folder's YAML files and tables; others are left alone.

    Lists in a table are tidied only where routing.yaml says which of its columns are conditions.
    """
    results = dict(_results(files))
    found: dict[str, bytes] = {}
    mistakes: list[Mistake] = []
    for name, content in sorted(files.items()):
        try:
            made = _made(name, content, results.get(name))
        except Mistakes as wrong:
            mistakes.extend(wrong.mistakes)
            continue
        if made != content:
            found[name] = made
    return LaidOut(found, tuple(mistakes))


def _made(name: str, content: bytes, results: frozenset[str] | None) -> bytes:
    if name.endswith(".yaml"):
        return yaml_laid_out(name, content)
    return csv_laid_out(name, content, results) if name.endswith(TABLE_SUFFIX) else content


def _results(files: Mapping[str, bytes]) -> Iterator[tuple[str, frozenset[str]]]:
    """The result columns of each table; of none, where routing.yaml cannot be read."""
    try:
        routing, _ = read(compose(ROUTING, files.get(ROUTING, b"")), RoutingFile)
    except Mistakes:
        return
    if routing is not None:
        yield from columns_by_table(routing).items()
