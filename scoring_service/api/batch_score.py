"""Many leads scored in slices, so that other calls are answered between them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from leadscoring.v1 import scoring_pb2

from scoring_service.api.convert_score import score_encoded
from scoring_service.api.encoding import LENGTH, delimited, tag_of
from scoring_service.api.status import status_of
from scoring_service.api.surround import Call
from scoring_service.values.errors import DeadlineExceeded, Refusal
from scoring_service.values.score import Score

SLICE_SECONDS = 0.002
"""How long leads are scored without a look at other calls."""

PAUSE_SECONDS = 0.004
"""How long a batch stands back between slices while calls wait to be stored: the writer's thread
needs the interpreter too, and gives it up at each statement.
"""

_RESULTS = tag_of(scoring_pb2.BatchScoreResponse.DESCRIPTOR, "results", LENGTH)
_SCORE = tag_of(scoring_pb2.BatchScoreResult.DESCRIPTOR, "score", LENGTH)

ScoreOne = Callable[[scoring_pb2.ScoreRequest], Awaitable[Score]]


async def scored_in_slices(
    items: Sequence[scoring_pb2.ScoreRequest],
    score: ScoreOne,
    call: Call,
    monotonic: Callable[[], float],
    others_wait: Callable[[], bool] = lambda: False,
) -> bytes:
    """The reply to a batch: a score or a status for each item, in order."""
    results, began = [], monotonic()
    for item in items:
        results.append(delimited(_RESULTS, await _result(item, score, call)))
        if monotonic() - began >= SLICE_SECONDS:
            await asyncio.sleep(PAUSE_SECONDS if others_wait() else 0)
            began = monotonic()
            if began > call.deadline:
                raise DeadlineExceeded("not all scored in time; send fewer leads at once")
    return b"".join(results)


async def _result(item: scoring_pb2.ScoreRequest, score: ScoreOne, call: Call) -> bytes:
    try:
        return delimited(_SCORE, score_encoded(await score(item)))
    except Refusal as refusal:
        error: Exception = refusal
    except Exception as unexpected:  # neighbours are scored all the same; the log has it
        call.error = error = unexpected
    return scoring_pb2.BatchScoreResult(error=status_of(error)).SerializeToString()
