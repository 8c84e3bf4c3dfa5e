"""`leadscoring rules test`: whether the tests beside the rules pass."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scoring_service.cli.options import as_json, models, rules_folder
from scoring_service.cli.rule_folder import source_in
from scoring_service.policy.mistake import Mistake, Mistakes
from scoring_service.policy.rule_tests import TestOutcome

NO_TEST = "no test was found; write one in a file that ends in _test.yaml"


@click.command(epilog="Example: leadscoring rules test rules")
@rules_folder
@models
@as_json
@click.pass_context
def test(context: click.Context, folder: Path, models: Path | None, as_json: bool) -> None:
    """Run the tests that stand beside the rules in DIR/*_test.yaml.

    Exit 1 when one fails, when there is none, or when the folder does not load.
    """
    from scoring_service.policy.load import load
    from scoring_service.policy.rule_tests import run

    source = source_in(folder, models)
    try:
        outcomes = run(load(source), source)
    except Mistakes as wrong:
        _refused(wrong, as_json)
        context.exit(1)
    _told(outcomes, source.revision, as_json)
    context.exit(0 if outcomes and all(outcome.passed for outcome in outcomes) else 1)


def _refused(wrong: Mistakes, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"loads": False, "mistakes": [_row(m) for m in wrong.mistakes]}))
    else:
        click.echo("\n".join(f"mistake {m}" for m in wrong.mistakes))
        click.echo("the folder does not load, so no test was run", err=True)


def _told(outcomes: Sequence[TestOutcome], revision: str, as_json: bool) -> None:
    passed = sum(outcome.passed for outcome in outcomes)
    if as_json:
        names = ("it", "file", "line", "passed", "differences")
        tests = [{name: getattr(o, name) for name in names} for o in outcomes]
        counts = {"passed": passed, "failed": len(outcomes) - passed}
        click.echo(json.dumps({"loads": True, "revision": revision, **counts, "tests": tests}))
        return
    for outcome in outcomes:
        click.echo(
            f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.file}:{outcome.line}: {outcome.it}"
        )
        for difference in outcome.differences:
            click.echo(f"       {difference}")
    click.echo(
        f"{passed} passed, {len(outcomes) - passed} failed" if outcomes else NO_TEST, err=True
    )


def _row(mistake: Mistake) -> dict[str, Any]:
    names = ("file", "line", "path", "what", "remedy")
    return {name: getattr(mistake, name) for name in names}
