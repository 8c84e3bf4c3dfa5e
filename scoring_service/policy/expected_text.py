"""Edits of the text of one test's `expect`: what stands there is kept but for what differs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from scoring_service.policy.document import compose
from scoring_service.policy.mistake import Mistakes

OWNERS = ("owner", "track", "queue")
"""Who has the lead: one of them came, so a new one takes the place of another."""

USUAL = ("route", "row", "pool", *OWNERS, "quadrant", "mql_ready", "disqualified")
"""What an empty `expect` is filled with, as far as it came."""

_PLAIN = re.compile(r"[A-Za-z0-9][^,\[\]{}#:'\"\n]*(?<! )")


@dataclass(frozen=True, slots=True)
class Edit:
    """The text from `start` to `end` is to be `text`."""

    start: int
    end: int
    text: str


def applied(text: str, edits: Sequence[Edit]) -> str:
    """A text with edits that do not overlap.

    >>> applied("abc", [Edit(0, 1, "x"), Edit(2, 3, "")])
    'xb'
    """
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def usual(came: Mapping[str, Any]) -> str:
    """What came as a map on one line; nothing is said of what did not come.

    >>> usual({"route": "by hand", "queue": "triage", "mql_ready": False, "row": None})
    '{route: by hand, queue: triage, mql_ready: false}'
    """
    known = {name: came.get(name) for name in USUAL}
    said = {name: value for name, value in known.items() if value not in (None, "")}
    return "{" + ", ".join(f"{name}: {written(value)}" for name, value in said.items()) + "}"


def written(value: Any, style: str | None = None) -> str:
    """A value as YAML, in quotes of the style that stood there.

    >>> written(59.52), written(True), written("by hand"), written("NO"), written("it's", '"')
    ('59.5', 'true', 'by hand', "'NO'", '"it\\'s"')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{round(value, 1):g}"
    text = str(value)
    if style == '"' and not set(text) & {'"', "\\"}:
        return f'"{text}"'
    if style not in ("'", '"') and _PLAIN.fullmatch(text) and _reads_as(text):
        return text
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _reads_as(text: str) -> bool:
    """Whether a text without quotes is read as itself."""
    try:
        return bool(compose("", f"[{text}]".encode()).value == [text])
    except Mistakes:
        return False


def expect_edits(
    text: str, node: yaml.Node, different: Sequence[str], came: Mapping[str, Any]
) -> Iterator[Edit]:
    """What makes the `expect` at a node expect what came; the names in `different` are those that
    are not met.
    """
    if not isinstance(node, yaml.MappingNode):
        return
    named = [(str(key.value), key, value) for key, value in node.value]
    free = [k for k in OWNERS if came[k] is not None and k not in {name for name, *_ in named}]
    gone: set[str] = set()
    for name, key, value in named:
        if name not in different:
            continue
        if came[name] not in (None, ""):
            new = written(came[name], value.style)
            yield Edit(value.start_mark.index, value.end_mark.index, new)
        elif name in OWNERS and free:
            other = free.pop()
            yield Edit(key.start_mark.index, key.end_mark.index, other)
            new = written(came[other], value.style)
            yield Edit(value.start_mark.index, value.end_mark.index, new)
        else:
            gone.add(name)
    if len(gone) == len(named):
        yield Edit(node.start_mark.index, _end(node), usual(came))
    elif node.flow_style:
        yield from _out_of_line(node, gone)
    else:
        yield from _lines_out(text, node, gone)


def _end(node: yaml.MappingNode) -> int:
    """Where a map ends: that of a block is told as the beginning of what follows it."""
    end = node.end_mark if node.flow_style else node.value[-1][1].end_mark
    return int(end.index)


def _out_of_line(node: yaml.MappingNode, gone: set[str]) -> Iterator[Edit]:
    """Entries taken out of a map in brackets, each with a comma."""
    kept_before = False
    for number, (key, value) in enumerate(node.value):
        if key.value not in gone:
            kept_before = True
        elif kept_before:
            before = node.value[number - 1][1].end_mark.index
            yield Edit(before, value.end_mark.index, "")
        else:
            following = node.value[number + 1][0].start_mark.index
            yield Edit(key.start_mark.index, following, "")


def _lines_out(text: str, node: yaml.MappingNode, gone: set[str]) -> Iterator[Edit]:
    """Entries taken out of a block, each with its line."""
    for key, value in node.value:
        if key.value in gone:
            start = text.rfind("\n", 0, key.start_mark.index) + 1
            end = text.find("\n", value.end_mark.index)
            yield Edit(start, len(text) if end < 0 else end + 1, "")
