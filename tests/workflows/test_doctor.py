"""The invariants asked of a whole store: what is known by its rules, and what its timers left."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.checkup import Finding, LeadCheckup, RotationCheckup
from scoring_service.values.experiment import ArmJoined
from scoring_service.values.handover import Handover
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Credit, Rotation, StageEntry, StoredLead, Timer
from scoring_service.workflows.doctor import findings

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Stored:
    """A store of these, and of nothing else."""

    leads: tuple[LeadCheckup, ...] = ()
    rotations: tuple[RotationCheckup, ...] = ()
    strays: tuple[Timer, ...] = ()
    failed: tuple[Timer, ...] = ()
    books: tuple[Handover, ...] = ()
    arms: tuple[ArmJoined, ...] = ()

    def lead_checkups(self) -> Iterator[LeadCheckup]:
        """Every lead."""
        return iter(self.leads)

    def rotation_checkups(self) -> Iterator[RotationCheckup]:
        """Every pool's rotation."""
        return iter(self.rotations)

    def stray_timers(self) -> Iterable[Timer]:
        """Timers of leads that are not there."""
        return self.strays

    def failed_timers(self) -> Iterable[Timer]:
        """Timers that raised and wait to be tried again."""
        return self.failed

    def handovers_that_stand_still(self) -> Iterable[Handover]:
        """Hand-overs that have not ended, and that no timer goes on with."""
        return self.books

    def arms_joined(self) -> Iterable[ArmJoined]:
        """Every arm that enrolled anybody."""
        return self.arms


def customer(owner: Owner, **arms: str) -> LeadCheckup:
    """A finished lead, of which nothing is asked but whose it is, and in which arms."""
    at = (MONDAY, MONDAY, MONDAY)
    lead = StoredLead(Lead("l1"), "p", Stage.CUSTOMER, *at, visit=1, owner=owner, arms=arms)
    entry = StageEntry("l1", 1, 1, "", "customer", MONDAY, "olu", "import", "rep:ann", "{}", "r1")
    return LeadCheckup(lead, (entry,))


def told(policy: Policy, **stored: object) -> list[str]:
    made = Stored(**stored)  # type: ignore[arg-type]
    return [f"{one.subject}: {one.what}" for one in findings(made, policy)]


def test_a_store_of_nothing_is_whole(policy: Policy) -> None:
    assert told(policy) == []


@pytest.mark.parametrize(
    ("owner", "known"),
    [
        pytest.param(RepOwner("ann"), True, id="a rep of the rules"),
        pytest.param(RepOwner("zoe"), False, id="not one who left"),
        pytest.param(QueueOwner("limited-waiting"), True, id="a pool's queue"),
        pytest.param(QueueOwner("triage"), True, id="a queue that a route names"),
        pytest.param(QueueOwner("intake"), True, id="the queue of the intake"),
        pytest.param(QueueOwner("newsletter"), False, id="a track is no queue"),
        pytest.param(TrackOwner("newsletter"), True, id="a track of the rules"),
        pytest.param(SUPPRESSED, True, id="the built-in one"),
        pytest.param(TrackOwner("gone"), False, id="not one that was removed"),
    ],
)
def test_every_owner_is_one_that_the_rules_have(policy: Policy, owner: Owner, known: bool) -> None:
    finished = customer(owner)
    assert told(policy, leads=(finished,)) == [], "what is finished may stay with who has left"
    lead = msgspec.structs.replace(finished.lead, stage=Stage.NURTURE)
    found = told(policy, leads=(msgspec.structs.replace(finished, lead=lead),))
    stranger = f"l1: its owner {owner.id} is no owner of the active policy"
    assert (stranger in found) is not known


def test_an_arm_that_enrolled_nobody_is_nobodys(policy: Policy) -> None:
    lead = customer(RepOwner("ann"), bar="lower")
    joined = ArmJoined("bar", "lower", 1, MONDAY, MONDAY, "r1")
    assert told(policy, leads=(lead,), arms=(joined,)) == []
    [found] = told(policy, leads=(lead,))
    assert "lower" in found


def test_credits_come_from_turns(policy: Policy) -> None:
    rotation = Rotation("west", (Credit("ann", 5, 1),), 1)
    [finding, *_] = findings(Stored(rotations=(RotationCheckup(rotation, ()),)), policy)
    assert "west" in finding.subject


def test_what_timers_left_is_told(policy: Policy) -> None:
    timer = Timer("lead", "gone", MONDAY, "r1")
    failed = Timer("notices", "mia|review", MONDAY, "r1", 3)
    book = Handover("h1", "ann", "", "she left", "olu", MONDAY)
    found = list(findings(Stored(strays=(timer,), failed=(failed,), books=(book,)), policy))
    assert found == [
        Finding("gone", "a timer is of a lead", "its timer is of no lead there is"),
        Finding(
            "hand-over h1",
            "what is begun is ended",
            "the book of ann is being handed over, and no timer goes on with it",
        ),
        Finding(
            "notices mia|review",
            "timers do their work",
            "its timer failed 3 times; see the log of the server",
        ),
    ]


def test_a_leads_failed_timer_is_told_with_the_lead_and_not_twice(policy: Policy) -> None:
    assert told(policy, failed=(Timer("lead", "l1", MONDAY, "r1", 2),)) == []
