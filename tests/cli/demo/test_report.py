"""The demo's summary says what the answers say, and picks what has most to tell."""

import io

import pytest
from leadscoring.v1 import routing_pb2, types_pb2
from rich.console import Console

from scoring_service.cli.demo import report


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=120)


def _said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _score(quadrant: types_pb2.Quadrant.ValueType, *, ready: bool = False) -> types_pb2.Score:
    return types_pb2.Score(quadrant=quadrant, mql_ready=ready)


@pytest.mark.parametrize(
    ("assignment", "owner"),
    [
        pytest.param(routing_pb2.Assignment(rep_id="anna"), "anna", id="a rep by his id"),
        pytest.param(routing_pb2.Assignment(queue="triage"), "queue triage", id="a queue"),
        pytest.param(routing_pb2.Assignment(track="welcome"), "track welcome", id="a track"),
        pytest.param(routing_pb2.Assignment(), "nobody", id="nobody"),
    ],
)
def test_the_owner_in_words(assignment: routing_pb2.Assignment, owner: str) -> None:
    assert report.owner_of(assignment) == owner


def test_quadrants_are_counted_with_those_that_are_ready(console: Console) -> None:
    ready = _score(types_pb2.QUADRANT_SALES_READY, ready=True)
    unready = _score(types_pb2.QUADRANT_NURTURE)
    report.quadrants(console, [ready, unready, unready])
    rows = [line.split("│")[1:4] for line in _said(console).splitlines() if line.startswith("│")]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["nurture", "2", "0"],
        ["sales_ready", "1", "1"],
    ]


def test_the_load_is_counted_by_owner_and_route(console: Console) -> None:
    report.load(
        console,
        [
            routing_pb2.Assignment(rep_id="anna", route="hot"),
            routing_pb2.Assignment(rep_id="anna", route="warm"),
            routing_pb2.Assignment(rep_id="ben", route="hot"),
            routing_pb2.Assignment(rep_id="anna"),
        ],
    )
    said = _said(console)
    assert "before the routes" in said
    (anna,) = [line for line in said.splitlines() if "anna" in line]
    assert [cell.strip() for cell in anna.strip("│").split("│")] == ["anna", "1", "1", "1", "3"]


def test_a_lead_is_explained_by_its_contributions(console: Console) -> None:
    score = types_pb2.Score(fit=25, fit_grade="B", behaviour=12.5, behaviour_level=3)
    score.quadrant = types_pb2.QUADRANT_NURTURE
    score.contributions.add(name="target industry", points=25)
    dated = score.contributions.add(name="demo_request", points=12.5, undecayed_points=50)
    dated.occurred_at.FromJsonString("2026-01-02T00:00:00Z")
    score.bars.add(name="behaviour", value=12.5, threshold=40, met=False)
    report.explained(console, "lead-1", score)
    said = _said(console)
    assert "+25.00" in said
    assert "2026-01-02" in said
    assert "50.0" in said
    assert "fit 25.00 (B), behaviour 12.50 (3): nurture" in said
    assert "bar behaviour: 12.50 of 40, not met" in said


def test_a_decision_is_told_in_its_own_sentences(console: Console) -> None:
    record = routing_pb2.Decision(lead_id="x", rep_id="anna", sentences=["x went to [anna]."])
    report.decision(console, record)
    assert "x went to [anna]." in _said(console), "brackets are not markup"


def test_the_lead_with_the_most_contributions_tells_most() -> None:
    plain, telling, strong = types_pb2.Score(), types_pb2.Score(fit=1), types_pb2.Score(fit=90)
    telling.contributions.add(name="a", points=1)
    telling.contributions.add(name="b", points=0)
    strong.contributions.add(name="a", points=90)
    assert report.most_telling([plain, telling, strong]) == 1


def test_the_decision_with_the_most_reasons_is_the_one_to_explain() -> None:
    def assignment(rep: str, *outcomes: routing_pb2.Outcome.ValueType) -> routing_pb2.Assignment:
        considered = [routing_pb2.Considered(rep_id=rep, outcome=outcome) for outcome in outcomes]
        return routing_pb2.Assignment(rep_id=rep, considered=considered)

    chosen, turn = routing_pb2.OUTCOME_CHOSEN, routing_pb2.OUTCOME_OTHER_TURN
    plain = assignment("anna", chosen, turn, turn, turn)
    telling = assignment("ben", chosen, turn, routing_pb2.OUTCOME_ON_LEAVE)
    track = routing_pb2.Assignment(track="welcome", considered=telling.considered)
    assert report.most_contested([plain, telling, track]).rep_id == "ben"


def test_throughput_is_leads_by_seconds(console: Console) -> None:
    report.throughput(console, 700, 0.5, 2.0)
    said = " ".join(_said(console).split())
    assert "(1,400 a second)" in said
    assert "(350 a second)" in said
