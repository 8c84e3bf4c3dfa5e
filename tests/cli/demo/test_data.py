"""The shipped data is mapped as its pages say, and nothing is invented."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from scoring_service.cli.demo.data import (
    accounts,
    bank_leads,
    bank_outcomes,
    crm_deals,
    deal_leads,
)
from scoring_service.cli.files.messages import account_of, activities_of, lead_of

EXAMPLES = Path(__file__).parents[3] / "examples"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_bank_leads_come_from_the_last_fifth_and_are_keyed_by_their_row() -> None:
    leads = list(bank_leads(EXAMPLES / "bank", 400, NOW))
    numbers = [int(lead["leadId"].removeprefix("bank-")) for lead in leads]
    assert len(leads) == len(set(numbers)) == 400
    assert min(numbers) > 0.8 * 41188
    assert max(numbers) <= 41188


def test_a_bank_lead_has_no_invented_person_and_no_leaking_column() -> None:
    for lead in bank_leads(EXAMPLES / "bank", 400, NOW):
        assert not {"email", "fullName", "phone"} & lead.keys()
        assert not {"duration", "y", "euribor3m"} & lead["attributes"].keys()


def test_the_last_contact_is_dated_pdays_before_now_and_999_means_never() -> None:
    leads = list(bank_leads(EXAMPLES / "bank", 8000, NOW))
    dated = [a for lead in leads for a in lead["activities"]]
    assert 0 < len(dated) < len(leads) / 2
    ages = {NOW - datetime.fromisoformat(a["occurredAt"]) for a in dated}
    assert max(ages) < timedelta(days=40)
    assert {a["type"] for a in dated} == {"earlier_purchase", "earlier_contact"}


def test_an_open_deal_carries_the_companys_name_as_its_account() -> None:
    known = {a["accountId"] for a in accounts(EXAMPLES / "crm")}
    deals = list(deal_leads(EXAMPLES / "crm", 300))
    named = [d["accountId"] for d in deals if "accountId" in d]
    assert len(deals) == 300
    assert 0 < len(named) < 300
    assert set(named) <= known


def test_a_company_is_owned_by_the_agent_of_its_latest_engagement() -> None:
    deals = [d for d in crm_deals(EXAMPLES / "crm") if d["account"] == "Isdom"]
    latest = max(deals, key=lambda d: (d["engage_date"], d["opportunity_id"]))
    (isdom,) = [a for a in accounts(EXAMPLES / "crm") if a["accountId"] == "Isdom"]
    assert isdom["ownerRepId"] == latest["sales_agent"].lower().replace(" ", "-")


def test_parents_come_before_their_subsidiaries() -> None:
    seen: set[str] = set()
    for account in accounts(EXAMPLES / "crm"):
        assert account.get("parentId", account["accountId"]) in seen | {account["accountId"]}
        seen.add(account["accountId"])
    assert len(seen) == 85


def test_every_row_is_a_message_of_the_wire() -> None:
    for row in [*bank_leads(EXAMPLES / "bank", 50, NOW), *deal_leads(EXAMPLES / "crm", 50)]:
        assert lead_of(row, {}).lead_id == row["leadId"]
        assert len(activities_of(row)) == len(row["activities"])
    assert all(account_of(a, {}).country for a in accounts(EXAMPLES / "crm"))


def test_outcomes_are_those_of_the_leads_sent_and_are_not_sent() -> None:
    outcomes = bank_outcomes(EXAMPLES / "bank", 400)
    leads = list(bank_leads(EXAMPLES / "bank", 400, NOW))
    assert list(outcomes) == [lead["leadId"] for lead in leads]
    assert sum(outcomes.values()) == 120, "3 of 10 signed, of all calls 1 of 9"
    assert not any("y" in lead["attributes"] for lead in leads)


def test_a_client_never_called_before_has_no_days_since() -> None:
    leads = [lead["attributes"] for lead in bank_leads(EXAMPLES / "bank", 400, NOW)]
    never = [lead for lead in leads if lead["earlier_outcome"] == {"text": "nonexistent"}]
    assert 0 < len(never) < len(leads)
    assert not any("days_since_contact" in lead for lead in never)
    assert any("days_since_contact" in lead for lead in leads)
