"""The shipped real data as leads and accounts; examples/*/README.md say how columns are read."""

import csv
import gzip
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

NEVER = "999"
BANK_TRAINING_SHARE = 0.8
TEXTS = {
    "contact": "contact_channel", "month": "month_of_call",
    "day_of_week": "weekday", "poutcome": "earlier_outcome",
}  # fmt: skip
INTEGERS = {"campaign": "calls_this_campaign", "previous": "earlier_contacts"}
COUNTRIES = {
    "United States": "US", "Kenya": "KE", "Philipines": "PH", "Japan": "JP", "Italy": "IT",
    "Norway": "NO", "Korea": "KR", "Jordan": "JO", "Brazil": "BR", "Germany": "DE",
    "Panama": "PA", "Belgium": "BE", "Romania": "RO", "Poland": "PL", "China": "CN",
}  # fmt: skip
SPELLING = {"GTXPro": "GTX Pro", "technolgy": "technology"}
OPEN_STAGES = ("Prospecting", "Engaging")

Row = dict[str, Any]
"""A lead or an account as a JSON object of the wire; a lead's `activities` beside its fields."""


def bank_leads(folder: Path, count: int, now: datetime) -> Iterator[Row]:
    """`count` calls spread evenly over the last fifth of the bank's file, in its order."""
    for number, call in _later_calls(folder, count):
        yield _bank_lead(number, call, now)


def bank_outcomes(folder: Path, count: int) -> dict[str, bool]:
    """Whether the client signed, by the id of each lead of `bank_leads`; never sent."""
    return {f"bank-{number}": call["y"] == "yes" for number, call in _later_calls(folder, count)}


def _later_calls(folder: Path, count: int) -> Iterator[tuple[int, dict[str, str]]]:
    with gzip.open(folder / "bank-additional-full.csv.gz", "rt", encoding="utf-8") as file:
        calls = list(csv.DictReader(file, delimiter=";"))
    first = int(len(calls) * BANK_TRAINING_SHARE)
    step = max(1, (len(calls) - first) // count)
    for number in range(first, len(calls), step)[:count]:
        yield number + 1, calls[number]


def _bank_lead(number: int, call: dict[str, str], now: datetime) -> Row:
    known = {k: v for k, v in call.items() if v != "unknown"}
    attributes: Row = {"age": {"integer": known["age"]}}
    attributes |= {k: {"text": known[k]} for k in ("job", "marital", "education") if k in known}
    flags = {"housing": "housing", "loan": "loan", "default": "in_default"}
    attributes |= {v: {"boolean": known[k] == "yes"} for k, v in flags.items() if k in known}
    attributes |= {v: {"text": call[k]} for k, v in TEXTS.items()}
    attributes |= {v: {"integer": call[k]} for k, v in INTEGERS.items()}
    if call["pdays"] != NEVER:
        attributes["days_since_contact"] = {"integer": call["pdays"]}
    lead = {"leadId": f"bank-{number}", "source": "bank campaign", "attributes": attributes}
    return lead | {"activities": _earlier(number, call, now)}


def _earlier(number: int, call: dict[str, str], now: datetime) -> list[Row]:
    if call["pdays"] == NEVER:
        return []
    kind = "earlier_purchase" if call["poutcome"] == "success" else "earlier_contact"
    at = now - timedelta(days=int(call["pdays"]))
    return [_activity(f"bank-{number}-earlier", kind, at.isoformat())]


def _activity(activity_id: str, kind: str, at: str) -> Row:
    return {"activityId": activity_id, "type": kind, "occurredAt": at}


def crm_deals(folder: Path) -> list[dict[str, str]]:
    """Every opportunity of the pipeline, in the file's order."""
    with gzip.open(folder / "sales_pipeline.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def deal_leads(folder: Path, count: int) -> Iterator[Row]:
    """`count` open deals spread evenly over the pipeline."""
    with (folder / "products.csv").open(encoding="utf-8") as file:
        prices = {r["product"]: float(r["sales_price"]) for r in csv.DictReader(file)}
    deals = [d for d in crm_deals(folder) if d["deal_stage"] in OPEN_STAGES]
    step = max(1, len(deals) // count)
    for deal in deals[::step][:count]:
        yield _deal_lead(deal, prices)


def _deal_lead(deal: dict[str, str], prices: dict[str, float]) -> Row:
    product = SPELLING.get(deal["product"], deal["product"])
    lead_id = f"deal-{deal['opportunity_id']}"
    lead: Row = {"leadId": lead_id, "productInterest": product, "source": "sales pipeline"}
    lead["attributes"] = {
        "deal_stage": {"text": deal["deal_stage"]},
        "list_price": {"number": prices[product]},
    }
    if deal["account"]:
        lead["accountId"] = deal["account"]
    at = deal["engage_date"]
    engaged = [_activity(f"{lead_id}-engaged", "engagement", f"{at}T00:00:00Z")] if at else []
    return lead | {"activities": engaged}


def accounts(folder: Path) -> Iterator[Row]:
    """The companies, parents first, each owned by the agent of its latest engagement."""
    owners = latest_agents(crm_deals(folder))
    with (folder / "accounts.csv").open(encoding="utf-8") as file:
        companies = list(csv.DictReader(file))
    for company in sorted(companies, key=lambda c: bool(c["subsidiary_of"])):
        name = company["account"]
        sector = SPELLING.get(company["sector"], company["sector"])
        account: Row = {
            "accountId": name,
            "name": name,
            "country": COUNTRIES[company["office_location"]],
            "attributes": {"sector": {"text": sector}},
        }
        if company["subsidiary_of"]:
            account["parentId"] = company["subsidiary_of"]
        if name in owners:
            account["ownerRepId"] = rep_id(owners[name])
        yield account


def latest_agents(deals: Iterable[dict[str, str]]) -> dict[str, str]:
    """Each company's agent of its latest engagement; a tie goes to the larger opportunity id.

    >>> ada = {"account": "X", "sales_agent": "Ada", "engage_date": "2017-01", "opportunity_id": ""}
    >>> latest_agents([ada, ada | {"sales_agent": "Bo", "engage_date": "2017-02"}])
    {'X': 'Bo'}
    """
    latest: dict[str, tuple[str, str, str]] = {}
    for deal in deals:
        if deal["account"] and deal["engage_date"]:
            mine = (deal["engage_date"], deal["opportunity_id"], deal["sales_agent"])
            latest[deal["account"]] = max(mine, latest.get(deal["account"], mine))
    return {account: agent for account, (_, _, agent) in latest.items()}


def rep_id(name: str) -> str:
    """An agent's id in the demo's team.yaml.

    >>> rep_id("Mei-Mei Johns")
    'mei-mei-johns'
    """
    return name.lower().replace(" ", "-")
