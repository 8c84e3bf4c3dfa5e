"""Enrolments as the store keeps them, and when a person first reached a stage since."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.experiment import ArmJoined, Followed, Joined
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry

REACHED = (Stage.OPPORTUNITY, Stage.CUSTOMER)
HOUR = timedelta(hours=1)


def joined(lead_id: str, at: datetime, arm: str = "lower", experiment: str = "bar") -> Joined:
    return Joined(experiment, lead_id, lead_id, arm, {"control": 1, "lower": 2}, at, "r1")


def entered(lead_id: str, visit: int, stage: Stage, at: datetime) -> StageEntry:
    rest = ("", "moved", "rep:ann", "{}", "r1")
    return StageEntry(lead_id, visit, 1, "", stage.value, at, *rest, arms={"bar": "lower"})


def test_what_is_kept_comes_back(desk: Any, example: Any) -> None:
    at, lead = desk.now, example.lead()
    person = lead.person_id

    def write(tx: Any) -> None:
        tx.save_lead(lead)
        tx.record_joined(joined("l1", at))
        tx.record_stage(entered("l1", 1, Stage.OPPORTUNITY, at))

    desk.do(write)
    assert desk.reader.followed("bar", REACHED) == (Followed(joined("l1", at), person, at),)
    assert desk.reader.followed("other", REACHED) == ()
    assert desk.reader.stage_entries("l1")[0].arms == {"bar": "lower"}
    assert desk.reader.arms_joined() == (ArmJoined("bar", "lower", 1, at, at, "r1"),)


@pytest.mark.parametrize(
    ("stages", "reached"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param([(Stage.SAL, 1)], None, id="another stage"),
        pytest.param([(Stage.OPPORTUNITY, 2), (Stage.CUSTOMER, 3)], 2, id="the first of two"),
        pytest.param([(Stage.CUSTOMER, 3)], 3, id="one behind it"),
        pytest.param([(Stage.OPPORTUNITY, -1)], None, id="before the enrolment"),
        pytest.param([(Stage.OPPORTUNITY, -1), (Stage.CUSTOMER, 4)], 4, id="again since"),
    ],
)
def test_an_outcome_is_the_first_since_the_enrolment(
    desk: Any, example: Any, stages: list[tuple[Stage, int]], reached: int | None
) -> None:
    start = desk.now

    def write(tx: Any) -> None:
        tx.save_lead(example.lead())
        tx.record_joined(joined("l1", start))
        for visit, (stage, hours) in enumerate(stages, 1):
            tx.record_stage(entered("l1", visit, stage, start + hours * HOUR))

    desk.do(write)
    [found] = desk.reader.followed("bar", REACHED)
    assert found.reached_at == (None if reached is None else start + reached * HOUR)


def test_every_lead_of_the_person_counts_and_nobody_elses(desk: Any, example: Any) -> None:
    at = desk.now
    first, other = example.lead(), example.lead("l3", person_id="p-other")
    cycle = msgspec.structs.replace(example.lead("l2"), person_id=first.person_id, cycle=2)

    def write(tx: Any) -> None:
        for lead in (first, other, cycle):
            tx.save_lead(lead)
        tx.record_joined(joined("l1", at))
        tx.record_joined(joined("l3", at, "control"))
        tx.record_stage(entered("l2", 1, Stage.OPPORTUNITY, at + HOUR))

    desk.do(write)
    found = desk.reader.followed("bar", REACHED)
    assert [(one.joined.arm, one.reached_at) for one in found] == [
        ("lower", at + HOUR),
        ("control", None),
    ]


def test_arms_are_counted_with_the_latest_revision(desk: Any, example: Any) -> None:
    at = desk.now

    def write(tx: Any) -> None:
        for number in range(3):
            lead_id = f"l{number}"
            tx.save_lead(example.lead(lead_id, person_id=lead_id))
            made = joined(lead_id, at + number * HOUR)
            tx.record_joined(msgspec.structs.replace(made, revision=f"r{number}"))
        tx.record_joined(joined("l0", at, "control", "other"))

    desk.do(write)
    assert desk.reader.arms_joined() == (
        ArmJoined("bar", "lower", 3, at, at + 2 * HOUR, "r2"),
        ArmJoined("other", "control", 1, at, at, "r1"),
    )


def test_a_person_is_enrolled_once_for_all(desk: Any, example: Any) -> None:
    def write(tx: Any) -> None:
        tx.save_lead(example.lead())
        tx.record_joined(joined("l1", desk.now, "control"))

    desk.do(write)
    desk.do(lambda tx: tx.record_joined(joined("l1", desk.now + HOUR, "lower")))
    [found] = desk.reader.followed("bar", REACHED)
    assert found.joined == joined("l1", desk.now, "control")
