"""What shows that a symbol is there before it is ordered, and what only seems to.

An ordering on an attribute that may be missing inside `or` or `not` without a null test is told:
the left of an `and` guards its right where it held, the left of an `or` where it did not.
"""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]


def route(when: str) -> str:
    return f"{{name: x, when: '{when}', assign: {{pool: sdr}}}}"


@pytest.mark.parametrize(
    "when",
    [
        pytest.param('(employees == null and employees >= 10) or country == "DE"',
                     id="that it is missing does not show that it is there"),
        pytest.param("employees != null or employees >= 10",
                     id="behind an or the test did not hold"),
        pytest.param('(employees != null or seats == 1) and employees >= 10 or country == "DE"',
                     id="one of two tests held, perhaps the other"),
        pytest.param('(employees == null and seats == 1) or employees >= 10',
                     id="an and that did not hold shows nothing of its parts"),
        pytest.param('(employees != 5 and employees >= 10) or country == "DE"',
                     id="another comparison is no null test"),
        pytest.param('(employees >= 10 and employees != null) or country == "DE"',
                     id="a test that comes too late"),
        pytest.param('(employees != null and seats == 1) or employees >= 10',
                     id="a test of the other side"),
        pytest.param('not (employees == null and employees >= 10)', id="under a not too"),
    ],
)  # fmt: skip
def test_what_only_seems_to_guard_is_told(routed: Said, when: str) -> None:
    found = routed(route(when))
    assert len(found) == 1, found
    assert "without employees this whole condition does not match" in found[0]
    assert "(employees != null and employees ...)" in found[0], "with the remedy"


@pytest.mark.parametrize(
    "when",
    [
        pytest.param('(null != employees and employees >= 10) or country == "DE"',
                     id="a test the other way round"),
        pytest.param('(country == "DE" and employees != null and employees >= 10) or seats == 1',
                     id="a test before others that must hold"),
        pytest.param('seats == 1 or employees == null or employees >= 10',
                     id="a test before others that did not"),
        pytest.param('employees == null or not (employees >= 10)',
                     id="a test outside of the not"),
        pytest.param('(employees != null and (seats == 1 or employees >= 10)) or country == "DE"',
                     id="a test around the or"),
        pytest.param('score.fit >= 10 or country == "DE"', id="a score is always there"),
        pytest.param('score.behaviour >= 10 or country == "DE"', id="that of behaviour too"),
        pytest.param('activity.page_view.count >= 3 or country == "DE"',
                     id="a count is always there"),
        pytest.param('employees >= 10 and (country == "DE" or seats == 1)',
                     id="an ordering beside an or"),
    ],
)  # fmt: skip
def test_what_is_there_for_certain_is_not_told(routed: Said, when: str) -> None:
    assert routed(route(when)) == []


def test_each_symbol_is_told_once_and_by_name(routed: Said) -> None:
    found = routed(route("employees >= 10 or employees <= 3 or seats > 1"))
    assert len(found) == 2
    for symbol, said in zip(("employees", "seats"), found, strict=True):
        assert f"without {symbol} this whole condition does not match" in said
