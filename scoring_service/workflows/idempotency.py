"""The first answer to a request is its answer for ever."""

from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import AlreadyExists
from scoring_service.values.stored import Answer
from scoring_service.workflows.lifecycle_requests import (
    DeadEventsReplayed,
    LeadView,
    PolicyForced,
)
from scoring_service.workflows.rep_requests import Availability, HandoverView
from scoring_service.workflows.requests import AccountsUpserted, AssignmentView

Body = TypeVar(
    "Body",
    AssignmentView,
    AccountsUpserted,
    LeadView,
    DeadEventsReplayed,
    PolicyForced,
    Availability,
    HandoverView,
)


class Request(Protocol):
    """A request that stores: named by its id, recognised by the digest of the rest."""

    @property
    def request_id(self) -> str:
        """A UUID, the same on a retry; one space over all methods."""

    @property
    def digest(self) -> str:
        """Of everything but the request_id."""


def first_answer(tx: Transaction, request: Request, method: str, body: type[Body]) -> Body | None:
    """The stored answer of a request, marked as replayed; None for one not answered yet.

    Raises AlreadyExists (IDEMPOTENCY_KEY_REUSED) when the id was used for other content.
    """
    answer = tx.answer(request.request_id) if request.request_id else None
    if answer is None:
        return None
    if (answer.method, answer.digest) != (method, request.digest):
        raise AlreadyExists(
            f"request_id {request.request_id} was used for another request; send a new one",
            "IDEMPOTENCY_KEY_REUSED",
        )
    return msgspec.structs.replace(msgspec.json.decode(answer.body, type=body), replayed=True)


def keep_answer(tx: Transaction, request: Request, method: str, body: Body, now: datetime) -> Body:
    """Keep `body` as the answer of the request, and hand it back."""
    encoded = msgspec.json.encode(body)
    tx.keep_answer(Answer(request.request_id, method, request.digest, encoded, now))
    return body
