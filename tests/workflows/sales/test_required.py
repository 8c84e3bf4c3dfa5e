"""What a lead must have before it enters a stage, and where it may have it from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.lead import Lead
from scoring_service.values.stage import PATH, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.sales.required import missing, require_fields

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
REQUIRED = {"sal": ["phone"], "sql": ["budget", "seats"], "customer": ["technologies"]}


@pytest.fixture(scope="module")
def strict(policy_of: Callable[..., Policy]) -> Policy:
    """Each stage requires something: by lifecycle.yaml, and the plan by attributes.yaml."""
    policy = policy_of(
        attributes={
            "plan": {"type": "text", "required_by": "opportunity"},
            "seats": {"type": "integer"},
        }
    )
    required = {stage: tuple(names) for stage, names in REQUIRED.items()}
    return replace(policy, lifecycle=replace(policy.lifecycle, required=required))


def a_lead(qualification: dict[str, str] | None = None, **fields: Any) -> StoredLead:
    lead = Lead("l1", **fields)
    at = (MONDAY, MONDAY, MONDAY)
    return StoredLead(lead, "p", Stage.MQL, *at, qualification=qualification or {})


@pytest.mark.parametrize(
    ("to", "names"),
    [
        pytest.param(Stage.ANONYMOUS, (), id="nothing is required of who is not known"),
        pytest.param(Stage.MQL, (), id="nor of an mql"),
        pytest.param(Stage.SAL, ("phone",), id="what the stage itself requires"),
        pytest.param(Stage.SQL, ("phone", "budget", "seats"), id="and every stage before it"),
        pytest.param(
            Stage.OPPORTUNITY, ("phone", "budget", "seats", "plan"), id="and the attributes by it"
        ),
        pytest.param(
            Stage.CUSTOMER,
            ("phone", "budget", "seats", "technologies", "plan"),
            id="to the end of the path",
        ),
        pytest.param(Stage.CLOSED_LOST, (), id="beside the path nothing is: a lost one"),
        pytest.param(Stage.RECYCLED, (), id="a recycled one"),
        pytest.param(Stage.DISQUALIFIED, (), id="a disqualified one"),
    ],
)
def test_what_a_lead_without_anything_is_missing(
    strict: Policy, to: Stage, names: tuple[str, ...]
) -> None:
    assert missing(strict, a_lead(), to) == names


@pytest.mark.parametrize(
    "has",
    [
        pytest.param({"attributes": {"seats": 5}}, id="an attribute"),
        pytest.param({"attributes": {"seats": 0}}, id="zero is a value"),
        pytest.param({"qualification": {"seats": "about five"}}, id="an answer of sales"),
    ],
)
def test_what_meets_a_requirement(strict: Policy, has: dict[str, Any]) -> None:
    lead = a_lead(**{"phone": "+49", **has})
    assert missing(strict, lead, Stage.SQL) == ("budget",)


@pytest.mark.parametrize(
    "has",
    [
        pytest.param({"phone": ""}, id="an empty field"),
        pytest.param({"qualification": {"phone": " "}}, id="a blank answer"),
        pytest.param({"attributes": {"phone": ""}}, id="an empty attribute"),
        pytest.param({"qualification": {"fax": "+49"}}, id="an answer to something else"),
    ],
)
def test_what_does_not(strict: Policy, has: dict[str, Any]) -> None:
    assert missing(strict, a_lead(**has), Stage.SAL) == ("phone",)


def test_a_field_may_be_answered_by_sales(strict: Policy) -> None:
    assert missing(strict, a_lead({"phone": "on her card"}), Stage.SAL) == ()


def test_an_empty_list_is_no_answer_and_a_list_is_one(strict: Policy) -> None:
    all_but = {"phone": "+49", "attributes": {"seats": 1, "plan": "pro"}}
    answered = {"budget": "20k"}
    lead = a_lead(answered, technologies=(), **all_but)
    assert missing(strict, lead, Stage.CUSTOMER) == ("technologies",)
    assert missing(strict, a_lead(answered, technologies=("go",), **all_but), Stage.CUSTOMER) == ()


def test_what_two_stages_require_is_named_once(strict: Policy) -> None:
    required = {"sal": ("phone", "plan"), "sql": ("phone",)}
    policy = replace(strict, lifecycle=replace(strict.lifecycle, required=required))
    assert missing(policy, a_lead(), Stage.OPPORTUNITY) == ("phone", "plan")


@pytest.mark.parametrize("has", [{}, {"phone": "+49"}, {"attributes": {"seats": 3}}])
def test_further_on_the_path_never_less_is_required(strict: Policy, has: dict[str, Any]) -> None:
    wanted = [set(missing(strict, a_lead(**has), stage)) for stage in PATH]
    for before, after in pairwise(wanted):
        assert before <= after


def test_the_refusal_names_everything_and_the_two_ways_to_send_it(strict: Policy) -> None:
    with pytest.raises(FailedPrecondition) as refused:
        require_fields(strict, a_lead(), Stage.SQL)
    assert refused.value.reason == "FIELDS_MISSING"
    assert refused.value.message == (
        "sql requires phone, budget, seats of lead 'l1'; send them with UpsertLead, or the answers"
        " of sales with QualifyLead"
    )
    require_fields(strict, a_lead(), Stage.MQL)
