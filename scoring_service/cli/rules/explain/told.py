"""A stored decision in sections of plain sentences, or as JSON."""

import json
from collections.abc import Iterator
from datetime import UTC

import msgspec
from google.protobuf.timestamp_pb2 import Timestamp
from leadscoring.v1 import routing_pb2, types_pb2

from scoring_service.cli.plain import row_of
from scoring_service.cli.rules.git import InGit
from scoring_service.domain.routing.explain import account_said
from scoring_service.values.facts import Facts

_facts = msgspec.json.Decoder(Facts).decode


def as_json_text(decision: routing_pb2.Decision, git: InGit | None) -> str:
    """The whole record by the names of the wire, and what git says (null: it was not asked)."""
    return json.dumps(row_of(decision) | {"git": git and git.row()}, ensure_ascii=False)


def told(decision: routing_pb2.Decision, git: InGit | None) -> Iterator[str]:
    """The record line by line, what a sales manager asks first at the top."""
    yield from _warning(decision)
    yield decision.sentences[0]
    yield from _about(decision)
    yield from _section("Why this route", _routes(decision))
    yield from _section("Who was looked at", _reps(decision))
    yield from _section("Its account", _account(decision))
    yield from _section("What it was worth", _worth(decision.score))
    yield from _section("The rules that decided", _rules(decision, git))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = tuple(lines)
    if found:
        yield ""
        yield title
        yield from (f"  {line}" for line in found)


def _warning(decision: routing_pb2.Decision) -> Iterator[str]:
    if decision.replay.verdict == routing_pb2.REPLAY_VERDICT_DIFFERENT:
        differs = ", ".join(decision.replay.differing) or decision.replay.note
        yield (
            "WARNING: decided again from what was known then, by the same rules, it comes out"
            f" differently ({differs}). The record was changed, or this version decides otherwise;"
            " routes and reps below are as they come out now."
        )
        yield ""


def _about(decision: routing_pb2.Decision) -> Iterator[str]:
    asked = f", asked by {decision.actor_id}" if decision.actor_id else ""
    yield f"Decided at {_at(decision.decided_at)}{asked} (decision {decision.decision_id})."
    if decision.HasField("respond_by"):
        yield f"A response was due by {_at(decision.respond_by)} (SLA {decision.sla})."


def _routes(decision: routing_pb2.Decision) -> Iterator[str]:
    """Each route; rows of a table as the record's sentences gather them."""
    if decision.HasField("facts_trimmed_at"):
        yield from _trimmed(decision)
        return
    gathered = {sentence for sentence in decision.sentences if sentence.startswith("'")}
    if decision.replay.verdict == routing_pb2.REPLAY_VERDICT_OTHER_SEMANTICS:
        yield _chosen(decision)
        yield "An earlier version of this program decided: why not by another is not told again."
    elif not decision.routes:
        yield "It was decided before the routes, or the rules that decided cannot be had."
    for route in decision.routes[-1:]:
        yield route.sentence
    earlier = [sentence for sentence in decision.sentences if sentence in gathered]
    if earlier:
        yield "Before it:"
        yield from (f"  {sentence}" for sentence in earlier)


def _trimmed(decision: routing_pb2.Decision) -> Iterator[str]:
    """Of what was chosen the record tells; of why only when that went."""
    yield _chosen(decision)
    yield decision.sentences[-1]


def _chosen(decision: routing_pb2.Decision) -> str:
    row = f", row {decision.row}" if decision.HasField("row") else ""
    return f"By the route '{decision.route}'{row}." if decision.route else "By no route."


def _account(decision: routing_pb2.Decision) -> Iterator[str]:
    if decision.HasField("facts_trimmed_at"):
        return
    found = tuple(account_said(_facts(decision.facts_json).account))
    yield from found or ("It belongs to no account that is known: by id, domain or name.",)


def _reps(decision: routing_pb2.Decision) -> Iterator[str]:
    pool: str | None = None
    for rep in decision.reps:
        if rep.pool != pool:
            pool = rep.pool
            yield f"In the pool {pool}:" if pool else "Before any pool:"
        yield f"  {rep.sentence}"


def _worth(score: types_pb2.Score) -> Iterator[str]:
    yield (
        f"Fit {score.fit:.1f} ({score.fit_grade}), behaviour {score.behaviour:.1f}"
        f" (level {score.behaviour_level})."
    )
    if score.HasField("win_probability"):
        low, high = score.win_probability_low, score.win_probability_high
        yield f"It is won with {score.win_probability:.1%} ({low:.1%} to {high:.1%})."
    for bar in score.bars:
        met = "met" if bar.met else "missed"
        yield f"The bar {bar.name} was {met}: {round(bar.value, 4):g} of {bar.threshold:g}."


def _rules(decision: routing_pb2.Decision, git: InGit | None) -> Iterator[str]:
    yield from _activation(decision)
    if git is not None:
        yield git.sentence
    yield _REPLAYED.get(decision.replay.verdict, "It was not decided again.")
    if decision.replay.note:
        yield f"{decision.replay.note[:1].upper()}{decision.replay.note[1:]}."


def _activation(decision: routing_pb2.Decision) -> Iterator[str]:
    if not decision.HasField("activation"):
        yield f"Revision {decision.policy_revision}; when it was activated is not recorded."
        return
    made = decision.activation
    how = _HOW.get(made.actor_id, f"by {made.actor_id}" if made.actor_id else "")
    now = "; it decides now too" if made.active else "; another revision decides now"
    yield f"Revision {made.revision}, activated at {_at(made.activated_at)} {how}{now}."


_HOW = {
    "serve": "when the server started (serve)",
    "reload": "when the folder changed under a running server (reload)",
}
_REPLAYED = {
    routing_pb2.REPLAY_VERDICT_EQUAL: (
        "Decided again from what was known then, by these rules, it comes out the same."
    ),
    routing_pb2.REPLAY_VERDICT_DIFFERENT: (
        "Decided again from what was known then, by these rules, it comes out DIFFERENTLY."
    ),
    routing_pb2.REPLAY_VERDICT_TRIMMED: "It cannot be decided again.",
    routing_pb2.REPLAY_VERDICT_NO_POLICY: (
        "It was not decided again: its rules are not stored, or this version refuses them."
    ),
}


def _at(instant: Timestamp) -> str:
    return f"{instant.ToDatetime(UTC):%Y-%m-%d %H:%M} UTC"
