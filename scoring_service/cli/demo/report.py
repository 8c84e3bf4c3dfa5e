"""What the demo prints: read from the server's answers only."""

from collections import Counter
from collections.abc import Iterable, Sequence

from leadscoring.v1 import routing_pb2, types_pb2
from rich.console import Console
from rich.table import Table

from scoring_service.cli.demo.calls import Arrival
from scoring_service.cli.plain import word

Assignments = Sequence[routing_pb2.Assignment]


def owner_of(assignment: routing_pb2.Assignment) -> str:
    """The owner in words: a rep's id, or the queue or track."""
    kind = assignment.WhichOneof("owner")
    if kind is None:
        return "nobody"
    name: str = getattr(assignment, kind)
    return name if kind == "rep_id" else f"{kind} {name}"


def introduction(
    console: Console, address: str, companies: int, arrivals: Sequence[Arrival]
) -> None:
    """What was sent where."""
    sources = Counter(arrival.lead.source for arrival in arrivals)
    listed = ", ".join(f"{count} of the {source}" for source, count in sources.items())
    console.print(
        f"{len(arrivals)} real leads ({listed}) and {companies} companies, through the gRPC client "
        f"to a server on {address} with a temporary SQLite store.\n",
        highlight=False,
    )


def quadrants(console: Console, scores: Iterable[types_pb2.Score]) -> None:
    """How the leads spread over fit and behaviour."""
    table = Table(title="What they are worth", title_justify="left")
    for column in ("quadrant", "leads", "MQL-ready"):
        table.add_column(column, justify="left" if column == "quadrant" else "right")
    found = [(_quadrant(s), s.mql_ready) for s in scores]
    ready = Counter(name for name, mql in found if mql)
    for name, count in Counter(name for name, _ in found).most_common():
        table.add_row(name, str(count), str(ready[name]))
    console.print(table)


def load(console: Console, assignments: Assignments) -> None:
    """Who got how many, and by which route."""
    routes = sorted({a.route for a in assignments})
    table = Table(title="Who got them, and by which route", title_justify="left")
    table.add_column("owner")
    for route in (*routes, "all"):
        table.add_column(route or "before the routes", justify="right")
    cells = Counter((owner_of(a), a.route) for a in assignments)
    for owner, total in Counter(owner_of(a) for a in assignments).most_common():
        row = [str(cells[owner, route] or "") for route in routes]
        table.add_row(owner, *row, str(total))
    console.print(table)


def explained(console: Console, lead_id: str, score: types_pb2.Score) -> None:
    """One lead, point by point."""
    table = Table(title=f"Why {lead_id} scores as it does", title_justify="left")
    for column in ("points", "for", "undecayed", "happened"):
        table.add_column(column, justify="right" if column in ("points", "undecayed") else "left")
    for c in score.contributions:
        dated = c.HasField("occurred_at")
        undecayed = f"{c.undecayed_points:.1f}" if c.HasField("undecayed_points") else ""
        happened = f"{c.occurred_at.ToDatetime():%Y-%m-%d}" if dated else ""
        table.add_row(f"{c.points:+.2f}", c.name, undecayed, happened)
    console.print(table)
    console.print(
        f"fit {score.fit:.2f} ({score.fit_grade}), behaviour {score.behaviour:.2f} "
        f"({score.behaviour_level}): {_quadrant(score)}"
        + ("; MQL-ready" if score.mql_ready else "")
    )
    for bar in score.bars:
        verdict = "met" if bar.met else "not met"
        console.print(f"  bar {bar.name}: {bar.value:.2f} of {bar.threshold:g}, {verdict}")


def decision(console: Console, record: routing_pb2.Decision) -> None:
    """One decision with those passed over."""
    console.print(f"\n[bold]Why {record.lead_id} went to {record.rep_id or 'its owner'}[/bold]")
    for sentence in record.sentences:
        console.print(f"  {sentence}", markup=False)
    console.print(f"  policy {record.policy_revision}, decision {record.decision_id}")


def most_telling(scores: Sequence[types_pb2.Score]) -> int:
    """The position of the lead with the most to explain, the best of them."""
    return max(
        range(len(scores)),
        key=lambda n: (len(scores[n].contributions), scores[n].fit + scores[n].behaviour),
    )


def most_contested(assignments: Assignments) -> routing_pb2.Assignment:
    """The assignment to a rep whose candidates were passed over for the most different reasons."""
    return max(
        (a for a in assignments if a.rep_id),
        key=lambda a: (len({c.outcome for c in a.considered}), len(a.considered)),
    )


def throughput(console: Console, leads: int, scoring: float, routing: float) -> None:
    """How fast it went: client, server and store on one machine."""
    console.print(
        f"\n{leads} leads scored in {scoring:.2f} s ({leads / scoring:,.0f} a second), then routed "
        f"in {routing:.2f} s ({leads / routing:,.0f} a second), each durable before its answer; "
        "client, server and store share this machine.",
        highlight=False,
    )


def _quadrant(score: types_pb2.Score) -> str:
    return word(types_pb2.Quadrant.DESCRIPTOR, types_pb2.Quadrant.Name(score.quadrant))
