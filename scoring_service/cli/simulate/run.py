"""The run of `leadscoring simulate`, and what it prints."""

import gc
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import click

from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.folder import source_in
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.server.folders import shipped
from scoring_service.server.loading import told
from scoring_service.simulation.bench import Bench
from scoring_service.simulation.figures import Figures, conversions, figures
from scoring_service.simulation.run import Plan, simulate
from scoring_service.simulation.world import START
from scoring_service.store.database import Database, open_database
from scoring_service.values.checkup import Finding
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.due import run_due

FINDINGS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command."""

    days: int
    leads: int
    seed: int
    store: str | None
    rules: Path | None
    models: Path | None
    as_json: bool


def run(asked: Asked) -> None:
    """Simulate, check everything, print; exit code 1 where something stored is not whole."""
    source = source_in(asked.rules or shipped("rules"), asked.models)
    try:
        policy = load(source)
    except Mistakes as wrong:
        raise Problem(f"the rules do not load: {told(wrong)}") from wrong
    plan = Plan(asked.days, asked.leads, asked.seed)
    with ExitStack() as ending:
        database = _database(asked.store, ending)
        bench = Bench(database, policy, run_due, durable=asked.store is not None)
        ending.callback(bench.close)
        bench.activate(source.pack(), START)
        began = monotonic()
        gc.disable()  # what a unit makes it leaves; looking for cycles costs a tenth
        ending.callback(gc.enable)
        hidden = not sys.stderr.isatty()
        with click.progressbar(length=1000, label="days", file=sys.stderr, hidden=hidden) as bar:
            simulate(bench, plan, lambda share: bar.update(int(1000 * share) - bar.pos))
        seconds = monotonic() - began
        found = figures(bench.reader, plan.ends)
        broken = tuple(findings(bench.reader, policy))
    click.echo(_json(found, broken) if asked.as_json else "\n".join(_told(plan, found, broken)))
    click.echo(f"{seconds:.1f} s", err=True)
    if broken:
        raise SystemExit(1)


def _database(store: str | None, ending: ExitStack) -> Database:
    if store is None:
        folder = ending.enter_context(TemporaryDirectory(prefix="leadscoring-"))
        store = f"sqlite:///{folder}/simulation.db"
    database = open_database(store)
    ending.callback(database.close)
    database.prepare()
    reader = database.reading()
    used = reader.active_revision()
    reader.close()
    if used is not None:
        raise Problem(f"{store} is in use already; a simulation wants a store of its own")
    return database


def _told(plan: Plan, found: Figures, broken: tuple[Finding, ...]) -> Iterator[str]:
    yield f"{found.leads:,} leads in {plan.days} days, seed {plan.seed}"
    yield ""
    yield "Funnel"
    for stage, reached, went_on in conversions(found):
        share = f"   went on: {went_on}" if went_on.of_them else ""
        yield f"  {stage:<14}{reached:>8,}{share}"
    yield ""
    yield "Where leads are now"
    for stage, many in sorted(found.ended.items()):
        yield f"  {stage:<14}{many:>8,}"
    yield ""
    yield "Answers"
    yield f"  accepted in time:        {found.accepted_in_time}"
    yield f"  taken away unanswered:   {found.taken_away:,} of {found.assignments:,} assignments"
    yield ""
    yield "Recycled leads"
    yield f"  recycled:                {found.recycled:,}"
    yield f"  came back to sales:      {found.recycled_back}"
    yield f"  of these won:            {found.recycled_won}"
    yield ""
    yield from _checked(broken)


def _checked(broken: tuple[Finding, ...]) -> Iterator[str]:
    many = len(broken)
    yield f"checked: {many} finding{'' if many == 1 else 's'}"
    for finding in broken[:FINDINGS_SHOWN]:
        yield f"  {finding.subject}: {finding.what} ({finding.rule})"


def _json(found: Figures, broken: tuple[Finding, ...]) -> str:
    def share(name: str) -> dict[str, int]:
        value = getattr(found, name)
        return {"count": value.of_them, "of": value.of_all}

    said = {
        "leads": found.leads,
        "reached": {str(stage): many for stage, many in sorted(found.reached.items())},
        "now": {str(stage): many for stage, many in sorted(found.ended.items())},
        "assignments": found.assignments,
        "taken_away": found.taken_away,
        "recycled": found.recycled,
        "won_a_rep": found.won_a_rep,
        **{n: share(n) for n in ("accepted_in_time", "recycled_back", "recycled_won")},
        "findings": [{"subject": f.subject, "rule": f.rule, "what": f.what} for f in broken],
    }
    return json.dumps(said, ensure_ascii=False)
