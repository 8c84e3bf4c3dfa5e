"""`leadscoring route FILE`: every lead gets its one owner, durably, once a request_id."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"
GOOD = '{{"lead_id": "{0}-{1}", "product_interest": "GTX Pro"}}\n'


def _file(text: str, name: str = "leads.jsonl") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def _rows(done: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(params=["a running server", "no server"])
def where(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """How the command finds a server with the demo's rules."""
    if request.param == "no server":
        return ("--rules", str(DEMO_RULES))
    server = request.getfixturevalue("server")
    return ("--store", server.store)


def test_each_lead_has_an_owner_and_a_bad_row_is_named(run: Any, where: tuple[str, ...]) -> None:
    key = uuid.uuid4()
    text = GOOD.format(key, 1) + '{"employees": "many"}\n' + GOOD.format(key, 2)
    done = run("route", _file(text), *where)
    first, second = _rows(done)
    assert (first["line"], second["line"]) == (1, 3)
    assert first["route"] == "by product"
    assert first["rep_id"] != second["rep_id"], "equal weights take turns"
    assert first["decision_id"]
    assert "leads.jsonl:2: employees: 'many' is no whole number; write it like 1200" in done.stderr
    assert "2 routed, 1 left out" in done.stderr
    assert done.exit_code == 1


def test_what_was_routed_is_known_next_time(run: Any, where: tuple[str, ...]) -> None:
    file = _file(GOOD.format(uuid.uuid4(), 1))
    (first,) = _rows(run("route", file, *where))
    (again,) = _rows(run("route", file, *where))
    assert again["cause"] == "kept"
    assert again["rep_id"] == first["rep_id"]
    assert again["assignment_id"] == first["assignment_id"]


def test_a_row_with_its_own_request_id_has_its_first_answer(
    run: Any, where: tuple[str, ...]
) -> None:
    row = {"request_id": str(uuid.uuid4()), "product_interest": "GTX Pro"}
    file = _file(json.dumps(row) + "\n")
    (first,) = _rows(run("route", file, *where))
    (again,) = _rows(run("route", file, *where))
    assert again == first | {"replayed": True}


def test_a_request_id_used_for_another_lead_is_named(run: Any, where: tuple[str, ...]) -> None:
    key = str(uuid.uuid4())
    rows = [{"request_id": key, "job": "student"}, {"request_id": key, "job": "retired"}]
    file = _file("".join(json.dumps(row) + "\n" for row in rows))
    done = run("route", file, *where)
    assert len(_rows(done)) == 1
    assert "1 routed, 1 left out" in done.stderr


def test_a_dry_run_keeps_nothing(run: Any, where: tuple[str, ...]) -> None:
    file = _file(GOOD.format(uuid.uuid4(), 1))
    (tried,) = _rows(run("route", file, *where, "--dry-run"))
    assert tried["rep_id"]
    assert tried["assignment_id"] == tried["decision_id"] == ""
    (routed,) = _rows(run("route", file, *where))
    assert routed["cause"] != "kept"


def test_a_dry_run_without_a_server_leaves_no_store(run: Any) -> None:
    run("route", _file(GOOD.format(1, 1)), "--rules", DEMO_RULES, "--dry-run")
    assert [path.name for path in Path().iterdir()] == ["leads.jsonl"]


def test_a_csv_out_says_owner_route_and_score(run: Any, where: tuple[str, ...]) -> None:
    file = _file("lead_id,product_interest\nx,GTX Pro\n", "leads.csv")
    head, row = run("route", file, *where).stdout.splitlines()
    found = dict(zip(head.split(","), row.split(","), strict=True))
    assert found["rep_id"]
    assert found["route"] == "by product"
    assert found["bars_missed"] == "fit|behaviour"
    assert found["score.quadrant"] == "deprioritise"


def test_the_stores_own_rules_decide_where_none_are_named(run: Any) -> None:
    run("route", _file(GOOD.format("a", 1)), "--rules", DEMO_RULES)
    done = run("route", _file(GOOD.format("a", 2)))
    assert "by its own rules" in done.stderr
    assert _rows(done)[0]["route"] == "by product"


def test_many_leads_take_strict_turns(run: Any) -> None:
    text = "".join(GOOD.format("many", n) for n in range(60))
    done = run("route", _file(text), "--rules", DEMO_RULES)
    reps = [row["rep_id"] for row in _rows(done)]
    counts = {rep: reps.count(rep) for rep in reps}
    assert sum(counts.values()) == 60
    assert counts.pop("vicki-laflamme") == round(60 * 2 / 13), "she has weight 2"
    assert max(counts.values()) - min(counts.values()) <= 1
