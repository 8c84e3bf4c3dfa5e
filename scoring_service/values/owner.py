"""Who answers for a lead: exactly one of a rep, a queue or a track."""

import msgspec


class RepOwner(msgspec.Struct, frozen=True, tag="rep", tag_field="kind"):
    """A sales rep."""

    id: str


class QueueOwner(msgspec.Struct, frozen=True, tag="queue", tag_field="kind"):
    """A queue in which the lead waits for a rep."""

    id: str


class TrackOwner(msgspec.Struct, frozen=True, tag="track", tag_field="kind"):
    """A marketing track."""

    id: str


Owner = RepOwner | QueueOwner | TrackOwner

SUPPRESSED = TrackOwner("suppressed")
"""The built-in track of leads that must not be contacted."""
