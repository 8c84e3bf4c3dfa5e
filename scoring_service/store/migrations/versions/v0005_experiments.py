"""Leads are enrolled in experiments."""

from scoring_service.store.migrations.steps import run

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add enrolments, and the arms to what is recorded of leads."""
    run("v0005_experiments.sql")
