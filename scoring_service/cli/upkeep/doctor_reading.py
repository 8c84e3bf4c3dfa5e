"""What `leadscoring doctor` looks at: a store, by the policy that is active in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from scoring_service.cli.upkeep.active_rules import active_policy
from scoring_service.cli.upkeep.reading import reading, require_store
from scoring_service.store.reader import Reader
from scoring_service.values.checkup import Finding, LeadCheckup, RotationCheckup
from scoring_service.values.experiment import ArmJoined
from scoring_service.values.handover import Handover
from scoring_service.values.stored import Timer
from scoring_service.workflows.doctor import findings


@dataclass(frozen=True, slots=True)
class Examined:
    """How many leads were looked at, and what is wrong."""

    leads: int
    findings: tuple[Finding, ...]


def examine(store: str) -> Examined:
    """Everything that is wrong in a store. Raises Problem or StoreProblem."""
    require_store(store)
    policy = active_policy(store, "start the server once")
    with reading(store) as reader:
        counted = _Counted(reader)
        found = tuple(findings(counted, policy))
    return Examined(counted.leads, found)


class _Counted:
    """A reader that counts the leads it gives."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self.leads = reader, 0

    def lead_checkups(self) -> Iterator[LeadCheckup]:
        for checkup in self._reader.lead_checkups():
            self.leads += 1
            yield checkup

    def rotation_checkups(self) -> Iterator[RotationCheckup]:
        return self._reader.rotation_checkups()

    def stray_timers(self) -> tuple[Timer, ...]:
        return tuple(self._reader.stray_timers())

    def failed_timers(self) -> tuple[Timer, ...]:
        return tuple(self._reader.failed_timers())

    def arms_joined(self) -> tuple[ArmJoined, ...]:
        return tuple(self._reader.arms_joined())

    def handovers_that_stand_still(self) -> tuple[Handover, ...]:
        return tuple(self._reader.handovers_that_stand_still())
