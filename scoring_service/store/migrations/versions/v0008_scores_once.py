"""A stage that a decision brought has the score of that decision."""

from scoring_service.store.migrations.steps import run

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Have stage entries name their decision."""
    run("v0008_scores_once.sql")
