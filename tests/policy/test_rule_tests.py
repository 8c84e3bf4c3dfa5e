"""Tests beside the rules: what they are given, and what is said of one that fails."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy import rule_tests
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.rule_tests import run, written_tests
from scoring_service.policy.source import Source
from scoring_service.values.facts import Facts
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage

Files = Callable[..., Source]


def outcomes(source: Source) -> tuple[rule_tests.TestOutcome, ...]:
    return run(load(source), source)


def of(source: Files, test: str) -> rule_tests.TestOutcome:
    """The outcome of one test, written in braces after `it`."""
    (found,) = outcomes(source(routing_test=f"- {{it: a test, {test}}}\n"))
    return found


@pytest.mark.parametrize(
    "test",
    [
        pytest.param(
            "lead: {country: US}, expect: {route: by territory, row: 3, pool: executives}",
            id="a route, its row and its pool",
        ),
        pytest.param("lead: {country: US}, expect: {owner: carla}", id="the rep who gets it"),
        pytest.param(
            "lead: {email: a@b.example, source: web, employees: 5},"
            " expect: {route: small, track: welcome-nurture, stage: nurture}",
            id="a track and the stage",
        ),
        pytest.param(
            "lead: {country: JP}, expect: {route: otherwise, queue: triage}", id="a queue"
        ),
        pytest.param(
            "lead: {country: JP}, activities: [{type: demo_request}],"
            " expect: {route: asked, owner: anna, sla: hot}",
            id="an activity of this very moment",
        ),
        pytest.param(
            "lead: {country: JP}, activities: [{type: demo_request, ago: 25h}],"
            " expect: {route: otherwise}",
            id="an activity of long ago",
        ),
        pytest.param(
            "now: 2025-01-18T10:00:00Z, lead: {country: JP}, activities: [{type: demo_request}],"
            " expect: {route: otherwise}",
            id="a Saturday, on which the office is closed",
        ),
        pytest.param(
            "now: 2025-03-04T10:00:00Z, lead: {country: DE, employees: 500}, expect: {owner: ben}",
            id="a rep on leave, whose turn another takes",
        ),
        pytest.param(
            "accounts: [{account_id: acme, domains: [www.acme.example], owner: carla}],"
            " lead: {email: jo@mail.acme.example}, expect: {account: acme, owner: carla}",
            id="an account by the domain of an address",
        ),
        pytest.param(
            "accounts: [{account_id: acme, domains: [acme.example], owner: carla}],"
            " lead: {company_domain: 'https://acme.example/jobs'}, expect: {route: owned}",
            id="an account by the domain of a website",
        ),
        pytest.param(
            "accounts: [{account_id: acme, name: Acme N.V., owner: carla}],"
            " lead: {company_name: ACME GmbH}, expect: {account: acme, owner: carla}",
            id="an account by the name of a company",
        ),
        pytest.param(
            "accounts: [{account_id: top, owner: ben}, {account_id: acme, parent: top}],"
            " lead: {account_id: acme}, expect: {account: acme, owner: ben}",
            id="an account whose parent has the owner",
        ),
        pytest.param(
            "accounts: [{account_id: free, domains: [gmail.com], owner: ben}],"
            " lead: {email: jo@gmail.com}, expect: {route: otherwise}",
            id="a free-mail address, which names no company",
        ),
        pytest.param(
            "lead: {employees: 300, attributes: {plan: enterprise}},"
            " expect: {fit: 60, fit_grade: B, behaviour: 0, behaviour_level: 4, quadrant: nurture,"
            " mql_ready: false}",
            id="a score",
        ),
        pytest.param(
            "lead: {}, activities: [{type: demo_request, ago: 21d}, {type: page_view, ago: 7d}],"
            " expect: {behaviour: 31}",
            id="decayed points",
        ),
        pytest.param(
            "lead: {}, activities: [{type: demo_request, ago: 5d}], expect: {behaviour: 50.9}",
            id="points to one decimal",
        ),
        pytest.param(
            "lead: {email: a@rival.example},"
            " expect: {disqualified: is_competitor, track: suppressed}",
            id="a lead that a rule ends",
        ),
        pytest.param(
            "stage: sal, owner: ben, lead: {email: a@rival.example}, expect: {owner: ben}",
            id="a lead that a rule would end if sales were not working on it",
        ),
        pytest.param(
            "lead: {do_not_contact: true, country: US},"
            " expect: {track: suppressed, disqualified: do_not_contact}",
            id="whoever must not be contacted",
        ),
        pytest.param(
            "stage: mql, owner: ben, lead: {country: US}, expect: {owner: ben, stage: mql}",
            id="an owner who is kept",
        ),
        pytest.param(
            "lead: {attributes: {renewal: 2025-06-01, tools: [a, b], seats: 3}},"
            " expect: {queue: triage}",
            id="attributes of every type",
        ),
    ],
)
def test_a_test_may_say(source: Files, test: str) -> None:
    found = of(source, test)
    assert found.passed, found.differences
    assert found.differences == ()


@pytest.mark.parametrize(
    ("test", "differences"),
    [
        pytest.param(
            "lead: {country: US}, expect: {pool: sdr, owner: anna}",
            ("pool: expected sdr, came executives", "owner: expected anna, came carla"),
            id="every difference",
        ),
        pytest.param(
            "lead: {country: JP}, expect: {owner: anna}",
            ("owner: expected anna, came nothing",),
            id="nobody where somebody is expected",
        ),
        pytest.param(
            "lead: {employees: 300}, expect: {fit: 41.5}",
            ("fit: expected 41.5, came 40",),
            id="points",
        ),
        pytest.param(
            "lead: {}, activities: [{type: demo_request, ago: 5d}], expect: {behaviour: 50.8}",
            ("behaviour: expected 50.8, came 50.87",),
            id="points that differ in the first decimal",
        ),
        pytest.param(
            "lead: {}, expect: {mql_ready: true}",
            ("mql_ready: expected true, came false",),
            id="yes and no",
        ),
        pytest.param(
            "lead: {country: US}, expect: {row: 1}",
            ("row: expected 1, came 3",),
            id="a row",
        ),
        pytest.param(
            "lead: {}, expect: {disqualified: is_competitor}",
            ("disqualified: expected is_competitor, came nothing",),
            id="a lead that nothing ends",
        ),
        pytest.param(
            "stage: sal, owner: ben, lead: {}, expect: {stage: sql, quadrant: sales_ready}",
            (
                "stage: expected sql, came sal",
                "quadrant: expected sales_ready, came deprioritise",
            ),
            id="a stage and a quadrant",
        ),
    ],
)
def test_a_test_that_fails_says_what_was_expected_and_what_came(
    source: Files, test: str, differences: tuple[str, ...]
) -> None:
    found = of(source, test)
    assert not found.passed
    assert found.differences == differences


def test_a_test_is_named_with_file_and_line(source: Files) -> None:
    text = (
        "# two tests\n\n"
        "- it: an American goes to the executives\n  lead: {country: US}\n"
        "  expect: {pool: executives}\n\n"
        "- it: a Japanese goes to nobody\n  lead: {country: JP}\n  expect: {queue: intake}\n"
    )
    found = outcomes(source(routing_test=text))
    assert [str(outcome) for outcome in found] == [
        "routing_test.yaml:3: an American goes to the executives: passed",
        "routing_test.yaml:7: a Japanese goes to nobody: queue: expected intake, came triage",
    ]


def test_tests_of_all_files_run_in_the_order_of_files(source: Files) -> None:
    again = "- {it: first, lead: {country: US}, expect: {owner: carla}}\n"
    found = outcomes(source(a_test=again, scoring_test=again))
    assert [outcome.file for outcome in found] == [
        "a_test.yaml", "routing_test.yaml", "scoring_test.yaml",
    ]  # fmt: skip


def test_a_folder_without_tests_has_none(source: Files) -> None:
    assert outcomes(source(routing_test="")) == ()


def test_no_test_takes_a_turn_from_another(source: Files) -> None:
    one = "- {it: x, lead: {country: DE, employees: 500}, expect: {owner: anna}}\n"
    assert all(outcome.passed for outcome in outcomes(source(routing_test=one * 5)))


def facts(source: Files, test: str) -> Facts:
    folder = source(routing_test=f"- {{it: x, {test}, expect: {{fit: 0}}}}\n")
    policy: Policy = load(folder)
    return rule_tests.facts_of(policy, written_tests(policy, folder)[0])


def test_it_is_wednesday_morning_where_a_test_gives_no_instant(source: Files) -> None:
    assert facts(source, "lead: {}").now == datetime(2025, 1, 15, 10, tzinfo=UTC)


def test_a_lead_is_new_unless_a_stage_or_an_owner_is_given(source: Files) -> None:
    assert facts(source, "lead: {}").is_new
    assert facts(source, "lead: {}").stage is Stage.ANONYMOUS
    known = facts(source, "lead: {}, stage: nurture")
    assert (known.is_new, known.stage) == (False, Stage.NURTURE)
    assert facts(source, "lead: {}, owner: ben").owner == RepOwner("ben")


@pytest.mark.parametrize(
    ("test", "message"),
    [
        pytest.param("lead: {attributes: {plan: NO}}", "NO is read as false where a text is meant",
                     id="NO as an attribute"),
        pytest.param("lead: {attributes: {seats: many}}", "seats 'many' is not a whole number",
                     id="a text for a number"),
        pytest.param("lead: {attributes: {seats: -1}}", "seats -1 is below 0", id="too few"),
        pytest.param("lead: {attributes: {employees: 5}}", "employees is a field of every lead",
                     id="a field among the attributes"),
        pytest.param("lead: {attributes: {renewal: soon}}", "renewal 'soon' is not a date",
                     id="no date"),
        pytest.param("lead: {employes: 5}", "unknown key 'employes'", id="an unknown field"),
        pytest.param("lead: {}, activities: [{type: demo}]", "type 'demo' is no activity type",
                     id="an unknown activity"),
        pytest.param("lead: {}, activities: [{type: page_view, ago: 5}]", "5 has no unit",
                     id="a bare number"),
        pytest.param("lead: {}, activities: [{type: page_view, ago: 2bd}]", "is business time",
                     id="business days ago"),
        pytest.param("lead: {}, owner: nobody", "unknown rep 'nobody'", id="an unknown owner"),
        pytest.param("lead: {}, stage: lead", "unknown value 'lead'", id="an unknown stage"),
        pytest.param("lead: {}, now: 2025-01-15", "a date where an instant is meant",
                     id="a date for an instant"),
    ],
)  # fmt: skip
def test_what_a_test_may_not_say_is_a_mistake_of_its_file(
    source: Files, test: str, message: str
) -> None:
    folder = source(routing_test=f"- {{it: x, {test}, expect: {{fit: 0}}}}\n")
    with pytest.raises(Mistakes) as refused:
        load(folder)
    assert message in str(refused.value)
    assert str(refused.value).startswith("routing_test.yaml:1: $[0]")


def test_mistakes_of_tests_are_found_when_they_are_run_too(source: Files) -> None:
    policy = load(source())
    broken = source(routing_test="- {it: x, lead: {attributes: {a: 1}}, expect: {fit: 0}}\n")
    with pytest.raises(Mistakes, match="a is not declared"):
        run(policy, broken)
