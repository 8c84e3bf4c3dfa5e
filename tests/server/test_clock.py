"""Time and chance as the process makes them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from os import _exit, close, fork, pipe, waitpid, write
from time import sleep, time
from uuid import RFC_4122, UUID

from scoring_service.server.clock import IDS_AT_ONCE, call_ids, measure_lag, new_id, now


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


def test_now_is_aware_and_utc() -> None:
    assert now().utcoffset() is not None
    assert not now().utcoffset()
    assert abs(now().timestamp() - time()) < 60


def test_calls_are_numbered_in_the_order_of_their_coming_and_apart_from_other_processes() -> None:
    ours, theirs = call_ids(), call_ids()
    first, second = ours(), ours()
    process, _, number = first.partition("-")
    assert (number, second) == ("1", f"{process}-2")
    assert len(process) == 12
    assert int(process, 16) >= 0
    assert not theirs().startswith(process)


async def test_a_loop_that_is_held_up_is_late_by_that() -> None:
    seen: list[float] = []
    measuring = asyncio.create_task(measure_lag(seen.append))
    await asyncio.sleep(0)
    sleep(0.75)  # somebody keeps the loop for three looks
    async with asyncio.timeout(10):
        while len(seen) < 2:
            await asyncio.sleep(0.01)
    measuring.cancel()
    with suppress(asyncio.CancelledError):
        await measuring
    assert seen[0] >= 0.45
    assert seen[1] >= 0
