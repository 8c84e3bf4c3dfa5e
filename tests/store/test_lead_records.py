"""Whole records of leads, by page, and of those only that changed since an instant."""

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def three(desk: Any, example: Any) -> Any:
    """Leads l1, l2, l3, each an hour later than the one before."""
    for name in ("l1", "l2", "l3"):
        lead = example.lead(name, updated_at=desk.now)
        desk.do(lambda tx, lead=lead: tx.save_lead(lead))
        desk.later(hours=1)
    return desk


def _ids(records: Any) -> list[str]:
    return [record.lead.lead.lead_id for record in records]


def test_pages_follow_one_another_by_id(three: Any) -> None:
    assert _ids(three.reader.lead_records(limit=2)) == ["l1", "l2"]
    assert _ids(three.reader.lead_records("l2", 2)) == ["l3"]
    assert _ids(three.reader.lead_records("l3", 2)) == []


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        pytest.param(9, ["l1", "l2", "l3"], id="all of them"),
        pytest.param(2, ["l2", "l3"], id="at that instant or after it"),
        pytest.param(0, [], id="none"),
    ],
)
def test_only_leads_that_changed_since_then(three: Any, hours: float, found: list[str]) -> None:
    since = three.now - timedelta(hours=hours)
    assert _ids(three.reader.lead_records(since=since)) == found
