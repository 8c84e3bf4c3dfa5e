"""What the demo says of P(won): predicted beside actual, and why they differ."""

import io

import pytest
from leadscoring.v1 import types_pb2
from rich.console import Console

from scoring_service.cli.demo.worth import estimated, predicted_and_true, sentences, worth

TOLD = [(0.01, False), (0.01, True), (0.05, True), (0.05, False), (0.2, True), (0.9, True)]


def _said(told: list[tuple[float, bool]], base_rate: float) -> str:
    console = Console(file=io.StringIO(), width=120)
    worth(console, told, base_rate)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _rows(said: str) -> list[list[str]]:
    lines = [line for line in said.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_leads_are_shown_in_bands_of_what_was_predicted() -> None:
    assert _rows(_said(TOLD, 0.1)) == [
        ["from 0.00", "2", "0.01", "0.50"],
        ["from 0.03", "2", "0.05", "0.50"],
        ["from 0.12", "2", "0.55", "1.00"],
        ["all", "6", "0.20", "0.67"],
    ]


@pytest.mark.parametrize(
    ("told", "base_rate", "says"),
    [
        pytest.param(TOLD, 0.1, "too low: 0.20 predicted, 0.67 won", id="too low"),
        pytest.param(TOLD, 0.1, "rose from 0.10", id="the base rate rose"),
        pytest.param([(0.9, False), (0.8, True)], 0.8, "too high: 0.85 predicted", id="too high"),
        pytest.param([(0.9, False), (0.8, True)], 0.8, "fell from 0.80", id="the base rate fell"),
    ],
)
def test_why_predicted_and_actual_differ(
    told: list[tuple[float, bool]], base_rate: float, says: str
) -> None:
    assert says in sentences(told, base_rate)[0]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        pytest.param(TOLD, "order holds: 1.00 of the better half signed, 0.33", id="it holds"),
        pytest.param([(0.9, False), (0.8, True)], "order does not hold either", id="it does not"),
    ],
)
def test_whether_the_order_holds(told: list[tuple[float, bool]], says: str) -> None:
    assert says in sentences(told, 0.1)[1]


def test_only_leads_with_an_outcome_are_held_against_it() -> None:
    scores = {name: types_pb2.Score(win_probability=p) for name, p in (("a", 0.1), ("b", 0.2))}
    assert predicted_and_true(scores, {"b": True}) == [(0.2, True)]


def test_a_lead_is_explained_by_what_adds_most_to_its_log_odds() -> None:
    score = types_pb2.Score(win_probability=0.25, model_version="beef")
    score.win_probability_low, score.win_probability_high = 0.2, 0.31
    for name, log_odds in [("base", -2.0), *((f"trait {n}", n / 10) for n in range(-3, 5))]:
        score.model_contributions.add(name=name, log_odds=log_odds)
    console = Console(file=io.StringIO(), width=120)
    estimated(console, score)
    assert isinstance(console.file, io.StringIO)
    head, *lines = console.file.getvalue().splitlines()
    assert head == "P(won) 0.25 (between 0.20 and 0.31) by model beef, in log-odds:"
    assert lines[:2] == ["  -2.00 base", "  +0.40 trait 4"]
    assert len(lines) == 1 + 5 + 1
    assert sum(float(line.split()[0]) for line in lines) == pytest.approx(-1.6)


def test_without_a_model_nothing_is_said_of_p() -> None:
    console = Console(file=io.StringIO())
    estimated(console, types_pb2.Score())
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == ""
