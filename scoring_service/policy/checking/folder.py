"""Files that do nothing: a table no route uses, a test file without a test, what lies too deep."""

from collections.abc import Iterable, Iterator

from scoring_service.policy.checking.places import at, limited
from scoring_service.policy.files.folder import TABLE_SUFFIX, is_test
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding


def folder_findings(folder: Folder) -> Iterator[Finding]:
    """What of the folder does nothing."""
    for name, document in folder.documents.items():
        if document is not None and is_test(name) and not document.value:
            remedy = "write one, or remove the file"
            yield at(document, (), "there is no test in this file", remedy)
    used = set(_tables(folder))
    for name in folder.source.files:
        if name.endswith(TABLE_SUFFIX) and name not in used:
            what = "no route uses this table"
            remedy = f"write a route with 'table: {name}', or remove the file"
            yield Finding(name, 1, "$", what, remedy)


def below_findings(names: Iterable[str]) -> Iterator[Finding]:
    """Rule files in folders below the rules folder, by their names from there: nothing reads one.

    >>> [finding.file for finding in below_findings(["emea/routing.yaml"])]
    ['emea/routing.yaml']
    """
    what = "this file is not read: rules are the files of one folder, without those below it"
    remedy = "move it up into the rules folder, or out of it"
    yield from limited(Finding(name, 1, "$", what, remedy) for name in sorted(names))


def _tables(folder: Folder) -> Iterator[str]:
    document = folder.documents["routing.yaml"]
    assert document is not None
    for route in document.value["routes"]:
        yield route.get("table")
