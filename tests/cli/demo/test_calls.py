"""What the demo sends: the shipped data, mapped honestly, in a natural order."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scoring_service.cli.demo.calls import BANK_LEADS, DEAL_LEADS, Arrival, arrivals, sure
from scoring_service.cli.files.rows import BadRow
from scoring_service.cli.problem import Problem

EXAMPLES = Path(__file__).parents[3] / "examples"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def sent() -> list[Arrival]:
    return arrivals(EXAMPLES, NOW)


def test_several_hundred_of_each_kind_are_sent(sent: list[Arrival]) -> None:
    kinds = Counter(arrival.lead.lead_id.partition("-")[0] for arrival in sent)
    assert kinds == {"bank": BANK_LEADS, "deal": DEAL_LEADS}
    assert len({arrival.lead.lead_id for arrival in sent}) == len(sent)


def test_both_kinds_take_turns(sent: list[Arrival]) -> None:
    kinds = [arrival.lead.lead_id.partition("-")[0] for arrival in sent[: 2 * DEAL_LEADS]]
    assert kinds == ["bank", "deal"] * DEAL_LEADS


def test_every_activity_has_an_id_and_lies_in_the_past(sent: list[Arrival]) -> None:
    activities = [activity for arrival in sent for activity in arrival.activities]
    assert len({activity.activity_id for activity in activities}) == len(activities) > 100
    assert all(a.occurred_at.ToDatetime(UTC) <= NOW for a in activities)


def test_a_client_who_signed_lately_did_so_within_the_month(sent: list[Arrival]) -> None:
    signed = [a for one in sent for a in one.activities if a.type == "earlier_purchase"]
    assert signed
    ages = [NOW - activity.occurred_at.ToDatetime(UTC) for activity in signed]
    assert all(timedelta(0) <= age < timedelta(days=31) for age in ages)


def test_nobody_is_invented(sent: list[Arrival]) -> None:
    for arrival in sent:
        lead = arrival.lead
        assert lead.email == lead.full_name == lead.phone == lead.job_title == ""


async def test_a_refusal_of_the_demos_own_data_is_not_hidden() -> None:
    async def refused() -> BadRow:
        return BadRow("age: 7 is below 15")

    with pytest.raises(Problem, match="age: 7 is below 15"):
        await sure(refused)
