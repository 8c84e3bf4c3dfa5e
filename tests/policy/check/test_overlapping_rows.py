"""Rows of a table that share leads, so that nothing but their order decides."""

from collections.abc import Callable
from random import Random

import pytest

Said = Callable[..., list[str]]


def table(*rows: str) -> str:
    return "\n".join(["country,employees,pool", *rows]) + "\n"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(("DE|AT,,sdr", "AT|CH,,executives"), id="lists that share a country"),
        pytest.param(("DE,200..999,sdr", "DE,500..2000,executives"), id="ranges that share some"),
        pytest.param(("DE,200..1000,sdr", "DE,>=1000,executives"), id="ranges that share a bound"),
        pytest.param(("DE|AT,>=5,sdr", "DE,>=1,executives"), id="wider in one, narrower in other"),
        pytest.param(("DE,,sdr", ",>=1000,executives"), id="rows that ask about other columns"),
        pytest.param(("DE,5|9,sdr", "DE,7..9,executives"), id="a number in a list and in a range"),
        pytest.param(("DE,7..9,sdr", "DE,5|9,executives"), id="a number in a range and in a list"),
    ],
)
def test_rows_that_share_leads_are_told(routed: Said, rows: tuple[str, ...]) -> None:
    found = routed(territories=table(*rows))
    assert len(found) == 1
    assert found[0].startswith("territories.csv:3: row 2: this row and row 1 (territories.csv:2)")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(("DE,,sdr", "AT,,executives"), id="other countries"),
        pytest.param(("DE,200..999,sdr", "DE,>=1000,executives"), id="ranges that follow"),
        pytest.param(("DE,<1000,sdr", "DE,>=1000,executives"), id="a bound in one of them only"),
        pytest.param(("DE,>=1000,sdr", "DE,,executives"), id="an exception before its rule"),
        pytest.param(("DE|AT,>=1000,sdr", "DE,,executives"), id="an exception of several rules"),
        pytest.param(("DE,,sdr", ",,executives"), id="a last row for all others"),
        pytest.param(("DE|AT,,sdr", "AT|CH,,sdr"), id="rows that send to the same pool"),
        pytest.param(("DE,5|9,sdr", "DE,6..8,executives"), id="numbers beside a range"),
    ],
)
def test_rows_that_share_none_or_are_exceptions_are_not_told(
    routed: Said, rows: tuple[str, ...]
) -> None:
    assert routed(territories=table(*rows)) == []


def test_only_the_first_row_that_is_overlapped_is_named(routed: Said) -> None:
    rows = ("DE|AT,,sdr", "DE|CH,,sdr", "DE|FR,,executives")
    found = routed(territories=table(*rows))
    assert len(found) == 1
    assert "row 1 (territories.csv:2)" in found[0]


def test_rows_of_two_tables_are_layers_and_not_told(routed: Said) -> None:
    told = routed(
        "{name: again, table: territories.csv, assign: {pool: executives}}",
        territories="country,pool\nDE|AT,sdr\n",
    )
    assert len(told) == 1
    assert "never reached" in told[0]


def random_row(rng: Random) -> tuple[frozenset[str], tuple[int, int], str]:
    countries = frozenset(rng.sample(["DE", "AT", "CH"], rng.randrange(1, 3)))
    low = rng.randrange(5)
    return countries, (low, low + rng.randrange(4)), rng.choice(["sdr", "executives"])


@pytest.mark.parametrize("seed", range(30))
def test_a_table_is_told_about_exactly_when_two_rows_of_it_clash(seed: int, routed: Said) -> None:
    rng = Random(seed)
    rows = [random_row(rng) for _ in range(rng.randrange(2, 7))]
    text = table(*(f"{'|'.join(sorted(c))},{low}..{high},{p}" for c, (low, high), p in rows))
    told = {
        int(line.split(": ")[1].removeprefix("row "))
        for line in routed(territories=text)
        if "overlap" in line
    }
    assert told == {
        at + 1 for at, row in enumerate(rows) if any(clash(before, row) for before in rows[:at])
    }, text


def clash(
    one: tuple[frozenset[str], tuple[int, int], str],
    other: tuple[frozenset[str], tuple[int, int], str],
) -> bool:
    """Whether two rows share a lead and decide otherwise, and neither is inside the other."""
    (c1, (l1, h1), p1), (c2, (l2, h2), p2) = one, other
    share = bool(c1 & c2) and l1 <= h2 and l2 <= h1
    inside = (c1 <= c2 and l2 <= l1 and h1 <= h2) or (c2 <= c1 and l1 <= l2 and h2 <= h1)
    return share and p1 != p2 and not inside


def test_thousands_of_rows_without_overlap_are_looked_through(routed: Said) -> None:
    rows = (f"DE,{at * 10}..{at * 10 + 9},{('sdr', 'executives')[at % 2]}" for at in range(2000))
    assert routed(territories=table(*rows)) == []
