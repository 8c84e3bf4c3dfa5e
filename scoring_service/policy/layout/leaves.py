"""Scalars as they are written: quotes by one rule, lines of long ones kept."""

import re

from scoring_service.policy.layout.tree import Leaf

_HEADER = re.compile(r"([|>][-+]?)([0-9]?[-+]?)")


class UnwritableError(Exception):
    """A way of writing that has no layout; `start` is where it stands in the text."""

    def __init__(self, start: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.start, self.what, self.remedy = start, what, remedy


def leaf_text(leaf: Leaf) -> str | None:
    """A scalar on one line; None where it takes several."""
    text = _quoted(leaf)
    if leaf.style in ("|", ">") or "\n" in text:
        return None
    return f"{leaf.properties} {text}".strip()


def leaf_lines(leaf: Leaf, indent: int) -> list[str]:
    """A scalar on several lines, the first without and the others with their indentation."""
    if leaf.style in ("|", ">"):
        lines = _block(leaf, indent)
    else:
        first, *others = map(_stripped, leaf.text.split("\n"))
        lines = [first, *(f"{' ' * indent}{line}" if line else "" for line in others)]
    return [f"{leaf.properties} {lines[0]}".strip(), *lines[1:]]


def _quoted(leaf: Leaf) -> str:
    """Single quotes; double ones where the text has single ones and nothing to be escaped."""
    value = leaf.value
    if leaf.style not in ("'", '"') or not value.isprintable() or "\n" in leaf.text:
        return leaf.text
    if "'" in value and not set(value) & {'"', "\\"}:
        return f'"{value}"'
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def _stripped(line: str) -> str:
    """A line of a scalar that folds: blanks around it say nothing, but for an escaped one."""
    bare = line.strip(" \t")
    return f"{bare} " if bare.endswith("\\") and line.rstrip(" \t") != line else bare


def _block(leaf: Leaf, indent: int) -> list[str]:
    """A text in block style: its lines moved to `indent`."""
    head, *lines = leaf.text.split("\n")
    header = _HEADER.match(head)
    if header is None or header[2]:
        what = "a text in block style names its own indentation"
        raise UnwritableError(leaf.start, what, "leave out the number behind | or >")
    if not lines[-1:] or not lines[-1].strip(" "):
        lines = lines[:-1]
    if not header[1].endswith("+"):
        while lines and not lines[-1].strip(" "):
            lines.pop()
    old = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")), default=0)
    moved = [f"{' ' * indent}{line[old:]}" if line[old:] else "" for line in lines]
    cut_off = bool(lines) and not leaf.value.endswith("\n")
    return [f"{header[1][0]}-" if cut_off else header[1], *moved]
