"""A report before it is written: sections of paragraphs, tables and pictures, as plain text.

card.md and report.html are two writings of the same document.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as texts; every row has as many as there are headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; `pictures` are file names of PNGs."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands under the heading."""
        return not (self.paragraphs or self.points or self.tables or self.pictures)


@dataclass(frozen=True, slots=True)
class Document:
    """A title and sections that hold something."""

    title: str
    sections: tuple[Section, ...]


def document(title: str, sections: Sequence[Section]) -> Document:
    """The document of these sections, less the empty ones."""
    return Document(title, tuple(section for section in sections if not section.is_empty))
