"""What enrichers know fills in what a lead did not say itself, and replaces nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.policy import Policy
from scoring_service.values.enrichment import Enrichment
from scoring_service.values.happening import Enriched
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StoredLead
from scoring_service.workflows.arrival import Arrival, is_blank
from scoring_service.workflows.intake.enriching import Filled, enriched

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def arrival(lead: Lead) -> Arrival:
    return Arrival(StoredLead(lead, "p", Stage.ANONYMOUS, NOW, NOW, NOW), None, (), ())


def knows(name: str, **fields: Any) -> Enrichment:
    return Enrichment(name, Lead(**fields))


@pytest.mark.parametrize(
    ("sent", "known", "lead", "fields"),
    [
        pytest.param(
            Lead("l1"),
            Lead(employees=500, country="DE"),
            Lead("l1", employees=500, country="DE"),
            ("country", "employees"),
            id="what is missing is filled in",
        ),
        pytest.param(
            Lead("l1", country="FR"),
            Lead(country="DE"),
            Lead("l1", country="FR"),
            (),
            id="what the lead said itself stands",
        ),
        pytest.param(
            Lead("l1", employees=0),
            Lead(employees=500),
            Lead("l1", employees=0),
            (),
            id="zero is something it said",
        ),
        pytest.param(
            Lead("l1", country=" "),
            Lead(country="DE"),
            Lead("l1", country="DE"),
            ("country",),
            id="a blank is nothing it said",
        ),
        pytest.param(
            Lead("l1"),
            Lead("other", email="x@x.example", source="list", campaign="q3", do_not_contact=True),
            Lead("l1"),
            (),
            id="who it is, where it came from and whether it may be contacted is its own",
        ),
        pytest.param(
            Lead("l1", attributes={"plan": "pro"}),
            Lead(attributes={"plan": "free", "seats": 5}),
            Lead("l1", attributes={"plan": "pro", "seats": 5}),
            ("attributes.seats",),
            id="attributes are filled in one by one",
        ),
        pytest.param(
            Lead("l1", attributes={"plan": ""}),
            Lead(attributes={"plan": "free"}),
            Lead("l1", attributes={"plan": "free"}),
            ("attributes.plan",),
            id="a blank one too",
        ),
        pytest.param(
            Lead("l1", technologies=("go",)),
            Lead(technologies=("python", "rust")),
            Lead("l1", technologies=("go",)),
            (),
            id="a list is one thing that was said",
        ),
    ],
)
def test_what_one_enricher_fills_in(
    policy: Policy, sent: Lead, known: Lead, lead: Lead, fields: tuple[str, ...]
) -> None:
    after, [filled] = enriched(policy, arrival(sent), (Enrichment("book", known),), NOW)
    assert after.lead.lead == lead
    assert filled.happening == Enriched("book", fields)
    assert tuple(change.field for change in filled.changes) == fields
    assert filled.actor == "enricher:book"


def test_the_first_of_them_goes_first(policy: Policy) -> None:
    first = knows("first", country="DE")
    second = knows("second", country="FR", employees=20)
    after, filled = enriched(policy, arrival(Lead("l1")), (first, second), NOW)
    assert after.lead.lead == Lead("l1", country="DE", employees=20)
    assert [one.happening.fields for one in filled] == [("country",), ("employees",)]
    assert filled[1].changes == (FieldChange("employees", None, "20"),)


@pytest.mark.parametrize(
    ("known", "says"),
    [
        pytest.param({"attributes": {"plan": "gold"}}, "attributes", id="a value of no list"),
        pytest.param({"attributes": {"colour": "red"}}, "colour", id="an attribute nobody knows"),
        pytest.param({"attributes": {"seats": -1}}, "seats", id="a number out of bounds"),
    ],
)
def test_what_would_be_refused_of_a_sender_is_not_taken(
    policy: Policy, known: dict[str, Any], says: str
) -> None:
    """Nothing of it: and it keeps nobody out, nor what others know."""
    wrong = knows("wrong", employees=500, **known)
    after, filled = enriched(policy, arrival(Lead("l1")), (wrong, knows("book", region="EU")), NOW)
    assert after.lead.lead == Lead("l1", region="EU")
    refused, taken = filled
    assert (refused.happening.fields, refused.changes) == ((), ())
    assert says in refused.happening.failure
    assert taken.happening == Enriched("book", ("region",))


def test_who_failed_is_recorded_as_such_and_fills_in_nothing(policy: Policy) -> None:
    failed = Enrichment("slow", Lead(employees=500), "no answer within 300 ms")
    after, filled = enriched(policy, arrival(Lead("l1")), (failed,), NOW)
    assert after.lead.lead == Lead("l1")
    assert filled == (Filled(Enriched("slow", failure="no answer within 300 ms")),)


def test_without_enrichers_nothing_changes(policy: Policy) -> None:
    came = arrival(Lead("l1", country="DE"))
    assert enriched(policy, came, (), NOW) == (came, ())


SAID = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["DE", "FR", " ", ""]),
        "employees": st.integers(0, 9),
        "job_title": st.sampled_from(["CTO", " "]),
        "attributes": st.fixed_dictionaries({}, optional={"seats": st.integers(0, 9)}),
    },
)


@given(SAID, st.lists(SAID, max_size=3))
def test_nothing_that_was_said_is_ever_replaced(
    policy: Policy, said: dict[str, Any], known: list[dict[str, Any]]
) -> None:
    sent = Lead("l1", **said)
    enrichments = tuple(knows(f"e{i}", **fields) for i, fields in enumerate(known))
    after, filled = enriched(policy, arrival(sent), enrichments, NOW)
    lead = after.lead.lead
    for field in Lead.__struct_fields__:
        value = getattr(sent, field)
        if field != "attributes" and not is_blank(value):
            assert getattr(lead, field) == value
    assert {**lead.attributes, **sent.attributes} == lead.attributes
    assert [one.happening.enricher for one in filled] == [one.enricher for one in enrichments]
    again, more = enriched(policy, after, enrichments, NOW)
    assert again.lead.lead == lead, "asked once more, nobody knows anything new"
    assert not any(one.changes for one in more)
