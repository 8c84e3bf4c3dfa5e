"""`leadscoring models health`: whether the current model still sees what it was trained on."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from scoring_service.cli.options import as_json, folder, leads_file, rules, setting, store
from scoring_service.domain.calibration.health import Finding, Health, Level

EPILOG = """\b
Examples:
  leadscoring models health --store sqlite:///leadscoring.db
  leadscoring models health recent.csv --outcome won --mapping mapping.yaml --json
"""
ORDER = (Level.ALARM, Level.WATCH, Level.TOO_FEW, Level.FINE)
SAID = {Level.ALARM: "ALARM", Level.WATCH: "watch", Level.TOO_FEW: "too few", Level.FINE: "fine"}


@click.command(epilog=EPILOG)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@leads_file
@setting(
    "--models",
    metavar="DIR",
    default="models",
    show_default=True,
    callback=folder,
    help="Folder of published models.",
)
@store
@rules
@as_json
@click.pass_context
def health(
    context: click.Context,
    file: Path | None,
    outcome: str | None,
    mapping: Path | None,
    activities: Path | None,
    ordered: bool,
    models: Path,
    store: str,
    rules: Path | None,
    as_json: bool,
) -> None:
    """Hold recent leads against those that the current model was trained on.

    Looks at the shares of every feature and of P(won), at values that went missing, at wins against
    those expected, and at MQLs that sales accepted: in the store, or in FILE, whose leads have an
    outcome. Exit code 1 where an alarm is raised.
    """
    from scoring_service.cli.models.health_reading import Asked, judge

    asked = Asked(file, outcome, mapping, activities, ordered, models, store, rules)
    found = judge(asked)
    click.echo(_json(found) if as_json else "\n".join(_told(found)))
    context.exit(1 if found.alarms else 0)


def _told(found: Health) -> Iterator[str]:
    many = len(found.alarms)
    alarms = f"{many} alarm{'' if many == 1 else 's'}" if many else "no alarm"
    yield f"model {found.version}, {found.leads:,.0f} recent leads: {alarms}"
    for finding in sorted(found.findings, key=lambda finding: ORDER.index(finding.level)):
        yield f"{SAID[finding.level]:>7}  {finding.check.value:<11}  {finding.sentence}"


def _json(found: Health) -> str:
    said = {
        "version": found.version,
        "leads": found.leads,
        "alarms": len(found.alarms),
        "findings": [_row(finding) for finding in found.findings],
    }
    return json.dumps(said, ensure_ascii=False)


def _row(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check.value,
        "subject": finding.subject,
        "level": finding.level.value,
        "value": finding.value,
        "before": finding.before,
        "leads": finding.leads,
        "sentence": finding.sentence,
    }
