"""Every refusal has its code and details; what is not a refusal says nothing."""

import pytest
from google.protobuf.message import Message
from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, PreconditionFailure, RetryInfo
from google.rpc.status_pb2 import Status

from scoring_service.api import status
from scoring_service.api.status import Overloaded, status_of
from scoring_service.values import errors
from scoring_service.values.errors import Refusal

METADATA_BYTES_MAX = 8 * 1024


def details(found: Status) -> dict[type[Message], Message]:
    kinds = (BadRequest, ErrorInfo, PreconditionFailure, RetryInfo)
    unpacked: dict[type[Message], Message] = {}
    for packed in found.details:
        for kind in kinds:
            if packed.Is(kind.DESCRIPTOR):
                unpacked[kind] = kind()
                packed.Unpack(unpacked[kind])
    assert len(unpacked) == len(found.details)
    return unpacked


@pytest.mark.parametrize(
    ("error", "code", "kinds"),
    [
        (errors.InvalidArgument((("a", "b"),)), Code.INVALID_ARGUMENT, {ErrorInfo, BadRequest}),
        (errors.NotFound("no", "LEAD_NOT_FOUND"), Code.NOT_FOUND, {ErrorInfo}),
        (errors.AlreadyExists("no", "REUSED"), Code.ALREADY_EXISTS, {ErrorInfo}),
        (
            errors.FailedPrecondition("no", "LEAD_CONFLICT"),
            Code.FAILED_PRECONDITION,
            {ErrorInfo, PreconditionFailure},
        ),
        (errors.PermissionDenied("no", "MAY_NOT"), Code.PERMISSION_DENIED, {ErrorInfo}),
        (errors.ResourceExhausted("big", "TOO_LARGE"), Code.RESOURCE_EXHAUSTED, {ErrorInfo}),
        (Overloaded("busy", 0.5), Code.RESOURCE_EXHAUSTED, {ErrorInfo, RetryInfo}),
        (errors.DeadlineExceeded("late"), Code.DEADLINE_EXCEEDED, {ErrorInfo}),
        (errors.Unavailable("away", "STORE"), Code.UNAVAILABLE, {ErrorInfo, RetryInfo}),
        (TimeoutError(), Code.DEADLINE_EXCEEDED, {ErrorInfo}),
    ],
)
def test_a_refusal_has_its_code_and_its_details(
    error: Exception, code: Code, kinds: set[type[Message]]
) -> None:
    found = status_of(error)
    assert found.code == code
    assert set(details(found)) == kinds


def test_every_kind_of_refusal_is_in_the_table() -> None:
    assert set(Refusal.__subclasses__()) == set(status.CODES)


def test_the_reason_is_stable_and_of_our_domain() -> None:
    info = details(status_of(errors.NotFound("no lead 'x'", "LEAD_NOT_FOUND")))[ErrorInfo]
    assert isinstance(info, ErrorInfo)
    assert (info.reason, info.domain) == ("LEAD_NOT_FOUND", "leadscoring")


def test_every_violation_comes_at_once() -> None:
    violations = (("lead.country", "'UK' is none"), ("request_id", "is required"))
    found = status_of(errors.InvalidArgument(violations))
    bad = details(found)[BadRequest]
    assert isinstance(bad, BadRequest)
    assert [(v.field, v.description) for v in bad.field_violations] == list(violations)
    assert found.message == "lead.country: 'UK' is none; request_id: is required"


@pytest.mark.parametrize("character", ["x", "ä", "🦊", "%"])
def test_a_status_fits_into_the_metadata_that_clients_take(character: str) -> None:
    violations = tuple((f"activities[{i}].type", character * 80) for i in range(500))
    found = status_of(errors.InvalidArgument(violations))
    percent_encoded = 3 * len(found.message.encode())
    in_base64 = len(found.SerializeToString()) * 4 // 3
    assert percent_encoded + in_base64 < METADATA_BYTES_MAX


def test_violations_that_do_not_fit_are_counted() -> None:
    violations = tuple((f"activities[{i}].type", "x" * 80) for i in range(500))
    bad = details(status_of(errors.InvalidArgument(violations)))[BadRequest]
    assert isinstance(bad, BadRequest)
    *shown, last = bad.field_violations
    assert len(shown) > 15
    assert last.description == f"and {500 - len(shown)} more violations; mend these first"


def test_a_precondition_says_what_stands_in_the_way() -> None:
    failure = details(status_of(errors.FailedPrecondition("two leads", "LEAD_CONFLICT")))
    precondition = failure[PreconditionFailure]
    assert isinstance(precondition, PreconditionFailure)
    [violation] = precondition.violations
    assert (violation.type, violation.description) == ("LEAD_CONFLICT", "two leads")


@pytest.mark.parametrize("error", [Overloaded("busy", 0.25), errors.Unavailable("", "", 0.25)])
def test_who_may_come_again_is_told_when(error: Exception) -> None:
    retry = details(status_of(error))[RetryInfo]
    assert isinstance(retry, RetryInfo)
    assert retry.retry_delay.ToMilliseconds() == 250


@pytest.mark.parametrize(
    "error", [ValueError("ann@acme.de"), KeyError("secret"), AssertionError("secret"), Refusal("x")]
)
def test_what_is_not_in_the_table_is_internal_and_says_nothing(error: Exception) -> None:
    found = status_of(error)
    assert found.code == Code.INTERNAL
    assert not found.details
    assert found == status.INTERNAL


def test_a_subclass_has_the_code_of_what_it_is() -> None:
    class Locked(errors.Unavailable):
        pass

    assert status_of(Locked("locked")).code == Code.UNAVAILABLE
