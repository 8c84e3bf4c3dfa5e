"""A diff in sentences and lines for a terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from scoring_service.workflows.diff.results import Change, Diff, Pair, enrolled_said

CHANGES_MAX = 40
"""Changed leads shown; --json and --html have more."""


@dataclass(frozen=True, slots=True)
class Told:
    """A diff with what it is of: the two folders, the rows left out, what was not replayed."""

    diff: Diff
    old: str
    new: str
    left_out: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()


def told(found: Told) -> str:
    """Everything, on lines; of the changed leads the first."""
    return "\n".join(_lines(found))


def _lines(found: Told) -> Iterator[str]:
    diff = found.diff
    yield f"{found.old} (revision {diff.old_revision})"
    yield f"-> {found.new} (revision {diff.new_revision})"
    yield ""
    yield from sentences(diff)
    yield from found.notes
    for title, gains in (("who gains", True), ("who loses", False)):
        yield from _section(title, moved_leads(diff, gains=gains))
    yield from _section("load of each rep: leads at the end, assignments in all", rep_rows(diff))
    yield from _section("load of each pool: drawn, waiting at the end", pool_rows(diff))
    yield from _section("queues and tracks: leads at the end", owner_rows(diff))
    yield from _section("changes", [row_of(change) for change in diff.changes[:CHANGES_MAX]])
    more = len(diff.changes) - CHANGES_MAX
    if more > 0:
        yield f"  and {more:,} more; --json and --html say which"


def sentences(diff: Diff) -> Iterator[str]:
    """The counts, each in a sentence."""
    if diff.first is not None and diff.last is not None:
        yield f"{diff.leads:,} leads from {_instant(diff.first)} to {_instant(diff.last)}"
    yield (
        f"{len(diff.changes):,} change: {diff.owner:,} the owner, {diff.route:,} the route,"
        f" {diff.quadrant:,} the quadrant, {diff.mql:,} the MQL status"
    )
    yield f"MQLs that met every bar (qualified): {arrow(diff.qualified)}"
    yield f"MQLs with bars missed (routed): {arrow(diff.routed)}"
    yield from map(enrolled_said, diff.foreseen)
    yield f"first responses outside the rep's hours: {arrow(diff.outside_hours)}"
    if diff.expected_wins is not None and diff.moved_wins is not None:
        wins = diff.expected_wins
        yield f"expected wins in reps' hands: {wins.old:.1f} -> {wins.new:.1f}"
        yield f"expected wins of the leads whose owner changes: {diff.moved_wins:.1f}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def arrow(pair: Pair[int]) -> str:
    """Two counts and their difference.

    >>> arrow(Pair(1200, 1180))
    '1,200 -> 1,180 (-20)'
    """
    return f"{pair.old:,} -> {pair.new:,} ({pair.new - pair.old:+,})"


def wins(pair: Pair[float] | None) -> str:
    """Two sums of P(won); empty without a model."""
    return "" if pair is None else f"{pair.old:.1f} -> {pair.new:.1f} ({pair.new - pair.old:+.1f})"


def moved_leads(diff: Diff, *, gains: bool) -> Sequence[tuple[str, ...]]:
    """The reps who have more leads at the end, or fewer: by how many, the most first."""
    found = [
        (load.leads.new - load.leads.old, load)
        for load in diff.reps
        if (load.leads.new > load.leads.old) == gains and load.leads.differs
    ]
    found.sort(key=lambda one: (-abs(one[0]), one[1].rep_id))
    return [(load.rep_id, f"{by:+,}", wins(load.expected_wins)) for by, load in found]


def rep_rows(diff: Diff) -> Sequence[tuple[str, ...]]:
    """A row a rep."""
    return [
        (load.rep_id, arrow(load.leads), arrow(load.taken), wins(load.expected_wins))
        for load in diff.reps
    ]


def pool_rows(diff: Diff) -> Sequence[tuple[str, ...]]:
    """A row a pool."""
    return [(load.pool, arrow(load.drawn), arrow(load.waiting)) for load in diff.pools]


def owner_rows(diff: Diff) -> Sequence[tuple[str, ...]]:
    """A row a queue or a track."""
    return [(load.owner, arrow(load.leads)) for load in diff.owners]


def row_of(change: Change) -> tuple[str, ...]:
    """A changed lead: what differs, with both sides."""
    pairs: dict[str, Pair[str] | Pair[str | None]] = {
        "owner": change.owner,
        "route": change.route,
        "quadrant": change.quadrant,
        "mql": change.mql,
    }
    said = [
        f"{name} {pair.old or 'none'} -> {pair.new or 'none'}"
        for name, pair in pairs.items()
        if pair.differs
    ]
    return (change.lead_id, "; ".join(said))


def _section(title: str, rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield title
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells).rstrip()}"
