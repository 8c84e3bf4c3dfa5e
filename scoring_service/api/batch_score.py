"""Many leads scored in slices, so that other calls are answered between them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence

from leadscoring.v1 import scoring_pb2

from scoring_service.api.encoding import LENGTH, delimited, tag_of
from scoring_service.api.status import status_of
from scoring_service.api.surround import Call
from scoring_service.api.together import first_few
from scoring_service.values.errors import DeadlineExceeded, Refusal

SLICE_SECONDS = 0.002
"""How long leads are scored without a look at other calls, but for the handful under way."""

HANDFUL = 25
"""Leads that are scored in a row, at most: more than of calls, for nobody waits to be joined."""

WEIGHT_MAX = 600
"""Activities that these leads may have together; a lead that has more is scored by itself."""

PAUSE_SECONDS = 0.004
"""How long a batch stands back between slices while calls wait to be stored: the writer's thread
needs the interpreter too, and gives it up at each statement.
"""

_RESULTS = tag_of(scoring_pb2.BatchScoreResponse.DESCRIPTOR, "results", LENGTH)
_SCORE = tag_of(scoring_pb2.BatchScoreResult.DESCRIPTOR, "score", LENGTH)

Item = scoring_pb2.ScoreRequest
Scores = Callable[[Sequence[Item]], Awaitable[Sequence[bytes | Exception]]]
"""The encoded scores of a few items, or why there is none."""


async def scored_in_slices(
    items: Sequence[Item],
    scores: Scores,
    call: Call,
    monotonic: Callable[[], float],
    others_wait: Callable[[], bool] = lambda: False,
) -> bytes:
    """The reply to a batch: a score or a status for each item, in order."""
    results, began = [], monotonic()
    for few in _few(items):
        results += [delimited(_RESULTS, _result(found, call)) for found in await scores(few)]
        if monotonic() - began >= SLICE_SECONDS:
            await asyncio.sleep(PAUSE_SECONDS if others_wait() else 0)
            began = monotonic()
            if began > call.deadline:
                raise DeadlineExceeded("not all scored in time; send fewer leads at once")
    return b"".join(results)


def _few(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    left = list(items)
    while left:
        count = first_few([len(item.activities) for item in left[:HANDFUL]], HANDFUL, WEIGHT_MAX)
        yield left[:count]
        del left[:count]


def _result(found: bytes | Exception, call: Call) -> bytes:
    if isinstance(found, bytes):
        return delimited(_SCORE, found)
    if not isinstance(found, Refusal):
        call.error = found
    return scoring_pb2.BatchScoreResult(error=status_of(found)).SerializeToString()
