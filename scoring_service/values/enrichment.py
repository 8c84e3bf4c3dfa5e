"""What somebody else knows of a lead."""

import msgspec

from scoring_service.values.lead import Lead


class Enrichment(msgspec.Struct, frozen=True, omit_defaults=True):
    """Fields that an enricher, by its name, has of a lead; or why it gave none (`failure`)."""

    enricher: str
    lead: Lead = Lead()
    failure: str = ""
