"""Many leads scored in slices, so that other calls are answered between them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

from leadscoring.v1 import scoring_pb2

from scoring_service.api import convert_request
from scoring_service.api.convert_score import score_encoded
from scoring_service.api.encoding import LENGTH, delimited, tag_of
from scoring_service.api.status import status_of
from scoring_service.api.surround import Call
from scoring_service.values.errors import DeadlineExceeded, Refusal
from scoring_service.values.score import Score
from scoring_service.workflows.requests import ScoreLead

SLICE_SECONDS = 0.002
"""How long leads are scored without a look at other calls."""

PAUSE_SECONDS = 0.004
"""How long a batch stands back between slices while calls wait to be stored: the writer's thread
needs the interpreter too, and gives it up at each statement.
"""

_RESULTS = tag_of(scoring_pb2.BatchScoreResponse.DESCRIPTOR, "results", LENGTH)
_SCORE = tag_of(scoring_pb2.BatchScoreResult.DESCRIPTOR, "score", LENGTH)

ScoreOne = Callable[[ScoreLead], Awaitable[Score]]
Item = scoring_pb2.ScoreRequest

LEADS_AT_ONCE = 8
ACTIVITIES_AT_ONCE = 200
"""Leads go through each step together, a few of them: code that has just run costs less to run
again. Not more, or others would wait for them.
"""


async def scored_in_slices(
    items: Sequence[Item],
    score: ScoreOne,
    call: Call,
    monotonic: Callable[[], float],
    others_wait: Callable[[], bool] = lambda: False,
) -> bytes:
    """The reply to a batch: a score or a status for each item, in order."""
    results, began = [], monotonic()
    for few in _few(items):
        requests = [_tried(convert_request.score_lead, item) for item in few]
        scores = [await _score(request, score) for request in requests]
        results += [delimited(_RESULTS, _result(found, call)) for found in scores]
        if monotonic() - began >= SLICE_SECONDS:
            await asyncio.sleep(PAUSE_SECONDS if others_wait() else 0)
            began = monotonic()
            if began > call.deadline:
                raise DeadlineExceeded("not all scored in time; send fewer leads at once")
    return b"".join(results)


def _few(items: Iterable[Item]) -> Iterator[Sequence[Item]]:
    few: list[Item] = []
    activities = 0
    for item in items:
        few.append(item)
        activities += len(item.activities)
        if len(few) == LEADS_AT_ONCE or activities >= ACTIVITIES_AT_ONCE:
            yield few
            few, activities = [], 0
    if few:
        yield few


def _tried(read: Callable[[Item], ScoreLead], item: Item) -> ScoreLead | Exception:
    try:
        return read(item)
    except Exception as unexpected:
        return unexpected


async def _score(request: ScoreLead | Exception, score: ScoreOne) -> Score | Exception:
    if isinstance(request, Exception):
        return request
    try:
        return await score(request)
    except Exception as error:  # neighbours are scored all the same; the log has it
        return error


def _result(found: Score | Exception, call: Call) -> bytes:
    if isinstance(found, Score):
        return delimited(_SCORE, score_encoded(found))
    if not isinstance(found, Refusal):
        call.error = found
    return scoring_pb2.BatchScoreResult(error=status_of(found)).SerializeToString()
