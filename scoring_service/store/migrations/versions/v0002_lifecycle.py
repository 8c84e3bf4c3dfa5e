"""What happens to leads after they were routed."""

from scoring_service.store.migrations.steps import run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what the lifecycle keeps."""
    run("v0002_lifecycle.sql")
