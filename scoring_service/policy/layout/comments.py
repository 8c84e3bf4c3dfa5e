"""The comments of a YAML text, in order, and a cursor that hands each out once."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from scoring_service.policy.layout.tree import Leaf, Node, parsed

_COMMENT = re.compile(r"#[^\n]*")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment from its `#` on; `alone` is whether it has its line for itself."""

    start: int
    column: int
    alone: bool
    text: str


def comments(text: str, root: Node | None) -> tuple[Comment, ...]:
    """Every comment of a text with this tree: a `#` outside of scalars begins one."""
    found: list[Comment] = []
    before = 0
    for leaf in leaves(root):
        found.extend(_between(text, before, leaf.start))
        if header := _HEADER.match(text, leaf.start, leaf.end):
            found.append(_comment(text, header.start(1), header[1]))
        before = max(before, leaf.end)
    return (*found, *_between(text, before, len(text)))


def comment_texts(text: str) -> tuple[str, ...]:
    """The comments of a text that is known to be YAML.

    >>> comment_texts("a: '#1'  # why\\n# end")
    ('# why', '# end')
    """
    return tuple(comment.text for comment in comments(text, parsed(text)))


def leaves(node: Node | None) -> Iterator[Leaf]:
    """Keys and values in the order of the text."""
    if isinstance(node, Leaf):
        yield node
    elif node is not None:
        for entry in node.entries:
            if entry.key is not None:
                yield entry.key
            yield from leaves(entry.value)


def _between(text: str, start: int, end: int) -> Iterator[Comment]:
    for found in _COMMENT.finditer(text, start, end):
        yield _comment(text, found.start(), found[0])


def _comment(text: str, start: int, said: str) -> Comment:
    line = text.rfind("\n", 0, start) + 1
    return Comment(start, start - line, not text[line:start].strip(), said.rstrip())


class Cursor:
    """The comments that are not written yet."""

    def __init__(self, comments: tuple[Comment, ...]) -> None:
        self.comments = comments
        self._starts = [comment.start for comment in comments]
        self._at = 0

    def peek(self, before: int) -> Comment | None:
        """The next comment, if it stands before a place."""
        if self._at < len(self.comments) and self.comments[self._at].start < before:
            return self.comments[self._at]
        return None

    def take(self) -> Comment:
        """The next comment; it is not handed out again."""
        self._at += 1
        return self.comments[self._at - 1]

    def beside(self, before: int) -> str:
        """The next comment with two blanks before it, if it shares its line with something and
        stands before a place; "" otherwise.
        """
        found = self.peek(before)
        if found is None or found.alone:
            return ""
        return f"  {self.take().text}"

    def any_between(self, start: int, end: int) -> bool:
        """Whether a comment stands between two places (that are not written yet)."""
        found = bisect_left(self._starts, start, self._at)
        return found < len(self._starts) and self._starts[found] < end
