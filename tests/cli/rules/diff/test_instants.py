"""When the leads of a diff came, where what says so is no instant: told, by its column."""

import json
from pathlib import Path
from typing import Any

import pytest

RULES = Path(__file__).parents[4] / "rules"


def _diff(run: Any, row: dict[str, Any], *words: str) -> Any:
    lead = json.dumps({"lead_id": "x", "source": "web", **row})
    return run("rules", "diff", RULES, RULES, "--leads", "-", *words, stdin=f"{lead}\n")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        pytest.param("9999-12-31T23:59-10:00", "'9999-12-31T23:59-10:00' is no", id="after all"),
        pytest.param("0001-01-01T00:00+14:00", "'0001-01-01T00:00+14:00' is no", id="before all"),
        pytest.param(20260302, "20260302 is no", id="a number"),
        pytest.param(True, "True is no", id="true"),
        pytest.param(["2026-03-02"], "['2026-03-02'] is no", id="a list"),
    ],
)
def test_a_row_is_left_out_by_its_column(run: Any, at: object, said: str) -> None:
    done = _diff(run, {"at": at})
    assert "Traceback" not in done.output
    assert f"-:1: at: {said} instant; write it like 2026-03-31T09:00:00Z" in done.stderr


@pytest.mark.parametrize("at", ["9999-12-31T23:59-10:00", "0001-01-01T00:00+14:00", "monday"])
def test_as_of_what_is_no_instant_is_a_usage_error(run: Any, at: str) -> None:
    refused = _diff(run, {}, "--as-of", at)
    assert refused.exit_code == 2
    assert f"--as-of '{at}' is no instant; write it like" in " ".join(refused.stderr.split())


@pytest.mark.parametrize("option", ["--at", "--left", "--responded"])
def test_a_column_that_no_row_has_ends_with_2(run: Any, option: str) -> None:
    refused = _diff(run, {"engaged_on": "2026-03-02"}, option, "engagedon")
    said = f"leadscoring: no row of - has the column 'engagedon' that {option} names\n"
    assert (refused.exit_code, refused.stderr) == (2, said)


def test_a_column_that_some_row_has_is_taken(run: Any) -> None:
    assert _diff(run, {"engaged_on": "2026-03-02"}, "--at", "engaged_on").exit_code == 0
