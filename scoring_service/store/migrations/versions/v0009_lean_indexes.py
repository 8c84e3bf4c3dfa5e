"""A new lead changes fewer pages of indexes."""

from scoring_service.store.migrations.steps import run

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Leave out of two indexes what nobody searches by."""
    run("v0009_lean_indexes.sql")
