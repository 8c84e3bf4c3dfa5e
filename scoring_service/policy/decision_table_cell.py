"""One cell of a decision table: text as written -> a test on its column's symbol.

A cell is a value, a list `DE|AT|CH`, or on numbers a range: `200..999` (both included), `>=1000`,
`>1000`, `<=10`, `<10`. The symbol's type decides how a value is read, so `01234` stays a text. A
text with a literal `|`, or one that looks like a range, stands in quotes: `"a|b"`, and a quote in
it is doubled. In the CSV file such a cell is quoted once more: `\"\"\"a|b\"\"\"`.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from math import inf, nextafter
from typing import Any

from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.policy.index_path import Path, path_of, value_at
from scoring_service.policy.language.written import literal
from scoring_service.policy.mistake import did_you_mean
from scoring_service.policy.necessary import Between, OneOf
from scoring_service.values.condition import Condition, Symbols

VALUES_MAX = 1000
DIGITS_MAX = 15
"""Decimal digits that a float always keeps: beyond them equality would depend on rounding."""

CellTest = OneOf | Between
"""What a cell demands. It is the whole test of the cell, not only a necessary one."""


class BadCell(Exception):
    """A cell that cannot be read."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what, self.remedy = what, remedy


# Bounded repeats: a cell of a hundred thousand dots must not take the square of that.
_RANGE = re.compile(
    r"(?P<low>\S{1,40}?)\s{0,9}\.\.\s{0,9}(?P<high>\S{1,40})"
    r"|(?P<sign>[<>]=?)\s{0,9}(?P<bound>\S{1,40})"
)
_LOOKS_LIKE_RANGE = re.compile(r"[<>]=?\s*-?\d|-?[\d.]*\d\s*\.\.|\.\.\s*\d")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^|]*))(\||$)')


def cell_test(cell: str, attribute: Attribute) -> CellTest:
    """What a cell that is not blank demands of this attribute; BadCell where it cannot be read."""
    if attribute.type in _NUMBERS:
        if found := _RANGE.fullmatch(cell):
            return _range(attribute, **found.groupdict())
    elif _LOOKS_LIKE_RANGE.match(cell):
        what = f"'{cell}' is a range, and {attribute.name} is of type {attribute.type}"
        remedy = f'ranges go with numbers only: list the values, or quote the text: """{cell}"""'
        raise BadCell(what, remedy)
    read = _READERS[attribute.type]
    values = [read(item, attribute) for item, _ in cell_items(cell)]
    if len(values) > VALUES_MAX:
        raise BadCell(f"{len(values):,} values in one cell", f"write at most {VALUES_MAX} a row")
    return OneOf(attribute.name, frozenset(values))


def condition_of(test: CellTest, kind: AttributeType) -> Condition:
    """The test as a function of a lead's symbols. It never raises: null and other types are no."""
    path = path_of(test.symbol)
    name = test.symbol if path is None else path[-1]
    if isinstance(test, OneOf):
        condition = partial(_is_one_of, name, _PYTHON_TYPES[kind], test.values)
    else:
        condition = partial(_is_within, name, *_closed(test))
    return condition if path is None else partial(_holds_below, path[:-1], condition)


def _is_one_of(name: str, types: frozenset[type], values: frozenset[Any], symbols: Symbols) -> bool:
    value = symbols.get(name)
    return type(value) in types and value in values


def _is_within(name: str, low: float, high: float, symbols: Symbols) -> bool:
    value: Any = symbols.get(name)
    return type(value) in _INT_OR_FLOAT and low <= value <= high


def _holds_below(path: Path, condition: Condition, symbols: Symbols) -> bool:
    try:
        return condition(value_at(symbols, path))
    except AttributeError:
        return False


def _closed(test: Between) -> tuple[float, float]:
    """The range with both bounds included: so short a number has an exact neighbour."""
    low = -inf if test.low is None else test.low
    high = inf if test.high is None else test.high
    return (
        low if test.low_included else nextafter(low, inf),
        high if test.high_included else nextafter(high, -inf),
    )


