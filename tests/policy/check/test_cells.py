"""Stars in cells, which stand for themselves."""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]

ALONE = "is compared with '*' as it stands: a cell is no pattern; leave the cell empty where any"


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        pytest.param("*", f"postal_code {ALONE} will do", id="any"),
        pytest.param(
            "10*",
            "postal_code is compared with '10*' as it stands: a cell is no pattern; list the"
            " values, or write a route of its own with a regular expression on postal_code",
            id="the beginning of some",
        ),
        pytest.param("10115|10117", "", id="a list"),
        pytest.param("", "", id="an empty cell, which is any"),
        pytest.param("1*0", "", id="a star in the middle is one of a name"),
    ],
)
def test_a_cell_that_looks_like_a_pattern_is_told(routed: Said, cell: str, why: str) -> None:
    told = routed(territories=f"postal_code,country,pool\n{cell},JP,sdr\n")
    assert told == ([f"territories.csv:2: row 1: {why}"] if why else [])


def test_a_star_for_a_country_is_told_once(routed: Said) -> None:
    assert routed(territories="country,pool\n*,sdr\n") == [
        f"territories.csv:2: row 1: country {ALONE} will do"
    ]
