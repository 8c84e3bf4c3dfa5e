"""The facts of old decisions are dropped, their outcome stays."""

from scoring_service.store.migrations.steps import run

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Say of each decision when its facts were dropped, and find those that still have them."""
    run("v0006_trimmed.sql")
