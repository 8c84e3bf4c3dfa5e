"""`leadscoring doctor`: whether every stored lead and rotation is as it must be."""

import json

import click

from scoring_service.cli.harmless import harmless
from scoring_service.cli.options import as_json, store

EPILOG = """\b
Examples:
  leadscoring doctor
  leadscoring doctor --store postgresql://localhost/leads --json
"""


@click.command(epilog=EPILOG)
@store
@as_json
@click.pass_context
def doctor(context: click.Context, store: str, as_json: bool) -> None:
    """Check what must be true of everything stored; change nothing.

    Every lead is in exactly one stage and has one owner and, unless it is finished, a pending
    timer; its history agrees with its state; the credits of every rotation are those that its
    assignments make. Exit code 1 with a list where something is not so.
    """
    from scoring_service.cli.upkeep.doctor_reading import examine

    found = examine(store)
    if as_json:
        said = [{"subject": f.subject, "rule": f.rule, "what": f.what} for f in found.findings]
        click.echo(json.dumps({"leads": found.leads, "findings": said}, ensure_ascii=False))
    else:
        for finding in found.findings:
            click.echo(harmless(f"{finding.subject}: {finding.what} ({finding.rule})"))
        many = len(found.findings)
        click.echo(f"{found.leads:,} leads, {many} finding{'' if many == 1 else 's'}")
    context.exit(1 if found.findings else 0)
