"""Test files whose expectations are what came out: golden expectations, made anew."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

import yaml

from scoring_service.policy.document import Document, compose, decoded
from scoring_service.policy.expected_text import Edit, applied, expect_edits, usual
from scoring_service.policy.files.folder import is_test
from scoring_service.policy.layout.comments import comment_texts
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.rule_tests import Ran, run_all
from scoring_service.policy.source import Source

_FILLER = "{mql_ready: false}"


class ByHandError(Exception):
    """An expectation that cannot be rewritten without touching something else."""


def updated(source: Source) -> dict[str, bytes]:
    """The test files in which something changes, with what came out in every `expect` that differs
    or is empty. All else stays as it is written.

    Raises Mistakes where the folder does not load, ByHandError where a file cannot be edited so.
    """
    files = {name: text for name, text in source.files.items() if is_test(name)}
    filled = {name: _filled(name, content) for name, content in files.items()}
    texts = {name: text for name, (text, _) in filled.items()}
    now = _with(source, texts)
    found = defaultdict(list)
    for ran in run_all(load(now), now):
        found[ran.test.file].append(ran)
    changed = {
        name: new
        for name, (text, empty) in filled.items()
        if (new := _edited(name, text, empty, found[name])) != decoded(name, files[name])
    }
    _checked(source, changed)
    return {name: text.encode() for name, text in changed.items()}


def _with(source: Source, texts: Mapping[str, str]) -> Source:
    return replace(
        source, files={**source.files, **{name: text.encode() for name, text in texts.items()}}
    )


def _filled(name: str, content: bytes) -> tuple[str, frozenset[int]]:
    """A file with something in every empty `expect`, so that it loads; and the tests it is in."""
    document, text = compose(name, content), decoded(name, content)
    edits = {
        number: edit
        for number, entry in enumerate(_tests(document))
        if isinstance(entry, dict) and "expect" in entry and not entry["expect"]
        if (edit := _fill(document, number, text)) is not None
    }
    return applied(text, tuple(edits.values())), frozenset(edits)


def _tests(document: Document) -> list[object]:
    return document.value if isinstance(document.value, list) else []


def _fill(document: Document, number: int, text: str) -> Edit | None:
    node = _expect(document, number)
    if isinstance(node, yaml.ScalarNode) and not node.value:
        colon = text.rindex(":", 0, node.start_mark.index + 1) + 1
        return Edit(colon, colon, f" {_FILLER}")
    return None if node is None else Edit(node.start_mark.index, node.end_mark.index, _FILLER)


def _expect(document: Document, number: int) -> yaml.Node | None:
    """The node of a test's `expect`."""
    assert isinstance(document.root, yaml.SequenceNode)
    test = document.root.value[number]
    assert isinstance(test, yaml.MappingNode)
    return next((value for key, value in test.value if key.value == "expect"), None)


def _edited(name: str, text: str, empty: frozenset[int], ran: list[Ran]) -> str:
    document = compose(name, text.encode())
    return applied(text, tuple(_edits(document, text, empty, ran)))


def _edits(document: Document, text: str, empty: frozenset[int], ran: list[Ran]) -> Iterator[Edit]:
    for number, one in enumerate(ran):
        node = _expect(document, number)
        assert node is not None, "a test without an expectation does not load"
        if number in empty:
            yield Edit(node.start_mark.index, node.end_mark.index, usual(one.came))
        elif one.different:
            yield from expect_edits(text, node, one.different, one.came)


def _checked(source: Source, changed: Mapping[str, str]) -> None:
    """ByHandError where an edit did more than it should, or less: aliases, comments in the way."""
    for name, text in changed.items():
        try:
            after = compose(name, text.encode())
            kept = comment_texts(text) == comment_texts(decoded(name, source.files[name]))
            same = _others(after) == _others(compose(name, source.files[name]))
        except Mistakes:
            kept, same = True, False
        if not (kept and same):
            raise _by_hand(name)
    now = _with(source, changed)
    failing = [ran.outcome for ran in run_all(load(now), now) if ran.different]
    if failing:
        raise _by_hand(f"{failing[0].file}:{failing[0].line}")


def _others(document: Document) -> list[object]:
    """All of the tests but what they expect."""
    return [
        {key: value for key, value in entry.items() if key != "expect"}
        if isinstance(entry, dict)
        else entry
        for entry in _tests(document)
    ]


def _by_hand(place: str) -> ByHandError:
    return ByHandError(
        f"{place}: an expectation cannot be rewritten without touching something else, so nothing"
        " was written; edit it by hand: move comments out of `expect`, write aliases out"
    )
