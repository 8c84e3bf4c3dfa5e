"""Of a long table the rows that came nearest are told, and how many failed where."""

from collections.abc import Callable

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.policy.explaining.explain import routes_tried
from scoring_service.policy.explaining.explain import tried as every_route
from scoring_service.policy.explaining.explained import ROUTES_MAX, explained
from scoring_service.policy.explaining.told import NEAREST_MAX, nearest, passed_over, shortened
from scoring_service.policy.explaining.tried import Tried, TriedRoute
from scoring_service.policy.failed.asking import FURTHER_MAX
from scoring_service.values.decision import Decision
from scoring_service.values.facts import Asked, Facts, MemberFacts, PoolFacts
from scoring_service.values.lead import Lead
from tests.policy.test_explain import WEDNESDAY
from tests.policy.test_explain import lead as symbols_of

ROWS = 2000
TABLE = "country,employees,pool\n" + "".join(
    f"{'DE' if row % 100 == 7 else 'FR'},{row}..{row},sdr\n" for row in range(1, ROWS + 1)
)
LEAD = Lead(lead_id="x", country="DE", employees=1)


@pytest.fixture(scope="module")
def long(loaded: Callable[..., Policy]) -> Policy:
    """A policy with a long table, behind a written route."""
    return loaded(territories=TABLE, routing_test="")


def made(policy: Policy, lead: Lead = LEAD, **more: object) -> tuple[Facts, Decision]:
    pools = tuple(
        PoolFacts(name, tuple(MemberFacts(one.rep_id) for one in pool.members), next_draw=1)
        for name, pool in policy.pools.items()
    )
    facts = Facts(lead, WEDNESDAY, policy.revision, pools=pools, **more)  # type: ignore[arg-type]
    return facts, decide(policy, facts)


@pytest.fixture(scope="module")
def tried(long: Policy) -> tuple[TriedRoute, ...]:
    return routes_tried(long, *made(long))


def test_the_rows_of_a_table_share_a_sentence(tried: tuple[TriedRoute, ...]) -> None:
    assert list(passed_over(tried))[2:] == [
        "'by territory', rows 1 to 2000 (territories.csv:2 on) did not match:"
        ' 1980 because country is "DE", 20 because employees is 1;'
        " nearest was row 7: employees has to be 7..7, and it is 1.",
    ]


def test_the_nearest_rows_are_those_of_which_most_cells_held(
    tried: tuple[TriedRoute, ...],
) -> None:
    rows = [route for route in tried if route.row is not None]
    assert [row.row for row in nearest(rows, 3)] == [7, 107, 207]


def test_what_is_too_much_is_left_out_and_counted(
    long: Policy, tried: tuple[TriedRoute, ...]
) -> None:
    assert len(tried) > ROUTES_MAX
    told = explained(long, *made(long))
    assert told.tried == tried
    assert len(told.routes) + told.left_out == len(tried)
    rows = [route.row for route in told.routes if route.row is not None]
    assert rows == [7 + 100 * i for i in range(NEAREST_MAX)]
    assert told.routes[-1].outcome is Tried.MATCHED


def test_what_is_not_too_much_is_told_whole(tried: tuple[TriedRoute, ...]) -> None:
    assert shortened(tried, len(tried)) == tried


def test_of_written_routes_the_last_are_kept(tried: tuple[TriedRoute, ...]) -> None:
    assert shortened(tried, 2)[-1] == tried[-1]
    assert len(shortened(tried, 2)) == 2


def test_below_the_bars_a_route_for_those_that_meet_them_is_told_to_be_so(
    loaded: Callable[..., Policy],
) -> None:
    policy = loaded(routing_test="")
    facts, decision = made(policy, Lead(lead_id="x", country="US"), asked=Asked.EVALUATE)
    matched = [one for one in routes_tried(policy, facts, decision) if one.failed is None]
    assert [(one.name, one.outcome) for one in matched] == [
        ("by territory", Tried.WENT_ON),
        ("otherwise", Tried.WENT_ON),
    ]
    assert decision.route == ""
    assert next(passed_over(matched)) == (
        "'by territory', row 3 (territories.csv:4) matched, but it is for leads that meet every"
        " bar, so the next ones were tried."
    )


def routes_of(*conditions: str) -> str:
    """A routing.yaml of written routes r0, r1, ..., in lines 2, 3, ..."""
    routes = (
        f"  - {{name: r{n}, assign: {{pool: sdr}}, when: '{condition}'}}\n"
        for n, condition in enumerate(conditions)
    )
    return f"routes:\n{''.join(routes)}otherwise: {{queue: triage, owner: sales-ops}}\n"


def asked_of(policy: Policy, at_most: int, **symbols: object) -> tuple[TriedRoute, ...]:
    return tuple(every_route(policy, symbols_of(**symbols), WEDNESDAY, at_most=at_most))


def test_of_many_written_routes_the_later_ones_share_a_sentence_by_value(
    loaded: Callable[..., Policy],
) -> None:
    sized = [
        f'country == "{"DE" if n % 4 == 3 else "FR"}" and employees >= {n + 100}' for n in range(14)
    ]
    policy = loaded(routing=routes_of(*sized, 'region =~ "x.*"'), routing_test="")
    found = asked_of(policy, 2, country="DE", employees=1, region="y")
    assert [route.failed is not None for route in found] == [True] * 15 + [False]
    *each, together, last = passed_over(found)
    assert len(each) == 2, "these are taken apart"
    assert together == (
        "12 routes from 'r2' to 'r13' (routing.yaml:4 on) did not match:"
        ' 9 because country is "DE", 3 because employees is 1;'
        " nearest was 'r3': employees has to be >= 103, and it is 1."
    )
    assert last.startswith("'r14' (routing.yaml:16) did not match: region"), "so is this one"
    assert len(shortened(found, 15)) == 2 + NEAREST_MAX + 2


def test_routes_of_which_no_value_says_why_are_counted_where_they_are_too_many(
    loaded: Callable[..., Policy],
) -> None:
    alike = [f'region =~ "x{n}"' for n in range(FURTHER_MAX + 3)]
    policy = loaded(routing=routes_of(*alike), routing_test="")
    found = asked_of(policy, 0, region="y")
    *each, together = passed_over(found)
    assert len(each) == FURTHER_MAX
    assert together == (
        "3 routes from 'r500' to 'r502' (routing.yaml:502 on) did not match:"
        " too many to tell why of each."
    )
    assert shortened(found, 500)[-1] == found[-1]


def test_a_policy_tells_why_of_every_one_of_its_routes(long: Policy) -> None:
    told = explained(long, *made(long))
    assert all(route.failed is not None for route in told.tried[:-1])
