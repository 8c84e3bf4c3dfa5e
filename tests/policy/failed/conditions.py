"""Conditions drawn at random over symbols with few values, no symbol twice; and leads for them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType
from scoring_service.policy.language.symbols import scope, table_symbols

DAY = datetime(2026, 3, 2, tzinfo=UTC)
DECLARED = {
    "renewal": AttributeType.DATE,
    "trial": AttributeType.BOOLEAN,
    "plan": AttributeType.TEXT,
    "seats": AttributeType.INTEGER,
    "tools": AttributeType.TEXTS,
}
SCHEMA = {name: Attribute(name, kind) for name, kind in {**TYPED_FIELDS, **DECLARED}.items()}
SEEN = scope(table_symbols(SCHEMA, ["demo"]))

TEXTS: tuple[Any, ...] = ("DE", "AT", "us", "f", "", None)
NUMBERS: tuple[Any, ...] = (-3, 0, 9, 10, 200, 999, 1000, 12.5, None)
DOMAINS: Mapping[str, tuple[Any, ...]] = {
    "country": TEXTS,
    "region": TEXTS,
    "plan": TEXTS,
    "source": TEXTS,
    "campaign": TEXTS,
    "account.owner": TEXTS,
    "account.country": TEXTS,
    "employees": NUMBERS,
    "seats": NUMBERS,
    "annual_revenue": NUMBERS,
    "score.fit": NUMBERS,
    "activity.demo.days_since": NUMBERS,
    "trial": (True, False, None),
    "tools": (("DE",), ("AT", "us"), (), None),
    "technologies": (("DE", "us"), ("x",), None),
    "renewal": (DAY, DAY.replace(month=5), None),
}
"""What each symbol may be: enough that every comparison below holds for one and fails for one."""


@dataclass(frozen=True)
class Lead:
    """A lead's symbols; `having` is the same with one of them changed."""

    values: Mapping[str, Any]

    @property
    def symbols(self) -> dict[str, Any]:
        nested: dict[str, Any] = {}
        for name, value in self.values.items():
            *path, last = name.split(".")
            inside = nested
            for step in path:
                inside = inside.setdefault(step, {})
            inside[last] = value
        return nested

    def having(self, symbol: str, value: Any) -> "Lead":
        return Lead({**self.values, symbol: value})


def leads() -> st.SearchStrategy[Lead]:
    """Leads of which every value may be missing."""
    values = {name: st.sampled_from(domain) for name, domain in DOMAINS.items()}
    return st.fixed_dictionaries(values).map(Lead)


@st.composite
def comparisons(draw: st.DrawFn, symbol: str) -> str:
    """A comparison of the symbol that some of its values meet and some do not."""
    values = [value for value in DOMAINS[symbol] if value is not None]
    if draw(st.integers(0, 5)) == 0:
        return f"{symbol} {draw(st.sampled_from(('== null', '!= null')))}"
    match values[0]:
        case bool():
            return draw(st.sampled_from((symbol, f"{symbol} == false")))
        case tuple():
            return f'"DE" in {symbol}'
        case datetime():
            return f'{symbol} >= d"2026-04-01"'
        case str():
            return draw(_of_text(symbol))
    return draw(_of_number(symbol))


def _of_text(symbol: str) -> st.SearchStrategy[str]:
    forms = (
        '{} == "DE"', '{} != "AT"', '{} in ["DE", "us"]', '{} not in ["AT", "us"]', '{} =~ "D.*"',
        '{} !~ "u.*"', '{}.as_upper == "US"', '{}.length >= 2', '({} ?? "DE") == "DE"',
        '{}[0:1] == "A"',
    )  # fmt: skip
    return st.sampled_from(forms).map(lambda form: form.format(symbol))


def _of_number(symbol: str) -> st.SearchStrategy[str]:
    forms = ("{} >= 200", "{} < 10", "{} <= 12.5", "{} > 999", "{} == 10", "{} in [9, 1000]",
             "{} != 0", "({} ?? 0) >= 200", "10 < {}")  # fmt: skip
    return st.sampled_from(forms).map(lambda form: form.format(symbol))


@st.composite
def conditions(draw: st.DrawFn, among: Iterable[str] = DOMAINS, most: int = 6) -> str:
    """and, or, not of comparisons, each of a symbol of its own."""
    symbols = draw(st.lists(st.sampled_from(sorted(among)), min_size=1, max_size=most, unique=True))
    parts = [draw(comparisons(symbol)) for symbol in symbols]
    while len(parts) > 1:
        count = draw(st.integers(2, min(3, len(parts))))
        sign = draw(st.sampled_from((" and ", " or ")))
        joined, parts = sign.join(parts[:count]), parts[count:]
        parts.append(f"not ({joined})" if draw(st.integers(0, 3)) == 0 else f"({joined})")
    return parts[0]


def instead(lead: Lead, symbol: str) -> Iterator[Lead]:
    """The lead with every other value of one symbol."""
    return (lead.having(symbol, value) for value in DOMAINS[symbol])
