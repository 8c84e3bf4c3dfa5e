"""Errors as google.rpc.Status: the one table, and the details that go with each."""

from collections.abc import Iterator, Mapping

from google.protobuf.message import DecodeError, Message
from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, PreconditionFailure, RetryInfo
from google.rpc.status_pb2 import Status

from scoring_service.values.errors import (
    AlreadyExists,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Refusal,
    ResourceExhausted,
    Unavailable,
)
from scoring_service.workflows.requests import ItemRefusal, Violations

DOMAIN = "leadscoring"
MESSAGE_BYTES_MAX = 600
VIOLATIONS_BYTES_MAX = 3000
"""Both travel in trailing metadata, of which clients take 8 KiB, a third longer in base64."""

CODES: Mapping[type[Refusal], Code] = {
    InvalidArgument: Code.INVALID_ARGUMENT,
    NotFound: Code.NOT_FOUND,
    AlreadyExists: Code.ALREADY_EXISTS,
    FailedPrecondition: Code.FAILED_PRECONDITION,
    PermissionDenied: Code.PERMISSION_DENIED,
    ResourceExhausted: Code.RESOURCE_EXHAUSTED,
    DeadlineExceeded: Code.DEADLINE_EXCEEDED,
    Unavailable: Code.UNAVAILABLE,
}
INTERNAL = Status(
    code=Code.INTERNAL, message="internal error; the log has it under the x-request-id"
)


class Overloaded(ResourceExhausted):
    """Too many calls at once: try again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message, "OVERLOADED")
        self.retry_after = retry_after


def status_of(error: BaseException) -> Status:
    """The status of an error with its details; what is not in the table is INTERNAL, untold."""
    if isinstance(error, TimeoutError):
        error = DeadlineExceeded("not done in time; retry with the same request_id", "DEADLINE")
    code = _code_of(error)
    if code is None or not isinstance(error, Refusal):
        return INTERNAL
    status = Status(code=code, message=_short(error.message, MESSAGE_BYTES_MAX))
    for detail in _details_of(error):
        status.details.add().Pack(detail)
    return status


def refusal_into(message: Status, refusal: ItemRefusal) -> None:
    """Fill an empty status with why an item of a batch was refused."""
    error: Refusal = FailedPrecondition(refusal.message, refusal.reason)
    if refusal.violations:
        error = InvalidArgument(refusal.violations)
    message.CopyFrom(status_of(error))


def malformed(wanted: type[Message], error: DecodeError) -> InvalidArgument:
    """Bytes that are no message of the type that the method takes."""
    remedy = f"the bytes are no {wanted.DESCRIPTOR.full_name}; send one, encoded as protobuf"
    refusal = InvalidArgument((("", remedy),))
    refusal.message = remedy
    refusal.__cause__ = error
    return refusal


def _code_of(error: BaseException) -> Code | None:
    for kind in type(error).__mro__:
        if kind in CODES:
            return CODES[kind]
    return None


def _details_of(error: Refusal) -> Iterator[Message]:
    yield ErrorInfo(reason=error.reason or "REFUSED", domain=DOMAIN)
    if isinstance(error, InvalidArgument):
        yield _bad_request(error.violations)
    elif isinstance(error, FailedPrecondition):
        yield _precondition(error)
    elif isinstance(error, Unavailable | Overloaded):
        yield _retry(error.retry_after)


def _bad_request(violations: Violations) -> BadRequest:
    """Every violation at once, as far as they fit; what does not is counted."""
    request, left = BadRequest(), VIOLATIONS_BYTES_MAX
    for i, (field, remedy) in enumerate(violations):
        added = BadRequest.FieldViolation(field=field, description=remedy)
        left -= added.ByteSize() + 4
        if left < 0:
            more = f"and {len(violations) - i} more violations; mend these first"
            request.field_violations.add(description=more)
            break
        request.field_violations.append(added)
    return request


def _precondition(error: FailedPrecondition) -> PreconditionFailure:
    failure = PreconditionFailure()
    failure.violations.add(type=error.reason, description=_short(error.message, MESSAGE_BYTES_MAX))
    return failure


def _retry(seconds: float) -> RetryInfo:
    info = RetryInfo()
    info.retry_delay.FromNanoseconds(int(seconds * 1e9))
    return info


def _short(text: str, bytes_max: int) -> str:
    """The text, cut where its UTF-8 would be longer."""
    encoded = text.encode(errors="replace")
    if len(encoded) <= bytes_max:
        return text
    return encoded[: bytes_max - 3].decode(errors="ignore") + "..."
