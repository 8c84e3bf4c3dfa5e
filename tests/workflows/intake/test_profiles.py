"""A profile grows: what is sent replaces, what is blank erases nothing, and who said it is kept."""

from typing import Any

import pytest

from scoring_service.values.enrichment import Enrichment
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.happening import Enriched, Touch
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage


def enrichment(name: str = "register", failure: str = "", **fields: Any) -> Enrichment:
    return Enrichment(name, Lead(**fields), failure)


async def test_a_later_blank_never_erases(front: Any, large: Any) -> None:
    known = large("a", job_title="Buyer", attributes={"plan": "pro"}, technologies=("x",))
    await front.takes(known)
    blank = Lead("a", job_title="", country=" ", technologies=(), attributes={"plan": ""})
    assert (await front.takes(blank)).lead == known
    assert await front.changes("a") == []


async def test_a_new_lead_with_blanks_has_nothing_there(front: Any) -> None:
    view = await front.takes(Lead("a", email="a@a.example", source="", phone=""))
    assert (view.lead.source, view.lead.phone, view.stage) == (None, None, Stage.KNOWN)


async def test_every_change_says_who_made_it(front: Any, large: Any) -> None:
    await front.takes(large("a", job_title="Buyer"), actor_id="form")
    await front.takes(Lead("a", job_title="Director", phone="+1"), actor_id="crm")
    assert await front.changes("a") == [
        ("job_title", '"Buyer"', '"Director"', "crm"),
        ("phone", None, '"+1"', "crm"),
    ]


async def test_an_enricher_fills_what_is_missing_and_is_named(front: Any) -> None:
    known = enrichment(employees=500, country="FR", email="x@x.example", lead_id="x")
    sent = Lead("a", email="a@a.example", source="web", country="DE")
    view = await front.takes(sent, front.did("demo_request"), enrichments=(known,))
    assert (view.lead.employees, view.lead.country, view.lead.email) == (500, "DE", "a@a.example")
    assert view.stage is Stage.MQL
    assert await front.changes("a") == [("employees", None, "500", "enricher:register")]
    assert await front.happened("a", Enriched) == [Enriched("register", ("employees",))]


async def test_of_two_enrichers_the_first_is_believed(front: Any) -> None:
    two = (enrichment("one", employees=5), enrichment("two", employees=9, industry="software"))
    view = await front.takes(Lead("a", email="a@a.example"), enrichments=two)
    assert (view.lead.employees, view.lead.industry) == (5, "software")
    assert [one.fields for one in await front.happened("a", Enriched)] == [
        ("employees",),
        ("industry",),
    ]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param(enrichment(failure="timed out"), "timed out", id="one that failed"),
        pytest.param(
            enrichment(employees=7, attributes={"plan": "silver"}),
            "plan",
            id="one that says what no sender may",
        ),
    ],
)
async def test_an_enricher_keeps_no_lead_out(front: Any, given: Enrichment, why: str) -> None:
    view = await front.takes(Lead("a", email="a@a.example", source="web"), enrichments=(given,))
    (happened,) = await front.happened("a", Enriched)
    assert (view.stage, view.lead.employees, happened.fields) == (Stage.NURTURE, None, ())
    assert why in happened.failure
    assert await front.changes("a") == []


async def test_what_an_enricher_adds_later_is_something_that_happened(front: Any) -> None:
    await front.takes(
        Lead("a", email="a@a.example", source="web", country="DE"), front.did("demo_request")
    )
    view = await front.takes(Lead("a"), enrichments=(enrichment(employees=500),))
    assert view.stage is Stage.MQL


async def test_an_address_is_a_person_and_two_names_for_two_are_refused(
    front: Any, large: Any
) -> None:
    await front.takes(large("a"))
    await front.takes(large("b"))
    assert (await front.takes(Lead(email="A@A.Example"))).lead.lead_id == "a"
    with pytest.raises(FailedPrecondition) as refused:
        await front.takes(Lead("b", email="a@a.example"))
    assert refused.value.reason == "LEAD_CONFLICT"


async def test_likely_duplicates_are_listed_and_never_merged(front: Any, large: Any) -> None:
    named = {"full_name": "Ann Lee", "company_name": "Acme"}
    await front.takes(large("a", **named))
    view = await front.takes(large("b", full_name="ANN LEE", company_name="acme"))
    alone = await front.takes(large("c", full_name="Ann Lee", company_name="Other"))
    assert (view.likely_duplicates, alone.likely_duplicates) == (("a",), ())
    assert (await front.lead("a")).person_id != view.person_id


async def test_touches_are_all_kept_the_first_stays_and_the_last_is_by_its_time(
    front: Any,
) -> None:
    def at(source: str, hour: int, **fields: Any) -> Any:
        when = front.clock.now.replace(hour=hour)
        return front.did("pricing_page_view", when, source=source, **fields)

    await front.takes(Lead("a", email="a@a.example"), at("google", 8, medium="cpc"), at("mail", 7))
    await front.records("a", at("fair", 6), front.did("pricing_page_view"))
    await front.records("a", at("partner", 9, campaign="spring"))
    lead = await front.lead("a")
    assert (lead.first_touch.source, lead.last_touch.source) == ("mail", "partner")
    found = await front.happened("a", Touch)
    assert [touch.source for touch in found] == ["mail", "google", "fair", "partner"]


async def test_the_source_a_lead_names_is_a_touch(front: Any) -> None:
    view = await front.takes(Lead("a", email="a@a.example", source="fair", campaign="spring"))
    touch = Touch("fair", front.clock.now, campaign="spring")
    assert (view.first_touch, view.last_touch) == (touch, touch)
    await front.takes(Lead("a", phone="+1"))
    assert await front.happened("a", Touch) == [touch]
