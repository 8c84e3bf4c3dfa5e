"""Running the tests that stand beside the rules, through the real scoring and routing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from scoring_service.domain.domains import email_domain, is_free_mail, registrable_domain
from scoring_service.domain.matching.name_index import NameIndex
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.account_match import match_account
from scoring_service.domain.routing.decide import decide
from scoring_service.domain.scoring.state import fold
from scoring_service.policy.document import compose
from scoring_service.policy.files.folder import is_test
from scoring_service.policy.files.names import names_of
from scoring_service.policy.files.rule_tests import RuleTest, rule_tests
from scoring_service.policy.mistake import Mistake, Mistakes
from scoring_service.policy.source import Source
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.decision import Decision
from scoring_service.values.facts import Facts, MemberFacts, PoolFacts
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """What became of a test. `differences` say what was expected and what came instead."""

    __test__: ClassVar[bool] = False

    it: str
    file: str
    line: int
    passed: bool
    differences: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = "passed" if self.passed else "; ".join(self.differences)
        return f"{self.file}:{self.line}: {self.it}: {said}"


@dataclass(frozen=True, slots=True)
class Ran:
    """A test that was run: what was known, what was decided, and all that can be expected of it."""

    test: RuleTest
    facts: Facts
    decision: Decision
    came: Mapping[str, Any]

    @property
    def different(self) -> tuple[str, ...]:
        """The names of the expectations that are not met, in the order of their shape."""
        expect = self.test.expect
        wanted = {name: getattr(expect, name) for name in expect.__struct_fields__}
        return tuple(
            name
            for name, value in wanted.items()
            if value is not None and not _same(value, self.came[name])
        )

    @property
    def outcome(self) -> TestOutcome:
        """Whether it passed, and what differs."""
        differences = tuple(
            f"{name}: expected {_shown(getattr(self.test.expect, name))},"
            f" came {_shown(self.came[name])}"
            for name in self.different
        )
        return TestOutcome(
            self.test.it, self.test.file, self.test.line, not differences, differences
        )


def run(policy: Policy, source: Source) -> tuple[TestOutcome, ...]:
    """Every test of the folder that `policy` was loaded from, in the order of files and lines.

    Rotations start empty and no store is read. Raises Mistakes where a test file has some.
    """
    return tuple(ran.outcome for ran in run_all(policy, source))


def run_all(policy: Policy, source: Source) -> tuple[Ran, ...]:
    """The same, with what was decided in each."""
    return tuple(run_test(policy, test) for test in written_tests(policy, source))


def written_tests(policy: Policy, source: Source) -> tuple[RuleTest, ...]:
    """The tests of a folder; raises Mistakes."""
    found: list[RuleTest] = []
    mistakes: list[Mistake] = []
    names, routes = names_of(policy), {route.name for route in policy.routes.routes}
    for name in sorted(filter(is_test, source.files)):
        document = compose(name, source.files[name])
        tests, wrong = rule_tests(document, policy.schema, policy.scoring, names, routes)
        found.extend(tests)
        mistakes.extend(wrong)
    if mistakes:
        raise Mistakes(mistakes)
    return tuple(found)


def run_test(policy: Policy, test: RuleTest) -> Ran:
    """One test."""
    facts = facts_of(policy, test)
    decision = decide(policy, facts, partial(_empty_pool, policy))
    return Ran(test, facts, decision, _came(decision, facts))


def facts_of(policy: Policy, test: RuleTest) -> Facts:
    """What a decision would know of the test's lead."""
    return Facts(
        lead=test.lead,
        now=test.now,
        policy_revision=policy.revision,
        stage=test.stage or Stage.ANONYMOUS,
        do_not_contact=bool(test.lead.do_not_contact),
        is_new=test.stage is None and test.owner is None,
        behaviour=fold(policy.scoring, (), test.activities, test.now),
        account=_account(test.lead, test.accounts),
        owner=RepOwner(test.owner) if test.owner else None,
    )


def disqualified(decision: Decision) -> str | None:
    """The reason for which a decision ended the lead."""
    return decision.reason or None if decision.stage is Stage.DISQUALIFIED else None


def _account(lead: Lead, accounts: Iterable[Account]) -> AccountMatch:
    known = {account.account_id: account for account in accounts}
    hosts = (email_domain(lead.email), registrable_domain(lead.company_domain or ""))
    domains = {host for host in hosts if host and not is_free_mail(host)}
    on_domain = [account for account in known.values() if domains.intersection(account.domains)]
    names = NameIndex.of((account.account_id, account.name) for account in known.values())
    named = names.search(lead.company_name or "")
    return match_account(lead, known.get(lead.account_id or ""), on_domain, known, named)


def _empty_pool(policy: Policy, pool: str) -> PoolFacts:
    members = tuple(MemberFacts(member.rep_id) for member in policy.pools[pool].members)
    return PoolFacts(pool, members, next_draw=1)


def _came(decision: Decision, facts: Facts) -> dict[str, Any]:
    owner, score = decision.owner, decision.score
    return {
        "route": decision.route,
        "row": decision.row,
        "pool": decision.pool,
        "owner": owner.id if isinstance(owner, RepOwner) else None,
        "track": owner.id if isinstance(owner, TrackOwner) else None,
        "queue": owner.id if isinstance(owner, QueueOwner) else None,
        "stage": decision.stage,
        "sla": decision.sla,
        "account": facts.account.account.account_id if facts.account.account else None,
        "fit": score.fit,
        "behaviour": score.behaviour,
        "fit_grade": score.fit_grade,
        "behaviour_level": score.behaviour_level,
        "quadrant": score.quadrant,
        "mql_ready": score.mql_ready,
        "disqualified": disqualified(decision),
    }


def _same(wanted: Any, came: Any) -> bool:
    if isinstance(wanted, float) and isinstance(came, int | float):
        return round(wanted, 1) == round(came, 1)
    return bool(wanted == came)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{round(value, 2):g}"
    return "nothing" if value in (None, "") else str(value)
