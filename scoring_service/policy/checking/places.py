"""Where findings stand: at a path of a document, or at a route or the row of a table."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scoring_service.domain.routing.routes import Route
from scoring_service.policy.document import Document, Path, show
from scoring_service.policy.mistake import Finding

FINDINGS_MAX = 100
"""More of one kind are not listed: they have one cause."""


def at(document: Document, path: Path, what: str, remedy: str, example: str = "") -> Finding:
    """A finding at a path, with its line."""
    line = document.line(path)
    return Finding(document.file, line, show(path), what, remedy, example=example)


def at_route(route: Route, what: str, remedy: str, example: str = "") -> Finding:
    """A finding at a written route or a row."""
    file, _, line = route.place.rpartition(":")
    path = f'routes["{route.name}"]' if route.row is None else f"row {route.row}"
    return Finding(file, int(line), path, what, remedy, example=example)


def called(route: Route) -> str:
    """A route as another's finding names it."""
    name = f"'{route.name}'" if route.row is None else f"row {route.row}"
    return f"{name} ({route.place})"


def limited(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first findings of a kind, and where there are more one that says so."""
    for count, finding in enumerate(findings):
        if count == FINDINGS_MAX:
            what = f"there is more like the {FINDINGS_MAX} before, which is not listed"
            yield replace(finding, what=what, remedy="mend those first", example="")
            return
        yield finding
