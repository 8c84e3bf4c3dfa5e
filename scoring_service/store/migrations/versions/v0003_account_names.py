"""Accounts are found by their names too."""

from scoring_service.store.migrations.account_names import fill
from scoring_service.store.migrations.steps import run

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table and name the accounts that are stored."""
    run("v0003_account_names.sql")
    fill()
