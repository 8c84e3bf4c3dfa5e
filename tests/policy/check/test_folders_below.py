"""Rule files in folders below the rules folder: they look like rules, and nothing reads them."""

from collections.abc import Callable

import pytest

from scoring_service.policy.check import check
from scoring_service.policy.mistake import Severity
from scoring_service.policy.source import Source

NOT_READ = (
    "this file is not read: rules are the files of one folder, without those below it;"
    " move it up into the rules folder, or out of it"
)


def test_each_file_below_is_told_in_order(source: Callable[..., Source]) -> None:
    found = check(source(), below=["us/team.yaml", "emea/routing.yaml"])
    assert [str(finding) for finding in found] == [
        f"emea/routing.yaml:1: $: {NOT_READ}",
        f"us/team.yaml:1: $: {NOT_READ}",
    ]
    assert {finding.severity for finding in found} == {Severity.FINDING}


def test_they_are_told_beside_the_mistakes_that_come_of_it(source: Callable[..., Source]) -> None:
    """A table that was put into a folder of its own is missing for the route that names it."""
    routing = (
        "routes: [{name: t, table: emea.csv, assign: {pool: '{pool}'}}]\n"
        "otherwise: {queue: triage, owner: sales-ops}\n"
    )
    found = check(source(routing=routing, routing_test="[]"), below=["tables/emea.csv"])
    assert [finding.severity for finding in found if finding.file == "tables/emea.csv"] == [
        Severity.FINDING
    ]
    assert any("emea.csv" in finding.what for finding in found if finding.file == "routing.yaml")


@pytest.mark.parametrize(("files", "told"), [(100, 100), (101, 101), (5_000, 101)])
def test_of_very_many_a_hundred_are_told(
    source: Callable[..., Source], files: int, told: int
) -> None:
    found = check(source(), below=[f"old/{n:04}.csv" for n in range(files)])
    assert len(found) == told
    more = [finding for finding in found if "there is more like the 100 before" in finding.what]
    assert len(more) == (files > 100)
