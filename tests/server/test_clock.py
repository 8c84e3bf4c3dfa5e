"""Time and chance as the process makes them."""

from time import sleep, time
from uuid import RFC_4122, UUID

from scoring_service.server.clock import new_id


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = [UUID(new_id()) for _ in range(200)]
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}


def test_no_id_is_made_twice() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_an_id_of_a_later_millisecond_sorts_behind() -> None:
    earlier = new_id()
    sleep(0.002)
    assert earlier < new_id()


def test_an_id_begins_with_its_millisecond() -> None:
    before = int(time() * 1000)
    made = UUID(new_id()).int >> 80
    assert before <= made <= int(time() * 1000) + 1
