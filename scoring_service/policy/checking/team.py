"""Pools without anybody, reps without a pool, managers in a circle, shifts on a holiday."""

from collections.abc import Iterator

from scoring_service.policy.checking.places import at, limited
from scoring_service.policy.document import Document
from scoring_service.policy.examples.shown import Examples
from scoring_service.policy.files.team import Team
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding
from scoring_service.values.team import Order

OPS = "ops"
"""The role of those who keep the rules, and take no leads."""


def team_findings(folder: Folder, examples: Examples) -> Iterator[Finding]:
    """What is doubtful in team.yaml and calendars.yaml."""
    document = folder.documents["team.yaml"]
    assert document is not None
    yield from limited(_empty_pools(document, folder.team, examples))
    yield from limited(_without_pool(document, folder.team))
    yield from _manager_loops(document, folder.team)
    yield from _shifts_on_holidays(folder)
    if not folder.source.model:
        yield from _ordered_by_nothing(document, folder.team)


def _empty_pools(document: Document, team: Team, examples: Examples) -> Iterator[Finding]:
    for name, pool in team.pools.items():
        if not any(team.reps[member.rep_id].active for member in pool.members):
            who = "only its fallbacks take" if pool.fallback else "nobody ever takes"
            what = f"nobody is in this pool: {who} its leads"
            remedy = "add a member who is active, or remove the pool"
            example = examples.waiting(name, pool.queue.name)
            yield at(document, ("pools", name), what, remedy, example)


def _without_pool(document: Document, team: Team) -> Iterator[Finding]:
    busy = {member.rep_id for pool in team.pools.values() for member in pool.members}
    busy |= {rep.manager for rep in team.reps.values() if rep.manager}
    busy |= {leave.backup for rep in team.reps.values() for leave in rep.leave if leave.backup}
    for name, rep in team.reps.items():
        if rep.active and rep.role != OPS and name not in busy:
            what = f"{name} is in no pool and nobody's manager: only accounts he owns reach him"
            remedy = "add him to a pool, or write 'active: false'"
            yield at(document, ("reps", name), what, remedy)


def _ordered_by_nothing(document: Document, team: Team) -> Iterator[Finding]:
    for name, pool in team.pools.items():
        if pool.order is Order.WIN_PROBABILITY:
            what = "there is no model, so those who wait have no win probability to be ordered by"
            remedy = "write 'order: oldest' until a model is current"
            yield at(document, ("pools", name, "order"), what, remedy)


def _manager_loops(document: Document, team: Team) -> Iterator[Finding]:
    told: set[str] = set()
    for name in team.reps:
        chain = [name]
        while (above := team.reps[chain[-1]].manager) is not None and above not in chain:
            chain.append(above)
        if above == name and name not in told:
            told.update(chain)
            what = f"the managers go round: {' -> '.join((*chain, name))}"
            remedy = "leave out the manager of whoever is at the top"
            yield at(document, ("reps", name, "manager"), what, remedy)


def _shifts_on_holidays(folder: Folder) -> Iterator[Finding]:
    document = folder.documents.get("calendars.yaml")
    for name, calendar in folder.calendars.items() if document else ():
        entry = document.value.get(name) if document else None
        for index, shift in enumerate(entry.get("shifts", ()) if isinstance(entry, dict) else ()):
            if shift["on"] in calendar.closed:
                assert document is not None
                what = f"{shift['on']} is a holiday or closed: this shift opens nothing"
                remedy = "remove the shift, or write the holidays out without that date"
                yield at(document, (name, "shifts", index, "on"), what, remedy)
