"""What values say of themselves, and what is the same whatever wrote it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest

from scoring_service.values.happening import Happening
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import FINISHED, PATH, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.values.team import Member, Rep
from scoring_service.values.webhook import Endpoint

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def stored(stage: Stage, merged_into: str = "") -> StoredLead:
    return StoredLead(
        Lead("l1"), "l1", stage, MONDAY, MONDAY, MONDAY, merged_into=merged_into
    )  # fmt: skip


@pytest.mark.parametrize("stage", Stage)
def test_a_lead_is_unfinished_until_it_is_customer_or_disqualified(stage: Stage) -> None:
    assert stored(stage).unfinished is (stage not in {Stage.CUSTOMER, Stage.DISQUALIFIED})


@pytest.mark.parametrize("stage", Stage)
def test_nobody_has_to_do_anything_about_a_lead_that_is_merged(stage: Stage) -> None:
    assert not stored(stage, "l2").unfinished


def test_the_path_ends_with_the_customer_and_has_each_place_once() -> None:
    assert PATH[0] is Stage.ANONYMOUS
    assert PATH[-1] is Stage.CUSTOMER
    assert len(set(PATH)) == len(PATH) == 8
    beside = set(Stage) - set(PATH)
    assert beside == {Stage.CLOSED_LOST, Stage.RECYCLED, Stage.DISQUALIFIED}
    assert {Stage.CUSTOMER, Stage.DISQUALIFIED} == FINISHED


@pytest.mark.parametrize(
    ("types", "wanted"),
    [
        pytest.param(frozenset(), True, id="no types are all"),
        pytest.param(frozenset({"lead.assigned"}), True, id="the type is among them"),
        pytest.param(frozenset({"lead.won"}), False, id="it is not"),
        pytest.param(frozenset({"lead"}), False, id="a part of its name is another name"),
    ],
)
def test_which_events_a_receiver_wants(types: frozenset[str], wanted: bool) -> None:
    assert Endpoint("crm", "https://a.example", b"", types).wants("lead.assigned") is wanted


def _kinds() -> Iterator[tuple[str, type]]:
    for kind in get_args(Happening):
        yield str(kind.__struct_config__.tag), kind


def test_every_kind_of_happening_has_a_word_of_its_own() -> None:
    words = [word for word, _ in _kinds()]
    assert len(words) == len(set(words)) == 14
    assert all(word.isidentifier() and word == word.lower() for word in words)


@pytest.mark.parametrize(
    ("owner", "text"),
    [
        pytest.param(RepOwner("anna"), b'{"kind":"rep","id":"anna"}', id="a rep"),
        pytest.param(QueueOwner("sdr"), b'{"kind":"queue","id":"sdr"}', id="a queue"),
        pytest.param(TrackOwner("n"), b'{"kind":"track","id":"n"}', id="a track"),
        pytest.param(SUPPRESSED, b'{"kind":"track","id":"suppressed"}', id="the built-in one"),
    ],
)
def test_an_owner_says_which_kind_it_is(owner: object, text: bytes) -> None:
    assert msgspec.json.encode(owner) == text


def test_a_rep_or_member_of_whom_nothing_is_said_takes_any_lead_at_any_time() -> None:
    rep, member = Rep("anna"), Member("anna")
    assert (rep.active, rep.zone, rep.calendar, rep.leave) == (True, "UTC", "always", ())
    assert (rep.open_leads_max, rep.per_day_max, rep.per_week_max) == (None, None, None)
    assert (member.weight, member.priority, member.condition) == (1, 2, None)
