"""`leadscoring rules fmt`: rule files laid out in one way, so that a diff shows what changed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoring_service.cli.options import as_json, rules_folder, setting
from scoring_service.cli.rules.rewriting import difference, rewritten
from scoring_service.server.folders import rule_files

if TYPE_CHECKING:
    from scoring_service.policy.layout.folder import LaidOut


@click.command(epilog="Example: leadscoring rules fmt rules --check --diff")
@rules_folder
@setting("--check", is_flag=True, help="Write nothing; exit 1 where something would change.")
@setting("--diff", is_flag=True, help="Write nothing; show what would change.")
@as_json
@click.pass_context
def fmt(context: click.Context, folder: Path, check: bool, diff: bool, as_json: bool) -> None:
    """Lay out the YAML files and tables of DIR; comments and meaning stay.

    Two blanks an indent, lines of at most 140 characters, single quotes, at most one empty line;
    columns stay aligned where they were. Tables get plain quotes, trimmed cells and tidy lists. A
    file that cannot be read is left as it is: exit 1.
    """
    from scoring_service.policy.layout.folder import laid_out

    files = rule_files(folder)
    found = laid_out(files)
    written = not (check or diff)
    if written:
        rewritten(folder, found.files, files)
    if as_json:
        click.echo(_json_of(found, files, written))
    else:
        _tell(found, files, check, diff)
    context.exit(1 if found.mistakes or (check and found.files) else 0)


def _tell(found: "LaidOut", files: Mapping[str, bytes], check: bool, diff: bool) -> None:
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


def _json_of(found: "LaidOut", files: Mapping[str, bytes], written: bool) -> str:
    changed = [
        {"file": name, "diff": difference(name, files[name], content)}
        for name, content in found.files.items()
    ]
    names = ("file", "line", "path", "what", "remedy")
    mistakes = [{name: getattr(m, name) for name in names} for m in found.mistakes]
    said = {"written": written, "files": changed, "mistakes": mistakes}
    return json.dumps(said, ensure_ascii=False)
