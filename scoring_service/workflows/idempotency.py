"""The first answer to a request is its answer for ever."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Protocol, TypeVar

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import AlreadyExists
from scoring_service.values.stored import Answer


class Request(Protocol):
    """A request that stores: named by its id, recognised by the digest of the rest."""

    @property
    def request_id(self) -> str:
        """A UUID, the same on a retry; one space over all methods."""

    @property
    def digest(self) -> str:
        """Of everything but the request_id."""


Asked = TypeVar("Asked", bound=Request)
Body = TypeVar("Body", bound=msgspec.Struct)
Workflow = Callable[[Transaction, Policy, Asked, datetime], Body]


def once(method: str, body: type[Body]) -> Callable[[Workflow[Asked, Body]], Workflow[Asked, Body]]:
    """Have a workflow answer each request once: what it answered first is the answer for ever.

    Its answers are of the type `body`, which has a field `replayed`. What it refuses is not kept.
    Raises AlreadyExists (IDEMPOTENCY_KEY_REUSED) where an id was used for other content.
    """

    def answers_once(workflow: Workflow[Asked, Body]) -> Workflow[Asked, Body]:
        @wraps(workflow)
        def answer(tx: Transaction, policy: Policy, request: Asked, now: datetime) -> Body:
            first = _first_answer(tx, request, method, body)
            if first is not None:
                return first
            return _kept(tx, request, method, workflow(tx, policy, request, now), now)

        return answer

    return answers_once


def _first_answer(tx: Transaction, request: Request, method: str, body: type[Body]) -> Body | None:
    """The stored answer of a request, marked as replayed; None for one not answered yet."""
    answer = tx.answer(request.request_id) if request.request_id else None
    if answer is None:
        return None
    if (answer.method, answer.digest) != (method, request.digest):
        raise AlreadyExists(
            f"request_id {request.request_id} was used for another request; send a new one",
            "IDEMPOTENCY_KEY_REUSED",
        )
    return msgspec.structs.replace(msgspec.json.decode(answer.body, type=body), replayed=True)


def _kept(tx: Transaction, request: Request, method: str, body: Body, now: datetime) -> Body:
    assert request.request_id, "a request without an id is refused"
    encoded = msgspec.json.encode(body)
    tx.keep_answer(Answer(request.request_id, method, request.digest, encoded, now))
    return body
