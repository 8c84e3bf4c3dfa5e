"""card.md: the document as Markdown, for people who read it in a repository."""

import re
from collections.abc import Iterator

from scoring_service.calibration.reporting.report_document import Document, Section, Table

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_LINES = re.compile(r"\s+")


def markdown(document: Document) -> str:
    """The document in Markdown, names from the data escaped; ends with a newline."""
    blocks = [f"# {escaped(document.title)}"]
    blocks += (block for section in document.sections for block in _section(section))
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    r"""A text that Markdown takes literally, on one line.

    >>> escaped("a|b <script> _x_")
    'a\\|b \\<script\\> \\_x\\_'
    """
    return _MARKUP.sub(r"\\\1", _LINES.sub(" ", text).strip())


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.heading)}"
    yield from (escaped(paragraph) for paragraph in section.paragraphs)
    if section.points:
        yield "\n".join(f"- {escaped(point)}" for point in section.points)
    for table in section.tables:
        yield from _table(table)
    for picture in section.pictures:
        yield f"![{picture.removesuffix('.png')}]({picture})"


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield f"### {escaped(table.title)}"
    headings, *rows = (tuple(map(escaped, line)) for line in (table.headings, *table.rows))
    lines = [headings, ("---",) * len(headings), *rows]
    yield "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
