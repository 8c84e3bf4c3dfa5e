"""What is asked about receivers of events, as values."""

from leadscoring.v1 import lifecycle_pb2

from scoring_service.api.convert_lifecycle import act_of, required_id
from scoring_service.domain.intake import Violation
from scoring_service.workflows.lifecycle_requests import ReplayDeadEvents


def replay_dead_events(message: lifecycle_pb2.ReplayDeadEventsRequest) -> ReplayDeadEvents:
    """A receiver is to be sent again what it never took."""
    found: list[Violation] = []
    remedy = "is required: the name of a receiver"
    endpoint = required_id("endpoint", message.endpoint, remedy, found)
    return act_of(ReplayDeadEvents, message, found, endpoint=endpoint)
