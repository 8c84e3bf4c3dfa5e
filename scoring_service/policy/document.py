"""A rule file as safe YAML: plain values, and the line of every path in it.

Keys are always the text as written (`on` and `NO` are keys like any other). Aliases are allowed
within limits; tags, merge keys and further documents are not. No YAML constructor ever runs.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from scoring_service.policy.mistake import Mistake, Mistakes
from scoring_service.policy.scalars import BadScalarError, scalar

YAML_BYTES_MAX = 4 * 1024 * 1024
DEPTH_MAX = 50
REPEATED_MAX = 10_000
"""Values that aliases may repeat, all together, before they count as an alias bomb."""

Path = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[\w-]+")


def show(path: Path) -> str:
    """A path as people read it.

    >>> show(("routes", 2, "assign"))
    '$.routes[2].assign'
    >>> show(("reps", "Anna Weber"))
    '$.reps["Anna Weber"]'
    """
    return "$" + "".join(_step(key) for key in path)


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _PLAIN_KEY.fullmatch(key) else f'["{key}"]'


@dataclass(frozen=True, slots=True)
class Document:
    """A composed file. `value` is maps, lists, texts, numbers, booleans, dates and None."""

    file: str
    value: Any
    root: yaml.Node | None = field(repr=False)

    def line(self, path: Path) -> int:
        """The line, from 1, of the deepest part of `path` that is there (of its key, in a map)."""
        line, _ = self._find(path)
        return line

    def written(self, path: Path) -> str | None:
        """The scalar at `path` as it stands in the file, None where there is none."""
        _, node = self._find(path)
        return str(node.value) if isinstance(node, yaml.ScalarNode) else None

    def mistake(self, path: Path, what: str, remedy: str) -> Mistake:
        """A mistake at `path`, with its line."""
        return Mistake(self.file, self.line(path), show(path), what, remedy)

    def _find(self, path: Path) -> tuple[int, yaml.Node | None]:
        node, line = self.root, _line(self.root)
        for key in path:
            at, node = _below(node, key)
            if node is None:
                break
            line = _line(at)
        return line, node


def _line(node: yaml.Node | None) -> int:
    return 1 if node is None else int(node.start_mark.line) + 1


def _below(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return name, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key]
    return None, None


def compose(file: str, content: bytes) -> Document:
    """The file's values and their places; Mistakes where it is not safe, plain YAML."""
    if len(content) > YAML_BYTES_MAX:
        what = f"the file has {len(content):,} bytes, more than {YAML_BYTES_MAX:,}"
        raise Mistakes([Mistake(file, 1, "$", what, "split rows off into a decision table (CSV)")])
    root = _parse(file, decoded(file, content))
    builder = _Builder(Document(file, None, root))
    value = builder.value(root, 0) if root is not None else {}
    if builder.mistakes:
        raise Mistakes(builder.mistakes)
    return Document(file, value, root)


def decoded(file: str, content: bytes) -> str:
    """The content as text; Mistakes where it is not UTF-8 (a byte order mark is dropped)."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = "this is not UTF-8 text"
        raise Mistakes([Mistake(file, line, "$", what, "save the file as UTF-8")]) from None


_TAB = re.compile(r" *\t")


def _parse(file: str, text: str) -> yaml.Node | None:
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
        return node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else min(mark.line + 1, len(text.splitlines()) or 1)
        what = f"this is not YAML: {error.problem or error.context}"
        remedy = "look at indentation, quotes and brackets up to this line"
        if _TAB.match(text.splitlines()[line - 1] if text else ""):
            remedy = "this line begins with a tab: write blanks in its place"
        raise Mistakes([Mistake(file, line, "$", what, remedy)]) from None
    except yaml.YAMLError as error:
        what = f"this is not YAML: {str(error).splitlines()[0]}"
        raise Mistakes([Mistake(file, 1, "$", what, "remove control characters")]) from None


class _UnreadableError(Exception):
    """Nothing below is worth reading: the file is deeper or longer than any honest one."""


class _Builder:
    """Walks the nodes once, collecting mistakes with the path it is at."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.mistakes: list[Mistake] = []
        self._path: list[str | int] = []
        self._seen: set[int] = set()
        self._repeated = 0

    def value(self, node: yaml.Node, depth: int) -> Any:
        """The node's value; None in place of what is wrong."""
        try:
            return self._value(node, depth)
        except _UnreadableError:
            return None

    def _value(self, node: yaml.Node, depth: int) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self._guard(node, depth)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        return self._sequence(node, depth)

    def _guard(self, node: yaml.Node, depth: int) -> None:
        if depth > DEPTH_MAX:
            self._stop(f"nested deeper than {DEPTH_MAX}", "flatten it, or remove the alias in it")
        if id(node) in self._seen:
            self._repeated += len(node.value)
            if self._repeated > REPEATED_MAX:
                self._stop(
                    f"aliases repeat more than {REPEATED_MAX:,} values", "write the entries out"
                )
        self._seen.add(id(node))
        if node.tag not in _COLLECTIONS:
            self._add(f"the tag {node.tag} is not read", "remove the tag")

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, found)
            if key is not None:
                self._path.append(key)
                found[key] = self._value(value_node, depth + 1)
                self._path.pop()
        return found

    def _key(self, node: yaml.Node, found: dict[str, Any]) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._add("a key must be a text", "put the key in quotes", node)
            return None
        key = str(node.value)
        if node.tag == "tag:yaml.org,2002:merge":
            self._add("merge keys (<<) are not read", "write the entries out", node)
            return None
        if key in found:
            self._add(f"the key '{key}' is there twice", "remove or rename one of the two", node)
            return None
        return key

    def _sequence(self, node: yaml.Node, depth: int) -> list[Any]:
        found: list[Any] = []
        for index, item in enumerate(node.value):
            self._path.append(index)
            found.append(self._value(item, depth + 1))
            self._path.pop()
        return found

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        try:
            return scalar(node)
        except BadScalarError as bad:
            self._add(bad.what, bad.remedy, node)
            return None

    def _add(self, what: str, remedy: str, node: yaml.Node | None = None) -> None:
        path = tuple(self._path)
        line = self.document.line(path) if node is None else _line(node)
        self.mistakes.append(Mistake(self.document.file, line, show(path), what, remedy))

    def _stop(self, what: str, remedy: str) -> None:
        self._path = self._path[:1]
        self._add(what, remedy)
        raise _UnreadableError


_COLLECTIONS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
