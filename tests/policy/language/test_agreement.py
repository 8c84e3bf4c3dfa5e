"""Compiled conditions say what the library says (match, no match, error), and the index chooses the
route that trying each condition chooses, over leads as dirty as they come.

`benchmarks/long/condition_agreement.py` runs the same generator for longer.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from math import inf
from random import Random
from typing import Any

from scoring_service.domain.routing.routes import Route, ToPool, ToTrack
from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType
from scoring_service.policy.conditions import Compiled, compile_condition
from scoring_service.policy.index import IndexedRoutes
from scoring_service.policy.language.oracle import oracle
from scoring_service.policy.language.symbols import Scope, scope, table_symbols
from scoring_service.values.condition import ConditionError

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
TEXTS = (
    "DE",
    "AT",
    "de",
    "1",
    "true",
    "",
    "é",
    "ß",
    'x"y',
    "a\nb",
    "Example GmbH",
    "x.edu",
    "x.edu\n",
)
NUMBERS = (0, 1, 2, 5, 200, 999, 999.5, 0.1, 0.3, 1000, 100000000000000)
VALUES = {
    "texts": (*TEXTS, "DE AT", "\ud800", "١٢", "naïve.edu", "5"),
    "numbers": (*NUMBERS, -0.0, -1, 0.1 + 0.2, 199, 1e23, 10**23, 2**53 + 1, 10**400, inf, -inf),
    "flags": (True, False),
    "dates": (
        datetime(2026, 3, 31, tzinfo=UTC),
        datetime(2026, 3, 31, 2, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 3, 31),  # noqa: DTZ001 - without a zone, which the library takes for UTC
        date(2026, 3, 31),
        NOON,
    ),
    "lists": (("DE",), ["DE", "AT"], (), ("DE", 1), ("DE", None), (None,), (1, 2), (("DE",),)),
    "odd": (
        b"DE",
        {"DE"},
        {"length": 1},
        {},
        timedelta(1),
        Decimal("0.1"),
        Decimal(1),
        object(),
        7j,
    ),
}
KINDS = {
    "texts": ("country", "company_name", "email", "postal_code", "account.country", "account.name"),
    "numbers": (
        "employees",
        "annual_revenue",
        "account.employees",
        "score.fit",
        "activity.demo.count",
        "activity.demo.days_since",
    ),
    "flags": ("vip", "account.vip"),
    "dates": ("since", "account.since"),
    "lists": ("technologies", "account.technologies"),
}
PATTERNS = (
    *('".*[.]edu$"', '"x"', '"(?i)gmbh"', r'"^\d+$"', r'r"\bE"', r'"\w+$"', '"[^a]"', '"$"'),
    *('"DE"', '"^AT$"', '"u$"', '"^.*x"', '"é$"'),
    *('"é|ß"', '"a.b"', '"(?s)a.b"', r'"\s"', '"(a+)+$"'),
)


def route_scope() -> Scope:
    schema = {name: Attribute(name, kind, typed=True) for name, kind in TYPED_FIELDS.items()}
    schema["vip"] = Attribute("vip", AttributeType.BOOLEAN)
    schema["since"] = Attribute("since", AttributeType.DATE)
    return scope(table_symbols(schema, ["demo", "web"]))


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def literal(rng: Random, kind: str) -> str:
    match kind:
        case "texts":
            return quoted(rng.choice(TEXTS))
        case "numbers":
            return rng.choice((str(rng.choice(NUMBERS)), "-1", "1.50", "2e2"))
        case "flags":
            return rng.choice(("true", "false"))
    return rng.choice(
        ('d"2026-03-31"', 'd"2026-03-03T12:00:00+00:00"', 'd"2026-03-31T02:00+02:00"')
    )


def symbol(rng: Random, kind: str) -> str:
    return rng.choice(KINDS[kind])


def compared(rng: Random) -> str:
    """A value of one kind against a literal or another symbol."""
    kind = rng.choice(("texts", "texts", "numbers", "numbers", "dates"))
    sign = rng.choice(("==", "!=", ">=", ">", "<=", "<"))
    other = symbol(rng, kind) if rng.random() < 0.15 else literal(rng, kind)
    sides = [value(rng, kind), other]
    if rng.random() < 0.2:
        sides.reverse()
    return f"{sides[0]} {sign} {sides[1]}"


def value(rng: Random, kind: str) -> str:
    name, text = symbol(rng, kind), symbol(rng, "texts")
    others = {
        "texts": (f"{text}.as_lower", f"{text}.as_upper", f"{text}[:2]", f"{text}[0]"),
        "numbers": (
            f"{text}.length",
            f"{symbol(rng, 'lists')}.length",
            f"{symbol(rng, 'dates')}.year",
        ),
        "dates": (name,),
    }
    alternatives = (f"({name} ?? {literal(rng, kind)})", *others[kind])
    return name if rng.random() < 0.8 else rng.choice(alternatives)


def listed(rng: Random) -> str:
    kind = rng.choice(("texts", "texts", "numbers", "flags", "dates"))
    entries = [literal(rng, kind) for _ in range(rng.choice((1, 1, 2, 5)))]
    entries += rng.choice(([], [], [], ["null"]))
    return f"{symbol(rng, kind)} {rng.choice(('in', 'in', 'not in'))} [{', '.join(entries)}]"


def contained(rng: Random) -> str:
    member = literal(rng, "texts") if rng.random() < 0.8 else symbol(rng, "texts")
    return f"{member} in {symbol(rng, rng.choice(('texts', 'lists', 'lists')))}"


def null_test(rng: Random) -> str:
    kind = rng.choice(tuple(KINDS))
    return f"{symbol(rng, kind)} {rng.choice(('==', '!='))} null"


def searched(rng: Random) -> str:
    sign = rng.choice(("=~", "=~~", "!~", "!~~"))
    return f"{value(rng, 'texts')} {sign} {rng.choice(PATTERNS)}"


def flag(rng: Random) -> str:
    name = symbol(rng, "flags")
    other = f"{symbol(rng, rng.choice(('texts', 'lists')))}.is_empty"
    return rng.choice(
        (name, name, f"{name} == {literal(rng, 'flags')}", f"({name} ?? true)", other)
    )


def territory(rng: Random) -> str:
    """What most routes look like: equalities and ranges, all of them for the index."""
    texts = ", ".join(quoted(text) for text in rng.sample(TEXTS, 2))
    low = rng.choice(NUMBERS)
    return rng.choice(
        (
            f"country in [{texts}] and employees >= {low} and employees < {low + 500}",
            f"account.country == {literal(rng, 'texts')} and country != null",
            f"employees > {low} and vip and employees != null",
            f"country == {literal(rng, 'texts')} or country == {literal(rng, 'texts')}",
            f"score.fit >= {low} and activity.demo.days_since <= 5",
        )
    )


SIMPLE: tuple[Callable[[Random], str], ...] = (
    *(compared, compared, compared, listed, contained, null_test, searched, flag, territory),
)


def condition(rng: Random, depth: int = 3) -> str:
    """One to eight comparisons, joined and turned round."""
    if depth == 0 or rng.random() < 0.4:
        return rng.choice(SIMPLE)(rng)
    if rng.random() < 0.2:
        return f"not ({condition(rng, depth - 1)})"
    parts = [condition(rng, depth - 1) for _ in range(rng.choice((2, 2, 3)))]
    return f" {rng.choice(('and', 'or'))} ".join(f"({part})" for part in parts)


def narrow(rng: Random) -> str:
    """What matches few leads, so that the index has something to skip."""
    parts = [rng.choice((territory, listed, compared, null_test))(rng) for _ in range(3)]
    return " and ".join(f"({part})" for part in parts)


def random_value(rng: Random, kind: str) -> Any:
    if rng.random() < 0.15:
        return None
    return rng.choice(VALUES[kind if rng.random() < 0.85 else rng.choice(tuple(VALUES))])


def random_lead(rng: Random) -> dict[str, Any]:
    """Symbols with nulls, gaps and wrong types, in nested maps too."""
    lead: dict[str, Any] = {}
    inside: dict[str, dict[str, Any]] = {"account": {}, "score": {}, "activity": {}}
    for kind, names in KINDS.items():
        for name in names:
            if rng.random() < 0.9:
                place, *path = name.split(".")
                target = inside[place] if path else lead
                if len(path) == 2:
                    target = target.setdefault(path[0], {})
                target[path[-1] if path else name] = random_value(rng, kind)
    for name, symbols in inside.items():
        if rng.random() < 0.95:
            lead[name] = symbols
        else:
            lead[name] = rng.choice(
                (None, 7, "x", [1], {"demo": None}, {"demo": "x"}, {"demo": 1}, {})
            )
    return lead


def outcome(of: Callable[[Any], bool], lead: Any) -> bool | None:
    """None where it cannot be evaluated."""
    try:
        return of(lead)
    except ConditionError:
        return None


@dataclass
class Compared:
    """What a round found: pairs tried, how often each outcome, and every difference."""

    outcomes: Counter[bool | None] = field(default_factory=Counter)
    skipped: int = 0
    differences: list[Any] = field(default_factory=list)


def compare(seed: int, count: int, leads: int, found: Compared) -> None:
    """`count` random conditions, the narrow ones first, by `leads` random leads."""
    rng, seen = Random(seed), route_scope()
    texts = [narrow(rng) if at < count // 2 else condition(rng) for at in range(count)]
    ours = [compile_condition(text, seen) for text in texts]
    library = [oracle(text, seen) for text in texts]
    table = indexed(ours)
    for _ in range(leads):
        lead = random_lead(rng)
        by_library = [outcome(matches, lead) for matches in library]
        for one, expected in zip(ours, by_library, strict=True):
            if (got := outcome(one.condition, lead)) is not expected:
                found.differences.append((one.text, lead, expected, got))
        found.outcomes.update(by_library)
        start = rng.choice((0, 0, rng.randrange(count)))
        expected_route = [*by_library, True].index(True, start)
        match = table.first(lead, NOON, start)
        if match.route.position != expected_route:
            found.differences.append((lead, expected_route, match.route.text))
        found.skipped += by_library[start:expected_route].count(None) - len(match.errors)


def indexed(conditions: list[Compiled]) -> IndexedRoutes:
    routes = [
        Route(at, f"r{at}", one.text, ToPool("p"), one.condition)
        for at, one in enumerate(conditions)
    ]
    last = Route(len(routes), "otherwise", "true", ToTrack("t"), lambda symbols: True)
    necessary = [*(one.necessary for one in conditions), ()]
    exact = [*(one.exact for one in conditions), True]
    return IndexedRoutes([*routes, last], necessary, exact, lambda calendar, at: True)


def test_compiled_says_what_the_library_says_and_the_index_what_the_scan_says() -> None:
    found = Compared()
    for seed, (count, leads) in enumerate([(12, 500)] * 4 + [(100, 250)] * 2 + [(800, 35)]):
        compare(seed, count, leads, found)
    assert found.differences == []
    assert sum(found.outcomes.values()) == 24_000 + 50_000 + 28_000
    assert min(found.outcomes[one] for one in (True, False, None)) > 5_000
    assert found.skipped > 100
