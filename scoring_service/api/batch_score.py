"""Many leads scored in slices, so that other calls are answered between them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from leadscoring.v1 import scoring_pb2

from scoring_service.api.convert_score import score_into
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

ScoreOne = Callable[[scoring_pb2.ScoreRequest], Awaitable[Score]]


async def scored_in_slices(
    items: Sequence[scoring_pb2.ScoreRequest],
    score: ScoreOne,
    call: Call,
    monotonic: Callable[[], float],
    others_wait: Callable[[], bool] = lambda: False,
) -> bytes:
    """The reply to a batch: a score or a status for each item, in order.

    Each slice is encoded by itself: messages of one type, laid end to end, are one message with
    the repeated fields of all of them.
    """
    encoded, began = [], monotonic()
    slice_ = scoring_pb2.BatchScoreResponse()
    for item in items:
        await _result_into(slice_.results.add(), item, score, call)
        if monotonic() - began >= SLICE_SECONDS:
            encoded.append(slice_.SerializeToString())
            slice_ = scoring_pb2.BatchScoreResponse()
            await asyncio.sleep(PAUSE_SECONDS if others_wait() else 0)
            began = monotonic()
            if began > call.deadline:
                raise DeadlineExceeded("not all scored in time; send fewer leads at once")
    encoded.append(slice_.SerializeToString())
    return b"".join(encoded)


async def _result_into(
    result: scoring_pb2.BatchScoreResult,
    item: scoring_pb2.ScoreRequest,
    score: ScoreOne,
    call: Call,
) -> None:
    try:
        score_into(result.score, await score(item))
    except Refusal as refusal:
        result.error.CopyFrom(status_of(refusal))
    except Exception as error:  # neighbours are scored all the same; the log has it
        call.error = error
        result.error.CopyFrom(status_of(error))
