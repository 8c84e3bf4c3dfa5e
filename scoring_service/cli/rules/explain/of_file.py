"""`leadscoring rules explain DIR --lead FILE`: what rules make of a lead that no store knows."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from scoring_service.cli.files.rows import STDIN
from scoring_service.cli.rules.explain.lead_case import cases
from scoring_service.cli.rules.folder import source_in
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.domain.routing.explain import sentences
from scoring_service.policy.explaining.explained import explained
from scoring_service.policy.explaining.reps import RepSeen
from scoring_service.policy.explaining.reps_told import rep_said
from scoring_service.policy.explaining.told import gathered, route_said
from scoring_service.policy.explaining.tried import TriedRoute
from scoring_service.policy.files.rule_tests import RuleTest
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.rule_tests import disqualified, facts_of
from scoring_service.values.decision import Decision
from scoring_service.values.facts import MemberFacts, PoolFacts
from scoring_service.values.score import Dimension


def run(folder: Path, lead: str, models: Path | None, as_json: bool) -> int:
    """Say it, and the exit code: 1 where the folder or the lead cannot be read."""
    content = sys.stdin.buffer.read() if lead == STDIN else Path(lead).read_bytes()
    try:
        policy = load(source_in(folder, models))
        found = cases(policy, Path(lead).name, content, datetime.now(UTC))
    except Mistakes as wrong:
        click.echo("\n".join(f"mistake {mistake}" for mistake in wrong.mistakes))
        return 1
    told = [_explained(policy, case) for case in found]
    encoded = msgspec.json.encode(told).decode()
    click.echo(encoded if as_json else "\n\n".join("\n".join(_said(one)) for one in told))
    return 0


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules make of one lead. `routes` are those tried, up to the one that decided."""

    lead: str
    revision: str
    disqualified: str | None
    decision: Decision
    routes: tuple[TriedRoute, ...]
    reps: tuple[RepSeen, ...]
    sentences: tuple[str, ...]


def _explained(policy: Policy, case: RuleTest) -> Told:
    facts = facts_of(policy, case)
    pools = _EmptyPools(policy)
    decision = decide(policy, facts, pools)
    known = msgspec.structs.replace(facts, pools=tuple(pools.asked.values()))
    told, said = explained(policy, known, decision), sentences(decision, known)
    ended = disqualified(decision)
    return Told(case.it, policy.revision, ended, decision, told.routes, told.reps, said)


class _EmptyPools:
    """Pools in which nobody has had a turn yet; remembers those that were asked for."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.asked: dict[str, PoolFacts] = {}

    def __call__(self, pool: str) -> PoolFacts:
        members = self._policy.pools[pool].members
        facts = PoolFacts(pool, tuple(MemberFacts(m.rep_id) for m in members), next_draw=1)
        return self.asked.setdefault(pool, facts)


def _said(told: Told) -> Iterator[str]:
    score = told.decision.score
    yield f"{told.lead}, by policy {told.revision}"
    for dimension, points in ((Dimension.FIT, score.fit), (Dimension.BEHAVIOUR, score.behaviour)):
        yield f"  {dimension} {points:.1f}"
        parts = (part for part in score.contributions if part.dimension is dimension)
        yield from (f"    {part.points:+7.2f}  {part.name}" for part in parts)
    yield "  routes tried" if told.routes else "  decided before the routes"
    for one in gathered(told.routes):
        yield f"    {one if isinstance(one, str) else route_said(one)}"
    if told.reps:
        yield "  looked at"
    yield from (
        f"    {rep.pool and f'{rep.pool}: '}{rep_said(rep, told.reps)}" for rep in told.reps
    )
    yield "  so"
    yield from (f"    {sentence}" for sentence in told.sentences)
