"""`leadscoring rules test`: whether the tests beside the rules pass, and what they exercise."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from scoring_service.cli.options import as_json, models, rules_folder, setting
from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.coverage import CoverMin, Least, as_rows, below, full, short
from scoring_service.cli.rules.folder import source_in
from scoring_service.cli.rules.junit import junit, junit_refused
from scoring_service.cli.rules.update import update
from scoring_service.cli.sparing import spare
from scoring_service.policy.coverage import Coverage
from scoring_service.policy.mistake import Mistake, Mistakes
from scoring_service.policy.rule_tests import TestOutcome

NO_TEST = "no test was found; write one in a file that ends in _test.yaml"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be said, and where. `junit` is a file, or `-` for stdout."""

    as_json: bool
    details: bool
    least: tuple[Least, ...]
    junit: str | None


@click.command(epilog="Example: leadscoring rules test rules --cover-min routes=100")
@rules_folder
@models
@setting("--coverage", "details", is_flag=True, help="List which tests exercise what.")
@setting(
    "--cover-min",
    "least",
    type=CoverMin(),
    multiple=True,
    metavar="[KIND=]PERCENT",
    help="Exit 1 where tests exercise less; KIND is routes, rows, fit, disqualify, members or"
    " fallbacks, all of them without. May be given again.",
)
@setting(
    "--junit",
    metavar="FILE",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Write the outcomes as JUnit XML too, - for the terminal.",
)
@setting(
    "--update",
    "rewrite",
    is_flag=True,
    help="First write what comes out into every `expect` that differs or is empty; look at the"
    " diff before you commit it.",
)
@as_json
@click.pass_context
def test(
    context: click.Context,
    folder: Path,
    models: Path | None,
    details: bool,
    least: tuple[Least, ...],
    junit: str | None,
    rewrite: bool,
    as_json: bool,
) -> None:
    """Run the tests that stand beside the rules in DIR/*_test.yaml.

    Says what of the rules no test ever exercised. Exit 1 when a test fails, when there is none,
    when the folder does not load, or when less is exercised than --cover-min.
    """
    if as_json and junit == "-":
        raise click.UsageError("--json and --junit - both write to the terminal; name a file")
    spare("--junit", junit, folder)
    asked = Asked(as_json, details, least, junit)
    try:
        if rewrite:
            update(folder, models, aside=as_json or junit == "-")
        context.exit(_tested(folder, models, asked))
    except Mistakes as wrong:
        _refused(wrong, asked)
        context.exit(1)


def _tested(folder: Path, models: Path | None, asked: Asked) -> int:
    from scoring_service.policy.coverage import coverage
    from scoring_service.policy.load import load
    from scoring_service.policy.rule_tests import run_all

    source = source_in(folder, models)
    policy = load(source)
    ran = run_all(policy, source)
    outcomes = tuple(one.outcome for one in ran)
    found = coverage(policy, source, ran)
    lacking = below(found, asked.least)
    if asked.as_json:
        click.echo(_json_of(outcomes, source.revision, found, lacking))
    else:
        _told(outcomes, found, asked)
        for sentence in lacking:
            click.echo(sentence, err=True)
    _junit_written(asked, junit(outcomes))
    return 0 if outcomes and not lacking and all(o.passed for o in outcomes) else 1


def _refused(wrong: Mistakes, asked: Asked) -> None:
    _junit_written(asked, junit_refused(wrong.mistakes))
    if asked.as_json:
        click.echo(json.dumps({"loads": False, "mistakes": [_row(m) for m in wrong.mistakes]}))
    else:
        click.echo("\n".join(f"mistake {m}" for m in wrong.mistakes), err=asked.junit == "-")
        click.echo("the folder does not load, so no test was run", err=True)


def _junit_written(asked: Asked, text: str) -> None:
    if asked.junit is None:
        return
    try:
        with click.open_file(asked.junit, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Problem(f"{asked.junit} cannot be written: {error.strerror or error}") from error


def _json_of(
    outcomes: Sequence[TestOutcome], revision: str, found: Coverage, lacking: Sequence[str]
) -> str:
    passed = sum(outcome.passed for outcome in outcomes)
    names = ("it", "file", "line", "passed", "differences")
    return json.dumps(
        {
            "loads": True,
            "revision": revision,
            "passed": passed,
            "failed": len(outcomes) - passed,
            "tests": [{name: getattr(o, name) for name in names} for o in outcomes],
            "coverage": as_rows(found),
            "lacking": lacking,
        }
    )


def _told(outcomes: Sequence[TestOutcome], found: Coverage, asked: Asked) -> None:
    aside = asked.junit == "-"
    for outcome in outcomes:
        said = "ok  " if outcome.passed else "FAIL"
        click.echo(f"{said} {outcome.file}:{outcome.line}: {outcome.it}", err=aside)
        for difference in outcome.differences:
            click.echo(f"       {difference}", err=aside)
    for line in full(found) if asked.details else short(found):
        click.echo(line, err=aside)
    passed = sum(outcome.passed for outcome in outcomes)
    click.echo(
        f"{passed} passed, {len(outcomes) - passed} failed" if outcomes else NO_TEST, err=True
    )


def _row(mistake: Mistake) -> dict[str, Any]:
    names = ("file", "line", "path", "what", "remedy")
    return {name: getattr(mistake, name) for name in names}
