"""A CRM's opportunities, scored when the deal was engaged, with all that was known by then.

Nothing of it tells who won: the negative control. `close_value` stands beside, for `calibrate` to
find. Open deals mostly have no account yet: where they count as not won, the account and all that
belongs to it is filled where a deal was closed, and so is a leak as well.
"""

import csv
import gzip
from pathlib import Path

MAPPING = "outcome: {won: [Won], lost: [Lost], open: [Engaging, Prospecting]}\n"
SPELLING = {"GTXPro": "GTX Pro"}
COLUMNS = (
    "lead_id", "scored_at", "closed_at", "deal_stage", "sales_agent", "manager", "regional_office",
    "product", "series", "sales_price", "account", "sector", "employees", "revenue",
    "year_established", "office_location", "close_value",
)  # fmt: skip


def write(folder: Path, place: Path, *, open_deals: bool = False) -> None:
    """leads.csv and mapping.yaml from examples/crm, of closed deals or of `open_deals` too."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    agents, products = _by(folder, "sales_teams", "sales_agent"), _by(folder, "products", "product")
    accounts = _by(folder, "accounts", "account")
    with gzip.open(folder / "sales_pipeline.csv.gz", "rt", encoding="utf-8") as file:
        deals = [d for d in csv.DictReader(file) if open_deals or d["close_date"]]
    with (place / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", restval="")
        writer.writeheader()
        for deal in deals:
            product = SPELLING.get(deal["product"], deal["product"])
            known = {"lead_id": deal["opportunity_id"], "closed_at": deal["close_date"]}
            known |= {"scored_at": deal["engage_date"], "product": product}
            beside = accounts.get(deal["account"], {}) | agents[deal["sales_agent"]]
            writer.writerow(beside | products[product] | deal | known)


def _by(folder: Path, name: str, key: str) -> dict[str, dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return {row[key]: row for row in csv.DictReader(file)}
