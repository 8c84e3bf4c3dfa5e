"""What was known of a stored lead at an instant, held against a diary of its changes."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring_service.domain.calibration.as_known import account_at, lead_at, turning_points
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.instant import EPOCH
from scoring_service.values.lead import Lead
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StoredLead

HOUR = timedelta(hours=1)
VALUES: dict[str, Any] = {
    "employees": st.integers(1, 3),
    "source": st.sampled_from(["fair", "web"]),
    "technologies": st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2).map(tuple),
    "attributes.size": st.floats(0, 2),
    "attributes.ready": st.booleans(),
    "attributes.tags": st.lists(st.just("x"), min_size=1, max_size=2).map(tuple),
}
STEP = st.sampled_from(sorted(VALUES)).flatmap(
    lambda field: st.tuples(st.integers(0, 9), st.just(field), VALUES[field])
)


def written(value: Any) -> str | None:
    return None if value in (None, ()) else msgspec.json.encode(value).decode()


def changed(lead: Lead, field: str, value: Any) -> Lead:
    name = field.removeprefix("attributes.")
    if name == field:
        return msgspec.structs.replace(lead, **{field: value})
    return msgspec.structs.replace(lead, attributes={**lead.attributes, name: value})


def value_of(lead: Lead, field: str) -> Any:
    name = field.removeprefix("attributes.")
    return getattr(lead, field) if name == field else lead.attributes.get(name)


def record_of(lead: Lead, changes: Any = (), accounts: Any = ()) -> LeadRecord:
    stored = StoredLead(lead, "p", Stage.KNOWN, EPOCH, EPOCH, EPOCH)
    return LeadRecord(stored, changes=tuple(changes), accounts=tuple(accounts))


@given(st.lists(STEP, max_size=12), st.randoms())
def test_the_lead_is_what_the_diary_says(steps: list[tuple[int, str, Any]], random: Any) -> None:
    """Many units share an instant, and its changes come back in any order."""
    first = lead = Lead("l1", source="ads")
    diary: dict[int, Lead] = {}
    passed: dict[tuple[int, str], list[Any]] = {}
    changes = []
    for hour, field, value in sorted(steps, key=lambda step: step[0]):
        old = value_of(lead, field)
        had = passed.setdefault((hour, field), [old])
        if value != old:
            assume(value not in had)  # back to where it was: nobody can tell which was the first
            had.append(value)
            changes.append((EPOCH + hour * HOUR, FieldChange(field, written(old), written(value))))
        diary[hour] = lead = changed(lead, field, value)
    random.shuffle(changes)
    record = record_of(lead, sorted(changes, key=lambda change: (change[0], change[1].field)))
    for hour in range(-1, 10):
        known = [diary[then] for then in range(hour + 1) if then in diary]
        assert lead_at(record, EPOCH + hour * HOUR) == (known[-1] if known else first)


def test_a_lead_that_never_changed_is_itself() -> None:
    record = record_of(Lead("l1", employees=5))
    assert lead_at(record, EPOCH) is record.lead.lead


def test_a_value_that_arrived_is_absent_before_it_did() -> None:
    changes = [
        (EPOCH + HOUR, FieldChange("employees", None, "5")),
        (EPOCH + HOUR, FieldChange("technologies", None, '["a"]')),
        (EPOCH + HOUR, FieldChange("attributes.size", None, "2")),
    ]
    lead = Lead("l1", employees=5, technologies=("a",), attributes={"size": 2, "kept": True})
    record = record_of(lead, changes)
    assert lead_at(record, EPOCH) == Lead("l1", attributes={"kept": True})
    assert lead_at(record, EPOCH + HOUR) == lead


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_of_several_changes_at_one_instant_the_first_is_the_one_that_no_other_made(
    order: tuple[int, ...],
) -> None:
    """Units of one batch share an instant, and nothing else says which came first."""
    steps = [("1", "2"), ("2", "3"), ("3", "4")]
    changes = [(EPOCH + HOUR, FieldChange("employees", *steps[place])) for place in order]
    record = record_of(Lead("l1", employees=4), changes)
    assert lead_at(record, EPOCH) == Lead("l1", employees=1)


def test_the_account_is_that_of_the_latest_decision_until_then() -> None:
    known = [
        (EPOCH, AccountMatch()),
        (EPOCH + 2 * HOUR, AccountMatch(Account("a1"))),
        (EPOCH + 4 * HOUR, AccountMatch(Account("a2"))),
    ]
    record = record_of(Lead("l1"), accounts=known)
    found = [account_at(record, EPOCH + hour * HOUR).account for hour in (0, 1, 2, 3, 4)]
    assert found == [None, None, Account("a1"), Account("a1"), Account("a2")]


def test_without_a_decision_nobody_knew_an_account() -> None:
    assert account_at(record_of(Lead("l1")), EPOCH) == AccountMatch()


def test_a_history_turns_where_lead_or_account_changed() -> None:
    change = FieldChange("employees", None, "5")
    record = record_of(
        Lead("l1", employees=5),
        [(EPOCH + HOUR, change), (EPOCH + 3 * HOUR, change)],
        [(EPOCH, AccountMatch()), (EPOCH + 2 * HOUR, AccountMatch())],
    )
    hours = [(at - EPOCH) // HOUR for at in turning_points(record, EPOCH + HOUR)]
    assert hours == [1, 2, 3]
