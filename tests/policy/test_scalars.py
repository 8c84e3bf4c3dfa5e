"""YAML scalars: what two readers would read differently stays a text."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from scoring_service.policy.document import Document
from scoring_service.policy.mistake import Mistakes

Reading = Callable[[str], Document]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("12", 12, id="a whole number"),
        pytest.param("-3", -3, id="a negative number"),
        pytest.param("+3", 3, id="a number with its sign"),
        pytest.param("0", 0, id="zero"),
        pytest.param("01234", "01234", id="a postal code keeps its zero"),
        pytest.param("0x1F", "0x1F", id="a hexadecimal number is a text"),
        pytest.param("0b11", "0b11", id="a binary number is a text"),
        pytest.param("1_000", "1_000", id="underscores make a text"),
        pytest.param("12:30", "12:30", id="a time of day is no number of minutes"),
        pytest.param("1" * 20, "1" * 20, id="a number beyond 64 bits is a text"),
        pytest.param("0.5", 0.5, id="a fraction"),
        pytest.param("-1.5e+3", -1500.0, id="a fraction with an exponent"),
        pytest.param(".5", ".5", id="a fraction without a digit before it is a text"),
        pytest.param("1_0.5", "1_0.5", id="a fraction with underscores is a text"),
        pytest.param("true", True, id="true"),
        pytest.param("No", False, id="no is false, as YAML has it"),
        pytest.param("off", False, id="off is false"),
        pytest.param("ON", True, id="on is true"),
        pytest.param("y", "y", id="y is a text"),
        pytest.param("~", None, id="a tilde is nothing"),
        pytest.param("null", None, id="null is nothing"),
        pytest.param("", None, id="an empty value is nothing"),
        pytest.param("2025-03-03", date(2025, 3, 3), id="a date"),
        pytest.param(
            "2025-03-03T10:00:00Z",
            datetime(2025, 3, 3, 10, tzinfo=UTC),
            id="an instant",
        ),
        pytest.param(
            "2025-03-03T10:00:00+02:00",
            datetime(2025, 3, 3, 8, tzinfo=UTC),
            id="an instant of another zone",
        ),
        pytest.param("'12'", "12", id="what stands in quotes is a text"),
        pytest.param("'NO'", "NO", id="a country in quotes"),
        pytest.param("DE", "DE", id="a word"),
    ],
)
def test_what_a_scalar_is(document: Reading, written: str, value: Any) -> None:
    found = document(f"a: {written}").value["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param(".nan", ".nan is not a finite number; write a plain number", id="NaN"),
        pytest.param("-.INF", "-.INF is not a finite number; write a plain number", id="infinity"),
        pytest.param("9.9e+400", "9.9e+400 is not a finite number", id="a number beyond floats"),
        pytest.param("2025-13-01", "there is no date 2025-13-01; write a date", id="month 13"),
        pytest.param("2025-02-29", "there is no date 2025-02-29; write a date", id="no leap year"),
        pytest.param("=", "the tag tag:yaml.org,2002:value is not read", id="an equals sign"),
        pytest.param("!!binary aGk=", "is not read; remove the tag", id="binary"),
    ],
)
def test_what_is_no_value(document: Reading, written: str, message: str) -> None:
    with pytest.raises(Mistakes) as refused:
        document(f"a: {written}")
    assert message in str(refused.value)
