"""`leadscoring rules explain`: what rules make of a lead, and why no earlier route matched."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from scoring_service.cli.options import FILE, as_json, models, rules_folder, setting
from scoring_service.cli.rows import STDIN
from scoring_service.cli.rule_folder import source_in
from scoring_service.domain.policy import Policy
from scoring_service.policy.explain import TriedRoute, routes_tried
from scoring_service.policy.files.rule_tests import RuleTest
from scoring_service.policy.mistake import Mistakes
from scoring_service.values.decision import Decision
from scoring_service.values.facts import MemberFacts, PoolFacts
from scoring_service.values.score import Dimension

EPILOG = """\b
Examples:
  leadscoring rules explain rules --lead lead.json
  leadscoring rules explain rules --lead rules/routing_test.yaml
  echo '{"country": "DE", "employees": 500}' | leadscoring rules explain rules --lead -
"""


@click.command(epilog=EPILOG)
@rules_folder
@setting("--lead", metavar="FILE", type=FILE, required=True, help="The lead, `-` for stdin.")
@models
@as_json
@click.pass_context
def explain(
    context: click.Context, folder: Path, lead: str, models: Path | None, as_json: bool
) -> None:
    """Say what the rules of DIR make of a lead: each point, each route tried, who would get it.

    FILE is JSON or YAML: the lead's fields, or a lead with what is known around it as in a rule
    test (`lead`, `accounts`, `activities`, `stage`, `owner`, `now`), or a list of such. Rotations
    are empty and no store is read.
    """
    from scoring_service.cli.lead_case import cases
    from scoring_service.policy.load import load

    content = sys.stdin.buffer.read() if lead == STDIN else Path(lead).read_bytes()
    try:
        policy = load(source_in(folder, models))
        found = cases(policy, Path(lead).name, content, datetime.now(UTC))
    except Mistakes as wrong:
        click.echo("\n".join(f"mistake {mistake}" for mistake in wrong.mistakes))
        context.exit(1)
    told = [_explained(policy, case) for case in found]
    encoded = msgspec.json.encode(told).decode()
    click.echo(encoded if as_json else "\n\n".join("\n".join(_said(one)) for one in told))


@dataclass(frozen=True, slots=True)
class Explained:
    """What the rules make of one lead. `routes` are those tried, up to the one that decided."""

    lead: str
    revision: str
    disqualified: str | None
    decision: Decision
    routes: tuple[TriedRoute, ...]
    sentences: tuple[str, ...]


def _explained(policy: Policy, case: RuleTest) -> Explained:
    from scoring_service.domain.routing.decide import decide
    from scoring_service.domain.routing.explain import sentences
    from scoring_service.policy.rule_tests import disqualified, facts_of

    facts = facts_of(policy, case)
    pools = _EmptyPools(policy)
    decision = decide(policy, facts, pools)
    known = msgspec.structs.replace(facts, pools=tuple(pools.asked.values()))
    routes, said = routes_tried(policy, known, decision), sentences(decision, known)
    return Explained(case.it, policy.revision, disqualified(decision), decision, routes, said)


class _EmptyPools:
    """Pools in which nobody has had a turn yet; remembers those that were asked for."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.asked: dict[str, PoolFacts] = {}

    def __call__(self, pool: str) -> PoolFacts:
        members = self._policy.pools[pool].members
        facts = PoolFacts(pool, tuple(MemberFacts(m.rep_id) for m in members), next_draw=1)
        return self.asked.setdefault(pool, facts)


def _said(told: Explained) -> Iterator[str]:
    score = told.decision.score
    yield f"{told.lead}, by policy {told.revision}"
    for dimension, points in ((Dimension.FIT, score.fit), (Dimension.BEHAVIOUR, score.behaviour)):
        yield f"  {dimension} {points:.1f}"
        parts = (part for part in score.contributions if part.dimension is dimension)
        yield from (f"    {part.points:+7.2f}  {part.name}" for part in parts)
    yield "  routes tried" if told.routes else "  decided before the routes"
    yield from (f"    {route}" for route in told.routes)
    yield "  so"
    yield from (f"    {sentence}" for sentence in told.sentences)
