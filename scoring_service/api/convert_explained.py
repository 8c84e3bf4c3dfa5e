"""What explains a decision as messages: routes tried, reps as they stood, replay and activation."""

from collections.abc import Iterable

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from leadscoring.v1 import routing_pb2

from scoring_service.api.convert_assignment import OUTCOMES
from scoring_service.api.convert_score import instant_into
from scoring_service.policy.explaining.explained import Explained
from scoring_service.policy.explaining.reps import RepSeen
from scoring_service.policy.explaining.reps_told import rep_said
from scoring_service.policy.explaining.told import route_said
from scoring_service.policy.explaining.tried import Tried, TriedRoute
from scoring_service.policy.failed.finding import Came, Finding
from scoring_service.policy.failed.parts import Joined
from scoring_service.policy.failed.sentences import said
from scoring_service.workflows.replay import Replay, Verdict
from scoring_service.workflows.requests import Activation

TRIED = {each: routing_pb2.RouteOutcome.Value(f"ROUTE_OUTCOME_{each.name}") for each in Tried}
CAME = {each: routing_pb2.ConditionResult.Value(f"CONDITION_RESULT_{each.name}") for each in Came}
JOINED = {
    Joined.ALONE: routing_pb2.CONDITION_JOIN_UNSPECIFIED,
    Joined.AND: routing_pb2.CONDITION_JOIN_AND,
    Joined.OR: routing_pb2.CONDITION_JOIN_OR,
    Joined.NOT: routing_pb2.CONDITION_JOIN_NOT,
}
VERDICTS = {
    each: routing_pb2.ReplayVerdict.Value(f"REPLAY_VERDICT_{each.name}") for each in Verdict
}

Values = RepeatedCompositeFieldContainer[routing_pb2.SeenValue]

_OF_REP = (
    "rep_id", "pool", "weight", "credit", "gain", "last_draw", "open_leads", "taken_today",
    "taken_this_week", "calendar", "condition",
)  # fmt: skip
_LIMITS = ("open_leads_max", "per_day_max", "per_week_max")


def explained_into(message: routing_pb2.Decision, told: Explained) -> None:
    """Fill the routes and reps of a message, each with its sentence."""
    for route in told.routes:
        _route_into(message.routes.add(), route)
    message.routes_left_out = told.left_out
    for rep in told.reps:
        _rep_into(message.reps.add(), rep, f"{rep_said(rep, told.reps)}.")


def replay_into(message: routing_pb2.Replay, replay: Replay) -> None:
    """Fill an empty message with what a replay found."""
    message.verdict = VERDICTS[replay.verdict]
    message.differing.extend(replay.differing)
    message.note = replay.note


def activation_into(message: routing_pb2.PolicyActivation, activation: Activation) -> None:
    """Fill an empty message with the activation of a policy."""
    message.number = activation.number
    message.revision = activation.revision
    instant_into(message.activated_at, activation.at)
    message.actor_id = activation.actor_id
    message.active = activation.is_active
    for name, sha256 in activation.files:
        message.files.add(name=name, sha256=sha256)


def _route_into(message: routing_pb2.TriedRoute, route: TriedRoute) -> None:
    message.name = route.name
    if route.row is not None:
        message.row = route.row
    message.place = route.place
    message.condition = route.text
    message.outcome = TRIED[route.outcome]
    _values_into(message.saw, route.saw)
    if route.failed is not None:
        _failed_into(message.failed, route.failed)
    message.during = route.during
    if route.opens_at is not None:
        instant_into(message.opens_at, route.opens_at)
    message.sentence = f"{route_said(route)}."


def _failed_into(message: routing_pb2.FailedCondition, failed: Finding) -> None:
    message.condition = failed.condition
    message.result = CAME[failed.came]
    _values_into(message.values, failed.values)
    message.error = failed.error
    message.joined = JOINED[failed.joined]
    for part in failed.parts:
        _failed_into(message.parts.add(), part)
    message.not_asked.extend(failed.not_asked)
    message.column = failed.column
    message.sentence = f"{said(failed)}."


def _values_into(messages: Values, values: Iterable[tuple[str, str]]) -> None:
    for symbol, value in values:
        messages.add(symbol=symbol, value=value)


def _rep_into(message: routing_pb2.RepStanding, rep: RepSeen, sentence: str) -> None:
    for name in _OF_REP:
        setattr(message, name, getattr(rep, name))
    for name in _LIMITS:
        if (limit := getattr(rep, name)) is not None:
            setattr(message, name, limit)
    message.outcome = OUTCOMES[rep.outcome]
    message.away_until = rep.away_until.isoformat() if rep.away_until else ""
    if rep.opens_at is not None:
        instant_into(message.opens_at, rep.opens_at)
    if rep.failed is not None:
        _failed_into(message.failed, rep.failed)
    message.sentence = sentence
