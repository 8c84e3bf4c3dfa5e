"""What of a policy the tests beside it exercise, and what no test ever did."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from scoring_service.domain.policy import Policy
from scoring_service.policy.coverage_exercised import exercised
from scoring_service.policy.coverage_parts import Kind, Part, parts
from scoring_service.policy.rule_tests import Ran
from scoring_service.policy.source import Source


@dataclass(frozen=True, slots=True)
class Covered:
    """A part of the policy with the places (`file:line`) of the tests that exercised it."""

    part: Part
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many parts of a kind were exercised."""

    kind: Kind
    exercised: int
    total: int

    @property
    def percent(self) -> float:
        """From 0 to 100, rounded down to one decimal: 100 says that none is missing."""
        return 1000 * self.exercised // self.total / 10 if self.total else 100.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every part that a test can exercise, in the order of kinds, files and lines."""

    parts: tuple[Covered, ...]

    def of(self, kind: Kind) -> tuple[Covered, ...]:
        """The parts of one kind."""
        return tuple(covered for covered in self.parts if covered.part.kind is kind)

    def share(self, kind: Kind) -> Share:
        """How many of a kind were exercised; `Kind.ALL` counts every part once."""
        found = self.parts if kind is Kind.ALL else self.of(kind)
        return Share(kind, sum(bool(covered.tests) for covered in found), len(found))

    def shares(self) -> tuple[Share, ...]:
        """That of each kind which the policy has, and of all together last."""
        found = (self.share(kind) for kind in Kind)
        return tuple(share for share in found if share.total or share.kind is Kind.ALL)


def coverage(policy: Policy, source: Source, ran: Iterable[Ran]) -> Coverage:
    """What tests that were run exercised of the policy that was loaded from `source`."""
    routes = {(route.name, route.row): route for route in policy.routes_unindexed.routes}
    tests: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for one in ran:
        for key in dict.fromkeys(exercised(policy, routes, one)):
            tests[key].append(f"{one.test.file}:{one.test.line}")
    return Coverage(
        tuple(Covered(part, tuple(tests.get(part.key, ()))) for part in parts(policy, source))
    )
