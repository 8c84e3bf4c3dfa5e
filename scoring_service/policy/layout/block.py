"""Maps and lists as blocks: two blanks deeper each, comments where they were, at most one empty
line between entries.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scoring_service.policy.layout.align import Row, aligned, row_of
from scoring_service.policy.layout.comments import Comment, Cursor
from scoring_service.policy.layout.flow import Flow, key_text
from scoring_service.policy.layout.leaves import leaf_lines
from scoring_service.policy.layout.tree import Collection, Entry, Leaf, Node

INDENT = 2


@dataclass(slots=True)
class Blocks:
    """Writes lines from the top. `source` is the text that is laid out, `cursor` its comments."""

    source: str
    cursor: Cursor
    lines: list[str] = field(default_factory=list)
    _opened: bool = True

    def root(self, node: Node | None) -> None:
        """The whole file."""
        if isinstance(node, Collection) and not node.flow:
            if node.properties:
                self._comments(node.entries[0].start, 0)
                self._line(node.properties)
            self._block(node, 0, "", -1, len(self.source))
        elif node is not None:
            self._comments(node.start, 0)
            self._inline("", node, 0, 0)
        self._comments(len(self.source) + 1, 0)

    def _block(self, node: Collection, indent: int, lead: str, parent: int, limit: int) -> None:
        """The entries of a block; the first goes on behind `lead`. `parent` is the source's column
        of what it stands below, `limit` where the next thing after it stands.
        """
        texts = dict(self._rows(node, indent))
        for number, entry in enumerate(node.entries):
            after = node.entries[number + 1].start if number + 1 < len(node.entries) else limit
            if number or not lead:
                self._above(entry.start, indent)
            start = lead if not number and lead else " " * indent
            made = texts.get(number, 0)
            if isinstance(made, str):
                self._line(start + made + self.cursor.beside(after))
            else:
                self._entry(entry, start, indent, made, node.column, after)
        self._trailing(node.column, parent, indent, limit)

    def _rows(self, node: Collection, indent: int) -> Iterator[tuple[int, str | int]]:
        """By an entry's number the text of its line, or the width of its key."""
        numbered = enumerate([self._row(entry) for entry in node.entries])
        group: list[tuple[int, Row]] = []
        for number, row in numbered:
            if group and (row is None or self._apart(node.entries[number].start)):
                yield from _aligned(group, indent, node.mapping)
                group = []
            if row is not None:
                group.append((number, row))
        yield from _aligned(group, indent, node.mapping)

    def _row(self, entry: Entry) -> Row | None:
        end = entry.value.end
        if self.cursor.any_between(entry.start, end):
            return None
        return row_of(self.source, entry)

    def _entry(
        self, entry: Entry, start: str, indent: int, width: int, column: int, limit: int
    ) -> None:
        head = "-" if entry.key is None else key_text(entry.key)
        head = start + (head or "?").ljust(width)
        value = entry.value
        if isinstance(value, Leaf) or value.flow:
            told = self._told(head.rstrip(), value.start, indent + INDENT) if value.end else False
            inner = " " * (indent + INDENT) if told else f"{head} "
            self._inline(inner, value, indent, limit)
        else:
            self._below(value, head.rstrip(), indent, column, limit)

    def _below(self, value: Collection, head: str, indent: int, column: int, limit: int) -> None:
        """A block below a key, or beside a dash where nothing stands between."""
        first = value.entries[0].start
        beside = self.cursor.peek(first) is None and not value.properties
        if head.endswith("-") and beside:
            self._block(value, len(head) + 1, f"{head} ", column, limit)
            return
        properties = f" {value.properties}" if value.properties else ""
        self._line(head + properties + self.cursor.beside(first))
        self._opened = True
        self._block(value, indent + INDENT, "", column, limit)

    def _told(self, head: str, before: int, indent: int) -> bool:
        """A head with the comments that stand between it and its value; whether there were any."""
        if self.cursor.peek(before) is None:
            return False
        self._line(head + self.cursor.beside(before))
        while self.cursor.peek(before) is not None:
            self._line(" " * indent + self.cursor.take().text)
        return True

    def _inline(self, head: str, node: Node, indent: int, limit: int) -> None:
        """A scalar, or what stands in brackets, behind a head."""
        if isinstance(node, Leaf):
            made = leaf_lines(node, indent + INDENT)
            if node.style in ("|", ">"):
                made[0] += self.cursor.beside(node.end)
        else:
            made = Flow(self.cursor).lines(node, len(head))
        first, *others = made
        self._line((head + first).rstrip())
        self.lines += others
        line_end = self.source.find("\n", node.end)
        if not (isinstance(node, Leaf) and node.style in ("|", ">")):
            end = len(self.source) if line_end < 0 else line_end
            self.lines[-1] += self.cursor.beside(end)

    def _above(self, start: int, indent: int) -> None:
        """The comments above an entry, and one empty line where there were some."""
        self._comments(start, indent)
        self._gap(start)

    def _comments(self, before: int, indent: int) -> None:
        while (found := self.cursor.peek(before)) is not None:
            self._comment(found, indent)

    def _trailing(self, column: int, parent: int, indent: int, limit: int) -> None:
        """The comments below the last entry that are as deep as the block itself."""
        while (found := self.cursor.peek(limit)) is not None:
            if not found.alone or found.column < column or found.column <= parent:
                return
            self._comment(found, indent)

    def _comment(self, found: Comment, indent: int) -> None:
        self._gap(found.start)
        self._line(" " * indent + self.cursor.take().text)

    def _gap(self, start: int) -> None:
        """An empty line where the source has some above the line of a place."""
        if not self._opened and self.lines and self.lines[-1] and self._apart(start, blank=True):
            self.lines.append("")

    def _apart(self, start: int, blank: bool = False) -> bool:
        """Whether an empty line stands above the line of a place, or (not `blank`) a comment."""
        line = self.source.rfind("\n", 0, start) + 1
        above = self.source[self.source.rfind("\n", 0, max(line - 1, 0)) + 1 : line].strip()
        return line > 0 and (not above or (not blank and above.startswith("#")))

    def _line(self, text: str) -> None:
        self.lines.append(text)
        self._opened = False


def _aligned(
    group: Sequence[tuple[int, Row]], indent: int, keyed: bool
) -> Iterator[tuple[int, str | int]]:
    rows = [row for _, row in group]
    yield from zip([number for number, _ in group], aligned(rows, indent, keyed), strict=True)
