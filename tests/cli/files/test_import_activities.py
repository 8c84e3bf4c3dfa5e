"""Activities of a file: those of a lead in one call, a bad one left out and the others sent."""

from typing import Any

import pytest

from scoring_service.cli.files.import_activities import A_CALL, by_item, grouped, request_of
from scoring_service.cli.files.import_leads import Batch
from scoring_service.cli.files.rows import BadRow
from scoring_service.cli.serving.calls import Refused


def _row(lead_id: str, number: int = 0) -> dict[str, Any]:
    return {"lead_id": lead_id, "activity_id": f"a{number}", "type": "visit"}


def test_the_activities_of_a_lead_go_together() -> None:
    window = [(2, _row("x")), (3, _row("y")), (4, _row("x")), (5, {"email": "x", "type": "v"})]
    groups, bad = grouped(window)
    assert [(lead, [line for line, _ in read]) for lead, read in groups] == [
        (("lead_id", "x"), [2, 4]),
        (("lead_id", "y"), [3]),
        (("email", "x"), [5]),
    ]
    assert bad == []


def test_more_than_a_call_takes_go_in_several() -> None:
    groups, _ = grouped([(n, _row("x", n)) for n in range(A_CALL + 1)])
    assert [len(read) for _, read in groups] == [A_CALL, 1]


def test_rows_that_cannot_be_read_are_named_and_the_others_grouped() -> None:
    groups, bad = grouped([(2, BadRow("3 cells")), (3, {"type": "visit"}), (4, _row("x"))])
    assert [(line, str(what)[:8]) for line, what in bad] == [(2, "3 cells"), (3, "lead_id:")]
    assert len(groups) == 1


@pytest.mark.parametrize(
    ("violations", "expected"),
    [
        pytest.param(
            [("activities[0].type", "is unknown"), ("activities[12].occurred_at", "is late")],
            {0: "type: is unknown", 12: "occurred_at: is late"},
            id="each by its place",
        ),
        pytest.param(
            [("activities[3].type", "is unknown"), ("activities[3].activity_id", "is long")],
            {3: "type: is unknown; activity_id: is long"},
            id="all that is wrong with one",
        ),
        pytest.param(
            [("activities[3].type", "is unknown"), ("", "and 7 more violations")],
            {3: "type: is unknown"},
            id="the rest comes with the next answer",
        ),
        pytest.param(
            [("activities[3].type", "is unknown"), ("actor_id", "is long")],
            {},
            id="what is wrong with the call is nobody's",
        ),
        pytest.param([("activities", "501 activities")], {}, id="nor what is wrong with all"),
        pytest.param([], {}, id="nor a refusal without fields"),
    ],
)
def test_what_is_wrong_is_found_by_item(
    violations: list[tuple[str, str]], expected: dict[int, str]
) -> None:
    assert by_item(Refused("refused", violations)) == expected


def test_a_row_that_no_server_refused_has_no_items() -> None:
    assert by_item(BadRow("3 cells")) == {}


def test_a_call_carries_the_batch_and_who_asks() -> None:
    batch = Batch("march", "crm")
    stored, known = (request_of((name, "x"), [], batch) for name in ("lead_id", "email"))
    assert (stored.lead_id, stored.batch_id, stored.actor_id) == ("x", "march", "crm")
    assert (known.lead.email, known.WhichOneof("subject")) == ("x", "lead")
    assert stored.request_id != known.request_id
