"""Enrichers are asked before a lead is taken in, all at once; none of them can keep it out."""

import asyncio

import pytest

from scoring_service.api.enriching import enriched
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
