"""What is kept of a person's part in an experiment, and what came of it."""

from datetime import datetime

import msgspec


class Joined(msgspec.Struct, frozen=True):
    """A person was enrolled in an arm, once and for all.

    `first_lead_id` is what the arm was found by, `lead_id` the lead that was evaluated. `weights`
    are those of all arms at that moment, by name: how likely this arm was.
    """

    experiment: str
    first_lead_id: str
    lead_id: str
    arm: str
    weights: dict[str, int]
    at: datetime
    revision: str


class Followed(msgspec.Struct, frozen=True):
    """An enrolment with the person as he is now, and when a lead of his first reached the outcome
    from then on (None: none has).
    """

    joined: Joined
    person_id: str
    reached_at: datetime | None = None


class ArmJoined(msgspec.Struct, frozen=True):
    """How many an arm has enrolled, when first and last, and the policy that did it last."""

    experiment: str
    arm: str
    count: int
    first: datetime
    last: datetime
    revision: str
