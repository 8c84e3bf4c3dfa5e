"""ScoringService: what leads are worth. Stores nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from leadscoring.v1 import scoring_pb2

from scoring_service.api import convert_request
from scoring_service.api.batch_score import scored_in_slices
from scoring_service.api.convert_score import score_encoded
from scoring_service.api.encoding import LENGTH, delimited, tag_of
from scoring_service.api.limits import BATCH_MESSAGE_MAX
from scoring_service.api.surround import Call, Method
from scoring_service.domain.policy import Policy
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.score import Score
from scoring_service.workflows.requests import ScoreLead
from scoring_service.workflows.scoring import score_inline, score_stored

_SCORE = tag_of(scoring_pb2.ScoreResponse.DESCRIPTOR, "score", LENGTH)


class ScoringServicer:
    """Converts, calls the workflow, converts."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self.store, self.clock, self.monotonic = store, clock, monotonic

    def methods(self) -> Iterator[Method[Any]]:
        """Every method of the service."""
        yield Method("Score", scoring_pb2.ScoreRequest, self.score)
        many = scoring_pb2.BatchScoreRequest
        yield Method("BatchScore", many, self.batch_score, BATCH_MESSAGE_MAX)

    async def score(self, message: scoring_pb2.ScoreRequest, call: Call) -> bytes:
        """The score of one lead, with every point."""
        request = convert_request.score_lead(message)
        return delimited(_SCORE, score_encoded(await self._score(call, request)))

    async def batch_score(self, message: scoring_pb2.BatchScoreRequest, call: Call) -> bytes:
        """The scores of many leads; a bad one fails by itself."""
        found: list[tuple[str, str]] = []
        convert_request.check_count("requests", len(message.requests), found)
        if found:
            raise InvalidArgument(tuple(found))
        score = partial(self._score, call)
        return await scored_in_slices(
            message.requests, score, call, self.monotonic, lambda: self.store.writer.waiting > 0
        )

    async def _score(self, call: Call, request: ScoreLead) -> Score:
        policy = self.store.policies.active
        if request.lead is not None or request.violations:
            return score_inline(policy, self.store.accounts, request, self.clock())
        return await call.wait(self.store.read(partial(self._stored, policy, request)))

    def _stored(self, policy: Policy, request: ScoreLead, reader: Reader) -> Score:
        return score_stored(policy, self.store.accounts, reader, request, self.clock())
