"""Laws of what is sent again and again: of a lead's fields, an account's, and accounts together."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.values.account import Account
from scoring_service.values.lead import Lead
from scoring_service.values.stored import FieldChange
from scoring_service.workflows import accounts
from scoring_service.workflows.arrival import is_blank, merged, without_blanks
from scoring_service.workflows.requests import AccountItem

TEXT = st.sampled_from([None, "", " ", "a", "b"])
LEADS = st.builds(
    Lead,
    lead_id=st.just("l1"),
    email=TEXT,
    country=TEXT,
    job_title=TEXT,
    employees=st.sampled_from([None, 0, 5]),
    technologies=st.sampled_from([(), ("go",), ("go", "c")]),
    do_not_contact=st.sampled_from([None, False, True]),
    attributes=st.dictionaries(
        st.sampled_from(["plan", "seats"]), st.sampled_from(["", "a", 0, 5, False]), max_size=2
    ),
)
KNOWN = LEADS.map(without_blanks)
"""What is stored never has a blank."""


def facts(lead: Lead) -> dict[str, Any]:
    """Everything a lead says, fields and attributes alike."""
    fields = {name: getattr(lead, name) for name in Lead.__struct_fields__ if name != "attributes"}
    said = {**fields, **{f"attributes.{name}": value for name, value in lead.attributes.items()}}
    return {name: value for name, value in said.items() if not is_blank(value)}


@settings(max_examples=50)
@given(KNOWN, LEADS)
def test_present_fields_replace_and_absent_ones_change_nothing(old: Lead, sent: Lead) -> None:
    """Its id stays; and do_not_contact is sticky: nothing that is sent clears it."""
    new, _ = merged(old, sent)
    expected = {**facts(old), **facts(sent), "lead_id": "l1"}
    if old.do_not_contact:
        expected["do_not_contact"] = True
    assert facts(new) == expected


@settings(max_examples=50)
@given(KNOWN, LEADS)
def test_the_changes_are_what_differs_and_nothing_else(old: Lead, sent: Lead) -> None:
    new, changes = merged(old, sent)
    before, after = facts(old), facts(new)
    differing = {name for name in after if before.get(name) != after[name]}
    assert {change.field for change in changes} == differing
    for change in changes:
        known = before.get(change.field)
        assert _value(change.old) == _plain(known)
        assert _value(change.new) == _plain(after[change.field])


@settings(max_examples=50)
@given(KNOWN, LEADS)
def test_the_same_again_changes_nothing(old: Lead, sent: Lead) -> None:
    new, _ = merged(old, sent)
    assert merged(new, sent) == (new, ())


@settings(max_examples=50)
@given(LEADS)
def test_without_its_blanks_a_lead_says_the_same(sent: Lead) -> None:
    bare = without_blanks(sent)
    assert facts(bare) == facts(sent)
    assert without_blanks(bare) == bare
    assert merged(Lead("l1"), bare)[0] == merged(Lead("l1"), sent)[0]


ACCOUNTS = st.builds(
    Account,
    account_id=st.just("acme"),
    name=st.sampled_from(["", "Acme", "Acme AG"]),
    domains=st.sampled_from([(), ("acme.de",), ("www.Acme.com", "acme.com")]),
    country=st.sampled_from([None, "", "DE"]),
    parent_id=st.sampled_from([None, "", "holding"]),
    owner_rep_id=st.sampled_from([None, "", "ann", "bob"]),
    attributes=st.dictionaries(st.sampled_from("xy"), st.integers(0, 2), max_size=2),
)


@settings(max_examples=50)
@given(ACCOUNTS, ACCOUNTS)
def test_an_account_sent_again_is_as_it_was_sent_last(first: Account, then: Account) -> None:
    """Absent (None) changes nothing, an empty text clears; attributes merge by key."""
    stored, _ = accounts.merged(None, first)
    after, changes = accounts.merged(stored, then)
    for field in ("country", "parent_id", "owner_rep_id"):
        sent = getattr(then, field)
        assert getattr(after, field) == (getattr(stored, field) if sent is None else sent or None)
    assert after.name == (then.name or stored.name)
    assert after.attributes == {**stored.attributes, **then.attributes}
    assert accounts.merged(after, then) == (after, ())
    assert len({change.field for change in changes}) == len(changes)
    assert all(change.old != change.new for change in changes)


@settings(max_examples=50)
@given(ACCOUNTS)
def test_of_a_new_account_its_owner_alone_is_a_change(sent: Account) -> None:
    """So that his time with it has a beginning; without one there is nothing to record."""
    _, changes = accounts.merged(None, sent)
    attributes = {f"attributes.{name}" for name in sent.attributes}
    mine = [change for change in changes if change.field not in attributes]
    owner = [FieldChange("owner_rep_id", None, json.dumps(sent.owner_rep_id))]
    assert mine == (owner if sent.owner_rep_id else [])


PARENTS = st.lists(st.integers(0, 9), min_size=1, max_size=10)


@settings(max_examples=50)
@given(PARENTS)
def test_every_parent_comes_before_its_children(parents: list[int]) -> None:
    """Each item once; those whose parents lead back to themselves, and below them, come last."""
    items = tuple(
        AccountItem(Account(f"a{i}", parent_id=f"a{parent}")) for i, parent in enumerate(parents)
    )
    order = accounts.parents_first(items)
    assert sorted(order) == list(range(len(items)))
    place = {position: rank for rank, position in enumerate(order)}
    loops = [position for position in order if _is_looped(position, parents)]
    assert order[len(order) - len(loops) :] == loops
    for position, parent in enumerate(parents):
        if parent < len(parents) and parent != position and position not in loops:
            assert place[parent] < place[position]


def _is_looped(position: int, parents: list[int]) -> bool:
    """Whether going up from an item never ends at one that is its own parent or not sent."""
    seen = {position}
    while parents[position] < len(parents) and parents[position] != position:
        position = parents[position]
        if position in seen:
            return True
        seen.add(position)
    return False


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
