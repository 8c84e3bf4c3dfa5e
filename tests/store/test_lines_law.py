"""Nobody overtakes: whatever comes and goes in a batch, a line is what a sorted list would be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.store.database import Database, open_database
from scoring_service.values.stored import QueuePlace
from tests.store.conftest import MONDAY

FEW = settings(max_examples=60)
"""Enough that heads of lines are cut, taken and filled up again."""

POOLS = ("east", "west")
PEOPLE = 24


class Move(NamedTuple):
    """One unit of a batch: somebody joins a pool or leaves, and then the lines are looked at."""

    who: int
    joins: bool
    pool: str
    minutes_ago: int
    looks_at: int
    fails: bool


MOVES = st.lists(
    st.builds(
        Move,
        st.integers(0, PEOPLE - 1),
        st.booleans(),
        st.sampled_from(POOLS),
        st.integers(0, 5),
        st.integers(0, 4),
        st.integers(0, 3).map(lambda one_in_four: one_in_four == 0),
    ),
    max_size=16,
)
STARTS = st.dictionaries(
    st.integers(0, PEOPLE - 1), st.tuples(st.sampled_from(POOLS), st.integers(0, 5)), min_size=16
)
"""So many that a head is not the whole line."""

Places = dict[int, tuple[str, int, int]]
"""Of everybody who waits his pool, his instant in minutes before, and his number."""


class Twin:
    """The slow twin: a dictionary, sorted whenever somebody looks."""

    def __init__(self, places: Places, numbered: int) -> None:
        self.places, self.numbered = places, numbered

    def moved(self, move: Move) -> "Twin":
        """After a move; who joins where he waits since that instant keeps his number."""
        places, numbered = dict(self.places), self.numbered
        if not move.joins:
            places.pop(move.who, None)
            return Twin(places, numbered)
        before = places.get(move.who)
        number = before[2] if before and before[:2] == (move.pool, move.minutes_ago) else None
        if number is None:
            numbered += 1
            number = numbered
        places[move.who] = move.pool, move.minutes_ago, number
        return Twin(places, numbered)

    def line(self, pools: tuple[str, ...], at_most: int) -> tuple[int, list[str]]:
        """How many wait for these pools, and the first of them."""
        found = [
            (-ago, number, who) for who, (pool, ago, number) in self.places.items() if pool in pools
        ]
        return len(found), [f"l{who:02}" for _, _, who in sorted(found)][:at_most]

    def pools(self) -> tuple[str, ...]:
        """Pools somebody waits for, by the oldest place."""
        oldest = {pool: max(ago for one, ago, _ in self.places.values() if one == pool)
                  for pool in {pool for pool, _, _ in self.places.values()}}  # fmt: skip
        return tuple(sorted(oldest, key=lambda pool: (-oldest[pool], pool)))

    def seen(self, at_most: int) -> Any:
        """All that a look shows."""
        east, west = (self.line((pool,), at_most) for pool in POOLS)
        return self.line(POOLS, at_most), east, west, self.pools()


def seen(tx: Any, at_most: int) -> Any:
    def line(*pools: str) -> tuple[int, list[str]]:
        count, places = tx.waiting(pools, at_most)
        return count, [place.lead_id for place in places]

    return line(*POOLS), line(POOLS[0]), line(POOLS[1]), tx.oldest_waiting_pools()


def moving(move: Move) -> Callable[[Any], Any]:
    """The unit of a move: what it sees then, unless it fails."""
    lead_id = f"l{move.who:02}"

    def unit(tx: Any) -> Any:
        if move.joins:
            at = MONDAY - timedelta(minutes=move.minutes_ago)
            tx.enqueue(QueuePlace(move.pool, lead_id, at, 0))
        else:
            tx.leave_queue(lead_id)
        found = seen(tx, move.looks_at)
        if move.fails:
            raise ValueError(found)
        return found

    return unit


def test_a_line_is_what_a_sorted_list_of_those_who_wait_would_be(
    new_sqlite_store: Callable[[], str], desk_on: Callable[[Database], Any], example: Any
) -> None:
    desk = desk_on(open_database(new_sqlite_store()))
    everybody = [example.lead(f"l{who:02}") for who in range(PEOPLE)]
    desk.do(lambda tx: [tx.save_lead(lead) for lead in everybody])

    @FEW
    @given(STARTS, MOVES)
    def law(starts: dict[int, tuple[str, int]], moves: list[Move]) -> None:
        desk.do(lambda tx: [tx.leave_queue(lead.lead.lead_id) for lead in everybody])
        twin = Twin({}, 0)
        places = [Move(who, True, pool, ago, 0, False) for who, (pool, ago) in starts.items()]
        desk.run(*map(moving, places))
        for start in places:
            twin = twin.moved(start)
        wanted = []
        for move in moves:
            after = twin.moved(move)
            wanted.append(after.seen(move.looks_at))
            twin = twin if move.fails else after
        found = desk.run(*map(moving, moves), lambda tx: seen(tx, PEOPLE))
        came_to = [one.args[0] if isinstance(one, ValueError) else one for one in found]
        assert came_to == [*wanted, twin.seen(PEOPLE)]
        assert desk.do(lambda tx: seen(tx, PEOPLE)) == twin.seen(PEOPLE)

    law()
