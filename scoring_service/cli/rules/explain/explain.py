"""`leadscoring rules explain`: why a lead went to whom, and why no earlier route matched."""

from pathlib import Path

import click

from scoring_service.cli.options import FILE, as_json, folder, models, server, setting, store
from scoring_service.cli.problem import Problem

EPILOG = """\b
Examples:
  leadscoring rules explain lead-17 --rules rules
  leadscoring rules explain lead-17 --server 127.0.0.1:50051 --json
  leadscoring rules explain --decision 0198c7a2-5f0e-7cc1-8d1e-5b8e0a6b7c11
  leadscoring rules explain rules --lead lead.json
  echo '{"country": "DE", "employees": 500}' | leadscoring rules explain rules --lead -
"""
_RULES_HELP = """The folder: with --lead instead of DIR, else the one in whose git history the rules
that decided are looked for."""


@click.command(epilog=EPILOG)
@click.argument("subject", metavar="[LEAD|DIR]", required=False)
@setting("--lead", metavar="FILE", type=FILE, help="A lead for the rules in DIR, `-` for stdin.")
@setting("--decision", metavar="ID", help="A decision by its id, instead of a lead's latest.")
@setting("--rules", metavar="DIR", callback=folder, help=_RULES_HELP)
@models
@store
@server
@as_json
@click.pass_context
def explain(
    context: click.Context,
    subject: str | None,
    lead: str | None,
    decision: str | None,
    rules: Path | None,
    models: Path | None,
    store: str,
    server: str | None,
    as_json: bool,
) -> None:
    """Say who got the stored lead LEAD (its id or e-mail address) and why: the route, and what in
    each earlier one failed; everybody looked at, with limits and turns; the account; the rules.

    It is decided again from what was known then, by the rules that decided; exit 1 where that
    comes out differently. A running server is asked, else the store is read and nothing changed.

    With --lead FILE it says what the rules in DIR make of that lead: JSON or YAML, the lead's
    fields, or a lead with what is known around it as in a rule test (`lead`, `accounts`,
    `activities`, `stage`, `owner`, `now`), or a list of such. Rotations are empty and no store is
    read.
    """
    if lead is not None:
        from scoring_service.cli.rules.explain.of_file import run

        if decision is not None:
            raise click.UsageError("--lead FILE and --decision ID are two questions: ask one")
        context.exit(run(_folder(subject, rules), lead, models, as_json))
    from scoring_service.cli.rules.explain.of_store import Asked
    from scoring_service.cli.rules.explain.of_store import run as run_stored

    _check_subject(subject, decision)
    asked = Asked(subject or "", decision or "", store, server, rules)
    context.exit(run_stored(asked, as_json))


def _folder(subject: str | None, rules: Path | None) -> Path:
    """The folder that --lead is for."""
    if subject is None:
        if rules is None:
            raise click.UsageError("name the folder of rule files: DIR")
        return rules
    if not Path(subject).is_dir():
        raise Problem(f"there is no rules folder at {subject}")
    return Path(subject)


def _check_subject(subject: str | None, decision: str | None) -> None:
    if subject is None and decision is None:
        raise click.UsageError(
            "name a stored LEAD, a --decision ID, or a folder DIR and a lead for it: --lead FILE"
        )
    if subject is not None and decision is not None:
        raise click.UsageError(f"LEAD ({subject}) and --decision are two questions: ask one")
    if subject is not None and Path(subject).is_dir():
        raise click.UsageError(
            f"{subject} is a folder: say which lead its rules are to explain with --lead FILE, or"
            " name a stored LEAD"
        )
