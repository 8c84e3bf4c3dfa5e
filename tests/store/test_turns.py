"""Turns, limits and timers, as units write and read them."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.domain.routing.rotation import Entrant, apply, draw, give_back
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stored import Credit, Rotation, Timer


def take_turn(tx: Any, *reps: str) -> str:
    """A turn of the pool west among these reps; who got it."""
    rotation = tx.rotation("west")
    known = {credit.rep_id: credit for credit in rotation.credits}
    places = [known.get(rep, Credit(rep)) for rep in reps]
    entrants = [Entrant(p.rep_id, credit=p.credit, last_draw=p.last_draw) for p in places]
    made = draw("west", rotation.draws + 1, entrants)
    tx.save_rotation(rotation, apply(rotation, made))
    tx.record_draw(made, f"decision {made.number}", f"l{made.number}")
    return made.winner


def test_a_pool_that_never_drew_has_an_empty_rotation(desk: Any) -> None:
    assert desk.do(lambda tx: tx.rotation("west")) == Rotation("west")


@pytest.mark.parametrize("batches", [1, 6], ids=["in one batch", "each in a batch"])
def test_turns_go_round(desk: Any, batches: int) -> None:
    units = [lambda tx: take_turn(tx, "cat", "ann", "bob")] * 6
    size = len(units) // batches
    winners = [w for i in range(batches) for w in desk.run(*units[i * size : i * size + size])]
    assert winners == ["ann", "bob", "cat"] * 2
    rotation = desk.do(lambda tx: tx.rotation("west"))
    assert [credit.rep_id for credit in rotation.credits] == ["ann", "bob", "cat"]
    assert (rotation.draws, sum(credit.credit for credit in rotation.credits)) == (6, 0)


def test_several_turns_in_one_unit_follow_one_another(desk: Any) -> None:
    assert desk.do(lambda tx: [take_turn(tx, "ann", "bob") for _ in range(4)]) == [
        "ann",
        "bob",
        "ann",
        "bob",
    ]


def test_a_rotation_can_only_follow_the_one_that_stands(desk: Any) -> None:
    desk.session.begin()
    tx = desk.session.batch(desk.now, desk.new_id).transaction()
    stale = Rotation("west", (Credit("ann", 1, 1),), 1)
    with pytest.raises(AssertionError, match="not the stored one"):
        tx.save_rotation(stale, stale)
    desk.session.rollback()


def test_a_draw_is_kept_with_what_each_gained(desk: Any) -> None:
    def write(tx: Any) -> Any:
        take_turn(tx, "ann", "bob")
        return tx.draw("west", 1)

    own, next_unit = desk.run(write, lambda tx: tx.draw("west", 1))
    made = draw("west", 1, [Entrant("ann"), Entrant("bob")])
    assert own == next_unit == made == desk.do(lambda tx: tx.draw("west", 1))
    assert desk.do(lambda tx: tx.draw("west", 2)) is None


@pytest.mark.parametrize("together", [True, False], ids=["in one unit", "in two batches"])
def test_a_turn_given_back_is_undone_once(desk: Any, example: Any, together: bool) -> None:
    def give(tx: Any) -> str:
        tx.save_lead(example.lead())
        tx.record_assignment(example.assignment("s1", pool="west", draw_number=1))
        return take_turn(tx, "ann", "bob")

    def undo(tx: Any) -> Any:
        made, rotation = tx.draw("west", 1), tx.rotation("west")
        tx.save_rotation(rotation, give_back(rotation, made))
        tx.end_assignment("s1", "rejected", True)
        return tx.draw("west", 1)

    if together:
        assert desk.do(lambda tx: (give(tx), undo(tx))) == ("ann", None)
    else:
        desk.do(give)
        assert desk.do(undo) is None
    assert desk.do(lambda tx: tx.draw("west", 1)) is None
    rotation = desk.do(lambda tx: tx.rotation("west"))
    assert rotation == Rotation("west", (Credit("ann", 0, 1), Credit("bob", 0, 0)), 1)


def given(example: Any, assignment_id: str, hours_ago: float = 0, **fields: Any) -> Any:
    at = example.now - timedelta(hours=hours_ago)

    def unit(tx: Any) -> int:
        tx.save_lead(example.lead())
        tx.record_assignment(example.assignment(assignment_id, assigned_at=at, **fields))
        return int(tx.taken_since("ann", example.now - timedelta(hours=2), 10))

    return unit


def test_taken_are_those_since_the_instant_itself(desk: Any, example: Any) -> None:
    units = [
        given(example, "s1", hours_ago=3),
        given(example, "s2", hours_ago=2),
        given(example, "s3"),
        given(example, "s4", rep_id="bob"),
        given(example, "s5", owner=QueueOwner("ann")),
    ]
    assert desk.run(*units) == [0, 1, 2, 2, 2]
    since = desk.now - timedelta(hours=2)
    assert desk.do(lambda tx: tx.taken_since("ann", since, 10)) == 2


def test_taken_is_counted_no_further_than_asked(desk: Any, example: Any) -> None:
    since = desk.now - timedelta(hours=1)
    more = [given(example, f"s{i}") for i in range(5)]
    desk.run(*more)
    counts = [lambda tx, m=m: tx.taken_since("ann", since, m) for m in (3, 10, 1, 0, 5)]
    assert desk.run(*counts) == [3, 5, 1, 0, 5]


@pytest.mark.parametrize("asked_before", [True, False], ids=["known", "not known yet"])
@pytest.mark.parametrize("one_unit", [True, False], ids=["own", "an earlier unit's"])
def test_what_is_given_back_counts_no_more(
    desk: Any, example: Any, asked_before: bool, one_unit: bool
) -> None:
    since = desk.now - timedelta(hours=1)
    desk.run(*(given(example, f"s{i}") for i in range(4)))

    def count(tx: Any) -> int:
        return int(tx.taken_since("ann", since, 2))

    def back(tx: Any) -> bool:
        for i in range(3):
            tx.end_assignment(f"s{i}", "rejected", True)
        tx.end_assignment("s0", "rejected", True)
        return True

    before = [count] if asked_before else []
    if one_unit:
        assert desk.run(*before, lambda tx: back(tx) and count(tx))[-1] == 1
    else:
        assert desk.run(*before, back, count)[-1] == 1
    assert desk.do(count) == 1


def test_an_assignment_made_and_given_back_in_one_batch_never_counted(
    desk: Any, example: Any
) -> None:
    since = desk.now

    def back(tx: Any) -> int:
        tx.end_assignment("s1", "rejected", True)
        return int(tx.taken_since("ann", since, 5))

    counted = desk.run(lambda tx: tx.taken_since("ann", since, 5), given(example, "s1"), back)
    assert counted == [0, 1, 0]
    assert desk.do(lambda tx: tx.taken_since("ann", since, 5)) == 0


@pytest.mark.parametrize(
    ("owner", "back", "left"),
    [
        pytest.param(RepOwner("ann"), True, 1, id="given back by the rep"),
        pytest.param(RepOwner("ann"), False, 2, id="ended, and not given back"),
        pytest.param(RepOwner("bob"), True, 2, id="given back by another"),
        pytest.param(QueueOwner("ann"), True, 2, id="taken from a queue of his name"),
    ],
)
def test_what_ends_counts_on_unless_its_own_rep_gives_it_back(
    desk: Any, example: Any, owner: Any, back: bool, left: int
) -> None:
    ann = RepOwner("ann")
    others = [owner, ann] if owner == ann else [owner, ann, ann]
    desk.run(*(given(example, f"s{n}", owner=one) for n, one in enumerate(others)))

    def count(tx: Any) -> int:
        return int(tx.taken_since("ann", example.now, 9))

    def end(tx: Any) -> int:
        tx.end_assignment("s0", "rejected", back)
        return count(tx)

    assert desk.run(count, end, count) == [2, left, left]
    assert desk.do(count) == left


def test_an_assignment_that_was_given_back_before_it_came_here_is_no_turn_taken(
    desk: Any, example: Any
) -> None:
    """As one that is imported with how it ended."""
    assert desk.run(given(example, "s1", given_back=True), given(example, "s2")) == [0, 1]


def test_a_timer_is_one_a_kind_and_subject(desk: Any) -> None:
    first = Timer("drain", "west", desk.now, "r1")
    later = Timer("drain", "west", desk.now + timedelta(hours=1), "r2", attempts=3)
    other = Timer("review", "west", desk.now + timedelta(days=1), "r1")

    def write(tx: Any) -> Any:
        for timer in (first, other, later):
            tx.set_timer(timer)
        return tx.timer("drain", "west"), tx.timer("drain", "east")

    assert desk.run(write, lambda tx: tx.timer("review", "west")) == [(later, None), other]
    assert desk.do(lambda tx: tx.timer("drain", "west")) == later
    assert desk.reader.next_due() == later.due_at
    assert desk.reader.due_timers(later.due_at) == (later,)
    assert desk.reader.failed_timers() == (later,)


def test_a_cleared_timer_is_gone_whatever_was_set_before(desk: Any) -> None:
    timer = Timer("drain", "west", desk.now, "r1")

    def set_and_clear(tx: Any) -> Any:
        tx.set_timer(timer)
        tx.clear_timer("drain", "west")
        return tx.timer("drain", "west")

    assert desk.do(set_and_clear) is None
    assert desk.reader.next_due() is None
    desk.do(lambda tx: tx.set_timer(timer))
    cleared = desk.run(lambda tx: tx.clear_timer("drain", "west"), lambda tx: tx.set_timer(timer))
    assert cleared == [None, None]
    assert desk.do(lambda tx: tx.timer("drain", "west")) == timer
    desk.do(lambda tx: tx.clear_timer("drain", "west"))
    assert desk.reader.next_due() is None


def test_a_unit_says_what_it_armed_and_which_due_timer_it_saw(desk: Any) -> None:
    timers = [
        Timer("drain", str(hours), desk.now + timedelta(hours=hours), "r1") for hours in (2, 1)
    ]
    desk.do(lambda tx: tx.set_timer(Timer("drain", "due", desk.now, "r1")))

    def arm(tx: Any) -> Any:
        seen = [(tx.armed, tx.due)]
        tx.timer("drain", "due")
        for timer in timers:
            tx.set_timer(timer)
            tx.timer("drain", timer.subject)
        return [*seen, (tx.armed, tx.due)]

    assert desk.do(arm) == [
        (None, None),
        (timers[1].due_at, Timer("drain", "due", desk.now, "r1")),
    ]


def test_a_turn_undone_after_it_was_sent_is_undone_in_the_store(desk: Any, example: Any) -> None:
    """The credits are again what they were when the batch read them, and not what it has sent."""
    desk.do(lambda tx: take_turn(tx, "ann", "bob"))
    before = desk.do(lambda tx: tx.rotation("west"))

    def undo(tx: Any) -> None:
        tx.owners_not_reps()
        rotation = tx.rotation("west")
        tx.save_rotation(rotation, give_back(rotation, tx.draw("west", 2)))

    desk.run(lambda tx: take_turn(tx, "ann", "bob"), undo)
    after = desk.do(lambda tx: tx.rotation("west"))
    credits = [(credit.rep_id, credit.credit) for credit in after.credits]
    assert credits == [(credit.rep_id, credit.credit) for credit in before.credits]
