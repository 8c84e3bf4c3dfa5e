"""`leadscoring import leads|activities FILE`: what other systems know of leads, as one batch."""

import json
import re
from pathlib import Path
from typing import Any

import grpc
import pytest
from leadscoring.v1 import lifecycle_pb2, lifecycle_pb2_grpc, types_pb2

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"
LEADS = """lead_id,email,country,source,contact_channel
a,a@acme.example.com,DE,web,cellular
b,b@acme.example.com,UK,web,cellular
c,c@acme.example.com,DE,web,pigeon
d,d@acme.example.com,US,web,,,
e,e@acme.example.com,FR,web,telephone
"""
"""Lines 3, 4 and 5 are wrong: no country, no value of the attribute, too many cells."""


@pytest.fixture(params=["a running server", "no server"])
def where(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """How the command finds a server with the demo's rules."""
    if request.param == "no server":
        return ("--rules", str(DEMO_RULES))
    return ("--store", request.getfixturevalue("server").store)


def _file(text: str, name: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_good_leads_are_stored_and_bad_rows_named(run: Any, where: tuple[str, ...]) -> None:
    done = run("import", "leads", _file(LEADS, "leads.csv"), *where)
    assert done.exit_code == 1
    assert "leads.csv:3: lead.country: 'UK' is no country code; did you mean 'GB'" in done.stderr
    assert "leads.csv:4: lead.attributes[contact_channel]" in done.stderr
    assert "leads.csv:5: 7 cells" in done.stderr
    assert "2 stored, 3 left out" in done.stderr
    assert re.fullmatch(r"batch leads-[0-9a-f]{8}\n", done.stdout)


def test_the_outcome_can_be_read_by_machines(run: Any, where: tuple[str, ...]) -> None:
    file = _file(LEADS, "leads.csv")
    said = json.loads(run("import", "leads", file, "--batch", "march", *where, "--json").stdout)
    assert (said["batch"], said["stored"]) == ("march", 2)
    assert [bad["line"] for bad in said["left_out"]] == [3, 4, 5]


INITIAL = """lead_id,source,stage,owner,entered_at,outcome,reason
open,web,sal,anna-snelling,2026-01-05,,
lost,web,,anna-snelling,2026-01-05T09:00Z,lost,budget
none,web,sale,anna-snelling,,,
who,web,sal,nobody,,,
"""


def _state(running: Any, lead_id: str) -> Any:
    """A lead as the running server answers it."""
    with grpc.insecure_channel(running.address) as channel:
        stub = lifecycle_pb2_grpc.LifecycleServiceStub(channel)
        return stub.GetLead(lifecycle_pb2.GetLeadRequest(lead_id=lead_id), timeout=10).state


def test_new_leads_begin_where_they_were_by_who_may(run: Any, server: Any) -> None:
    words = ("import", "leads", _file(INITIAL, "leads.csv"), "--store", server.store, "--initial")
    refused = run(*words)
    assert refused.stderr.count("may not") == 3
    assert "0 stored, 4 left out" in refused.stderr
    done = run(*words, "--actor", "sales-ops", "--batch", "crm")
    assert "leads.csv:4: stage: 'sale' is no stage; did you mean 'sal'?" in done.stderr
    assert "leads.csv:5: initial.rep_id: 'nobody' is no active rep" in done.stderr
    assert "2 stored, 2 left out" in done.stderr
    began, lost = _state(server, "open"), _state(server, "lost")
    assert (began.stage, began.rep_id) == (types_pb2.STAGE_SAL, "anna-snelling")
    assert began.entered_at.ToJsonString() == "2026-01-05T00:00:00Z"
    assert (lost.stage, lost.reason) == (types_pb2.STAGE_CLOSED_LOST, "budget")


def test_without_initial_such_columns_are_attributes_and_unknown(run: Any, server: Any) -> None:
    done = run("import", "leads", _file(INITIAL, "leads.csv"), "--store", server.store)
    assert "leads.csv:2: lead.attributes[entered_at]: is not declared" in done.stderr
    assert "0 stored, 4 left out" in done.stderr


def test_a_lead_that_is_there_is_changed_and_not_moved(run: Any, server: Any) -> None:
    words = ("--store", server.store, "--actor", "sales-ops", "--initial")
    first = '{"lead_id": "stays", "source": "web", "stage": "sal", "owner": "boris-faz"}\n'
    run("import", "leads", _file(first, "leads.jsonl"), *words)
    again = '{"lead_id": "stays", "job_title": "CEO", "stage": "nurture"}\n'
    run("import", "leads", _file(again, "leads.jsonl"), *words)
    state = _state(server, "stays")
    assert (state.stage, state.rep_id) == (types_pb2.STAGE_SAL, "boris-faz")
    assert state.lead.job_title == "CEO"


ACTIVITIES = """lead_id,email,activity_id,type,occurred_at,source
did,,x1,earlier_contact,2026-01-05T09:00:00Z,web
did,,x2,sneeze,2026-01-05T09:00:00Z,web
did,,x3,engagement,soon,web
,nobody@acme.example.com,x4,engagement,2026-01-05,
,,x5,engagement,2026-01-05,
gone,,x6,engagement,2026-01-05,
did,,x7,engagement,2999-01-05,
did,,x8,engagement,2026-01-06,
"""


def test_good_activities_are_recorded_and_bad_rows_named(run: Any, where: tuple[str, ...]) -> None:
    run("import", "leads", _file('{"lead_id": "did", "source": "web"}\n', "leads.jsonl"), *where)
    done = run("import", "activities", _file(ACTIVITIES, "did.csv"), *where)
    assert done.exit_code == 1
    assert "did.csv:3: type: 'sneeze'" in done.stderr
    assert "did.csv:4: occurred_at: 'soon' is no instant" in done.stderr
    assert "did.csv:6: lead_id: says nobody's" in done.stderr
    assert "did.csv:7: no lead 'gone' is stored" in done.stderr
    assert "did.csv:8: occurred_at" in done.stderr
    assert "3 stored, 5 left out" in done.stderr
    again = json.loads(run("import", "activities", "did.csv", *where, "--json").stdout)
    assert again["stored"] == 3, "the same again is ignored"
    assert [bad["line"] for bad in again["left_out"]] == [3, 4, 6, 7, 8]


def test_imported_activities_are_scored_and_move_nobody(run: Any, server: Any) -> None:
    asked = ("--store", server.store)
    lead = '{"lead_id": "calm", "email": "calm@acme.example.com", "source": "web", "country": "US"}'
    run("import", "leads", _file(lead + "\n", "leads.jsonl"), *asked)
    before = _state(server, "calm")
    rows = "".join(f"calm,c{n},earlier_purchase,2026-01-05\n" for n in range(3))
    file = _file("lead_id,activity_id,type,occurred_at\n" + rows, "did.csv")
    done = run("import", "activities", file, *asked, "--batch", "old")
    after = _state(server, "calm")
    assert "3 stored, 0 left out" in done.stderr
    assert (done.exit_code, done.stdout) == (0, "batch old\n")
    assert (after.stage, after.visit) == (before.stage, before.visit)
    assert after.score.behaviour >= before.score.behaviour


def test_the_batch_is_kept_with_what_came(run: Any, server: Any) -> None:
    lead = _file('{"lead_id": "kept", "source": "web"}\n', "leads.jsonl")
    run("import", "leads", lead, "--store", server.store, "--batch", "spring")
    with grpc.insecure_channel(server.address) as channel:
        stub = lifecycle_pb2_grpc.LifecycleServiceStub(channel)
        told = stub.GetHistory(lifecycle_pb2.GetHistoryRequest(lead_id="kept"), timeout=10)
    batches = [h.imported.batch_id for h in told.happenings if h.HasField("imported")]
    assert batches == ["spring"]
