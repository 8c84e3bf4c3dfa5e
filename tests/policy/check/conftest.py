"""Findings of the small folder with whole files replaced."""

from collections.abc import Callable

import pytest

from scoring_service.policy.check import check
from scoring_service.policy.source import Source


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
