"""People say who is away, and hand books of leads over."""

from scoring_service.store.migrations.steps import run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add absences beside those of team.yaml, and hand-overs."""
    run("v0004_availability.sql")
