"""`leadscoring rules`: what is wrong with a folder, and whether the tests beside it pass."""

import click

from scoring_service.cli.rules.check import check
from scoring_service.cli.rules.diff.diff import diff
from scoring_service.cli.rules.explain.explain import explain
from scoring_service.cli.rules.fmt import fmt
from scoring_service.cli.rules.force import force
from scoring_service.cli.rules.tests import test


@click.group(name="rules")
def rules() -> None:
    """Check, test, explain and compare folders of rule files."""


rules.add_command(check)
rules.add_command(test)
rules.add_command(fmt)
rules.add_command(explain)
rules.add_command(diff)
rules.add_command(force)
