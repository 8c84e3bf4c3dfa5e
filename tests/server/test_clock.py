"""Time and chance as the process makes them."""

from concurrent.futures import ThreadPoolExecutor
from os import _exit, close, fork, pipe, waitpid, write
from time import sleep, time
from uuid import RFC_4122, UUID

from scoring_service.server.clock import IDS_AT_ONCE, new_id


def chance_of(made: str) -> str:
    """An id without its millisecond."""
    return made[14:]


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = [UUID(new_id()) for _ in range(200)]
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}


def test_no_id_is_made_twice() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_threads_make_no_id_twice() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = [*threads.map(lambda _: [new_id() for _ in range(3_000)], range(4))]
    assert len({one for each in made for one in each}) == 12_000


def test_a_process_that_is_forked_off_makes_none_of_ours() -> None:
    ours = {chance_of(new_id())}
    reading, writing = pipe()
    child = fork()
    if child == 0:
        write(writing, " ".join(new_id() for _ in range(2 * IDS_AT_ONCE)).encode())
        _exit(0)
    close(writing)
    with open(reading) as told:
        theirs = {chance_of(made) for made in told.read().split()}
    assert waitpid(child, 0)[1] == 0
    ours |= {chance_of(new_id()) for _ in range(2 * IDS_AT_ONCE)}
    assert len(theirs) == 2 * IDS_AT_ONCE
    assert not ours & theirs


def test_all_digits_of_chance_come_up() -> None:
    places = list(zip(*(chance_of(new_id()) for _ in range(500)), strict=True))
    assert [len(set(place)) for place in places] == [1, 16, 16, 16, 1, 4, 16, 16, 16, 1, *[16] * 12]


def test_an_id_of_a_later_millisecond_sorts_behind() -> None:
    earlier = new_id()
    sleep(0.002)
    assert earlier < new_id()


def test_an_id_begins_with_its_millisecond() -> None:
    before = int(time() * 1000)
    made = UUID(new_id()).int >> 80
    assert before <= made <= int(time() * 1000) + 1
