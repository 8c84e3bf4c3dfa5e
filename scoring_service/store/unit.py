"""A unit of work that waits for the writer, and the way its answer goes back to its caller."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.stored import Keys

Work: TypeAlias = Callable[[Transaction, Policy, datetime], Any]


class Unit:
    """One caller's work. `policy` is given only by an activation, which is a batch of its own.

    `deadline` is on the scale of time.monotonic; None never passes. `future` is where a caller
    waits already, by default a new one of the running loop. `told` makes of a result what the
    caller is answered, in a row for all of a batch, on the event loop.
    """

    __slots__ = ("deadline", "future", "keys", "loop", "policy", "told", "work")

    def __init__(
        self,
        work: Work,
        keys: Keys,
        deadline: float | None = None,
        policy: Policy | None = None,
        *,
        future: asyncio.Future[Any] | None = None,
        told: Callable[[Any], Any] | None = None,
    ) -> None:
        self.work, self.keys, self.deadline, self.policy = work, keys, deadline, policy
        self.future = future or asyncio.get_running_loop().create_future()
        self.loop = self.future.get_loop()
        self.told = told


class Answer(NamedTuple):
    """What a unit came to: a result, or the error that only its caller gets."""

    unit: Unit
    result: Any
    error: Exception | None = None


def send(answers: Iterable[Answer]) -> None:
    """Hand answers over to the event loops of their callers, in one go a loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Answer]] = {}
    for answer in answers:
        by_loop.setdefault(answer.unit.loop, []).append(answer)
    for loop, mine in by_loop.items():
        try:
            loop.call_soon_threadsafe(_answer, mine)
        except RuntimeError:  # the loop is closed: nobody is there to be answered
            assert loop.is_closed()


def _answer(answers: list[Answer]) -> None:
    """Runs on the event loop; a caller who has gone has a future that is done."""
    waited_for = [answer for answer in answers if not answer.unit.future.done()]
    for unit, result, error in [*map(_told, waited_for)]:
        if error is None:
            unit.future.set_result(result)
        else:
            unit.future.set_exception(error)


def _told(answer: Answer) -> Answer:
    unit, result, error = answer
    if error is not None or unit.told is None:
        return answer
    try:
        return Answer(unit, unit.told(result))
    except Exception as mistake:  # neighbours are answered all the same
        return Answer(unit, None, mistake)
