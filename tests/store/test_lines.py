"""Who waits for a rep, as units write and read it."""

from typing import Any

import msgspec
import pytest


def join(example: Any, *places: Any) -> Any:
    def unit(tx: Any) -> None:
        for place in places:
            tx.save_lead(example.lead(place.lead_id))
            tx.enqueue(place)

    return unit


def line(tx: Any, *pools: str, limit: int = 64) -> tuple[int, list[str]]:
    count, places = tx.waiting(pools or ("west",), limit)
    return count, [place.lead_id for place in places]


def test_an_empty_line_has_nobody(desk: Any) -> None:
    assert desk.do(line) == (0, [])
    assert desk.do(lambda tx: tx.oldest_waiting_pools()) == ()


def test_who_waits_longest_is_first_and_ties_are_by_arrival(desk: Any, example: Any) -> None:
    ago = {"l1": 5, "l2": 9, "l3": 5, "l4": 7}
    units = [join(example, example.place(lead, minutes_ago=ago[lead])) for lead in ago]
    *_, seen = desk.run(*units, line)
    assert seen == desk.do(line) == (4, ["l2", "l4", "l1", "l3"])
    count, places = desk.reader.waiting("west")
    assert (count, [place.number for place in places]) == (4, [2, 4, 1, 3])


def test_a_place_comes_back_whole(desk: Any, example: Any) -> None:
    place = msgspec.structs.replace(
        example.place("l1"), win_probability=0.25, not_for=("ann", "bob"), revision="r1"
    )
    desk.do(join(example, place))
    numbered = msgspec.structs.replace(place, number=1)
    assert desk.do(lambda tx: tx.waiting(("west",), 1)) == (1, (numbered,))
    assert desk.reader.waiting("west") == (1, (numbered,))


def test_lines_of_several_pools_are_looked_at_as_one(desk: Any, example: Any) -> None:
    places = [
        example.place(f"l{i}", pool=pool, minutes_ago=i) for i, pool in enumerate(["w", "e", "w"])
    ]
    desk.do(join(example, *places))
    assert desk.do(lambda tx: line(tx, "w", "e", "none")) == (3, ["l2", "l1", "l0"])
    assert desk.do(lambda tx: line(tx, "w", "e", limit=1)) == (3, ["l2"])
    assert desk.do(lambda tx: line(tx, "w", "w")) == (2, ["l2", "l0"])


@pytest.mark.parametrize("looked_before", [True, False], ids=["known", "not known yet"])
def test_leaving_and_joining_show_at_once(desk: Any, example: Any, looked_before: bool) -> None:
    desk.do(join(example, *(example.place(f"l{i}", minutes_ago=9 - i) for i in range(5))))

    def change(tx: Any) -> Any:
        seen = [line(tx, limit=2)] if looked_before else []
        tx.leave_queue("l0")
        tx.leave_queue("l3")
        tx.leave_queue("nobody")
        join(example, example.place("l9", minutes_ago=8.5))(tx)
        return [*seen, line(tx, limit=3)][-1]

    assert desk.run(change, line) == [
        (4, ["l9", "l1", "l2"]),
        (4, ["l9", "l1", "l2", "l4"]),
    ]
    assert desk.do(line) == (4, ["l9", "l1", "l2", "l4"])


def test_the_head_of_a_long_line_is_filled_up_as_it_is_taken(desk: Any, example: Any) -> None:
    desk.do(join(example, *(example.place(f"l{i:02}", minutes_ago=99 - i) for i in range(30))))

    def take(tx: Any) -> Any:
        count, (first, *_) = tx.waiting(("west",), 4)
        tx.leave_queue(first.lead_id)
        return count, first.lead_id

    taken = desk.run(*[take] * 12, line)
    assert taken[:12] == [(30 - i, f"l{i:02}") for i in range(12)]
    assert taken[12] == (18, [f"l{i:02}" for i in range(12, 30)])


def test_a_lead_may_move_to_another_pool(desk: Any, example: Any) -> None:
    desk.do(join(example, example.place("l1"), example.place("l2")))

    def move(tx: Any) -> Any:
        tx.enqueue(example.place("l1", pool="east"))
        return line(tx), line(tx, "east")

    assert (
        desk.run(move, lambda tx: (line(tx), line(tx, "east")))
        == [
            ((1, ["l2"]), (1, ["l1"])),
        ]
        * 2
    )


def test_who_joins_again_at_the_same_instant_keeps_his_number(desk: Any, example: Any) -> None:
    first, second = example.place("l1"), example.place("l2")
    again = msgspec.structs.replace(first, not_for=("ann",), revision="r2")
    desk.do(join(example, first, second))
    desk.do(join(example, again))
    assert desk.do(line) == (2, ["l1", "l2"])
    desk.do(join(example, example.place("l1", minutes_ago=-1), example.place("l1")))
    assert desk.do(line) == (2, ["l2", "l1"])


def test_pools_are_by_their_oldest_place_then_by_name(desk: Any, example: Any) -> None:
    ago = {"b": 5, "a": 5, "c": 9, "d": 1}
    places = [example.place(f"of {pool}", pool=pool, minutes_ago=m) for pool, m in ago.items()]

    def pools(tx: Any) -> Any:
        return tx.oldest_waiting_pools()

    def end(tx: Any) -> Any:
        before = pools(tx)
        tx.leave_queue("of c")
        join(example, example.place("new", pool="d", minutes_ago=7))(tx)
        return before, pools(tx)

    was, is_now = ("c", "a", "b", "d"), ("d", "a", "b")
    seen = desk.run(pools, join(example, *places), pools, end, pools)
    assert seen == [(), None, was, (was, is_now), is_now]
    assert desk.do(pools) == is_now


def test_numbers_of_dropped_units_are_given_again(desk: Any, example: Any) -> None:
    def fails(tx: Any) -> None:
        join(example, example.place("l1"))(tx)
        raise ValueError

    desk.run(fails, join(example, example.place("l2")))
    assert desk.reader.waiting("west")[1][0].number == 1
