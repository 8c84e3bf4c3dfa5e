"""A file of activities beside one of leads: which count, whose they are, and what is left out."""

from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.rows.activity_file import ActivityFile, activities_of
from scoring_service.calibration.rows.mapping import NO_MAPPING
from scoring_service.calibration.rows.sheet import read_sheet
from scoring_service.domain.policy import Policy

LEADS = "lead_id,outcome\nb,won\na,lost\nb,won"


@pytest.fixture
def activities(files: Any, policy: Policy) -> Any:
    """Reads rows of lead_id, type, occurred_at and activity_id beside the leads b and a."""

    def read(*rows: str, header: str = "lead_id,type,occurred_at,activity_id") -> ActivityFile:
        done = read_sheet(files.write("\n".join([header, *rows]), "done.csv"))
        leads = read_sheet(files.write(LEADS))
        return activities_of(done, leads, NO_MAPPING, policy.scoring)

    return read


def found(of: ActivityFile) -> list[tuple[int, str, int]]:
    """(lead, type, day of January) of each, in their order."""
    days = (of.events.at // 86_400_000_000 - 20_453).tolist()
    kinds = [of.events.types[code] for code in of.events.type]
    return list(zip(of.events.lead.tolist(), kinds, days, strict=True))


REPEATED = [
    pytest.param(
        ["a,visit,2026-01-02,1", "a,visit,2026-01-03,1"],
        [(1, "visit", 2)],
        ["left out: 1 activity (their activity_id is there already)"],
        id="the first of an id counts, whatever the later ones say",
    ),
    pytest.param(
        ["a,visit,2026-01-02,1", "b,visit,2026-01-03,1"],
        [(1, "visit", 2)],
        ["left out: 1 activity (their activity_id is there already)"],
        id="of another lead too",
    ),
    pytest.param(
        ["a,visit,,1", "a,visit,2026-01-03,1"],
        [(1, "visit", 3)],
        ["left out: 1 activity (no lead_id, type or occurred_at)"],
        id="one that does not count itself takes nothing from a later one",
    ),
    pytest.param(
        ["x,visit,2026-01-02,1", "a,visit,2026-01-03,1", "a,visit,2026-01-04,1"],
        [(1, "visit", 3)],
        [
            "left out: 1 activity (of 1 unknown lead)",
            "left out: 1 activity (their activity_id is there already)",
        ],
        id="nor does a stranger's",
    ),
    pytest.param(
        ["a,visit,2026-01-02,", "a,visit,2026-01-02,"],
        [(1, "visit", 2), (1, "visit", 2)],
        [],
        id="without ids the same twice is two",
    ),
    pytest.param(
        ["a,visit,2026-01-02,1", "a,visit,2026-01-02,2"],
        [(1, "visit", 2), (1, "visit", 2)],
        [],
        id="so it is with two ids",
    ),
]


@pytest.mark.parametrize(("rows", "counted", "notes"), REPEATED)
def test_an_activity_counts_once(
    activities: Any, rows: list[str], counted: list[tuple[int, str, int]], notes: list[str]
) -> None:
    read = activities(*rows)
    assert found(read) == counted
    said = [note.removeprefix("done.csv: ") for note in read.notes if "left out" in note]
    assert said == notes


INCOMPLETE = [
    pytest.param(",visit,2026-01-02,1", id="whose"),
    pytest.param("a,,2026-01-02,1", id="what"),
    pytest.param("a,visit,,1", id="when"),
]


@pytest.mark.parametrize("row", INCOMPLETE)
def test_an_activity_says_whose_what_and_when(activities: Any, row: str) -> None:
    read = activities("b,demo,2026-01-02,9", row)
    assert found(read) == [(0, "demo", 2)]
    assert "done.csv: left out: 1 activity (no lead_id, type or occurred_at)" in read.notes


def test_without_a_column_of_ids_every_row_counts(activities: Any) -> None:
    rows = ["a,visit,2026-01-02"] * 2
    assert len(activities(*rows, header="lead_id,type,occurred_at").events) == 2


def test_activities_are_by_lead_then_by_instant_of_whatever_order_they_came(
    activities: Any,
) -> None:
    rows = ["a,visit,2026-01-09,1", "b,demo,2026-01-08,2", "a,demo,2026-01-07,3"]
    expected = [(0, "demo", 8), (1, "demo", 7), (1, "visit", 9)]
    assert found(activities(*rows)) == found(activities(*reversed(rows))) == expected


def test_a_file_claims_that_everything_was_known_as_it_happened(activities: Any) -> None:
    events = activities("a,visit,2026-01-09,1", "b,demo,2026-01-08,2").events
    np.testing.assert_array_equal(events.known, events.at)


UNKNOWN = [
    pytest.param(["visit", "demo"], None, id="types that are scored are not spoken of"),
    pytest.param(["visit", "vist", "vist"], "'vist' (2)", id="others are, with their number"),
    pytest.param(
        [f"t{n:02}" for n in range(12)],
        ", ".join(f"'t{n:02}' (1)" for n in range(12)),
        id="twelve are all shown",
    ),
    pytest.param(
        [f"t{n:02}" for n in range(13)],
        ", ".join(f"'t{n:02}' (1)" for n in range(12)) + " and 1 more",
        id="of more twelve",
    ),
]


@pytest.mark.parametrize(("types", "shown"), UNKNOWN)
def test_types_that_no_rule_scores_are_named(
    activities: Any, types: list[str], shown: str | None
) -> None:
    rows = [f"a,{kind},2026-01-02T00:00Z,{n}" for n, kind in enumerate(types)]
    said = f"done.csv: scoring.yaml scores no activities of type {shown}; they are not used"
    assert activities(*rows).notes == (() if shown is None else (said,))


def test_a_type_of_left_out_activities_only_is_not_spoken_of(activities: Any) -> None:
    read = activities("a,visit,2026-01-02T00:00Z,1", "x,vist,2026-01-02T00:00Z,2")
    assert read.notes == ("done.csv: left out: 1 activity (of 1 unknown lead)",)


def test_activities_of_strangers_only_leave_none(activities: Any) -> None:
    read = activities("x,visit,2026-01-02T00:00Z,1", "y,visit,2026-01-02T00:00Z,2")
    assert len(read.events) == 0
    assert read.notes == ("done.csv: left out: 2 activities (of 2 unknown leads)",)
