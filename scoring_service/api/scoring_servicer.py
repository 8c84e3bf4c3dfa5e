"""ScoringService: what leads are worth. Stores nothing."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import compress
from typing import Any

from leadscoring.v1 import scoring_pb2

from scoring_service.api import convert_request
from scoring_service.api.batch_score import scored_in_slices
from scoring_service.api.convert_score import score_encoded, scores_encoded
from scoring_service.api.encoding import LENGTH, delimited, tag_of
from scoring_service.api.limits import BATCH_MESSAGE_MAX
from scoring_service.api.surround import Call, Method
from scoring_service.api.together import Together, each_answered
from scoring_service.domain.policy import Policy
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.score import Score
from scoring_service.workflows.requests import ScoreLead
from scoring_service.workflows.scoring import score_stored, scores_inline

_SCORE = tag_of(scoring_pb2.ScoreResponse.DESCRIPTOR, "score", LENGTH)


class ScoringServicer:
    """Converts, calls the workflow, converts."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self.store, self.clock, self.monotonic = store, clock, monotonic
        self._together = Together[scoring_pb2.ScoreRequest, bytes](self._sent, _weight)

    def methods(self) -> Iterator[Method[Any]]:
        """Every method of the service."""
        yield Method("Score", scoring_pb2.ScoreRequest, self.score)
        many = scoring_pb2.BatchScoreRequest
        yield Method("BatchScore", many, self.batch_score, BATCH_MESSAGE_MAX)

    async def score(self, message: scoring_pb2.ScoreRequest, call: Call) -> bytes:
        """The score of one lead, with every point."""
        if message.WhichOneof("subject") == "lead":
            return delimited(_SCORE, await self._together.ask(message))
        return delimited(_SCORE, await self._stored(message, call))

    async def batch_score(self, message: scoring_pb2.BatchScoreRequest, call: Call) -> bytes:
        """The scores of many leads; a bad one fails by itself."""
        found: list[tuple[str, str]] = []
        convert_request.check_count("requests", len(message.requests), found)
        if found:
            raise InvalidArgument(tuple(found))
        scores = partial(self._each, call)
        return await scored_in_slices(
            message.requests, scores, call, self.monotonic, lambda: self.store.writer.waiting > 0
        )

    async def _each(
        self, call: Call, few: Sequence[scoring_pb2.ScoreRequest]
    ) -> list[bytes | Exception]:
        """The encoded scores of a few, or why there is none."""
        with_lead = [one.WhichOneof("subject") == "lead" for one in few]
        sent = iter(each_answered(self._sent, [*compress(few, with_lead)]))
        return [
            next(sent) if has_lead else await self._stored_or_error(one, call)
            for one, has_lead in zip(few, with_lead, strict=True)
        ]

    def _sent(self, messages: Sequence[scoring_pb2.ScoreRequest]) -> list[bytes]:
        """The encoded scores of leads that are sent along."""
        requests = convert_request.score_leads(messages)
        policy = self.store.policies.active
        scores = scores_inline(policy, self.store.accounts, requests, self.clock())
        return scores_encoded(scores)

    async def _stored(self, message: scoring_pb2.ScoreRequest, call: Call) -> bytes:
        request = convert_request.score_lead(message)
        if request.violations:
            raise InvalidArgument(request.violations)
        policy = self.store.policies.active
        read = partial(self._score_stored, policy, request)
        return score_encoded(await call.wait(self.store.read(read)))

    async def _stored_or_error(
        self, message: scoring_pb2.ScoreRequest, call: Call
    ) -> bytes | Exception:
        try:
            return await self._stored(message, call)
        except Exception as error:  # neighbours are scored all the same; the log has it
            return error

    def _score_stored(self, policy: Policy, request: ScoreLead, reader: Reader) -> Score:
        return score_stored(policy, self.store.accounts, reader, request, self.clock())


def _weight(message: scoring_pb2.ScoreRequest) -> int:
    return len(message.activities)
