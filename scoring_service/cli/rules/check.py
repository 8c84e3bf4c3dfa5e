"""`leadscoring rules check`: everything that is wrong with a folder or doubtful in it."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scoring_service.cli.options import FILE, as_json, models, rules_folder, setting
from scoring_service.cli.rules.folder import source_in
from scoring_service.policy.mistake import Finding, Severity
from scoring_service.server.folders import files_below

EPILOG = """\b
Examples:
  leadscoring rules check rules
  leadscoring rules check rules --data activities.csv
  leadscoring rules check rules --store sqlite:///leadscoring.db --json
"""
EXAMPLE_MAX = 1_000
"""Characters of an example that are shown among lines for people."""


@click.command(epilog=EPILOG)
@rules_folder
@setting(
    "--data",
    metavar="FILE",
    type=FILE,
    help="Activities, as `import activities` reads them: which types are sent, and which are not.",
)
@setting(
    "--store",
    metavar="URL",
    help="A store, which is only read: who would lose leads, and which types were sent.",
)
@setting(
    "--since",
    metavar="SPAN",
    default="90d",
    show_default=True,
    help="How far back activities are looked at; with --store.",
)
@models
@as_json
@click.pass_context
def check(
    context: click.Context,
    folder: Path,
    data: str | None,
    store: str | None,
    since: str,
    models: Path | None,
    as_json: bool,
) -> None:
    """Say everything that is wrong with DIR or doubtful in it: file, line, path, remedy.

    A mistake keeps the folder from being loaded; a finding is only told, where there can be one
    with an example: a lead, as a rule test that shows what the rules do. Exit 1 with either.
    """
    from scoring_service.cli.rules.check_given import sent_in, stored_in
    from scoring_service.policy.check import check as checked

    sent, holdings = stored_in(store, since, datetime.now(UTC)) if store else (None, None)
    given = sent_in(data) if data else sent
    found = checked(source_in(folder, models), given, holdings, files_below(folder))
    click.echo(_json_of(found) if as_json else _said_of(found), nl=bool(found) or as_json)
    if not as_json:
        click.echo(_summary(found), err=True)
    context.exit(1 if found else 0)


def _json_of(found: Sequence[Finding]) -> str:
    loads = all(f.severity is not Severity.MISTAKE for f in found)
    return json.dumps({"loads": loads, "findings": [_row(f) for f in found]}, ensure_ascii=False)


def _row(finding: Finding) -> dict[str, Any]:
    names = ("file", "line", "path", "what", "remedy", "severity")
    row = {name: getattr(finding, name) for name in names}
    return row | {"example": json.loads(finding.example)} if finding.example else row


def _said_of(found: Sequence[Finding]) -> str:
    mistakes_first = sorted(found, key=lambda f: f.severity is not Severity.MISTAKE)
    return "\n".join(line for finding in mistakes_first for line in _lines(finding))


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity} {finding}"
    if len(finding.example) > EXAMPLE_MAX:
        yield "    example: with --json"
    elif finding.example:
        yield f"    example: {finding.example}"


def _summary(found: Sequence[Finding]) -> str:
    mistakes = sum(f.severity is Severity.MISTAKE for f in found)
    loads = "the folder does not load" if mistakes else "the folder loads"
    return f"{loads}: {mistakes} mistakes, {len(found) - mistakes} findings"
