"""Calls that come at about the same time are answered together, and each as if it were alone."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.api.together import (
    AT_ONCE,
    PATIENCE,
    TURNS,
    WEIGHT_MAX,
    Gathered,
    Together,
    each_answered,
    first_few,
)


class Doubling:
    """Doubles numbers; knows which it was asked for at once. Refuses those above 100."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.asked.append(list(numbers))
        for number in numbers:
            if number > 100:
                raise ValueError(f"{number} is too much")
        return [2 * number for number in numbers]


def light(number: int) -> int:
    return 1


async def at_the_same_time(together: Together[int, int], numbers: Sequence[int]) -> list[object]:
    asking = [together.ask(number) for number in numbers]
    return list(await asyncio.gather(*asking, return_exceptions=True))


async def test_calls_that_come_at_the_same_time_are_answered_at_once() -> None:
    doubling = Doubling()
    assert await at_the_same_time(Together(doubling, light), [1, 2, 3]) == [2, 4, 6]
    assert doubling.asked == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("calls", "few"),
    [
        pytest.param(AT_ONCE, [AT_ONCE], id="as-many-as-are-answered-at-once"),
        pytest.param(AT_ONCE + 1, [AT_ONCE, 1], id="one-more-has-the-next-turn"),
        pytest.param(3 * AT_ONCE - 1, [AT_ONCE, AT_ONCE, AT_ONCE - 1], id="many-more"),
    ],
)
async def test_never_more_than_a_few_are_answered_at_once(calls: int, few: list[int]) -> None:
    doubling = Doubling()
    found = await at_the_same_time(Together(doubling, light), range(calls))
    assert found == [2 * i for i in range(calls)]
    assert [len(asked) for asked in doubling.asked] == few


@pytest.mark.parametrize(
    ("weights", "few"),
    [
        pytest.param([WEIGHT_MAX], 1, id="one-as-heavy-as-may-be"),
        pytest.param([WEIGHT_MAX + 1, 1], 1, id="one-that-is-heavier-goes-alone"),
        pytest.param([WEIGHT_MAX - 1, 1, 1], 2, id="as-many-as-weigh-no-more"),
        pytest.param([0] * (AT_ONCE + 3), AT_ONCE, id="light-ones-by-their-number"),
        pytest.param([1, WEIGHT_MAX], 1, id="the-next-would-be-too-heavy"),
    ],
)
def test_heavy_calls_are_fewer_at_once(weights: list[int], few: int) -> None:
    assert first_few(weights) == few


@given(st.lists(st.integers(0, 2 * WEIGHT_MAX), min_size=1, max_size=3 * AT_ONCE))
def test_the_few_are_the_longest_beginning_that_may_be(weights: list[int]) -> None:
    few = first_few(weights)
    fits = [
        n for n in range(2, AT_ONCE + 1) if n <= len(weights) and sum(weights[:n]) <= WEIGHT_MAX
    ]
    assert few == max(fits, default=1)


@given(st.lists(st.integers(0, 200), max_size=12))
def test_each_is_answered_as_if_it_were_alone(numbers: list[int]) -> None:
    found = each_answered(Doubling(), numbers)
    alone = [each_answered(Doubling(), [number])[0] for number in numbers]
    assert [*map(repr, found)] == [*map(repr, alone)]


def test_where_none_is_wrong_all_are_answered_in_one_go() -> None:
    doubling = Doubling()
    assert each_answered(doubling, [1, 2]) == [2, 4]
    assert doubling.asked == [[1, 2]]


async def test_a_call_that_fails_fails_alone() -> None:
    one, bad, other = await at_the_same_time(Together(Doubling(), light), [1, 101, 3])
    assert (one, other) == (2, 6)
    assert isinstance(bad, ValueError)
    assert str(bad) == "101 is too much"


async def test_who_went_away_is_not_answered_and_keeps_nobody_waiting() -> None:
    doubling = Doubling()
    together = Together(doubling, light)
    gone = asyncio.create_task(together.ask(1))
    stays = asyncio.create_task(together.ask(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 4
    assert gone.cancelled()
    assert doubling.asked == [[2]]


async def test_when_all_went_away_the_next_is_answered_still() -> None:
    doubling = Doubling()
    together = Together(doubling, light)
    gone = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0)
    gone.cancel()
    for _ in range(2 * TURNS):
        await asyncio.sleep(0)
    assert await together.ask(2) == 4
    assert doubling.asked[-1] == [2]


async def turns_until_answered(together: Together[int, int]) -> int:
    answer = asyncio.create_task(together.ask(1))
    turns = 0
    while not answer.done():
        await asyncio.sleep(0)
        turns += 1
    return turns


async def test_a_call_that_others_seldom_join_is_not_made_to_wait() -> None:
    together = Together(Doubling(), light)
    assert await turns_until_answered(together) < TURNS
    await at_the_same_time(together, [1, 2])
    waited = [await turns_until_answered(together) for _ in range(PATIENCE + 2)]
    assert all(turns > TURNS for turns in waited[:PATIENCE])
    assert all(turns < TURNS for turns in waited[PATIENCE:])


async def test_who_comes_a_little_later_is_waited_for() -> None:
    doubling = Doubling()
    together = Together(doubling, light)
    await at_the_same_time(together, [1, 2])
    first = asyncio.create_task(together.ask(3))
    for _ in range(TURNS // 2):
        await asyncio.sleep(0)
    assert await together.ask(4) == 8
    assert await first == 6
    assert doubling.asked[-1] == [3, 4]


async def handed_over(weights: Sequence[int], count_max: int, weight_max: int) -> list[list[int]]:
    """What is handed over at once of calls that come at the same time; each is answered later."""
    few: list[list[int]] = []
    waiting: list[asyncio.Future[int]] = []

    def take(handed: Sequence[tuple[int, asyncio.Future[int]]]) -> None:
        few.append([asked for asked, _ in handed])
        waiting.extend(answer for _, answer in handed)

    gathered = Gathered[int, int](take, lambda weight: weight, count_max, weight_max)
    answers = [gathered.put(weight) for weight in weights]
    while len(waiting) < len(weights):
        await asyncio.sleep(0)
    assert waiting == answers, "as they came, each with the future that its caller waits for"
    assert not any(answer.done() for answer in answers)
    return few


@pytest.mark.parametrize(
    ("weights", "few"),
    [
        pytest.param([1], [[1]], id="one"),
        pytest.param([1, 2, 3, 4], [[1, 2, 3], [4]], id="three-by-number"),
        pytest.param([9, 2, 8, 1], [[9], [2, 8], [1]], id="ten-by-weight"),
        pytest.param([11, 1], [[11], [1]], id="one-too-heavy-goes-alone"),
    ],
)
async def test_calls_are_handed_over_a_few_at_once(
    weights: list[int], few: list[list[int]]
) -> None:
    assert await handed_over(weights, 3, 10) == few
