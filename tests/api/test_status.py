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
from scoring_service.workflows.requests import ItemRefusal

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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("x" * 600, "x" * 600, id="as-long-as-may-be"),
        pytest.param("x" * 601, "x" * 597 + "...", id="a-byte-longer"),
        pytest.param("ä" * 300, "ä" * 300, id="as-many-bytes-as-may-be"),
        pytest.param("ä" * 301, "ä" * 298 + "...", id="cut-before-half-a-letter"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_long_message_is_cut_between_letters(text: str, told: str) -> None:
    assert status_of(errors.NotFound(text, "X")).message == told
    failure = details(status_of(errors.FailedPrecondition(text, "X")))[PreconditionFailure]
    assert isinstance(failure, PreconditionFailure)
    assert failure.violations[0].description == told


def test_half_a_character_does_not_keep_an_error_from_being_told() -> None:
    assert status_of(errors.NotFound("\ud800" * 601, "X")).message == "?" * 597 + "..."


def test_a_refusal_without_a_reason_has_one_all_the_same() -> None:
    info = details(status_of(errors.NotFound("no")))[ErrorInfo]
    assert isinstance(info, ErrorInfo)
    assert info.reason == "REFUSED"


def test_who_is_shed_is_told_so_by_a_reason_of_its_own() -> None:
    info = details(status_of(Overloaded("busy", 0.5)))[ErrorInfo]
    assert isinstance(info, ErrorInfo)
    assert info.reason == "OVERLOADED"


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.5, 1.0, 5.0, 3600.0])
def test_when_to_come_again_is_told_to_the_nanosecond(seconds: float) -> None:
    retry = details(status_of(errors.Unavailable("away", "X", seconds)))[RetryInfo]
    assert isinstance(retry, RetryInfo)
    assert retry.retry_delay.ToNanoseconds() == round(seconds * 1e9)


@pytest.mark.parametrize("length", range(1, 60))
def test_violations_are_told_whole_or_counted_at_every_length(length: int) -> None:
    violations = tuple((f"f{i}", "x" * 100) for i in range(length))
    bad = details(status_of(errors.InvalidArgument(violations)))[BadRequest]
    assert isinstance(bad, BadRequest)
    told = [(one.field, one.description) for one in bad.field_violations]
    if told == list(violations):
        return
    *shown, (field, more) = told
    assert tuple(shown) == violations[: len(shown)]
    assert (field, more) == ("", f"and {length - len(shown)} more violations; mend these first")
    assert sum(103 + len(f) + 6 for f, _ in shown) >= status.VIOLATIONS_BYTES_MAX - 120


def test_an_item_is_refused_with_its_violations_or_with_its_reason() -> None:
    with_fields, with_reason = Status(), Status()
    status.refusal_into(with_fields, ItemRefusal("x", "Y", (("country", "is none"),)))
    status.refusal_into(with_reason, ItemRefusal("b has that domain", "DOMAIN_TAKEN"))
    assert (with_fields.code, with_reason.code) == (
        Code.INVALID_ARGUMENT,
        Code.FAILED_PRECONDITION,
    )
    assert set(details(with_fields)) == {ErrorInfo, BadRequest}
    assert set(details(with_reason)) == {ErrorInfo, PreconditionFailure}
    assert with_reason.message == "b has that domain"
