"""What a request will read is known from the request."""

from datetime import UTC, datetime

import pytest

from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.stored import Keys
from scoring_service.workflows.keys import (
    of_accounts,
    of_act,
    of_activities,
    of_route,
    of_upsert,
)
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    MergeLeads,
    RecordActivities,
    UpsertLead,
)
from scoring_service.workflows.requests import RouteLead, UpsertAccounts

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_route_reads_its_lead_its_account_and_its_activities() -> None:
    lead = Lead(lead_id="l1", email="Ann@Acme.DE", account_id="acme", company_domain="acme.com")
    acts = (Activity("visit", NOW, "a1"), Activity("visit", NOW))
    assert of_route(RouteLead("r1", lead=lead, activities=acts)) == Keys(
        request_id="r1",
        lead_id="l1",
        email="ann@acme.de",
        account_id="acme",
        domains=("acme.de", "acme.com"),
        activity_ids=("a1",),
    )


def test_a_company_is_sought_by_the_name_that_was_sent() -> None:
    lead = Lead(lead_id="l1", company_name="Acme GmbH")
    assert of_route(RouteLead("r1", lead=lead)).company == "Acme GmbH"


def test_a_stored_lead_is_read_by_its_id() -> None:
    assert of_route(RouteLead("r1", lead_id="l1")) == Keys(request_id="r1", lead_id="l1")


def test_a_dry_run_ignores_its_request_id() -> None:
    assert of_route(RouteLead("r1", lead_id="l1", dry_run=True)) == Keys(lead_id="l1")


def test_of_a_wrong_request_only_the_answer_is_read() -> None:
    wrong = RouteLead("r1", lead=Lead(email="?"), violations=(("lead.email", "is no e-mail"),))
    assert of_route(wrong) == Keys(request_id="r1")


def test_an_upsert_of_accounts_reads_its_answer() -> None:
    assert of_accounts(UpsertAccounts("r1")) == Keys(request_id="r1")


LEAD = Lead(lead_id="l1", email="Ann@Acme.DE", account_id="acme", company_domain="acme.com")
ACTS = (Activity("visit", NOW, "a1"), Activity("visit", NOW))
OF_LEAD = Keys(
    request_id="r1",
    lead_id="l1",
    email="ann@acme.de",
    account_id="acme",
    domains=("acme.de", "acme.com"),
    activity_ids=("a1",),
)
WRONG = (("lead.email", "is no e-mail"),)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param(
            of_upsert(UpsertLead(request_id="r1", lead=LEAD, activities=ACTS)),
            OF_LEAD,
            id="a lead to take in",
        ),
        pytest.param(
            of_activities(RecordActivities(request_id="r1", lead=LEAD, activities=ACTS)),
            OF_LEAD,
            id="what a lead did",
        ),
        pytest.param(
            of_activities(RecordActivities(request_id="r1", lead_id="l1", activities=ACTS)),
            Keys(request_id="r1", lead_id="l1", activity_ids=("a1",)),
            id="what a stored lead did",
        ),
        pytest.param(
            of_act(AcceptLead(request_id="r1", lead_id="l1")),
            Keys(request_id="r1", lead_id="l1"),
            id="what is done with a lead",
        ),
        pytest.param(
            of_act(MergeLeads(request_id="r1", lead_id="l1", other_lead_id="l2")),
            Keys(request_id="r1", lead_id="l1"),
            id="the first of two leads",
        ),
    ],
)
def test_what_the_lifecycle_reads(keys: Keys, expected: Keys) -> None:
    assert keys == expected


@pytest.mark.parametrize(
    "keys",
    [
        of_upsert(UpsertLead(request_id="r1", lead=LEAD, violations=WRONG)),
        of_activities(RecordActivities(request_id="r1", lead=LEAD, violations=WRONG)),
        of_act(AcceptLead(request_id="r1", lead_id="l1", violations=WRONG)),
    ],
)
def test_of_a_wrong_request_of_the_lifecycle_only_the_answer_is_read(keys: Keys) -> None:
    assert keys == Keys(request_id="r1")
