"""Every written condition of a folder, with its place."""

from collections.abc import Iterator

from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.names import Documents


def condition_texts(documents: Documents) -> Iterator[tuple[Document, Path, str]]:
    """The conditions of a folder that loads: document, path and text, file by file."""
    for name, key in (("scoring.yaml", "fit"), ("scoring.yaml", "disqualify")):
        yield from _listed(documents[name], (key,))
    yield from _listed(documents["routing.yaml"], ("routes",))
    team = documents["team.yaml"]
    for pool in team.value["pools"] if team else ():
        yield from _listed(team, ("pools", pool, "members"))


def _listed(document: Document | None, path: Path) -> Iterator[tuple[Document, Path, str]]:
    """The `when` of each entry of a list that may be missing."""
    if document is None:
        return
    entries = document.value
    for key in path:
        entries = entries.get(key) or {} if isinstance(entries, dict) else {}
    for index, entry in enumerate(entries):
        if isinstance(entry, dict) and isinstance(entry.get("when"), str):
            yield document, (*path, index, "when"), entry["when"]
