"""The owners beside the reps: every queue and every track that a policy knows."""

from collections.abc import Iterator

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.routes import ToQueue
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, TrackOwner


def queues_and_tracks(policy: Policy) -> Iterator[Owner]:
    """Every queue and track of a policy."""
    yield SUPPRESSED
    yield QueueOwner(policy.lifecycle.intake_queue)
    yield from map(TrackOwner, policy.lifecycle.tracks)
    for pool in policy.pools.values():
        yield QueueOwner(pool.queue.name)
    for route in policy.routes.routes:
        if isinstance(route.assign, ToQueue):
            yield QueueOwner(route.assign.queue)