def text_of(test: CellTest) -> str:
    """The test in the language of conditions.

    >>> text_of(OneOf("country", frozenset({"DE", "AT"})))
    'country in ["AT", "DE"]'
    >>> text_of(Between("employees", 200, 999))
    'employees != null and employees >= 200 and employees <= 999'
    """
    if isinstance(test, OneOf):
        values = sorted(map(literal, test.values))
        if len(values) == 1:
            return f"{test.symbol} == {values[0]}"
        return f"{test.symbol} in [{', '.join(values)}]"
    parts = [f"{test.symbol} != null"]
    if test.low is not None:
        parts.append(f"{test.symbol} {'>=' if test.low_included else '>'} {literal(test.low)}")
    if test.high is not None:
        parts.append(f"{test.symbol} {'<=' if test.high_included else '<'} {literal(test.high)}")
    return " and ".join(parts)


def _range(
    attribute: Attribute, low: str | None, high: str | None, sign: str | None, bound: str | None
) -> Between:
    if bound is not None:
        number, included = _number(bound, attribute), sign in ("<=", ">=")
        if sign in ("<", "<="):
            return Between(attribute.name, None, number, high_included=included)
        return Between(attribute.name, number, None, low_included=included)
    assert low is not None, "either a bound or both"
    assert high is not None, "either a bound or both"
    bounds = _number(low, attribute), _number(high, attribute)
    if bounds[0] > bounds[1]:
        raise BadCell(f"the range {low}..{high} is empty", "exchange its bounds")
    return Between(attribute.name, *bounds)


def cell_items(cell: str) -> Iterator[tuple[str, str]]:
    """The values of a list with how each is written, blanks around it left out; BadCell."""
    at, more = 0, True
    while more:
        found = _ITEM.match(cell, at)
        if found is None:
            raise BadCell(f"the quotes in {cell} do not end", "double a quote inside quotes")
        quoted, plain, end = found.groups()
        item = plain.strip() if quoted is None else quoted.replace('""', '"')
        if quoted is None and item.startswith('"'):
            raise BadCell(f"the quotes in {cell} are not around a whole value", 'write "a|b"')
        if not item:
            raise BadCell(f"'{cell}' has an empty value", "remove the '|' that is too many")
        yield item, item if quoted is None else f'"{quoted}"'
        at, more = found.end(), end == "|"


def _number(item: str, attribute: Attribute) -> int | float:
    if not _NUMBER.fullmatch(item):
        remedy = "write digits only, such as 1000 or 0.5, or a range such as 200..999 or >=1000"
        raise BadCell(f"'{item}' is no number, and {attribute.name} is one", remedy)
    if len(re.sub(r"\D", "", item).lstrip("0")) > DIGITS_MAX:
        raise BadCell(f"'{item}' has more than {DIGITS_MAX} digits", "round it")
    if "." not in item:
        return int(item)
    if attribute.type is AttributeType.INTEGER:
        raise BadCell(f"'{item}' is no whole number", f"{attribute.name} is an integer: round it")
    return float(item)


def _text(item: str, attribute: Attribute) -> str:
    if attribute.values and item not in attribute.values:
        what = f"{attribute.name} is never '{item}'"
        raise BadCell(what, did_you_mean(item, attribute.values))
    return item


def _boolean(item: str, attribute: Attribute) -> bool:
    if item.lower() not in ("true", "false"):
        raise BadCell(f"'{item}' is neither true nor false", "write true or false")
    return item.lower() == "true"


def _date(item: str, attribute: Attribute) -> datetime:
    try:
        return datetime.strptime(item, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise BadCell(f"'{item}' is no date", "write it as 2026-03-31") from None


_NUMBERS = frozenset({AttributeType.INTEGER, AttributeType.NUMBER})
_INT_OR_FLOAT = frozenset({int, float})
_READERS: dict[AttributeType, Callable[[str, Attribute], Any]] = {
    AttributeType.TEXT: _text,
    AttributeType.INTEGER: _number,
    AttributeType.NUMBER: _number,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.DATE: _date,
}
_PYTHON_TYPES: dict[AttributeType, frozenset[type]] = {
    AttributeType.TEXT: frozenset({str}),
    AttributeType.INTEGER: _INT_OR_FLOAT,
    AttributeType.NUMBER: _INT_OR_FLOAT,
    AttributeType.BOOLEAN: frozenset({bool}),
    AttributeType.DATE: frozenset({datetime}),
}
