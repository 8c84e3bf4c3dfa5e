"""`leadscoring rules fmt`: rule files laid out in one way, so that a diff shows what changed."""

from pathlib import Path

import click

from scoring_service.cli.options import rules_folder
from scoring_service.cli.rules.rewriting import difference, rewritten
from scoring_service.server.folders import rule_files


@click.command(epilog="Example: leadscoring rules fmt rules --check --diff")
@rules_folder
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where something would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.pass_context
def fmt(context: click.Context, folder: Path, check: bool, diff: bool) -> None:
    """Lay out the YAML files and tables of DIR; comments and meaning stay.

    Two blanks an indent, lines of at most 140 characters, single quotes, at most one empty line;
    columns stay aligned where they were. Tables get plain quotes, trimmed cells and tidy lists. A
    file that cannot be read is left as it is: exit 1.
    """
    from scoring_service.policy.layout.folder import laid_out

    files = rule_files(folder)
    found = laid_out(files)
    if not (check or diff):
        rewritten(folder, found.files, files)
    for name, content in found.files.items():
        if diff:
            click.echo(difference(name, files[name], content), nl=False)
        else:
            click.echo(f"{'would lay out' if check else 'laid out'} {name}")
    for mistake in found.mistakes:
        click.echo(f"mistake {mistake}", err=True)
    others = len(files) - len(found.files) - len({m.file for m in found.mistakes})
    changed = "would change" if check or diff else "changed"
    click.echo(f"{len(found.files)} files {changed}, {others} are laid out", err=True)
    context.exit(1 if found.mistakes or (check and found.files) else 0)
