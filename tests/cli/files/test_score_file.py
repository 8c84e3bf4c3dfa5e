"""Leads of a file in batches that one message may hold, each answer back at its own line."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from leadscoring.v1 import scoring_pb2, types_pb2

from scoring_service.api.limits import BATCH_MESSAGE_MAX, ITEMS_MAX
from scoring_service.cli.files.rows import BadRow
from scoring_service.cli.files.score_file import BATCH_BYTES, BATCH_ROWS, Request, batches


def _requests(count: int, size: int = 10) -> Iterator[Request]:
    for line in range(1, count + 1):
        lead = types_pb2.Lead(lead_id=str(line), full_name="x" * size)
        yield line, scoring_pb2.ScoreRequest(lead=lead)


def test_a_batch_is_within_what_a_call_may_hold() -> None:
    assert BATCH_ROWS <= ITEMS_MAX
    assert BATCH_BYTES <= BATCH_MESSAGE_MAX / 2, "the largest single lead still fits behind it"


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        pytest.param(0, [], id="nothing is no batch"),
        pytest.param(1, [1], id="one row"),
        pytest.param(BATCH_ROWS, [BATCH_ROWS], id="a full batch"),
        pytest.param(BATCH_ROWS + 1, [BATCH_ROWS, 1], id="one more than a full batch"),
    ],
)
def test_rows_come_in_batches(count: int, sizes: list[int]) -> None:
    assert [len(batch) for batch in batches(_requests(count))] == sizes


def test_large_rows_come_in_smaller_batches_and_none_is_lost() -> None:
    found = list(batches(_requests(30, size=BATCH_BYTES // 10)))
    assert [line for batch in found for line, _ in batch] == list(range(1, 31))
    for batch in found:
        size = sum(request.ByteSize() for _, request in batch if not isinstance(request, BadRow))
        assert size <= BATCH_BYTES
    assert len(found) > 3


def test_a_row_larger_than_a_batch_is_a_batch_of_its_own() -> None:
    requests = [*_requests(1), (2, _of_size(BATCH_BYTES * 2)), (3, _of_size(1))]
    assert [len(batch) for batch in batches(requests)] == [1, 1, 1]


def _of_size(size: int) -> scoring_pb2.ScoreRequest:
    return scoring_pb2.ScoreRequest(lead=types_pb2.Lead(full_name="x" * size))


def test_a_bad_row_keeps_its_place_among_the_others(run: Any, server: Any) -> None:
    lines = ['{"lead_id": "a"}', "{", '{"lead_id": "b"}', '{"employees": -1}', '{"lead_id": "c"}']
    done = run("score", "-", "--server", server.address, stdin="\n".join(lines) + "\n")
    assert [json.loads(line)["line"] for line in done.stdout.splitlines()] == [1, 3, 5]
    assert "-:2: not JSON" in done.stderr
    assert "-:4: " in done.stderr


def test_a_file_of_bad_rows_only_asks_the_server_nothing_wrong(run: Any, server: Any) -> None:
    done = run("score", "-", "--server", server.address, stdin="{\n[\n")
    assert done.stdout == ""
    assert "0 scored, 2 left out" in done.stderr
    assert done.exit_code == 1


def test_a_lead_that_is_too_large_is_named_and_the_others_are_scored(run: Any, server: Any) -> None:
    activities = [
        {"type": "earlier_contact", "occurredAt": "2026-01-01T00:00:00Z", "source": "s" * 3000}
        for _ in range(600)
    ]
    large = json.dumps({"lead_id": "large", "activities": activities})
    stdin = f'{{"lead_id": "a"}}\n{large}\n{{"lead_id": "b"}}\n'
    done = run("score", "-", "--server", server.address, stdin=stdin)
    assert [json.loads(line)["lead_id"] for line in done.stdout.splitlines()] == ["a", "b"]
    assert "-:2: " in done.stderr
    assert "500" in done.stderr
