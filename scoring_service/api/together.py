"""Calls that come at about the same time, answered together.

Between two calls that are answered each by itself the processor runs so much else that it has to
fetch the code of each step anew. A step taken for several calls in a row costs half as much.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

AT_ONCE = 8
"""Calls that are answered in a row, at most: the others wait for them."""

WEIGHT_MAX = 200
"""What these calls may weigh together; one that weighs more is answered by itself."""

TURNS = 8
"""Turns of the event loop without another call after which those that came are answered."""

PATIENCE = 8
"""Calls in a row that nobody joined, after which the next ones are not made to wait any more."""

Answers = Callable[[Sequence[Asked]], Sequence[Answer]]
Waiting = tuple[Asked, asyncio.Future[Answer]]
HandOver = Callable[[Sequence[Waiting[Asked, Answer]]], None]
"""Takes a few calls, each with the future that its caller waits for: given its answer now or later.
It raises nothing.
"""


def each_answered(
    answers: Answers[Asked, Answer], asked: Sequence[Asked]
) -> list[Answer | Exception]:
    """What `answers` makes of all at once; where it raises, of each alone, or what it raises."""
    try:
        return list(answers(asked))
    except Exception as error:
        if len(asked) == 1:
            return [error]
        return [found for one in asked for found in each_answered(answers, (one,))]


def first_few(
    weights: Sequence[int], count_max: int = AT_ONCE, weight_max: int = WEIGHT_MAX
) -> int:
    """How many are answered at once, from the first on.

    >>> first_few([20] * 9), first_few([150, 60, 10]), first_few([500, 1])
    (8, 1, 1)
    """
    fitting = (total <= weight_max for total in accumulate(weights[:count_max]))
    return max(1, sum(fitting))


class Gathered(Generic[Asked, Answer]):
    """Gathers calls for some turns of the event loop and hands a few over at once.

    A call that others seldom join is handed over in the next turn.
    """

    def __init__(
        self,
        hand_over: HandOver[Asked, Answer],
        weight: Callable[[Asked], int],
        count_max: int = AT_ONCE,
        weight_max: int = WEIGHT_MAX,
    ) -> None:
        self._hand_over, self._weight = hand_over, weight
        self._count_max, self._weight_max = count_max, weight_max
        self._waiting: list[Waiting[Asked, Answer]] = []
        self._turns = self._patience = 0

    def put(self, asked: Asked) -> asyncio.Future[Answer]:
        """The answer to one call, some time."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._turn, loop)
        self._waiting.append((asked, answer))
        self._turns = TURNS if self._patience else 0
        return answer

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._turns and len(self._waiting) < self._count_max:
            self._turns -= 1
            loop.call_soon(self._turn, loop)
            return
        few = self._taken()
        if self._waiting:
            loop.call_soon(self._turn, loop)
        self._hand_over(few)

    def _taken(self) -> list[Waiting[Asked, Answer]]:
        """Those whose turn it is; who went away is not answered."""
        waiting = [one for one in self._waiting if not one[1].done()]
        weights = [self._weight(asked) for asked, _ in waiting[: self._count_max]]
        count = first_few(weights, self._count_max, self._weight_max)
        few, self._waiting = waiting[:count], waiting[count:]
        self._patience = PATIENCE if len(few) > 1 else max(self._patience - 1, 0)
        return few


class Together(Generic[Asked, Answer]):
    """Has a few of the calls that come at about the same time answered at once."""

    def __init__(self, answers: Answers[Asked, Answer], weight: Callable[[Asked], int]) -> None:
        self._answers = answers
        self._gathered = Gathered[Asked, Answer](self._answer, weight)

    async def ask(self, asked: Asked) -> Answer:
        """The answer to one call; raises what `answers` raises for it."""
        return await self._gathered.put(asked)

    def _answer(self, few: Sequence[Waiting[Asked, Answer]]) -> None:
        found = each_answered(self._answers, [asked for asked, _ in few])
        for (_, answer), one in zip(few, found, strict=True):
            if isinstance(one, Exception):
                answer.set_exception(one)
            else:
                answer.set_result(one)
