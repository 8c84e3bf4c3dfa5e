"""Reading how far receivers have come, and asking for what they never took."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from leadscoring.v1 import lifecycle_pb2
from leadscoring.v1.lifecycle_pb2_grpc import LifecycleServiceStub

from scoring_service.cli.harmless import harmless
from scoring_service.cli.serving.asking import asked
from scoring_service.cli.serving.where import Where
from scoring_service.cli.upkeep.reading import reading
from scoring_service.values.webhook import Cursor, Letter

SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class State:
    """One receiver: how far it has come, what waits for it, and what it never took."""

    name: str
    cursor: Cursor
    waiting: Sequence[Letter]
    dead: Sequence[Letter]


def state(store: str) -> tuple[State, ...]:
    """Every receiver by name. Raises Problem or StoreProblem."""
    with reading(store) as reader:
        return tuple(
            State(
                name,
                cursor,
                reader.webhook_letters(name, SHOWN_MAX, dead=False),
                reader.webhook_letters(name, SHOWN_MAX, dead=True),
            )
            for name, cursor in reader.webhooks()
        )


def told(found: Sequence[State], *, as_json: bool) -> str:
    """The receivers in sentences, or as JSON."""
    if as_json:
        return json.dumps([_row(each) for each in found])
    if not found:
        return "no receiver was ever given events; `serve --webhooks FILE` names them"
    return "\n".join(harmless(line) for each in found for line in _lines(each))


def replayed(receiver: str, where: Where, actor: str) -> int:
    """How many events are sent again. Raises Problem where the server refuses."""
    request = lifecycle_pb2.ReplayDeadEventsRequest(
        request_id=str(uuid.uuid4()), actor_id=actor, endpoint=receiver
    )
    return int(asked(where, LifecycleServiceStub, "ReplayDeadEvents", request).events)


def _lines(each: State) -> list[str]:
    paused = each.cursor.paused_until
    away = f", away: asked again at {paused.isoformat()}" if paused else ""
    counts = f"{_many(each.waiting)} waiting, {_many(each.dead)} dead"
    first = f"{each.name}: given up to event {each.cursor.after}, {counts}{away}"
    return [first, *(f"  event {d.number} of lead {d.lead_id}: {d.failure}" for d in each.dead)]


def _many(letters: Sequence[Letter]) -> str:
    return f"{len(letters)}{' or more' if len(letters) == SHOWN_MAX else ''}"


def _row(each: State) -> dict[str, object]:
    dead = [{"event": d.number, "lead_id": d.lead_id, "failure": d.failure} for d in each.dead]
    return {
        "receiver": each.name,
        "given_up_to": each.cursor.after,
        "failures": each.cursor.failures,
        "waiting": len(each.waiting),
        "dead": dead,
    }
