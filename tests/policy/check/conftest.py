"""Findings of the small folder with whole files replaced."""

from collections.abc import Callable
from functools import partial
from itertools import product

import msgspec
import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.policy.check import check
from scoring_service.policy.document import compose
from scoring_service.policy.files.names import names_of
from scoring_service.policy.files.rule_test_shape import Expected
from scoring_service.policy.files.rule_tests import NOW, RuleTest, rule_tests
from scoring_service.policy.mistake import Finding
from scoring_service.policy.rule_tests import Ran, facts_of, run_test
from scoring_service.policy.source import Source
from scoring_service.values.activity import Activity
from scoring_service.values.facts import Asked, MemberFacts, PoolFacts
from scoring_service.values.lead import Lead


@pytest.fixture(scope="session")
def found(source: Callable[..., Source]) -> Callable[..., list[str]]:
    """What checking says: `file:line: path: what; remedy`."""
    return lambda **changes: [str(finding) for finding in check(source(**changes))]


@pytest.fixture(scope="session")
def routed(found: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """What checking says of these routes, one a line as written in the list."""

    def said(*routes: str, territories: str = "country,pool\nJP,sdr\n", **more: str) -> list[str]:
        table = "{name: table, table: territories.csv, assign: {pool: '{pool}'}}"
        lines = "".join(f"  - {route}\n" for route in (*routes, table))
        text = f"routes:\n{lines}otherwise: {{queue: triage, owner: sales-ops}}\n"
        told = found(routing=text, territories=territories, routing_test="[]", **more)
        return [line for line in told if not line.startswith("routing_test.yaml")]

    return said


@pytest.fixture(scope="session")
def findings(source: Callable[..., Source]) -> Callable[..., tuple[Finding, ...]]:
    """What checking says, as values."""
    return lambda **changes: check(source(**changes))


@pytest.fixture(scope="session")
def played(loaded: Callable[..., Policy]) -> Callable[..., Ran]:
    """Runs an example as the rule test it is, by the folder with these changes; it must pass."""

    def run(example: str, **changes: str) -> Ran:
        policy = loaded(**changes)
        document = compose("examples_test.yaml", f"- {example}\n".encode())
        names, routes = names_of(policy), {route.name for route in policy.routes.routes}
        tests, wrong = rule_tests(document, policy.schema, policy.scoring, names, routes)
        assert not wrong, wrong
        ran = run_test(policy, tests[0])
        assert ran.outcome.passed, ran.outcome
        return ran

    return run


@pytest.fixture(scope="session")
def chosen(loaded: Callable[..., Policy]) -> Callable[..., set[str]]:
    """The places of the routes that hundreds of leads end at, routed or only evaluated."""

    def places(**changes: str) -> set[str]:
        policy = loaded(**changes)
        by_key = {(route.name, route.row): route.place for route in policy.routes.routes}
        found = set()
        for lead, activities, asked in product(LEADS, DEEDS, (Asked.ROUTE, Asked.EVALUATE)):
            test = RuleTest("any", "", 0, lead, NOTHING, activities=activities)
            facts = msgspec.structs.replace(facts_of(policy, test), asked=asked)
            decision = decide(policy, facts, partial(empty_pool, policy))
            found.add(by_key.get((decision.route, decision.row), ""))
        return found

    return places


def empty_pool(policy: Policy, pool: str) -> PoolFacts:
    return PoolFacts(pool, tuple(MemberFacts(m.rep_id) for m in policy.pools[pool].members), 1)


NOTHING = Expected(mql_ready=False)
LEADS = [
    Lead("l", "a@x.example", country=country, employees=employees, attributes={**attributes})
    for country, employees, attributes in product(
        ("DE", "AT", "CH", "FR", None),
        (0, 1, 2, 3, 5, 400, None),
        ({"plan": "free"}, {"plan": "enterprise"}, {}),
    )
]
DEEDS = ((), (Activity("demo_request", NOW),), (Activity("page_view", NOW),) * 10)
