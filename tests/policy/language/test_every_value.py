"""Each way to compare, held against the library over every kind of value, wherever it stands.

The random rounds of test_agreement reach most of these pairs now and then; here each is tried.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import product
from math import inf, nan, nextafter
from typing import Any

import pytest

from scoring_service.policy.conditions import Compiled
from scoring_service.policy.language.oracle import oracle
from scoring_service.policy.language.symbols import Scope
from scoring_service.values.condition import ConditionError

Compile = Callable[[str], Compiled]

DAY = datetime(2026, 3, 31, tzinfo=UTC)
VALUES: tuple[Any, ...] = (
    *(None, "", "D", "DE", "de", "DE\n", "é", "DÉ", "\ud800", "5", "true", "a b"),
    *(0, -0.0, 1, 4, 5, 5.0, nextafter(5, 0), nextafter(5, 9), 6, 0.1, 10**400, inf, -inf, nan),
    *(True, False, Decimal(5), Decimal("0.1"), Decimal("NaN"), Decimal(7)),
    *(DAY, DAY.replace(tzinfo=None), DAY.replace(hour=2, tzinfo=timezone(timedelta(hours=2)))),
    *(DAY + timedelta(microseconds=1), date(2026, 3, 31), timedelta(1)),
    *((), ("DE",), ["DE"], ["D", "DE"], ("DE", 1), (None,), {"DE"}, {}, {"length": 2}, b"DE", 7j),
)
BROKEN: tuple[Any, ...] = (None, 7, "x", [1], (), {}, True)
"""What may stand where a map of symbols should."""

NUMBERS = (
    *("{0} == 5", "{0} != 5", "{0} >= 5", "{0} > 5", "{0} <= 5", "{0} < 5", "{0} == 0.1"),
    *("5 == {0}", "5 >= {0}", "5 > {0}", "5 <= {0}", "5 < {0}", "{0} == -1", "{0} >= 0.1"),
    *("{0} == null", "{0} != null", "null == {0}", "{0} in [5, 7]", "{0} in [5, null]"),
    *("{0} in [0.1]", "{0} not in [5]", "({0} ?? 7) >= 6", "({0} ?? 7) == 7"),
    *("{0} == employees", "{0} >= employees", "employees > {0}"),
)
TEXTS = (
    *('{0} == "DE"', '{0} != "DE"', '"DE" == {0}', '{0} >= "DE"', '{0} < "DE"', '{0} == ""'),
    *("{0} == null", "{0} != null", '{0} in ["DE", "D"]', '{0} in ["DE", null]'),
    *('{0} not in ["DE"]', '{0} =~ "D"', '{0} !~ "D"', '{0} =~~ "E"', '{0} !~~ "E"'),
    *('{0} =~ "^DE$"', '{0} =~~ "DE$"', '{0} =~ ".*E$"', '{0} =~ "a b"', '{0} =~ "[A-Z]+"'),
    *('"E" in {0}', '{0}.as_lower == "de"', '{0}.as_upper != "DE"', "{0}.length > 1"),
    *("{0}.is_empty", '{0}[0] == "D"', '{0}[:1] == "D"', '({0} ?? "DE") == "DE"'),
    *("{0} == country", "{0} != country", "country >= {0}", "{0} in technologies"),
)
FLAGS = (
    *("{0}", "not {0}", "{0} == true", "{0} == false", "{0} != true", "true == {0}"),
    *("{0} in [true]", "{0} in [false, null]", "{0} == null", "{0} != null", "({0} ?? true)"),
    "({0} ?? false) == vip",
)
DATES = (
    *('{0} == d"2026-03-31"', '{0} != d"2026-03-31"', '{0} >= d"2026-03-31"'),
    *('{0} > d"2026-03-31"', '{0} < d"2026-03-31"', 'd"2026-03-31" <= {0}', "{0} == null"),
    *("{0} != null", '{0} in [d"2026-03-31"]', "{0}.year == 2026", "{0}.month > 3"),
    *('({0} ?? d"2026-03-31") == d"2026-03-31"', "{0} == since", "{0} >= since"),
)
LISTS = (
    *('"DE" in {0}', '"" in {0}', "{0}.length > 1", "{0}.is_empty", "{0} == null"),
    *("{0} != null", "country in {0}", '{0}[0] == "DE"'),
)
SYMBOLS = {
    NUMBERS: ("seats", "account.seats", "score.fit", "activity.demo.days_since"),
    TEXTS: ("postal_code", "account.name"),
    FLAGS: ("vip", "account.vip"),
    DATES: ("since", "account.since"),
    LISTS: ("technologies", "account.technologies"),
}
OTHERS = {"country": "DE", "employees": 5, "vip": True, "since": DAY, "technologies": ("DE",)}
"""What stands beside the value that is tried."""

CONDITIONS = [
    pytest.param(form.format(symbol), symbol, id=form.format(symbol))
    for forms, symbols in SYMBOLS.items()
    for form, symbol in product(forms, symbols)
]


def placed(symbol: str, value: Any) -> dict[str, Any]:
    """A lead with this value at a symbol."""
    *path, last = symbol.split(".")
    lead: dict[str, Any] = dict(OTHERS)
    inside = lead
    for step in path:
        inside[step] = {}
        inside = inside[step]
    inside[last] = value
    return lead


def leads(symbol: str) -> list[dict[str, Any]]:
    """Every value at a symbol, no value, and no map where one should be on the way to it."""
    *path, _ = symbol.split(".")
    found = [placed(symbol, value) for value in VALUES]
    for depth in range(1, len(path) + 1):
        found += [placed(".".join(path[:depth]), broken) for broken in BROKEN]
    missing = dict(OTHERS)
    missing.pop(symbol, None)
    return [*found, missing]


def outcome(condition: Callable[[Any], bool], lead: Mapping[str, Any]) -> bool | None:
    """None where it cannot be evaluated."""
    try:
        return condition(lead)
    except ConditionError:
        return None


@pytest.mark.parametrize(("text", "symbol"), CONDITIONS)
def test_of_every_value_a_condition_says_what_the_library_says(
    compiled: Compile, seen: Scope, text: str, symbol: str
) -> None:
    ours, library = compiled(text).condition, oracle(text, seen)
    found = [(lead, outcome(ours, lead), outcome(library, lead)) for lead in leads(symbol)]
    assert [one for one in found if one[1] is not one[2]] == []
    assert len({said for _, said, _ in found}) > 1, "it says the same of every value"


PARTS = {"a": "employees", "b": "seats", "c": "annual_revenue", "d": "score.fit"}
JOINED = (
    *("a and b", "a or b", "a and b and c", "a or b or c", "a and b and c and d"),
    *("a or b or c or d", "a and (b or c)", "a or b and c", "(a or b) and c", "not a and b"),
    *("not (a or b) or c", "not (a and b)", "a and not b and not c", "not not a or b"),
)
LETTER = re.compile(r"\b[abcd]\b")
STATES: dict[bool | None, Any] = {True: 2, False: 0, None: None}
"""A value that makes `x > 1` hold, fail, or impossible to evaluate."""


class Errors(ConditionError):
    """A part that cannot be evaluated was asked."""


class Parts(dict[str, Any]):
    """The parts by their letters; asking for one that cannot be evaluated raises."""

    def __getitem__(self, letter: str) -> bool:
        found = super().__getitem__(letter)
        if found is None:
            raise Errors(letter)
        return bool(found)


@pytest.mark.parametrize("joined", JOINED)
def test_parts_are_joined_from_the_left_and_none_is_asked_that_need_not_be(
    compiled: Compile, joined: str
) -> None:
    """As Python has it: an error spoils the whole only where its part is asked."""
    letters = sorted(set(LETTER.findall(joined)))
    text = LETTER.sub(lambda found: f"({PARTS[found[0]]} > 1)", joined)
    condition = compiled(text).condition
    for states in product(STATES, repeat=len(letters)):
        given = Parts(zip(letters, states, strict=True))
        lead: dict[str, Any] = {PARTS[letter]: STATES[state] for letter, state in given.items()}
        lead["score"] = {"fit": lead.pop("score.fit", None)}
        expected = outcome(lambda told: bool(eval(joined, {}, told)), given)
        assert outcome(condition, lead) is expected, (text, given)


@pytest.mark.parametrize(
    ("text", "lead", "error"),
    [
        pytest.param("employees >= 5", {}, "employees >=: the value is missing", id="a number"),
        pytest.param("score.fit < 5", {"score": {}}, "score.fit <: the value is missing",
                     id="a number inside"),
        pytest.param("score.fit < 5", {"score": {"fit": "7"}},
                     "score.fit <: str has no such order", id="a text inside"),
        pytest.param("score.fit <= 5", {"score": {"fit": True}},
                     "score.fit <=: bool has no such order", id="a flag inside"),
        pytest.param("score.fit <= 5", {"score": {"fit": nan}},
                     "score.fit <=: float has no such order", id="not a number"),
        pytest.param("score.fit <= 5", {"score": {"fit": Decimal("NaN")}},
                     "score.fit <=: Decimal has no such order", id="a decimal that is none"),
        pytest.param("5 >= score.fit", {"score": {}}, "score.fit <=: the value is missing",
                     id="turned round"),
        pytest.param("score.fit <= 5", {"score": 7}, "score is no map", id="no map of scores"),
        pytest.param("activity.demo.count > 1", {"activity": {"demo": None}},
                     "activity.demo is no map", id="no map of an activity"),
        pytest.param('country >= "DE"', {}, "country >=: the value is missing", id="a text"),
        pytest.param('account.name >= "DE"', {"account": {"name": 5}},
                     "account.name >=: int has no such order", id="a number where a text is"),
        pytest.param('since > d"2026-03-31"', {}, "since >: the value is missing", id="a date"),
        pytest.param('"a" in technologies', {}, '"a" in technologies: the value is missing',
                     id="texts that are missing"),
        pytest.param('"a" in account.technologies', {"account": {"technologies": 5}},
                     '"a" in account.technologies: nothing is in int', id="nothing is in a number"),
        pytest.param('account.name =~ "a"', {"account": {"name": 5}},
                     "account.name =~: int is no text", id="a pattern in a number"),
        pytest.param('account.name !~~ "[a]"', {"account": {"name": "\ud800"}},
                     "account.name !~~: the text has half a character", id="half a character"),
    ],
)  # fmt: skip
def test_an_error_names_the_symbol_the_sign_and_what_is_wrong(
    compiled: Compile, text: str, lead: dict[str, Any], error: str
) -> None:
    """The explanation of a route shows it."""
    with pytest.raises(ConditionError) as found:
        compiled(text).condition(lead)
    assert str(found.value) == error
