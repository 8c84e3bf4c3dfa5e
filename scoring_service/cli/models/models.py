"""`leadscoring models`: which models are published, which is current, and the way back."""

import json
from pathlib import Path
from typing import Any

import click
import msgspec

from scoring_service.cli.models.health import health
from scoring_service.cli.options import as_json, folder, rules, setting
from scoring_service.cli.problem import Problem

RULES_REFUSE = "the rules in {rules} do not load with {what}, so nothing was changed"

models_folder = setting(
    "--models",
    metavar="DIR",
    default="models",
    show_default=True,
    callback=folder,
    help="Folder of published models.",
)


@click.group(name="models")
def models() -> None:
    """Look at published models, and say which is current.

    A running server follows models/CURRENT by itself.
    """


@models.command(name="list", epilog="Example: leadscoring models list --models models")
@models_folder
@as_json
def list_(models: Path, as_json: bool) -> None:
    """Every published version, oldest first; a broken one is named so."""
    from scoring_service.registry.versions import versions

    now, problem = _current(models)
    rows = [_row(models, version, now) for version in versions(models)]
    rows.sort(key=lambda row: (row["created_at"] or "", row["version"]))
    if as_json:
        click.echo(json.dumps({"current": now or None, "problem": problem, "versions": rows}))
    elif not rows:
        click.echo(f"no model is published in {models}; see `leadscoring calibrate`")
    for row in [] if as_json else rows:
        click.echo(_said(row))
    if problem and not as_json:
        click.echo(problem)


def _current(models: Path) -> tuple[str, str | None]:
    """The current version, "" for none; and what is wrong with CURRENT, for whoever chooses one."""
    from scoring_service.registry.current import current_version
    from scoring_service.registry.problem import RegistryProblem

    try:
        return current_version(models), None
    except RegistryProblem as problem:
        return "", str(problem)


def _row(models: Path, version: str, now: str) -> dict[str, Any]:
    from scoring_service.registry.problem import RegistryProblem
    from scoring_service.registry.versions import read_version

    row = {"version": version, "current": version == now}
    manifest, why = {}, None
    try:
        manifest = msgspec.json.decode(read_version(models, version).manifest_json)
    except RegistryProblem as problem:
        why = str(problem)
    known = {name: manifest.get(name) for name in ("created_at", "metrics")}
    return row | known | {"problem": why}


def _said(row: dict[str, Any]) -> str:
    mark = "*" if row["current"] else " "
    if row["problem"]:
        return f"{mark} {row['version']}  broken: {row['problem']}"
    auc = (row["metrics"] or {}).get("roc_auc")
    shown = f"  AUC {auc['value']:.3f} ({auc['low']:.3f} to {auc['high']:.3f})" if auc else ""
    return f"{mark} {row['version']}  {row['created_at'] or ''}{shown}"


@models.command(epilog="Example: leadscoring models show 4f2a9c0d1e5b7788")
@click.argument("version", required=False)
@models_folder
@as_json
def show(version: str | None, models: Path, as_json: bool) -> None:
    """All that is known of VERSION, by default of the current one: its card, or its manifest."""
    from scoring_service.registry.current import current_version
    from scoring_service.registry.versions import read_version

    named = version or current_version(models)
    if not named:
        raise Problem(f"no model is current in {models}; name a version")
    found = read_version(models, named)
    card = found.folder / "card.md"
    if as_json or "card.md" not in found.manifest.files:
        click.echo(found.manifest_json.decode())
    else:
        click.echo(card.read_text(encoding="utf-8"))


@models.command(epilog="Example: leadscoring models promote 4f2a9c0d1e5b7788 --rules rules")
@click.argument("version")
@models_folder
@rules
def promote(version: str, models: Path, rules: Path | None) -> None:
    """Have VERSION be current, once all of it is as it was published.

    With --rules only if they load with it.
    """
    from scoring_service.registry import current, versions

    found = versions.read_version(models, version)
    _refuse_unless_loads(rules, found.scorecard, f"model {version}")
    current.promote(models, version)
    click.echo(f"{version} is current")


@models.command(epilog="Example: leadscoring models rollback --rules rules")
@models_folder
@rules
def rollback(models: Path, rules: Path | None) -> None:
    """Have the model that was current before be current again; no model, where none was.

    With --rules only if they load with it: a bar on the win probability needs a model.
    """
    from scoring_service.registry import current, versions

    before = current.previous(models)
    scorecard = versions.read_version(models, before).scorecard if before else b""
    _refuse_unless_loads(rules, scorecard, f"model {before}" if before else "no model")
    current.rollback(models)
    click.echo(f"{before} is current again" if before else "no model is current any more")


def _refuse_unless_loads(rules: Path | None, scorecard: bytes, what: str) -> None:
    """A Problem where the rules would be refused with this model."""
    from scoring_service.policy.load import load
    from scoring_service.policy.mistake import Mistakes
    from scoring_service.policy.source import source_of
    from scoring_service.server.folders import rule_files
    from scoring_service.server.loading import told

    if rules is None:
        return
    try:
        load(source_of(rule_files(rules), scorecard))
    except Mistakes as wrong:
        raise Problem(f"{RULES_REFUSE.format(rules=rules, what=what)}: {told(wrong)}") from wrong


models.add_command(health)
