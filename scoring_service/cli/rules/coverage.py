"""What the tests of a folder exercise, as people and machines read it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import click

from scoring_service.policy.coverage import Coverage, Covered, Share
from scoring_service.policy.coverage_parts import Kind, Part

NAMED_MAX = 5
"""Parts named in a line of the short table; `--coverage` lists them all."""

Least = tuple[Kind, float]
"""A kind, and the least percentage of it that tests must exercise."""


class CoverMin(click.ParamType[Least]):
    """`PERCENT`, or `KIND=PERCENT`."""

    name = "percent"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Least:
        """The kind and the percentage; a usage error otherwise."""
        if isinstance(value, tuple):
            return value
        kind, equals, percent = str(value).rpartition("=")
        kinds = ", ".join(Kind)
        if equals and kind not in tuple(Kind):
            self.fail(f"'{kind}' is nothing that tests exercise; known are: {kinds}", param, ctx)
        try:
            least = float(percent)
        except ValueError:
            least = -1.0
        if not 0 <= least <= 100:
            self.fail(f"'{percent}' is not a percentage from 0 to 100", param, ctx)
        return Kind(kind) if equals else Kind.ALL, least


def below(coverage: Coverage, least: Iterable[Least]) -> tuple[str, ...]:
    """A sentence for each minimum that is not reached."""
    return tuple(
        f"the tests exercise {share.percent:g} % of {_whole(kind)}, less than {percent:g} %"
        for kind, percent in least
        if (share := coverage.share(kind)).percent < percent
    )


def _whole(kind: Kind) -> str:
    return "the policy" if kind is Kind.ALL else f"its {kind}"


def short(coverage: Coverage) -> Iterator[str]:
    """A line for each kind: how many were exercised, and the first that never were."""
    for share in coverage.shares():
        if share.kind is Kind.ALL:
            yield f"{_counts(share)} exercised by tests ({share.percent:g} %)"
            continue
        missing = list(_missing(coverage.of(share.kind)))
        more = f" and {len(missing) - NAMED_MAX} more" if len(missing) > NAMED_MAX else ""
        named = f": never exercised: {', '.join(missing[:NAMED_MAX])}{more}" if missing else ""
        yield _counts(share) + named


def full(coverage: Coverage) -> Iterator[str]:
    """Every part with the tests that exercised it; rows that none did as ranges."""
    for share in coverage.shares():
        covered = coverage.of(share.kind)
        if covered:
            yield _counts(share)
            yield from (f"  {_shown(one)}" for one in covered if one.tests)
            yield from (f"  never: {name}" for name in _missing(covered))


def as_rows(coverage: Coverage) -> dict[str, Any]:
    """For machines: shares by kind, and every part with its tests."""
    return {
        "shares": {
            share.kind: {
                "exercised": share.exercised,
                "total": share.total,
                "percent": share.percent,
            }
            for share in coverage.shares()
        },
        "parts": [
            {
                "kind": one.part.kind,
                "name": one.part.name,
                "place": one.part.place,
                "tests": one.tests,
            }
            for one in coverage.parts
        ],
    }


def _counts(share: Share) -> str:
    return f"{share.kind} {share.exercised} of {share.total}"


def _shown(one: Covered) -> str:
    return f"{one.part.name} ({one.part.place}): {', '.join(one.tests)}"


def _missing(covered: Sequence[Covered]) -> Iterator[str]:
    """What no test exercised; rows of a table that follow each other share a range."""
    for (never, route), group in groupby(covered, key=_run_of):
        found = [one.part for one in group]
        if never:
            yield from [_rows(found)] if route else [f"{one.name} ({one.place})" for one in found]


def _run_of(one: Covered) -> tuple[bool, str]:
    return not one.tests, one.part.name.rpartition(",")[0] if one.part.row is not None else ""


def _rows(found: Sequence[Part]) -> str:
    first, last = found[0], found[-1]
    route = first.name.rpartition(",")[0]
    if first is last:
        return f"{route} row {first.row} ({first.place})"
    return f"{route} rows {first.row}-{last.row} ({first.place}-{last.place.rpartition(':')[2]})"
