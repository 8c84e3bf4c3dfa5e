"""Enrichers are asked before a lead is taken in, all at once; none of them can keep it out."""

import asyncio
import re

import pytest

from scoring_service.api.enriching import FAILURE_MAX, enriched, mistakes_in
from scoring_service.values.enrichment import Enrichment
from scoring_service.values.lead import Lead
from scoring_service.workflows.lifecycle_requests import UpsertLead

LARGE = Lead(employees=500)


class Register:
    """Knows one company; slow, or broken, if it should be."""

    def __init__(self, name: str = "register", error: Exception | None = None) -> None:
        self.name, self.error = name, error
        self.asked: list[str] = []
        self.slow = False

    async def known_of(self, domain: str) -> Lead | None:
        self.asked.append(domain)
        if self.slow:
            await asyncio.sleep(3600)
        if self.error is not None:
            raise self.error
        return LARGE if domain == "acme.example" else None


@pytest.mark.parametrize(
    ("lead", "asked", "found"),
    [
        pytest.param(
            Lead(email="ann@mail.acme.example"),
            ["acme.example"],
            (Enrichment("register", LARGE),),
            id="the company of its address",
        ),
        pytest.param(
            Lead(email="ann@gmail.com", company_domain="acme.example"),
            ["acme.example"],
            (Enrichment("register", LARGE),),
            id="the company of its website where its address is a private one",
        ),
        pytest.param(Lead(email="ann@b.example"), ["b.example"], (), id="a company nobody knows"),
        pytest.param(Lead(email="ann@gmail.com"), [], (), id="nobody is asked about no company"),
    ],
)
async def test_who_is_asked_about_what(
    lead: Lead, asked: list[str], found: tuple[Enrichment, ...]
) -> None:
    register = Register()
    assert (await enriched(UpsertLead(lead=lead), [register])).enrichments == found
    assert register.asked == asked


async def test_a_request_that_will_be_refused_asks_nobody() -> None:
    register = Register()
    wrong = UpsertLead(lead=Lead(email="a@acme.example"), violations=(("lead", "wrong"),))
    assert await enriched(wrong, [register]) == wrong
    assert register.asked == []


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        pytest.param(OSError("no route"), "no route", id="what it says"),
        pytest.param(RuntimeError(), "RuntimeError", id="else what it is"),
        pytest.param(ValueError("x" * 999), "x" * 200, id="cut to what is kept"),
    ],
)
async def test_one_that_fails_is_named_beside_one_that_does_not(
    error: Exception, failure: str
) -> None:
    request = UpsertLead(lead=Lead(email="a@acme.example"))
    after = await enriched(request, [Register("broken", error), Register("fine")])
    assert after.enrichments == (
        Enrichment("broken", failure=failure),
        Enrichment("fine", LARGE),
    )


async def test_one_that_is_slow_is_not_waited_for() -> None:
    slow = Register()
    slow.slow = True
    request = UpsertLead(lead=Lead(email="a@acme.example"))
    after = await enriched(request, [slow], seconds=0.01)
    assert after.enrichments == (Enrichment("register", failure="no answer within 0.01 s"),)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        pytest.param(
            Lead(country="Germany"), "lead.country: 'Germany' is no country", id="country"
        ),
        pytest.param(Lead(currency="Euro"), "lead.currency: is no currency", id="currency"),
        pytest.param(Lead(employees=-1), "lead.employees: -1 is below 0", id="fewer than none"),
        pytest.param(Lead(employees=1 << 63), f"no lead can hold it: .*{1 << 63}", id="too many"),
        pytest.param(Lead(annual_revenue=float("inf")), "inf is no number", id="no number"),
        pytest.param(Lead(industry="a\0b"), "lead.industry: holds a NUL", id="a NUL character"),
        pytest.param(Lead(industry="\ud800"), "no lead can hold it", id="half a character"),
        pytest.param(Lead(industry="x" * 4097), "lead.industry: 4097 bytes", id="a long text"),
        pytest.param(
            Lead(technologies=("x",) * 201), "201 texts; send at most 200", id="many texts"
        ),
        pytest.param(
            Lead(attributes={"seats": float("nan")}),
            r"lead.attributes\[seats\]: nan",
            id="attribute",
        ),
        pytest.param(
            Lead(attributes={f"a{i}": 1 for i in range(201)}), "201 attributes", id="attributes"
        ),
        pytest.param(
            Lead(country="UK", employees=-5),
            "lead.country: .*; lead.employees: -5 is below 0",
            id="all of it at once",
        ),
    ],
)
async def test_what_would_be_refused_of_a_sender_is_not_taken(known: Lead, said: str) -> None:
    class Says:
        name = "provider"

        async def known_of(self, domain: str) -> Lead | None:
            return known

    request = UpsertLead(lead=Lead(email="a@acme.example"))
    broken, fine = (await enriched(request, [Says(), Register("fine")])).enrichments
    assert (broken.enricher, broken.lead) == ("provider", Lead())
    assert re.search(said, broken.failure), broken.failure
    assert len(broken.failure) <= FAILURE_MAX
    assert fine == Enrichment("fine", LARGE)


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(Lead(), id="nothing"),
        pytest.param(
            Lead(
                country="DE",
                currency="EUR",
                employees=(1 << 63) - 1,
                annual_revenue=0.0,
                industry="x" * 4096,
                technologies=("x",) * 200,
                attributes={"plan": "pro", "seats": 5, "since": "2020-01-01", "tags": ("a", "b")},
            ),
            id="as much as fits",
        ),
    ],
)
def test_what_a_sender_might_say_is_taken(known: Lead) -> None:
    assert mistakes_in(known) == ""
