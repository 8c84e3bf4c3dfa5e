"""`leadscoring rules`: what is wrong with a folder, and whether the tests beside it pass."""

import click

from scoring_service.cli.lazy_group import LazyGroup

COMMANDS = {
    "check": "scoring_service.cli.rules.check:check",
    "test": "scoring_service.cli.rules.tests:test",
    "fmt": "scoring_service.cli.rules.fmt:fmt",
    "explain": "scoring_service.cli.rules.explain.explain:explain",
    "diff": "scoring_service.cli.rules.diff.diff:diff",
    "force": "scoring_service.cli.rules.force:force",
}


@click.group(name="rules", cls=LazyGroup, places=COMMANDS)
def rules() -> None:
    """Check, test, explain and compare folders of rule files."""
