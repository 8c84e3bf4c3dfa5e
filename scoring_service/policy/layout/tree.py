"""A YAML text as a tree that still knows how each part was written, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*")
_PROPERTIES = re.compile(rf"(?:{_PROPERTY.pattern}\s+)*(?:{_PROPERTY.pattern}$)?")
_BETWEEN = re.compile(r"(?:\s|#[^\n]*)*")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar or an alias from `start` to `end`, as written but for anchor and tag (`properties`).

    `style` is that of YAML's events: "" plain, quotes, "|", ">"; "*" is an alias.
    """

    start: int
    end: int
    properties: str
    text: str
    style: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A value below a key, or behind a dash or a comma (then `key` is None).

    `start` is where the key or the dash stands, in a flow sequence the value.
    """

    start: int
    key: Leaf | None
    value: "Node"


@dataclass(frozen=True, slots=True)
class Collection:
    """A map or a sequence, in flow style (brackets) or as a block, whose entries begin at `column`
    of the source.
    """

    start: int
    end: int
    properties: str
    flow: bool
    mapping: bool
    column: int
    entries: tuple[Entry, ...]


Node = Leaf | Collection


def parsed(text: str) -> Node | None:
    """The tree of a text that is known to be plain YAML; None of one that says nothing."""
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    next(events)
    if isinstance(next(events), yaml.StreamEndEvent):
        return None
    return _Reader(text, events).node()


def next_token(text: str, start: int) -> int:
    """Where the first thing from `start` on stands that is neither blank nor a comment.

    >>> next_token("a: # why\\n  - b", 2)
    11
    """
    found = _BETWEEN.match(text, start)
    assert found is not None
    return found.end()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads nodes from events, one behind the other."""

    text: str
    events: Iterator[Any]

    def node(self, event: Any = None) -> Node:
        event = event or next(self.events)
        start, end = event.start_mark.index, event.end_mark.index
        source = self.text[start:end]
        if isinstance(event, yaml.AliasEvent):
            return Leaf(start, end, "", source, "*", source)
        if isinstance(event, yaml.ScalarEvent):
            return _leaf(start, end, source, event)
        assert isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent), event
        properties = " ".join(_PROPERTY.findall(source))
        if isinstance(event, yaml.MappingStartEvent):
            entries, end = self._map()
        else:
            entries, end = self._sequence(bool(event.flow_style), end if properties else start)
        column = _column(self.text, entries[0].start) if entries else 0
        return Collection(
            start, end, properties, bool(event.flow_style),
            isinstance(event, yaml.MappingStartEvent), column, entries,
        )  # fmt: skip

    def _map(self) -> tuple[tuple[Entry, ...], int]:
        found: list[Entry] = []
        event: Any
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event)
            if not isinstance(key, Leaf):
                raise TypeError("a key is no text")
            found.append(Entry(key.start, key, self.node()))
        return tuple(found), _index(event.end_mark)

    def _sequence(self, flow: bool, start: int) -> tuple[tuple[Entry, ...], int]:
        found: list[Entry] = []
        event: Any
        before = start
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            at = event.start_mark.index
            value = self.node(event)
            found.append(Entry(at if flow else self._dash(before, at), None, value))
            before = value.end
        return tuple(found), _index(event.end_mark)

    def _dash(self, before: int, at: int) -> int:
        """Where the dash of an item stands that ends before `at`."""
        found = next_token(self.text, before)
        while self.text[found] != "-" and found < at:
            found = next_token(self.text, found + 1)
        return found


def _leaf(start: int, end: int, source: str, event: Any) -> Leaf:
    properties = ""
    if event.anchor is not None or event.tag is not None:
        found = _PROPERTIES.match(source)
        assert found is not None
        properties, source = found[0], source[found.end() :]
    return Leaf(start, end, " ".join(properties.split()), source, event.style or "", event.value)


def _column(text: str, start: int) -> int:
    return start - text.rfind("\n", 0, start) - 1


def _index(mark: Any) -> int:
    return int(mark.index)
