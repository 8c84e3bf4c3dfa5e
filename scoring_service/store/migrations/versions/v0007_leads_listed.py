"""Leads are listed by an index, whoever owns them."""

from scoring_service.store.migrations.steps import run

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Have the index of owners in the order of scores."""
    run("v0007_leads_listed.sql")
