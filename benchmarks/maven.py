"""The hardware company's pipeline as past leads: each came when engaged, and left when closed."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scoring_service.cli.demo.data import SPELLING, accounts, crm_deals

CRM = Path(__file__).resolve().parents[1] / "examples" / "crm"
RULES = CRM.parent / "demo" / "rules"
HOUR = "T15:00:00Z"
"""The file has dates only; this is 9 or 10 in the morning in Chicago."""

Row = dict[str, Any]


def write_leads(file: Path, count: int | None = None) -> int:
    """Every deal that was engaged, or the first `count` by date; how many."""
    deals = sorted((d for d in crm_deals(CRM) if d["engage_date"]), key=lambda d: d["engage_date"])
    with (CRM / "products.csv").open(encoding="utf-8") as products:
        prices = {row["product"]: float(row["sales_price"]) for row in csv.DictReader(products)}
    _write(file, (_lead(deal, prices) for deal in deals[:count]))
    return len(deals[:count])


def write_accounts(file: Path) -> None:
    """The companies, each owned by the agent of its latest engagement."""
    _write(file, accounts(CRM))


def write_change(folder: Path) -> None:
    """The demo's rules with the change that is looked at: what comes from abroad is central's,
    whoever owns the account, and the agent who had two turns of three has one.
    """
    folder.mkdir()
    for file in RULES.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    routing, team = folder / "routing.yaml", folder / "team.yaml"
    when = 'account.country != null and account.country != "US"'
    abroad = f"  - {{name: from abroad, when: '{when}', assign: {{pool: central}}}}\n"
    _replace(routing, "routes:\n", f"routes:\n{abroad}")
    _replace(team, "{rep: darcel-schlecht, weight: 2}", "{rep: darcel-schlecht}")


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old)
    file.write_text(text.replace(old, new), encoding="utf-8")


def _lead(deal: dict[str, str], prices: dict[str, float]) -> Row:
    product = SPELLING.get(deal["product"], deal["product"])
    lead_id, engaged = f"deal-{deal['opportunity_id']}", deal["engage_date"]
    done = {
        "activity_id": f"{lead_id}-engaged",
        "type": "engagement",
        "occurred_at": engaged + HOUR,
    }
    row: Row = {
        "lead_id": lead_id,
        "at": engaged + HOUR,
        "product_interest": product,
        "source": "sales pipeline",
        "deal_stage": "Engaging",
        "list_price": prices[product],
        "activities": [done],
    }
    if deal["account"]:
        row["account_id"] = deal["account"]
    if deal["close_date"]:
        row["left_at"] = deal["close_date"] + HOUR
    return row


def _write(file: Path, rows: Iterator[Row]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
