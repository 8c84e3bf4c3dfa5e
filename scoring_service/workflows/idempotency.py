"""The first answer to a request is its answer for ever."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Generic, Protocol, TypeVar

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


@dataclass(frozen=True, slots=True)
class Form(Generic[Body]):
    """How answers are kept: `kept` is what is stored of one, as JSON; `told` makes it again."""

    kept: Callable[[Body], msgspec.Struct]
    told: Callable[[Transaction, bytes], Body]


def whole(body: type[Body]) -> Form[Body]:
    """Every field of an answer is kept."""
    return Form(lambda answer: answer, lambda _, stored: msgspec.json.decode(stored, type=body))


def once(
    method: str, body: type[Body], form: Form[Body] | None = None
) -> Callable[[Workflow[Asked, Body]], Workflow[Asked, Body]]:
    """Have a workflow answer each request once: what it answered first is the answer for ever.

    Its answers are of the type `body`, which has a field `replayed`; they are kept whole where no
    `form` is given. What it refuses is not kept. Raises AlreadyExists (IDEMPOTENCY_KEY_REUSED)
    where an id was used for other content.
    """
    kept_as = form or whole(body)

    def answers_once(workflow: Workflow[Asked, Body]) -> Workflow[Asked, Body]:
        @wraps(workflow)
        def answer(tx: Transaction, policy: Policy, request: Asked, now: datetime) -> Body:
            first = _first_answer(tx, request, method)
            if first is not None:
                return msgspec.structs.replace(kept_as.told(tx, first.body), replayed=True)
            made = workflow(tx, policy, request, now)
            _keep(tx, request, method, kept_as.kept(made), now)
            return made

        return answer

    return answers_once


def _first_answer(tx: Transaction, request: Request, method: str) -> Answer | None:
    """The stored answer of a request; None for one not answered yet."""
    answer = tx.answer(request.request_id) if request.request_id else None
    if answer is not None and (answer.method, answer.digest) != (method, request.digest):
        raise AlreadyExists(
            f"request_id {request.request_id} was used for another request; send a new one",
            "IDEMPOTENCY_KEY_REUSED",
        )
    return answer


def _keep(
    tx: Transaction, request: Request, method: str, kept: msgspec.Struct, now: datetime
) -> None:
    assert request.request_id, "a request without an id is refused"
    encoded = msgspec.json.encode(kept)
    tx.keep_answer(Answer(request.request_id, method, request.digest, encoded, now))
