"""Rows of enrolments in experiments, to values and back."""

import msgspec

from scoring_service.store.connection import Row
from scoring_service.store.rows import text
from scoring_service.values.experiment import ArmJoined, Followed, Joined
from scoring_service.values.instant import instant, micros

_weights = msgspec.json.Decoder(dict[str, int]).decode


def joined_row(joined: Joined) -> Row:
    """An enrolment for `save_joined`."""
    return (
        joined.experiment,
        joined.first_lead_id,
        joined.lead_id,
        joined.arm,
        text(joined.weights),
        micros(joined.at),
        joined.revision,
    )


def followed(row: Row) -> Followed:
    """A row of `followed`."""
    experiment, first_lead_id, lead_id, arm, weights, at, revision, person_id, reached = row
    who = (experiment, first_lead_id, lead_id, arm)
    joined = Joined(*who, _weights(weights), instant(at), revision)
    return Followed(joined, person_id, None if reached is None else instant(reached))


def arm_joined(row: Row) -> ArmJoined:
    """A row of `arms_joined`."""
    experiment, arm, count, first, last, revision = row
    return ArmJoined(experiment, arm, count, instant(first), instant(last), revision)
