"""Survivor is the first in the order opportunity, sql, sal, mql, closed_lost, recycled, nurture,
known, anonymous; then one held by a rep; then the older. Laws of what it takes over.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.lifecycle.uniting import (
    ORDER,
    cycles,
    survivor,
    united,
    united_fields,
)
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, RepOwner, TrackOwner
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.stored import StoredLead

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
TRACK = TrackOwner("welcome")


def stored(
    lead_id: str, stage: Stage = Stage.NURTURE, days: int = 0, owner: Owner = TRACK
) -> StoredLead:
    made = NOW + timedelta(days=days)
    return StoredLead(Lead(lead_id), lead_id, stage, made, made, made, owner=owner)


def test_every_stage_of_an_open_lead_has_its_place() -> None:
    assert set(ORDER) == set(Stage) - FINISHED


@pytest.mark.parametrize(("first", "second"), [*pairwise(ORDER)])
def test_the_stage_decides_first(first: Stage, second: Stage) -> None:
    ahead = stored("a", first, days=9)
    behind = stored("b", second, owner=RepOwner("ann"))
    assert survivor(ahead, behind) == survivor(behind, ahead) == (ahead, behind)


def test_then_a_rep_then_the_age() -> None:
    held = stored("a", Stage.MQL, days=9, owner=RepOwner("ann"))
    older, younger = stored("b", Stage.MQL), stored("c", Stage.MQL, days=1)
    assert survivor(older, held)[0] == held
    assert survivor(younger, older)[0] == older


texts = st.sampled_from([None, "x", "y"])
leads = st.builds(
    Lead,
    lead_id=st.sampled_from(["a", "b"]),
    email=texts,
    country=texts,
    technologies=st.sampled_from([(), ("x",), ("y",)]),
    employees=st.sampled_from([None, 0, 5]),
    attributes=st.dictionaries(st.sampled_from("pq"), st.integers(0, 1)),
    do_not_contact=st.sampled_from([None, False]),
)


@given(leads, leads, leads, st.booleans())
def test_laws_of_united_fields(one: Lead, two: Lead, three: Lead, flag: bool) -> None:
    def both(first: Lead, second: Lead) -> Lead:
        return united_fields(first, second, do_not_contact=flag)

    found = both(one, two)
    assert found.lead_id == one.lead_id
    assert both(found, two) == found, "once is enough"
    assert both(both(one, two), three) == both(one, both(two, three)), "in any grouping"
    assert bool(found.do_not_contact) is flag
    for field in ("email", "country", "technologies", "employees"):
        mine = getattr(one, field)
        assert getattr(found, field) == (getattr(two, field) if mine in (None, ()) else mine)
    assert found.attributes == {**two.attributes, **one.attributes}


def test_the_survivor_keeps_what_is_its_own_and_lists_whom_it_answers_for() -> None:
    stays = msgspec.structs.replace(
        stored("a", Stage.SAL, owner=RepOwner("ann")), merged_from=("z",), tracks=("t",)
    )
    ends = msgspec.structs.replace(
        stored("b"),
        merged_from=("y",),
        tracks=("u", "t"),
        do_not_contact=True,
        last_activity_at=NOW,
    )
    found = united(stays, ends)
    assert found.merged_from == ("z", "b", "y")
    assert (found.tracks, found.do_not_contact) == (("t", "u"), True)
    assert (found.stage, found.owner, found.last_activity_at) == (Stage.SAL, RepOwner("ann"), NOW)


def test_cycles_are_counted_as_the_leads_were_made_the_open_one_last() -> None:
    found = cycles(
        [stored("open"), stored("won", Stage.CUSTOMER, 5), stored("old", Stage.CUSTOMER)]
    )
    found += cycles([stored("lost", Stage.DISQUALIFIED, 3), stored("won", Stage.CUSTOMER, 5)])
    numbered = [(lead.lead.lead_id, lead.cycle) for lead in found]
    assert numbered == [("old", 1), ("won", 2), ("open", 3), ("lost", 1), ("won", 2)]


def active(days: int | None) -> datetime | None:
    return None if days is None else NOW + timedelta(days=days)


DAYS = st.one_of(st.none(), st.integers(0, 3))
MERGED = st.builds(
    lambda name, stage, days, rep, flag, latest, tracks, arms: msgspec.structs.replace(
        stored(name, stage, days, RepOwner("ann") if rep else TRACK),
        do_not_contact=flag,
        last_activity_at=active(latest),
        tracks=tuple(tracks),
        arms=arms,
    ),
    st.sampled_from("abc"),
    st.sampled_from(ORDER),
    st.integers(0, 2),
    st.booleans(),
    st.booleans(),
    DAYS,
    st.lists(st.sampled_from("tuv"), unique=True),
    st.dictionaries(st.sampled_from("xy"), st.sampled_from(["control", "other"])),
)


@given(MERGED, MERGED, MERGED)
def test_the_survivor_of_three_is_the_same_in_whichever_order_they_are_merged(
    one: StoredLead, two: StoredLead, three: StoredLead
) -> None:
    def lives(*leads: StoredLead) -> StoredLead:
        first, *others = leads
        for other in others:
            first = survivor(first, other)[0]
        return first

    key = (lives(one, two, three).stage, lives(one, two, three).created_at)
    for order in ((two, three, one), (three, one, two), (three, two, one)):
        found = lives(*order)
        assert (found.stage, found.created_at) == key


@given(MERGED, MERGED)
def test_laws_of_what_a_survivor_takes_over(one: StoredLead, two: StoredLead) -> None:
    """Do_not_contact is true if either is; the latest activity of both counts; its own is kept."""
    stays, ends = survivor(one, two)
    found = united(stays, ends)
    kept = ("stage", "owner", "visit", "clocks", "created_at", "entered_at", "assignment_id")
    assert all(getattr(found, name) == getattr(stays, name) for name in kept)
    assert found.do_not_contact is (one.do_not_contact or two.do_not_contact)
    assert bool(found.lead.do_not_contact) is found.do_not_contact, "fields and flag agree"
    active_at = [lead.last_activity_at for lead in (one, two) if lead.last_activity_at]
    assert found.last_activity_at == max(active_at, default=None)
    assert found.tracks[: len(stays.tracks)] == stays.tracks
    assert sorted(found.tracks) == sorted({*one.tracks, *two.tracks}), "each track once"
    assert found.arms == {**ends.arms, **stays.arms}, "arms are kept through merges"
    assert found.merged_from == (ends.lead.lead_id,)
