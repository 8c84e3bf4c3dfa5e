"""`leadscoring reps` and `leads`: one server, asked as people do; and lines for people."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from leadscoring.v1 import routing_pb2 as pb

from scoring_service.cli.team.reps_told import availability_told, handover_told, reps_told
from tests.cli.conftest import Running, Started
from tests.workflows.conftest import rule_files

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of a small team."""
    place = tmp_path_factory.mktemp("office")
    (place / "rules").mkdir()
    for name, content in rule_files().items():
        (place / "rules" / name).write_bytes(content)
    store = f"sqlite:///{place / 'leads.db'}"
    with Started("--rules", place / "rules", "--store", store) as running:
        yield running


@pytest.fixture
def ask(run: Any, office: Running) -> Any:
    """Runs a command against the team's server; what it says to machines, or its refusal."""

    def command(*words: str, actor: str = "sales-ops") -> Any:
        who = () if words[1] == "list" else ("--actor", actor)
        done = run(*words, *who, "--server", office.address, "--json")
        return json.loads(done.stdout) if done.exit_code == 0 else done.stderr

    return command


def test_a_rep_is_away_and_back_and_hands_over(ask: Any, run: Any, office: Running) -> None:
    rows = [
        {"lead_id": f"l{i}", "email": f"p{i}@firm{i}.example", "employees": 500, "source": "web"}
        for i in range(4)
    ]
    Path("leads.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert run("route", "leads.jsonl", "--server", office.address).exit_code == 0
    reps = {rep["availability"]["rep_id"]: rep for rep in ask("reps", "list")}
    assert sum(int(reps[name]["open_leads"]) for name in ("ann", "bob", "cat")) == 4
    assert int(reps["dan"]["per_day_max"]) == 2

    days = ("--from", str(TODAY), "--to", str(TOMORROW))
    made = ask("reps", "away", "ann", *days, "--backup", "bob", actor="ann")
    (away,) = made["away"]
    assert (away["first_day"], away["last_day"], away["backup"]) == (
        str(TODAY),
        str(TOMORROW),
        "bob",
    )
    assert (made["away_until"], away["entered_by"]) == (str(TOMORROW), "ann")
    after = {rep["availability"]["rep_id"]: rep for rep in ask("reps", "list")}
    assert int(after["ann"]["open_leads"]) == 0, "what he had not accepted went to others"
    assert ask("reps", "back", "ann", actor="mia")["away"] == []
    (again,) = ask("reps", "away", "cat", "--from", "today", "--to", "tomorrow")["away"]
    assert date.fromisoformat(again["last_day"]) - date.fromisoformat(again["first_day"]) == DAY

    book = ask("reps", "hand-over", "bob", "--to", "mia", "--reason", "new territory")
    assert int(book["moved"]) == int(after["bob"]["open_leads"])
    assert book["ended_at"]

    pin = ask("leads", "pin", "l0", "ann", "--reason", "she knows them")
    assert (pin["pinned_rep_id"], pin["rep_id"]) == ("ann", "ann")
    assert ask("leads", "unpin", "l0")["pinned_rep_id"] == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ("reps", "away", "who", "--from", str(TODAY), "--to", str(TODAY)),
            "rep_id: 'who' is no active rep; give one of team.yaml",
            id="nobody",
        ),
        pytest.param(
            ("reps", "away", "dan", "--from", "monday", "--to", str(TODAY)),
            "away_from: 'monday' is no date; send ISO 8601",
            id="no-date",
        ),
        pytest.param(("reps", "back", "dan"), "nobody entered that 'dan' is away", id="is-there"),
        pytest.param(
            ("reps", "hand-over", "dan", "--to", "dan", "--reason", "x"),
            "to: is the rep himself",
            id="to-himself",
        ),
        pytest.param(("leads", "pin", "nope", "dan"), "no lead 'nope' is stored", id="no-lead"),
        pytest.param(("leads", "unpin", "nope"), "no lead 'nope' is stored", id="no-lead-to-unpin"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(ask: Any, words: tuple[str, ...], said: str) -> None:
    assert said in ask(*words)


def of_team() -> pb.RepState:
    """A rep with limits, away by two words, whose book is being handed over."""
    away = pb.Availability(rep_id="ann", away_until="2026-03-06")
    away.away.add(first_day="2026-03-02", last_day="2026-03-04")
    away.away.add(first_day="2026-03-05", last_day="2026-03-06", backup="bob", entered_by="mia")
    away.away[1].entered_at.FromDatetime(datetime(2026, 3, 2, 9, tzinfo=UTC))
    rep = pb.RepState(availability=away, active=True, pools=["west", "emea"], open_leads=12)
    rep.open_leads_max, rep.per_day_max, rep.taken_today = 12, 4, 1
    rep.handover.MergeFrom(pb.Handover(actor_id="sales-ops", leads=40, moved=12))
    return rep


def test_reps_as_lines() -> None:
    gone = pb.RepState(availability=pb.Availability(rep_id="benedict"))
    there = pb.RepState(availability=pb.Availability(rep_id="cat"), active=True)
    assert reps_told([of_team(), gone, there], as_json=False).splitlines() == [
        "ann       away until 2026-03-06, open 12 of 12, today 1 of 4, this week 0,"
        " pools west, emea",
        "  away 2026-03-02 to 2026-03-04 (team.yaml)",
        "  away 2026-03-05 to 2026-03-06, backup bob (by mia, 2026-03-02T09:00:00Z)",
        "  handed over by sales-ops: 12 of 40 leads",
        "benedict  inactive, open 0, today 0, this week 0",
        "cat       there, open 0, today 0, this week 0",
    ]


def test_what_was_entered_as_lines() -> None:
    said = availability_told(of_team().availability, as_json=False).splitlines()
    assert said[0] == "ann is away until 2026-03-06"
    assert len(said) == 3
    assert availability_told(pb.Availability(rep_id="ann"), as_json=False) == "ann is there"


@pytest.mark.parametrize(
    ("book", "said"),
    [
        pytest.param(
            pb.Handover(rep_id="ann", to="ben", moved=3, accounts_moved=2),
            "3 leads and 2 accounts of ann handed over to ben",
            id="to-one",
        ),
        pytest.param(
            pb.Handover(rep_id="ann", moved=3, left=1),
            "3 leads of ann handed over, 1 stayed: nobody else may have them",
            id="by-the-routes",
        ),
    ],
)
def test_a_hand_over_as_a_line(book: pb.Handover, said: str) -> None:
    assert handover_told(book, as_json=False) == said
