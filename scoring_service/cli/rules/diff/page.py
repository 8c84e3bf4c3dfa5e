"""A diff as one page that needs nothing else: no script, no network; every text is escaped."""

from collections.abc import Iterator, Sequence
from html import escape

from scoring_service.cli.rules.diff.told import (
    Told,
    moved_leads,
    owner_rows,
    pool_rows,
    rep_rows,
    sentences,
)
from scoring_service.workflows.diff.results import Change, Pair, RepLoad

CHANGES_MAX = 5_000
"""Changed leads on the page; --json has all."""

MOVED = ("Who gains", "Who loses")
"""Headings of the sections that stand beside each other, before all others."""

ARROW = "\u2192"

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #22313f; background: #fff;
       max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin-top: 2.2rem; }
nav a { margin-right: 1rem; white-space: nowrap; }
.tiles { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.2rem 0; padding: 0; }
.tiles li { list-style: none; border: 1px solid #dde3e8; border-radius: .4rem;
            padding: .5rem 1rem; }
.tiles b { display: block; font-size: 1.5rem; }
.scroll { overflow-x: auto; }
.beside { display: flex; flex-wrap: wrap; column-gap: 5rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem 1rem .25rem 0; border-bottom: 1px solid #dde3e8; text-align: left;
         vertical-align: top; }
td.bar { min-width: 14rem; }
.old, .new { height: .5rem; border-radius: .2rem; margin: .2rem 0; min-width: 1px; }
.old { background: #b4bfc9; } .new { background: #2f6f9f; }
td, li span { white-space: nowrap; } td.names { white-space: normal; overflow-wrap: anywhere; }
.same { color: #7b8894; } del { color: #a33; } ins { color: #17653a; text-decoration: none; }
footer { margin: 3rem 0 1rem; color: #5b6873; font-size: .9rem; }
"""


def html_of(found: Told) -> str:
    """The whole page."""
    sections = list(_sections(found))
    links = "".join(f'<a href="#s{n}">{escape(h)}</a> ' for n, (h, _) in enumerate(sections, 1))
    shown = [
        f'<section id="s{n}">\n<h2>{escape(heading)}</h2>\n{content}\n</section>'
        for n, (heading, content) in enumerate(sections, 1)
    ]
    beside = sum(heading in MOVED for heading, _ in sections)
    first = f'<div class="beside">\n{"".join(shown[:beside])}\n</div>' if beside else ""
    body = "\n".join((first, *shown[beside:]))
    title = f"{found.old} {ARROW} {found.new}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>What changes: {escape(title)}</h1>\n{_summary(found)}\n"
        f"<nav>{links}</nav>\n<main>\n{body}\n</main>\n<footer>{_footer(found)}</footer>\n"
        "</body>\n</html>\n"
    )


def _summary(found: Told) -> str:
    diff = found.diff
    tiles = (
        (diff.leads, "leads replayed"),
        (len(diff.changes), "of them change"),
        (diff.owner, "get another owner"),
        (diff.route, "take another route"),
        (diff.quadrant, "change quadrant"),
        (diff.mql, "change MQL status"),
    )
    shown = "".join(f"<li><b>{count:,}</b> {what}</li>" for count, what in tiles)
    said = "".join(f"<li>{_line(line)}</li>\n" for line in (*sentences(diff), *found.notes))
    return f'<ul class="tiles">{shown}</ul>\n<ul>\n{said}</ul>'


def _line(sentence: str) -> str:
    """A sentence, the counts behind its colon kept on one line."""
    before, colon, counts = escape(sentence).partition(": ")
    if not colon or "-&gt;" not in counts:
        return escape(sentence)
    return f"{before}: <span>{counts.replace('-&gt;', ARROW)}</span>"


def _cell(text: str) -> str:
    """A table's cell; what does not change is there, and pale."""
    kind = ' class="same"' if text.endswith("(+0)") else ""
    return f"<td{kind}>{escape(text).replace('-&gt;', ARROW)}</td>"


def _sections(found: Told) -> Iterator[tuple[str, str]]:
    diff = found.diff
    for heading, gains in zip(MOVED, (True, False), strict=True):
        rows = moved_leads(diff, gains=gains)
        if rows:
            yield heading, _table(("rep", "leads", "expected wins"), rows)
    if diff.reps:
        yield "Load of each rep", _reps(found)
    if diff.pools:
        yield "Load of each pool", _table(("pool", "drawn", "waiting at the end"), pool_rows(diff))
    if diff.owners:
        yield "Queues and tracks", _table(("owner", "leads at the end"), owner_rows(diff))
    if diff.changes:
        yield "Changed leads", _changes(diff.changes)
    if found.left_out:
        rows = [(str(line), why) for line, why in found.left_out]
        yield "Rows left out", _table(("line", "why"), rows)


def _reps(found: Told) -> str:
    most = max(max(load.leads.old, load.leads.new) for load in found.diff.reps) or 1
    headings, told = _filled(
        ("rep", "leads at the end", "assignments", "expected wins"), rep_rows(found.diff)
    )
    bars = [_bars(load, most) for load in found.diff.reps]
    rows = [
        f"<tr>{''.join(map(_cell, row))}{bar}</tr>" for row, bar in zip(told, bars, strict=True)
    ]
    return _framed((*headings, "old above new"), rows)


def _bars(load: RepLoad, most: int) -> str:
    widths = (("old", load.leads.old), ("new", load.leads.new))
    bars = (f'<div class="{side}" style="width:{100 * n / most:.1f}%"></div>' for side, n in widths)
    return f'<td class="bar">{"".join(bars)}</td>'


def _changes(changes: Sequence[Change]) -> str:
    rows = [_change(change) for change in changes[:CHANGES_MAX]]
    table = _framed(("lead", "owner", "route", "quadrant", "MQL"), rows)
    more = len(changes) - CHANGES_MAX
    if more <= 0:
        return table
    return f"{table}\n<p>and {more:,} more; the JSON of the same command has all of them</p>"


def _change(change: Change) -> str:
    pairs: tuple[Pair[str] | Pair[str | None], ...] = (
        change.owner,
        change.route,
        change.quadrant,
        change.mql,
    )
    cells = "".join(f'<td class="names">{_pair(pair)}</td>' for pair in pairs)
    return f"<tr><td>{escape(change.lead_id)}</td>{cells}</tr>"


def _pair(pair: Pair[str] | Pair[str | None]) -> str:
    old, new = escape(pair.old or "none"), escape(pair.new or "none")
    if not pair.differs:
        return f'<span class="same">{old}</span>'
    return f"<del>{old}</del> <ins>{new}</ins>"


def _filled(
    headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """A table without the columns in which nothing stands."""
    kept = [n for n in range(len(headings)) if any(row[n] for row in rows)]
    return [headings[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    headings, rows = _filled(headings, rows)
    lines = [f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows]
    return _framed(headings, lines)


def _framed(headings: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "\n".join(rows)
    return (
        f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _footer(found: Told) -> str:
    diff = found.diff
    model = f"; P(won) by model {escape(diff.model_version)}" if diff.model_version else ""
    return (
        f"old: {escape(found.old)}, revision {escape(diff.old_revision)};"
        f" new: {escape(found.new)}, revision {escape(diff.new_revision)}{model}."
        " Both were replayed; clocks that run out and leaves that begin moved no lead."
    )
