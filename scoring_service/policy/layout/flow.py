"""Maps and lists in brackets: on one line where they fit, else filled, else an entry a line."""

from dataclasses import dataclass

from scoring_service.policy.layout.comments import Cursor
from scoring_service.policy.layout.leaves import leaf_lines, leaf_text
from scoring_service.policy.layout.tree import Collection, Entry, Leaf, Node

WIDTH = 140
"""Characters of a line; a single entry that is longer stays whole."""


def one_line(node: Node) -> str | None:
    """A node in brackets, or a scalar, on one line; None where it cannot be."""
    if isinstance(node, Leaf):
        return leaf_text(node)
    if not node.flow:
        return None
    parts = [entry_text(entry) for entry in node.entries]
    if None in parts:
        return None
    opening, closing = brackets(node)
    return f"{opening}{', '.join(filter(None, parts))}{closing}"


def entry_text(entry: Entry) -> str | None:
    """An entry of a map or list in brackets on one line."""
    value = one_line(entry.value)
    if value is None or entry.key is None:
        return value
    key = key_text(entry.key)
    return None if key is None else f"{key} {value or 'null'}"


def key_text(key: Leaf) -> str | None:
    """A key with its colon."""
    text = leaf_text(key)
    return None if text is None else f"{text}{' ' if key.style == '*' else ''}:"


def brackets(node: Collection) -> tuple[str, str]:
    """What opens and closes a collection."""
    opening, closing = "{}" if node.mapping else "[]"
    return f"{node.properties} {opening}".strip(), closing


@dataclass(frozen=True, slots=True)
class Flow:
    """Lays out nodes that stand in brackets; `cursor` has the comments."""

    cursor: Cursor

    def lines(self, node: Node, column: int, tail: int = 0) -> list[str]:
        """The lines of a node whose first begins at `column` and whose last has room for `tail`
        further characters; all but the first with their indentation.
        """
        one = one_line(node)
        if isinstance(node, Leaf):
            return [one] if one is not None else leaf_lines(node, column + 2)
        if self.cursor.any_between(node.start, node.end):
            return self._apart(node, column)
        if one is not None and column + len(one) + tail <= WIDTH:
            return [one]
        return self._filled(node, column, tail)

    def _filled(self, node: Collection, column: int, tail: int) -> list[str]:
        opening, closing = brackets(node)
        inner = column + len(opening)
        lines, used = [opening], inner
        for entry in node.entries:
            last = entry is node.entries[-1]
            mark, room = (closing, tail) if last else (",", 0)
            text, first = entry_text(entry), lines[-1] == opening and len(lines) == 1
            if text is None or used + 1 + len(text) + len(mark) + room > WIDTH:
                if not first:
                    lines, used = [*lines, " " * inner], inner
                made = self._entry(entry, used, len(mark) + room)
            else:
                made = [text if first else f" {text}"]
            lines = [*lines[:-1], lines[-1] + made[0], *made[1:]]
            lines[-1] += mark
            used = len(lines[-1]) if len(lines) > 1 else column + len(lines[-1])
        return lines

    def _entry(self, entry: Entry, column: int, tail: int) -> list[str]:
        if entry.key is None:
            return self.lines(entry.value, column, tail)
        head = f"{key_text(entry.key) or '?'} "
        first, *others = self.lines(entry.value, column + len(head), tail)
        return [head + (first or "null"), *others]

    def _apart(self, node: Collection, column: int) -> list[str]:
        """An entry a line, so that every comment keeps what it stands beside or above."""
        opening, closing = brackets(node)
        inner = column + len(opening)
        lines = [opening]
        for number, entry in enumerate(node.entries):
            told = self._told(lines, entry.start, inner)
            if number == 0 and not told:
                made = self._entry(entry, inner, 1)
                lines = [opening + made[0], *made[1:]]
            else:
                made = self._entry(entry, inner, 1)
                lines = [*lines, " " * inner + made[0], *made[1:]]
            lines[-1] += "" if number + 1 == len(node.entries) else ","
        if self._told(lines, node.end, inner):
            return [*lines, " " * column + closing]
        return [*lines[:-1], lines[-1] + closing]

    def _told(self, lines: list[str], before: int, indent: int) -> bool:
        """Add the comments that stand before a place; whether there were any."""
        beside = self.cursor.beside(before)
        lines[-1] += beside
        found = bool(beside)
        while self.cursor.peek(before) is not None:
            lines.append(" " * indent + self.cursor.take().text)
            found = True
        return found
