"""The invariants, checked on everything that is stored."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from scoring_service.domain.lifecycle.invariants import (
    findings_of_arms,
    findings_of_lead,
    findings_of_rotation,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.owners import queues_and_tracks
from scoring_service.values.checkup import Finding, LeadCheckup, RotationCheckup
from scoring_service.values.experiment import ArmJoined
from scoring_service.values.handover import Handover
from scoring_service.values.owner import Owner, RepOwner
from scoring_service.values.stored import Timer


class Checkups(Protocol):
    """Everything stored with what must agree with it; a reader."""

    def lead_checkups(self) -> Iterator[LeadCheckup]:
        """Every lead."""

    def rotation_checkups(self) -> Iterator[RotationCheckup]:
        """Every pool's rotation."""

    def stray_timers(self) -> Iterable[Timer]:
        """Timers of leads that are not there."""

    def failed_timers(self) -> Iterable[Timer]:
        """Timers that raised and wait to be tried again."""

    def handovers_that_stand_still(self) -> Iterable[Handover]:
        """Hand-overs that have not ended, and that no timer goes on with."""

    def arms_joined(self) -> Iterable[ArmJoined]:
        """Every arm that enrolled anybody."""


def findings(stored: Checkups, policy: Policy) -> Iterator[Finding]:
    """Every broken invariant, leads by their ids first; nothing of a store that is whole."""
    others = frozenset(queues_and_tracks(policy))

    def known(owner: Owner) -> bool:
        if isinstance(owner, RepOwner):
            rep = policy.reps.get(owner.id)
            return rep is not None and rep.active
        return owner in others

    arms = frozenset((one.experiment, one.arm) for one in stored.arms_joined())
    for lead in stored.lead_checkups():
        yield from findings_of_lead(lead, known)
        yield from findings_of_arms(lead.lead, arms)
    for rotation in stored.rotation_checkups():
        yield from findings_of_rotation(rotation)
    yield from _of_timers(stored)


def _of_timers(stored: Checkups) -> Iterator[Finding]:
    for timer in stored.stray_timers():
        yield Finding(timer.subject, "a timer is of a lead", "its timer is of no lead there is")
    for book in stored.handovers_that_stand_still():
        what = f"the book of {book.rep_id} is being handed over, and no timer goes on with it"
        yield Finding(f"hand-over {book.operation_id}", "what is begun is ended", what)
    for timer in stored.failed_timers():
        if timer.kind != "lead":
            what = f"its timer failed {timer.attempts} times; see the log of the server"
            yield Finding(f"{timer.kind} {timer.subject}", "timers do their work", what)
