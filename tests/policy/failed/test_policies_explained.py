"""Explanations of whole policies are true: routes, rows of tables, members' own conditions."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.policy.explaining.explain import tried
from scoring_service.policy.explaining.reps import RepSeen, reps_seen
from scoring_service.policy.explaining.tried import Tried, TriedRoute
from scoring_service.values.decision import Passed
from scoring_service.values.facts import Facts, MemberFacts, PoolFacts
from scoring_service.values.lead import Lead as RealLead
from tests.policy.failed.comparisons import named
from tests.policy.failed.conditions import DOMAINS, Lead, conditions, instead, leads

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ATTRIBUTES = (
    "renewal: {type: date}\ntrial: {type: boolean}\nplan: {type: text}\n"
    "seats: {type: integer}\ntools: {type: texts}\n"
)
SCORING = (
    "fit: []\nbehaviour: {activities: {demo: {points: 60, half_life: 21d, high_intent: true}}}\n"
    "grades: {fit: {A: 75}, behaviour: {1: 60}}\nmql: {fit_min: 0, behaviour_min: 0}\n"
)
OTHERWISE = "otherwise: {queue: triage, owner: sales-ops}\n"
OWN = ("country", "region", "source", "campaign", "employees", "annual_revenue")
"""Symbols that are fields of a lead, and so can be given to one."""


@pytest.fixture(scope="module")
def ruled(loaded: Callable[..., Policy]) -> Callable[..., Policy]:
    """A policy of the symbols of these tests, with whole files replaced."""
    own = {"attributes": ATTRIBUTES, "scoring": SCORING, "routing_test": "", "scoring_test": ""}
    return lambda **files: loaded(**(own | files))


def quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


def at(policy: Policy, position: int, lead: Lead, at_most: int = 500) -> TriedRoute:
    """One route, as it is tried for a lead."""
    return list(tried(policy, lead.symbols, NOW, until=position, at_most=at_most))[position]


@settings(max_examples=25)
@given(st.lists(conditions(most=4), min_size=2, max_size=5), leads(), st.data())
def test_a_route_matches_once_the_values_that_it_names_are_mended(
    ruled: Callable[..., Policy], texts: list[str], lead: Lead, data: st.DataObject
) -> None:
    """Taken apart, or by the tests that the index works with."""
    at_most = data.draw(st.sampled_from([0, 500]))
    routes = "".join(
        f"  - {{name: r{i}, when: {quoted(text)}, assign: {{pool: sdr}}}}\n"
        for i, text in enumerate(texts)
    )
    policy = ruled(routing=f"routes:\n{routes}{OTHERWISE}")
    position = data.draw(st.integers(0, len(texts) - 1))
    mended: set[str] = set()
    while (route := at(policy, position, lead, at_most)).outcome is not Tried.MATCHED:
        assert route.failed is not None
        one = next(one for one in named([route.failed]) if one.condition not in mended)
        (symbol,) = (symbol for symbol, _ in one.values)
        lead = next(
            other for other in instead(lead, symbol) if _mends(policy, route, one, other, at_most)
        )
        mended.add(one.condition)
    event(f"{len(mended)} values changed")
    assert policy.routes_unindexed.routes[position].condition(lead.symbols)


def _mends(policy: Policy, route: TriedRoute, one: Any, other: Lead, at_most: int) -> bool:
    """Whether with another value this comparison is named no more."""
    position = next(r.position for r in policy.routes.routes if r.name == route.name)
    again = at(policy, position, other, at_most)
    return again.failed is None or one.condition not in {f.condition for f in named([again.failed])}


CELLS = {
    "country": ("DE|AT", "us", ""),
    "employees": ("200..999", ">=1000", "<10", ""),
    "trial": ("true", "false", ""),
    "plan": ('"DE"', "us|AT", ""),
}
ROWS = st.lists(st.tuples(*map(st.sampled_from, CELLS.values())), min_size=1, max_size=6)


@settings(max_examples=25)
@given(ROWS, leads(), st.data())
def test_a_row_matches_once_the_cells_that_it_names_are_met_from_the_left(
    ruled: Callable[..., Policy], rows: list[tuple[str, ...]], lead: Lead, data: st.DataObject
) -> None:
    written = "\n".join(",".join((*(_csv(cell) for cell in row), "sdr")) for row in rows)
    table = f"{','.join(CELLS)},pool\n{written}\n"
    routing = "routes: [{name: t, table: territories.csv, assign: {pool: '{pool}'}}]\n" + OTHERWISE
    policy = ruled(routing=routing, territories=table)
    position = data.draw(st.integers(0, len(rows) - 1))
    columns: list[str] = []
    while (row := at(policy, position, lead)).outcome is not Tried.MATCHED:
        failed = row.failed
        assert failed is not None
        assert failed.cell == rows[position][list(CELLS).index(failed.column)]
        assert columns == sorted(columns, key=list(CELLS).index), "from the left"
        assert failed.column not in columns
        columns.append(failed.column)
        lead = next(
            other
            for other in instead(lead, failed.column)
            if (again := at(policy, position, other)).failed is None
            or again.failed.column != failed.column
        )
    held = policy.routes_unindexed.routes[position].cells
    assert {cell.column: cell.text for cell in held} == {
        column: cell for column, cell in zip(CELLS, rows[position], strict=True) if cell
    }


def _csv(cell: str) -> str:
    return '"""DE"""' if cell.startswith('"') else cell


def taken_by(text: str) -> str:
    """A team whose pool has Ann, who takes only some leads, and Bob, who takes any."""
    return (
        "reps: {ann: {}, bob: {}}\n"
        f"pools: {{sdr: {{members: [{{rep: ann, when: {quoted(text)}}}, {{rep: bob}}]}}}}\n"
    )


def stands(policy: Policy, lead: Lead) -> tuple[RepSeen, frozenset[str]]:
    """How Ann stands for a lead, and who of the pool gained by its draw."""
    real = RealLead("l1", **{name: lead.values[name] for name in OWN})
    members = (MemberFacts("ann"), MemberFacts("bob"))
    facts = Facts(real, NOW, policy.revision, pools=(PoolFacts("sdr", members, 1),))
    made = decide(policy, facts)
    assert made.draw is not None
    (ann,) = (rep for rep in reps_seen(policy, facts, made) if rep.rep_id == "ann")
    return ann, frozenset(rep for rep, _ in made.draw.gains)


@settings(max_examples=25)
@given(conditions(OWN, most=4), leads())
def test_a_member_is_drawn_once_the_values_that_her_condition_names_are_mended(
    ruled: Callable[..., Policy], text: str, lead: Lead
) -> None:
    routing = "routes: []\notherwise: {pool: sdr}\n"
    policy = ruled(routing=routing, team=taken_by(text))
    mended: set[str] = set()
    while (stood := stands(policy, lead))[0].outcome is Passed.CONDITION:
        ann, gained = stood
        assert ann.failed is not None
        assert "ann" not in gained
        one = next(one for one in named([ann.failed]) if one.condition not in mended)
        (symbol,) = (symbol for symbol, _ in one.values)
        lead = next(
            other
            for other in instead(lead, symbol)
            if (again := stands(policy, other)[0].failed) is None
            or one.condition not in {f.condition for f in named([again])}
        )
        mended.add(one.condition)
    event(f"{len(mended)} values changed")
    assert "ann" in stands(policy, lead)[1]


def test_these_symbols_are_fields_of_a_lead() -> None:
    assert set(OWN) <= set(RealLead.__struct_fields__) & set(DOMAINS)
