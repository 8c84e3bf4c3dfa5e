"""Single rows of the demo's files, as the leads and accounts that they become."""

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scoring_service.cli.demo.data import (
    accounts,
    bank_leads,
    bank_outcomes,
    deal_leads,
    latest_agents,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CALL = {
    "age": "41", "job": "technician", "marital": "married", "education": "unknown",
    "default": "no", "housing": "yes", "loan": "unknown", "contact": "cellular", "month": "nov",
    "day_of_week": "fri", "duration": "334", "campaign": "2", "pdays": "999", "previous": "0",
    "poutcome": "nonexistent", "y": "no",
}  # fmt: skip


def _bank(folder: Path, *calls: Mapping[str, str]) -> Path:
    """The bank's file of ten calls, the last of which are these."""
    rows = [*[CALL] * (10 - len(calls)), *({**CALL, **call} for call in calls)]
    text = "\n".join(";".join(row.values()) for row in [dict(zip(CALL, CALL, strict=True)), *rows])
    (folder / "bank-additional-full.csv.gz").write_bytes(gzip.compress(f"{text}\n".encode()))
    return folder


def test_a_call_is_a_lead_of_what_was_known_before_it(tmp_path: Path) -> None:
    (lead,) = bank_leads(_bank(tmp_path, CALL), 1, NOW)
    assert lead == {
        "leadId": "bank-9",
        "source": "bank campaign",
        "attributes": {
            "age": {"integer": "41"},
            "job": {"text": "technician"},
            "marital": {"text": "married"},
            "housing": {"boolean": True},
            "in_default": {"boolean": False},
            "contact_channel": {"text": "cellular"},
            "month_of_call": {"text": "nov"},
            "weekday": {"text": "fri"},
            "earlier_outcome": {"text": "nonexistent"},
            "calls_this_campaign": {"integer": "2"},
            "earlier_contacts": {"integer": "0"},
        },
        "activities": [],
    }


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        pytest.param("success", "earlier_purchase", id="who bought then"),
        pytest.param("failure", "earlier_contact", id="who did not"),
    ],
)
def test_an_earlier_call_is_an_activity_of_its_day(tmp_path: Path, outcome: str, kind: str) -> None:
    folder = _bank(tmp_path, CALL | {"pdays": "3", "poutcome": outcome})
    *_, lead = bank_leads(folder, 2, NOW)
    assert lead["attributes"]["days_since_contact"] == {"integer": "3"}
    assert lead["activities"] == [
        {
            "activityId": "bank-10-earlier",
            "type": kind,
            "occurredAt": "2026-02-27T12:00:00+00:00",
        }
    ]


@pytest.mark.parametrize(
    ("count", "ids"),
    [
        pytest.param(1, ["bank-9"], id="one"),
        pytest.param(2, ["bank-9", "bank-10"], id="the whole last fifth"),
        pytest.param(5, ["bank-9", "bank-10"], id="no more than there are"),
    ],
)
def test_leads_and_their_outcomes_are_of_the_last_fifth(
    tmp_path: Path, count: int, ids: list[str]
) -> None:
    folder = _bank(tmp_path, {"y": "yes"}, {"y": "no"})
    assert [lead["leadId"] for lead in bank_leads(folder, count, NOW)] == ids
    won = {"bank-9": True, "bank-10": False}
    assert bank_outcomes(folder, count) == {lead_id: won[lead_id] for lead_id in ids}


DEALS = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
D1,Ada Ash,GTXPro,Acme,Engaging,2017-03-01,,
D2,Bo Birk,MG Special,,Prospecting,,,
D3,Cy Cole,MG Special,Acme,Won,2017-05-01,2017-06-01,55
D4,Di Dorn,MG Special,Mum,Lost,2017-01-01,2017-06-01,0
"""
COMPANIES = """account,sector,year_established,revenue,employees,office_location,subsidiary_of
Acme,technolgy,1996,1100,2822,United States,Mum
Mum,retail,1986,2200,300,Germany,
Solo,retail,1986,2200,300,Kenya,
"""


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    (tmp_path / "sales_pipeline.csv.gz").write_bytes(gzip.compress(DEALS.encode()))
    (tmp_path / "products.csv").write_text("product,sales_price\nGTX Pro,4821\nMG Special,55\n")
    (tmp_path / "accounts.csv").write_text(COMPANIES)
    return tmp_path


def test_open_deals_are_leads_of_their_product_and_price(crm: Path) -> None:
    engaged, prospect = deal_leads(crm, 10)
    assert engaged == {
        "leadId": "deal-D1",
        "productInterest": "GTX Pro",
        "source": "sales pipeline",
        "attributes": {"deal_stage": {"text": "Engaging"}, "list_price": {"number": 4821.0}},
        "accountId": "Acme",
        "activities": [
            {
                "activityId": "deal-D1-engaged",
                "type": "engagement",
                "occurredAt": "2017-03-01T00:00:00Z",
            }
        ],
    }
    assert (prospect["leadId"], prospect["activities"]) == ("deal-D2", [])
    assert "accountId" not in prospect
    assert [deal["leadId"] for deal in deal_leads(crm, 1)] == ["deal-D1"]


def test_companies_come_parents_first_with_their_latest_agent(crm: Path) -> None:
    mum, solo, acme = accounts(crm)
    assert acme == {
        "accountId": "Acme",
        "name": "Acme",
        "country": "US",
        "attributes": {"sector": {"text": "technology"}},
        "parentId": "Mum",
        "ownerRepId": "cy-cole",
    }
    assert (mum["accountId"], mum["ownerRepId"], mum.get("parentId")) == ("Mum", "di-dorn", None)
    assert (solo["accountId"], solo["country"], solo.get("ownerRepId")) == ("Solo", "KE", None)


def _deal(agent: str, **changes: str) -> dict[str, str]:
    deal = {"account": "X", "sales_agent": agent, "engage_date": "2017-01", "opportunity_id": "1"}
    return deal | changes


@pytest.mark.parametrize(
    ("deals", "agents"),
    [
        pytest.param([], {}, id="no deal"),
        pytest.param([_deal("Ada", account="")], {}, id="a deal of nobody"),
        pytest.param([_deal("Ada", engage_date="")], {}, id="a deal that did not begin"),
        pytest.param(
            [_deal("Ada", engage_date="2017-02"), _deal("Bo")], {"X": "Ada"}, id="the latest"
        ),
        pytest.param([_deal("Ada", opportunity_id="2"), _deal("Bo")], {"X": "Ada"}, id="a tie"),
        pytest.param(
            [_deal("Ada"), _deal("Bo", account="Y")], {"X": "Ada", "Y": "Bo"}, id="each its own"
        ),
    ],
)
def test_an_account_has_the_agent_of_its_latest_deal(
    deals: list[dict[str, str]], agents: dict[str, Any]
) -> None:
    assert latest_agents(deals) == agents
