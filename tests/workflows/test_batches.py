"""Units that share a batch give what they give one by one."""

from collections.abc import Callable
from random import Random
from typing import Any

from scoring_service.values.lead import Lead


def requests(desk: Any, demo_request: Any, seed: int) -> list[Any]:
    """Sixty-four requests: new leads, known ones, retries, changed data, an end of contact."""
    chance = Random(seed)
    asked = []
    for i in range(64):
        lead = Lead(
            lead_id=f"l{chance.randrange(40)}",
            employees=chance.choice([None, 5, 50, 500]),
            country=chance.choice([None, "GB", "DE"]),
            source=chance.choice([None, "web"]),
            do_not_contact=True if chance.random() < 0.05 else None,
        )
        acts = (demo_request(f"a{i}"),) if chance.random() < 0.5 else ()
        asked.append(desk.request(lead, activities=acts, request_id=f"r{chance.randrange(60)}"))
    return asked


async def settled(desk: Any, asked: list[Any], size: int) -> list[Any]:
    """What each request came to: its answer, or the type of its refusal."""
    results: list[Any] = []
    for start in range(0, len(asked), size):
        part = await desk.settle(*asked[start : start + size])
        results += [type(r) if isinstance(r, Exception) else r for r in part]
    return results


async def test_batches_of_1_and_of_64_give_equal_results(
    desk_of: Callable[[str], Any], demo_request: Any
) -> None:
    single, batched = desk_of("single"), desk_of("batched")
    for seed in range(3):
        one = await settled(single, requests(single, demo_request, seed), 1)
        many = await settled(batched, requests(batched, demo_request, seed), 64)
        assert one == many
    assert await single.dump() == await batched.dump()


async def test_a_retry_in_the_same_batch_gets_the_first_answer(desk: Any, big: Any) -> None:
    asked = desk.request(big(1), request_id="r")
    first, again = await desk.together(asked, asked)
    assert first.assignment_id == again.assignment_id
    assert [first.replayed, again.replayed] == [False, True]
