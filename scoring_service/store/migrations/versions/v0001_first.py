"""The first schema."""

from scoring_service.store.migrations.steps import prepare, run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    prepare()
    run("v0001_first.sql")
