"""Facts of decisions on both engines: dropped a slice at a time, none too young, once for all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.store.database import Database, open_database
from scoring_service.values.stored import StoredDecision
from scoring_service.workflows.trimming import LOOK_EVERY, SLICE_MAX, trim

KEPT = timedelta(days=400)
POLICY: Any = SimpleNamespace(lifecycle=SimpleNamespace(decisions_keep=KEPT))
FACTS, MADE = b'{"now":"then"}', b'{"owner":{"kind":"rep"}}'


def record(desk: Any, example: Any, ages: list[timedelta], prefix: str = "d") -> None:
    """Decisions of these ages, by their places: d000, d001 and so on."""

    def write(tx: Any) -> None:
        tx.save_lead(example.lead())
        for number, age in enumerate(ages):
            name = f"{prefix}{number:03}"
            at = desk.now - age
            tx.record_decision(
                StoredDecision(name, "l1", at, "ann", "r1", "", 1, FACTS, MADE, f"s{name}")
            )

    desk.do(write)


def slice_of(desk: Any) -> int:
    done: int = desk.do(lambda tx: trim(tx, POLICY, desk.now))
    return done


def all_of(desk: Any) -> int:
    """Slices until there is nothing more to do; how many."""
    return next(number for number in count() if not slice_of(desk))


def trimmed(desk: Any, prefix: str = "d") -> dict[str, datetime | None]:
    """When the facts of each decision were dropped; that they are gone then, and all else stays."""
    found = [one for one in desk.reader.decisions(limit=10_000) if one.decision_id[0] == prefix]
    for one in found:
        assert one.facts == (FACTS if one.trimmed_at is None else b"")
        assert (one.decision, one.actor, one.revision) == (MADE, "ann", "r1")
        assert one.assignment_id == f"s{one.decision_id}"
    return {one.decision_id: one.trimmed_at for one in found}


def test_what_is_too_old_goes_and_what_is_not_stays(desk: Any, example: Any) -> None:
    moment = timedelta(microseconds=1)
    record(desk, example, [KEPT + moment, KEPT, KEPT - moment, timedelta(0)])
    assert slice_of(desk) == 1
    assert trimmed(desk) == {"d000": desk.now, "d001": None, "d002": None, "d003": None}


def test_slices_of_a_few_until_it_is_time_to_look_again(desk: Any, example: Any) -> None:
    record(desk, example, [KEPT + timedelta(days=1 + number) for number in range(150)])
    assert [slice_of(desk) for _ in range(4)] == [SLICE_MAX, SLICE_MAX, 22, 0]
    first = trimmed(desk)
    assert set(first.values()) == {desk.now}
    desk.later(seconds=LOOK_EVERY.total_seconds() - 1)
    assert slice_of(desk) == 0
    desk.later(seconds=1)
    assert [slice_of(desk), slice_of(desk)] == [1, 0], "it looked, and found nothing more"
    assert trimmed(desk) == first, "when they went stays as it was"


def test_slices_of_one_batch_see_each_other(desk: Any, example: Any) -> None:
    record(desk, example, [KEPT * 2] * 100)
    done = desk.run(*[lambda tx: trim(tx, POLICY, desk.now)] * 3)
    assert done == [SLICE_MAX, 36, 0]
    assert None not in trimmed(desk).values()


def test_a_kill_between_two_slices_loses_nothing_and_repeats_nothing(
    desk: Any, example: Any, url: str, desk_on: Callable[[Database], Any]
) -> None:
    record(desk, example, [KEPT * 2] * 100)
    assert slice_of(desk) == SLICE_MAX
    first, at = trimmed(desk), desk.now
    desk.session.begin()
    batch = desk.session.batch(desk.now, desk.new_id)
    tx = batch.transaction()
    assert trim(tx, POLICY, desk.now) == 36
    batch.keep(tx)
    batch.flush()
    desk.close()  # killed before the commit
    desk.database.close()
    again = desk_on(open_database(url))
    assert trimmed(again) == first
    again.later(minutes=1)
    assert [slice_of(again), slice_of(again)] == [36, 0]
    assert set(trimmed(again).values()) == {at, again.now}


@pytest.mark.postgres
def test_of_replicas_one_does_it(
    new_postgres_store: Callable[[], str], example: Any, desk_on: Callable[[Database], Any]
) -> None:
    url = new_postgres_store()
    here, there = desk_on(open_database(url)), desk_on(open_database(url))
    record(here, example, [KEPT * 2] * 70)
    assert [slice_of(here), slice_of(there), slice_of(here), slice_of(there)] == [64, 6, 0, 0]


def test_nothing_younger_is_ever_touched(
    new_sqlite_store: Callable[[], str], example: Any, desk_on: Callable[[Database], Any]
) -> None:
    desk = desk_on(open_database(new_sqlite_store()))
    prefixes = map(chr, count(ord("A")))

    @settings(max_examples=25)
    @given(st.lists(st.integers(0, 800 * 24), min_size=1, max_size=90))
    def law(hours: list[int]) -> None:
        desk.later(days=1000)
        all_of(desk)
        desk.later(hours=1)
        prefix = next(prefixes)
        record(desk, example, [timedelta(hours=age) for age in hours], prefix)
        all_of(desk)
        gone = [at is not None for at in trimmed(desk, prefix).values()]
        assert gone == [timedelta(hours=age) > KEPT for age in hours]

    law()
