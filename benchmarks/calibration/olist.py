"""Olist's marketing-qualified leads: won within 90 days of the first contact.

Dates of won deals begin in December 2017, so that leads of 2017 look colder than they were: the
file begins with 2018. The fields of closed deals stand beside the leads as a CRM would export
them: filled for winners only, which is for `calibrate` to find.
"""

import csv
from pathlib import Path

FOLDER = "olist_funnel"
FIRST = "2018-01-01"
KEY = "mql_id"


def write(data: Path, place: Path) -> tuple[str, ...]:
    """leads.csv; the names of the fields that only winners have."""
    deals = {row["mql_id"]: row for row in _rows(data / FOLDER / "olist_closed_deals_dataset.csv")}
    leads = _rows(data / FOLDER / "olist_marketing_qualified_leads_dataset.csv")
    winners_only = tuple(name for name in next(iter(deals.values())) if name != KEY)
    place.mkdir(parents=True, exist_ok=True)
    with (place / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            (
                "lead_id",
                "scored_at",
                "closed_at",
                "outcome",
                "origin",
                "landing_page",
                *winners_only,
            )
        )
        for lead in leads:
            if lead["first_contact_date"] >= FIRST:
                writer.writerow(_lead(lead, deals.get(lead["mql_id"]), winners_only))
    return winners_only


def _lead(
    lead: dict[str, str], deal: dict[str, str] | None, winners_only: tuple[str, ...]
) -> tuple[str, ...]:
    contact = f"{lead['first_contact_date']}T00:00:00+00:00"
    closed = f"{deal['won_date'].replace(' ', 'T')}+00:00" if deal else ""
    known = (lead["mql_id"], contact, closed, "won" if deal else "open")
    fields = tuple(deal[name] if deal else "" for name in winners_only)
    return (*known, lead["origin"], lead["landing_page_id"], *fields)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
