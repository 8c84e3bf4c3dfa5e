"""The first schema."""

from scoring_service.store.migrations.steps import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    run("postgresql.sql", only_on="postgresql")
    run("v0001_first.sql")
