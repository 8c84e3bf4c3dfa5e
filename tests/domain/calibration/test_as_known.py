"""A lead as it was: what came later is taken back, in whatever order it is kept."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.calibration.as_known import account_at, lead_at, turning_points
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.lead import AttributeValue, Lead
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StoredLead

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

BEGAN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return BEGAN + hours * HOUR


def json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def change(hours: float, field: str, old: object, new: object) -> tuple[datetime, FieldChange]:
    return at(hours), FieldChange(field, json(old), json(new))


def record(lead: Lead, *changes: tuple[datetime, FieldChange]) -> LeadRecord:
    stored = StoredLead(lead, "p", Stage.KNOWN, BEGAN, BEGAN, BEGAN)
    return LeadRecord(stored, changes=changes)


GROWN = record(
    Lead("l", country="DE", employees=500, attributes={"plan": "paid", "seats": 7}),
    change(1, "employees", 10, 200),
    change(2, "country", None, "DE"),
    change(2, "attributes.plan", "free", "paid"),
    change(3, "employees", 200, 500),
    change(3, "attributes.seats", None, 7),
    change(4, "source", "web", None),
)


@pytest.mark.parametrize(
    ("hours", "lead"),
    [
        pytest.param(
            0, Lead("l", employees=10, source="web", attributes={"plan": "free"}), id="at first"
        ),
        pytest.param(
            1, Lead("l", employees=200, source="web", attributes={"plan": "free"}),
            id="a change is known from its instant on",
        ),
        pytest.param(
            2.5,
            Lead("l", country="DE", employees=200, source="web", attributes={"plan": "paid"}),
            id="two changes at once",
        ),
        pytest.param(
            3, Lead("l", country="DE", employees=500, source="web",
                    attributes={"plan": "paid", "seats": 7}),
            id="an attribute that came",
        ),
        pytest.param(4, GROWN.lead.lead, id="in the end it is as it is now"),
        pytest.param(99, GROWN.lead.lead, id="and later"),
    ],
)  # fmt: skip
def test_a_lead_is_as_it_was_known_then(hours: float, lead: Lead) -> None:
    assert lead_at(GROWN, at(hours)) == lead


def test_a_list_and_an_empty_attribute_map_come_back() -> None:
    found = record(
        Lead("l", attributes={"plan": "x"}),
        change(1, "technologies", ["go", "rust"], None),
        change(1, "attributes.plan", None, "x"),
    )
    assert lead_at(found, at(0)) == Lead("l", technologies=("go", "rust"))


@FEW
@given(st.permutations(["a", "b", "c", "d"]), st.permutations([0, 1, 2]))
def test_changes_of_one_instant_are_undone_in_whatever_order_they_are_kept(
    values: list[str], order: list[int]
) -> None:
    steps = [change(1, "source", old, new) for old, new in pairwise(values)]
    found = record(Lead("l", source=values[-1]), *(steps[place] for place in order))
    assert lead_at(found, at(0)) == Lead("l", source=values[0])


VALUES: st.SearchStrategy[AttributeValue | None] = st.none() | st.sampled_from(
    ["a", "b", 1, 2.5, True]
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["plan", "seats", "tier"]), VALUES, st.integers(1, 3)), max_size=8
)


@FEW
@given(STEPS, st.integers(0, 30))
def test_at_every_instant_a_lead_is_what_had_been_written_by_then(
    steps: list[tuple[str, AttributeValue | None, int]], hours: int
) -> None:
    """The slow twin writes the changes down and plays them forward."""
    now, known, kept = 0, dict[str, AttributeValue](), list[tuple[datetime, FieldChange]]()
    told = Lead("l")
    for name, value, after in steps:
        now += after
        kept.append(change(now, f"attributes.{name}", known.get(name), value))
        known = {k: v for k, v in known.items() if k != name}
        known |= {} if value is None else {name: value}
        told = Lead("l", attributes=dict(known)) if now <= hours else told
    assert lead_at(record(Lead("l", attributes=known), *kept), at(hours)) == told


def match(name: str) -> AccountMatch:
    return AccountMatch(Account(name))


def with_accounts(*accounts: tuple[datetime, AccountMatch]) -> LeadRecord:
    return msgspec.structs.replace(GROWN, accounts=accounts)


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        pytest.param(0.5, AccountMatch(), id="before any decision none is known"),
        pytest.param(1, match("a"), id="from the decision on"),
        pytest.param(1.5, match("a"), id="until the next"),
        pytest.param(2, match("b"), id="which is the latest"),
        pytest.param(9, match("b"), id="for ever"),
    ],
)
def test_the_account_is_that_of_the_latest_decision_until_then(
    hours: float, found: AccountMatch
) -> None:
    assert account_at(with_accounts((at(1), match("a")), (at(2), match("b"))), at(hours)) == found


def test_something_changes_at_each_instant_once_and_only_later() -> None:
    found = with_accounts((at(2), match("a")), (at(5), match("b")))
    assert turning_points(found, at(2)) == tuple(map(at, (2, 3, 4, 5)))
    assert turning_points(found, at(0)) == tuple(map(at, (0, 1, 2, 3, 4, 5)))
    assert turning_points(found, at(5)) == (at(5),)
