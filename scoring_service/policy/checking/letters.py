"""Texts that leads are compared with and that are not what they seem, so that none is the same."""

import re
from collections.abc import Iterator

from scoring_service.policy.checking.places import at, at_route, limited
from scoring_service.policy.condition_texts import condition_texts
from scoring_service.policy.letters import as_seen, disguised
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding
from scoring_service.policy.necessary import OneOf

_REMEDY = "type it anew"
_CLASS = re.compile(r"\[[^\]\"']*\]")
"""Letters to choose from in a regex, of several alphabets if one likes."""


def letters_findings(folder: Folder) -> Iterator[Finding]:
    """In conditions, in the values of attributes, in the cells of tables."""
    yield from limited(_in_conditions(folder))
    yield from limited(_in_values(folder))
    yield from limited(_in_tables(folder))


def _in_conditions(folder: Folder) -> Iterator[Finding]:
    for document, path, text in condition_texts(folder.documents):
        if not text.isascii() and (why := disguised(_CLASS.sub(" ", text))):
            what = f"this compares with a text that no lead is likely to have: {why}"
            yield at(document, path, what, _REMEDY)


def _in_values(folder: Folder) -> Iterator[Finding]:
    document = folder.documents["attributes.yaml"]
    assert document is not None
    for name, entry in document.value.items():
        for index, value in enumerate(entry.get("values") or ()):
            if isinstance(value, str) and (why := disguised(value)):
                yield at(document, (name, "values", index), _said(value, why), _REMEDY)


def _in_tables(folder: Folder) -> Iterator[Finding]:
    assert folder.routing is not None
    for route, tests in zip(folder.routing.routes, folder.routing.necessary, strict=True):
        for test in tests if route.row is not None else ():
            for value in sorted(map(str, test.values)) if isinstance(test, OneOf) else ():
                if why := disguised(value):
                    yield at_route(route, f"{test.symbol} {_said(value, why)}", _REMEDY)


def _said(value: str, why: str) -> str:
    return f"'{value[:40]}' only looks like '{as_seen(value)[:40]}': {why}"
