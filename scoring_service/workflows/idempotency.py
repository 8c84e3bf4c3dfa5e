"""The first answer to a request is its answer for ever."""

from datetime import datetime
from typing import TypeVar

import msgspec

from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import AlreadyExists
from scoring_service.values.stored import Answer
from scoring_service.workflows.requests import AccountsUpserted, AssignmentView

Body = TypeVar("Body", AssignmentView, AccountsUpserted)


def first_answer(
    tx: Transaction, request_id: str, method: str, digest: str, body: type[Body]
) -> Body | None:
    """The stored answer of `request_id`, marked as replayed; None for a request not answered yet.

    Raises AlreadyExists (IDEMPOTENCY_KEY_REUSED) when the id was used for other content.
    """
    answer = tx.answer(request_id) if request_id else None
    if answer is None:
        return None
    if (answer.method, answer.digest) != (method, digest):
        raise AlreadyExists(
            f"request_id {request_id} was used for another request; send a new one",
            "IDEMPOTENCY_KEY_REUSED",
        )
    return msgspec.structs.replace(msgspec.json.decode(answer.body, type=body), replayed=True)


def keep_answer(
    tx: Transaction, request_id: str, method: str, digest: str, body: Body, now: datetime
) -> Body:
    """Keep `body` as the answer of `request_id`, and hand it back."""
    tx.keep_answer(Answer(request_id, method, digest, msgspec.json.encode(body), now))
    return body
