"""A lead to explain: the fields of a row, or what a rule test knows of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scoring_service.cli.rules.explain.lead_case import cases
from scoring_service.cli.rules.folder import source_in
from scoring_service.domain.policy import Policy
from scoring_service.policy.files.rule_tests import RuleTest
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.values.stage import Stage

DEMO_RULES = Path(__file__).parents[4] / "examples" / "demo" / "rules"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(source_in(DEMO_RULES))


def _cases(policy: Policy, given: Any) -> tuple[RuleTest, ...]:
    return cases(policy, "lead.json", json.dumps(given).encode(), NOW)


def test_a_rows_own_fields_become_a_lead_and_its_attributes(policy: Policy) -> None:
    (case,) = _cases(policy, {"lead_id": "x", "country": "DE", "job": "student", "age": 21})
    assert case.lead.country == "DE"
    assert case.lead.attributes == {"job": "student", "age": 21}
    assert case.now == NOW


def test_attributes_may_also_stand_together(policy: Policy) -> None:
    (case,) = _cases(policy, {"attributes": {"job": "student"}, "age": 21})
    assert case.lead.attributes == {"job": "student", "age": 21}


def test_what_is_known_around_a_lead_stands_beside_it(policy: Policy) -> None:
    (case,) = _cases(
        policy,
        {
            "country": "DE",
            "stage": "mql",
            "owner": "anna-snelling",
            "now": "2026-01-01T00:00:00Z",
            "accounts": [{"account_id": "acme"}],
        },
    )
    assert case.stage is Stage.MQL
    assert case.owner == "anna-snelling"
    assert case.now == datetime(2026, 1, 1, tzinfo=UTC)
    assert [account.account_id for account in case.accounts] == ["acme"]


@pytest.mark.parametrize(
    ("activity", "ago"),
    [
        pytest.param({"ago": "2d"}, timedelta(days=2), id="as a rule test dates it"),
        pytest.param(
            {"occurred_at": "2026-03-01T12:00:00Z", "activity_id": "a1"},
            timedelta(days=1),
            id="as a row dates it",
        ),
        pytest.param({"occurred_at": "2026-03-01"}, timedelta(days=1, hours=12), id="by its day"),
        pytest.param({}, timedelta(0), id="just now"),
        pytest.param({"occurred_at": "2027-01-01"}, timedelta(0), id="never ahead of now"),
    ],
)
def test_an_activity_is_dated(policy: Policy, activity: dict[str, str], ago: timedelta) -> None:
    (case,) = _cases(policy, {"activities": [{"type": "earlier_contact"} | activity]})
    (found,) = case.activities
    assert found.occurred_at == NOW - ago


def test_a_list_is_several_leads_in_order(policy: Policy) -> None:
    found = _cases(policy, [{"job": "student"}, {"it": "a retired one", "lead": {}}])
    assert [case.it for case in found] == ["lead 1", "a retired one"]


def test_yaml_is_taken_like_json(policy: Policy) -> None:
    (case,) = cases(policy, "lead.yaml", b"country: 'NO'\njob: student\n", NOW)
    assert case.lead.country == "NO"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"jbo": "student"}, "did you mean 'job'?", id="an unknown attribute"),
        pytest.param({"age": 3}, "below 15", id="a value that is not allowed"),
        pytest.param({"employees": "many"}, "employees", id="no number"),
        pytest.param({"owner": "nobody"}, "unknown rep 'nobody'", id="an unknown owner"),
        pytest.param({"stage": "mq"}, "stage", id="an unknown stage"),
        pytest.param({"activities": [{"type": "earlier_cntact"}]}, "earlier_contact", id="a type"),
        pytest.param({"activities": 5}, "activities", id="activities that are no list"),
        pytest.param({"activities": [{"occurred_at": "soon"}]}, "$", id="no instant"),
        pytest.param(5, "$", id="a number"),
        pytest.param([[]], "$", id="a list of lists"),
    ],
)
def test_what_no_policy_takes_is_named(policy: Policy, given: Any, said: str) -> None:
    with pytest.raises(Mistakes) as refused:
        _cases(policy, given)
    assert said in str(refused.value)
    assert str(refused.value).startswith("lead.json:1: ")


def test_a_key_that_is_unknown_beside_a_lead_is_the_only_mistake(policy: Policy) -> None:
    with pytest.raises(Mistakes) as refused:
        _cases(policy, {"lead": {"country": "DE"}, "foo": 1})
    assert [mistake.path for mistake in refused.value.mistakes] == ["$[0].foo"]


@pytest.mark.parametrize(
    ("content", "ago"),
    [
        pytest.param(b"occurred_at: 2026-03-01 12:00:00", timedelta(days=1), id="an instant"),
        pytest.param(b"occurred_at: 2026-03-01", timedelta(days=1, hours=12), id="a day"),
        pytest.param(b"occurred_at: 2026-03-01T14:00:00+02:00", timedelta(days=1), id="elsewhere"),
    ],
)
def test_yaml_dates_without_quotes_date_an_activity(
    policy: Policy, content: bytes, ago: timedelta
) -> None:
    text = b"activities:\n- {type: earlier_contact, " + content + b"}\n"
    ((activity,),) = [case.activities for case in cases(policy, "lead.yaml", text, NOW)]
    assert activity.occurred_at == NOW - ago


@pytest.mark.parametrize("content", [b"", b" \n", b"[]", b"--- []\n"])
def test_a_file_without_a_lead_says_so(policy: Policy, content: bytes) -> None:
    with pytest.raises(Mistakes) as refused:
        cases(policy, "lead.json", content, NOW)
    assert str(refused.value) == "lead.json:1: $: there is no lead; give its fields"


@pytest.mark.parametrize("content", [b"{", b"a: [", b"\xff\xfe"])
def test_what_is_no_lead_at_all_is_named(policy: Policy, content: bytes) -> None:
    with pytest.raises(Mistakes):
        cases(policy, "lead.json", content, NOW)
