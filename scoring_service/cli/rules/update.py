"""`leadscoring rules test --update`: golden expectations written into the test files."""

from pathlib import Path

import click

from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.folder import source_in
from scoring_service.cli.rules.rewriting import difference, rewritten


def update(folder: Path, models: Path | None, *, aside: bool) -> None:
    """Write what comes out into every `expect` that differs or is empty, and show the difference
    (`aside`: on stderr). Raises Mistakes where the folder does not load; nothing is written then.
    """
    from scoring_service.policy.rule_tests_updated import ByHandError, updated

    source = source_in(folder, models)
    try:
        files = updated(source)
    except ByHandError as error:
        raise Problem(str(error)) from error
    rewritten(folder, files, source.files)
    for name, content in files.items():
        click.echo(difference(name, source.files[name], content), nl=False, err=aside)
    said = "no expectation differs, nothing was written"
    if files:
        said = f"rewritten: {', '.join(files)}; look at the difference before you commit it"
    click.echo(said, err=True)
