"""What others know of a lead, asked before it is taken in; no failure keeps a lead out."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import msgspec
from leadscoring.v1 import types_pb2

from scoring_service.api import texts
from scoring_service.api.convert_lead import lead_of
from scoring_service.api.convert_lead_view import lead_into
from scoring_service.domain.intake import Violation
from scoring_service.values.enrichment import Enrichment
from scoring_service.values.lead import Lead
from scoring_service.workflows.account_lookup import company_domains
from scoring_service.workflows.lifecycle_requests import UpsertLead

SECONDS_MAX = 3.0
"""How long an upsert waits for all enrichers together."""

FAILURE_MAX = 200
"""Characters of a failure that are kept."""


class Enricher(Protocol):
    """Somebody who knows companies by their domains."""

    @property
    def name(self) -> str:
        """Under which it is recorded what he said."""

    async def known_of(self, domain: str) -> Lead | None:
        """What he knows of the company of that registrable domain; None: nothing. May raise."""


async def enriched(
    request: UpsertLead, enrichers: Sequence[Enricher], seconds: float = SECONDS_MAX
) -> UpsertLead:
    """The request with what every enricher says, or why he says nothing; all are asked at once.

    One without violations only, and of a company that its e-mail or website names.
    """
    domain = next(iter(company_domains(request.lead)), None)
    if domain is None or request.violations or not enrichers:
        return request
    asked = [_asked(enricher, domain, seconds) for enricher in enrichers]
    found = tuple(one for one in await asyncio.gather(*asked) if one is not None)
    return msgspec.structs.replace(request, enrichments=found)


async def _asked(enricher: Enricher, domain: str, seconds: float) -> Enrichment | None:
    try:
        async with asyncio.timeout(seconds):
            known = await enricher.known_of(domain)
        failure = "" if known is None else mistakes_in(known)
    except TimeoutError:
        return Enrichment(enricher.name, failure=f"no answer within {seconds:g} s")
    except Exception as error:  # whatever it is, the lead comes in
        return Enrichment(enricher.name, failure=(str(error) or type(error).__name__)[:FAILURE_MAX])
    if failure:
        return Enrichment(enricher.name, failure=failure[:FAILURE_MAX])
    return None if known is None else Enrichment(enricher.name, known)


def mistakes_in(known: Lead) -> str:
    """What would be refused of a sender who said this, whatever the rules; "" where nothing is."""
    message, found = types_pb2.Lead(), list[Violation]()
    try:
        lead_into(message, known)
    except ValueError as error:  # a number, or half a character, that no message can hold
        return f"no lead can hold it: {error}"
    lead_of(message, found, [])
    found += texts.violations(message, "lead")
    return "; ".join(f"{field}: {remedy}" for field, remedy in found)
