"""report.html: the document as one file that needs nothing else: no script, no network."""

import base64
from collections.abc import Iterator, Mapping
from html import escape

from scoring_service.calibration.reporting.report_document import Document, Section, Table

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #22313f; background: #fff;
       max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; } h3 { font-size: 1rem; }
nav a { margin-right: 1rem; white-space: nowrap; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #dde3e8; text-align: right;
         white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; }
img { max-width: 100%; height: auto; }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html(document: Document, pictures: Mapping[str, bytes]) -> str:
    """The document in HTML. Every text is escaped; pictures are in it as base64.

    A picture that is not in `pictures` is left out.
    """
    sections = list(enumerate(document.sections, 1))
    links = "".join(f'<a href="#s{n}">{escape(s.heading)}</a> ' for n, s in sections)
    body = "\n".join(line for n, s in sections for line in _section(f"s{n}", s, pictures))
    title = escape(document.title)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n<nav>{links}</nav>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _section(name: str, section: Section, pictures: Mapping[str, bytes]) -> Iterator[str]:
    yield f'<section id="{name}">\n<h2>{escape(section.heading)}</h2>'
    yield from (f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs)
    if section.points:
        points = "".join(f"<li>{escape(point)}</li>\n" for point in section.points)
        yield f"<ul>\n{points}</ul>"
    yield from map(_table, section.tables)
    for picture in section.pictures:
        if picture in pictures:
            yield _picture(picture, pictures[picture])
    yield "</section>"


def _picture(name: str, content: bytes) -> str:
    data = base64.b64encode(content).decode("ascii")
    told = escape(name.removesuffix(".png"))
    return f'<p><img alt="{told}" src="data:image/png;base64,{data}"></p>'


def _table(table: Table) -> str:
    title = f"<h3>{escape(table.title)}</h3>\n" if table.title else ""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in table.headings)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return (
        f'{title}<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )
