"""What tests exercise, as lines and for machines: counts, the first that are missing, ranges."""

from typing import Any

import click
import pytest

from scoring_service.cli.rules.coverage import (
    NAMED_MAX,
    CoverMin,
    as_rows,
    below,
    full,
    short,
)
from scoring_service.policy.coverage import Coverage, Covered
from scoring_service.policy.coverage_parts import Kind, Part, row_name


def _fit(number: int, *tests: str) -> Covered:
    return Covered(Part(Kind.FIT, f"f{number}", f"scoring.yaml:{number}"), tests)


def _row(number: int, *tests: str, route: str = "by land") -> Covered:
    place = f"lands.csv:{number + 1}"
    return Covered(Part(Kind.ROWS, row_name(route, number), place, "lands.csv", number), tests)


def _short(*parts: Covered) -> list[str]:
    return list(short(Coverage(parts)))


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        pytest.param([_fit(1, "t:1")], "fit 1 of 1", id="nothing is missing"),
        pytest.param(
            [_fit(1), _fit(2, "t:1")],
            "fit 1 of 2: never exercised: f1 (scoring.yaml:1)",
            id="one is missing",
        ),
        pytest.param(
            [_fit(n) for n in range(NAMED_MAX)],
            "fit 0 of 5: never exercised: f0 (scoring.yaml:0), f1 (scoring.yaml:1),"
            " f2 (scoring.yaml:2), f3 (scoring.yaml:3), f4 (scoring.yaml:4)",
            id="as many as are named",
        ),
        pytest.param(
            [_fit(n) for n in range(NAMED_MAX + 1)],
            "fit 0 of 6: never exercised: f0 (scoring.yaml:0), f1 (scoring.yaml:1),"
            " f2 (scoring.yaml:2), f3 (scoring.yaml:3), f4 (scoring.yaml:4) and 1 more",
            id="one more than are named",
        ),
        pytest.param(
            [_row(1), _row(2), _row(3, "t:1"), _row(4)],
            "rows 1 of 4: never exercised: by land rows 1-2 (lands.csv:2-3),"
            " by land row 4 (lands.csv:5)",
            id="rows that follow each other are one range",
        ),
        pytest.param(
            [_row(1), _row(1, route="by town")],
            "rows 0 of 2: never exercised: by land row 1 (lands.csv:2),"
            " by town row 1 (lands.csv:2)",
            id="those of another route are another range",
        ),
    ],
)
def test_a_kind_in_a_line(parts: list[Covered], line: str) -> None:
    assert _short(*parts)[0] == line


def test_all_kinds_are_summed_up_last() -> None:
    assert _short(_fit(1, "t:1"), _fit(2), _row(1))[-1] == "all 1 of 3 exercised by tests (33.3 %)"
    assert _short() == ["all 0 of 0 exercised by tests (100 %)"]


def test_every_part_is_listed_with_its_tests_and_nothing_is_cut() -> None:
    found = Coverage((_row(1, "t:1", "t:9"), _row(2), _row(3), *map(_fit, range(7))))
    assert list(full(found)) == [
        "rows 1 of 3",
        "  by land, row 1 (lands.csv:2): t:1, t:9",
        "  never: by land rows 2-3 (lands.csv:3-4)",
        "fit 0 of 7",
        *(f"  never: f{n} (scoring.yaml:{n})" for n in range(7)),
    ]


def test_machines_get_shares_and_parts() -> None:
    said = as_rows(Coverage((_fit(1, "t:1"), _fit(2), _fit(3))))
    assert said["shares"] == {
        "fit": {"exercised": 1, "total": 3, "percent": 33.3},
        "all": {"exercised": 1, "total": 3, "percent": 33.3},
    }
    assert said["parts"][0] == {
        "kind": "fit",
        "name": "f1",
        "place": "scoring.yaml:1",
        "tests": ("t:1",),
    }
    assert [part["name"] for part in said["parts"]] == ["f1", "f2", "f3"]


THIRD = Coverage((_fit(1, "t:1"), _fit(2), _fit(3)))


@pytest.mark.parametrize(
    ("least", "sentences"),
    [
        pytest.param([], (), id="no minimum"),
        pytest.param([(Kind.ALL, 33.3)], (), id="just reached"),
        pytest.param(
            [(Kind.ALL, 33.4)],
            ("the tests exercise 33.3 % of the policy, less than 33.4 %",),
            id="just not reached",
        ),
        pytest.param(
            [(Kind.FIT, 100)],
            ("the tests exercise 33.3 % of its fit, less than 100 %",),
            id="of one kind",
        ),
        pytest.param([(Kind.ROUTES, 100)], (), id="of a kind that the policy does not have"),
        pytest.param(
            [(Kind.ALL, 90), (Kind.FIT, 20), (Kind.FIT, 80)],
            (
                "the tests exercise 33.3 % of the policy, less than 90 %",
                "the tests exercise 33.3 % of its fit, less than 80 %",
            ),
            id="each that is not reached",
        ),
    ],
)
def test_a_minimum_that_is_not_reached_is_said(
    least: list[tuple[Kind, float]], sentences: tuple[str, ...]
) -> None:
    assert below(THIRD, least) == sentences


@pytest.mark.parametrize(
    ("text", "least"),
    [
        pytest.param("80", (Kind.ALL, 80.0), id="of all"),
        pytest.param("0", (Kind.ALL, 0.0), id="nothing"),
        pytest.param("100", (Kind.ALL, 100.0), id="everything"),
        pytest.param("33.3", (Kind.ALL, 33.3), id="with a decimal"),
        pytest.param("rows=50", (Kind.ROWS, 50.0), id="of a kind"),
        pytest.param("all=50", (Kind.ALL, 50.0), id="of all, by its name"),
        pytest.param((Kind.FIT, 5.0), (Kind.FIT, 5.0), id="converted already"),
    ],
)
def test_a_minimum_is_read(text: Any, least: tuple[Kind, float]) -> None:
    assert CoverMin().convert(text, None, None) == least


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("100.1", "'100.1' is not a percentage from 0 to 100"),
        ("-0.1", "'-0.1' is not a percentage from 0 to 100"),
        ("80%", "'80%' is not a percentage from 0 to 100"),
        ("inf", "'inf' is not a percentage from 0 to 100"),
        ("rows=", "'' is not a percentage from 0 to 100"),
        ("rwos=50", "'rwos' is nothing that tests exercise; known are: routes, rows, fit"),
    ],
)
def test_what_is_no_minimum_is_told(text: str, said: str) -> None:
    with pytest.raises(click.BadParameter, match=f"^{said}"):
        CoverMin().convert(text, None, None)
