"""What a request will read is known from the request."""

from datetime import UTC, datetime

from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.stored import Keys
from scoring_service.workflows.keys import of_accounts, of_route
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


def test_a_stored_lead_is_read_by_its_id() -> None:
    assert of_route(RouteLead("r1", lead_id="l1")) == Keys(request_id="r1", lead_id="l1")


def test_a_dry_run_ignores_its_request_id() -> None:
    assert of_route(RouteLead("r1", lead_id="l1", dry_run=True)) == Keys(lead_id="l1")


def test_of_a_wrong_request_only_the_answer_is_read() -> None:
    wrong = RouteLead("r1", lead=Lead(email="?"), violations=(("lead.email", "is no e-mail"),))
    assert of_route(wrong) == Keys(request_id="r1")


def test_an_upsert_of_accounts_reads_its_answer() -> None:
    assert of_accounts(UpsertAccounts("r1")) == Keys(request_id="r1")
