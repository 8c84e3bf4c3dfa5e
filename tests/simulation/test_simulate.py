"""Weeks of a made-up world through the real workflows: whole at the end, and the same again."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from shutil import copy
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.simulation.bench import Bench
from scoring_service.simulation.figures import Share, conversions, figures
from scoring_service.simulation.run import Plan, simulate
from scoring_service.simulation.sales import forgets, habits
from scoring_service.simulation.world import START, TICK, acts, person, ticked
from scoring_service.store.database import open_database
from scoring_service.values.stage import PATH, Stage
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.due import run_due

RULES = Path(__file__).parents[2] / "rules"
SOURCE = source_of({path.name: path.read_bytes() for path in RULES.iterdir()})
TABLES = ("leads", "stage_entries", "assignments", "decisions", "outbox", "happenings", "timers")


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The starter rules."""
    return load(SOURCE)


Lived = Callable[..., tuple[Bench, Path]]


@pytest.fixture
def live(empty_store: Path, tmp_path: Path, policy: Policy) -> Any:
    """Lives through a plan in a store of its own."""
    opened: list[Any] = []

    def through(plan: Plan, name: str = "lived") -> tuple[Bench, Path]:
        store = Path(copy(empty_store, tmp_path / f"{name}.db"))
        database = open_database(f"sqlite:///{store}")
        database.prepare()
        bench = Bench(database, policy, run_due, durable=False)
        opened.extend((bench, database))
        bench.activate(SOURCE.pack(), START)
        simulate(bench, plan)
        return bench, store

    yield through
    for each in opened:
        each.close()


def _dumped(store: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(store)) as connection:
        return {
            table: sorted(connection.execute(f"select * from {table}").fetchall(), key=repr)
            for table in TABLES
        }


def test_the_same_seed_gives_the_same_store(live: Lived) -> None:
    plan = Plan(days=10, leads=40, seed=3)
    first, second = (_dumped(live(plan, name)[1]) for name in ("first", "second"))
    assert first == second
    assert _dumped(live(Plan(days=10, leads=40, seed=4), "third")[1]) != first


def test_weeks_of_leads_leave_a_store_that_is_whole(live: Lived, policy: Policy) -> None:
    bench, _ = live(Plan(days=45, leads=150, seed=11))
    found = figures(bench.reader, START)
    assert list(findings(bench.reader, policy)) == []
    assert bench.refused == []
    assert sum(found.ended.values()) == found.leads >= 140
    assert {Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY} <= found.reached.keys()
    assert found.recycled > 0


def test_each_stage_is_reached_by_at_most_those_of_the_one_before(live: Lived) -> None:
    found = figures(live(Plan(days=45, leads=150, seed=12))[0].reader, START)
    reached = [many for _, many, _ in conversions(found)]
    assert reached == sorted(reached, reverse=True)
    for _, many, went_on in conversions(found):
        assert went_on.of_all == many


def test_nobody_comes_before_the_first_day_or_after_the_last(policy: Policy) -> None:
    chance = Random(5)
    people = [person(chance, policy.schema, number, 30) for number in range(300)]
    days = {(each.comes_at - START).days for each in people}
    assert min(days) >= 0
    assert max(days) <= 30
    working = [p for p in people if p.comes_at.weekday() < 5 and 8 <= p.comes_at.hour < 18]
    assert 0.6 < len(working) / len(people) < 0.95


def test_the_keener_buy_more_often_and_do_more(policy: Policy) -> None:
    chance = Random(6)
    people = [person(chance, policy.schema, number, 30) for number in range(2000)]
    keen = [each for each in people if each.interest > 1]
    cold = [each for each in people if each.interest < -1]
    assert sum(p.buys for p in keen) / len(keen) > 3 * sum(p.buys for p in cold) / len(cold)
    ends = START + 200 * (ticked(START + TICK) - START) * 96
    done = [sum(len(acts(chance, policy.scoring, p, ends)) for p in some) for some in (keen, cold)]
    assert done[0] / len(keen) > 1.5 * done[1] / len(cold)


def test_the_diligent_forget_less() -> None:
    chance = Random(7)
    reps = sorted((habits(chance, START, 180) for _ in range(40)), key=lambda h: h.diligence)
    forgotten = [sum(forgets(chance, rep) for _ in range(500)) for rep in (reps[0], reps[-1])]
    assert forgotten[0] > 2 * forgotten[1]


@pytest.mark.parametrize(
    ("of_them", "of_all", "said"),
    [
        pytest.param(0, 0, "none", id="nothing-of-nothing"),
        pytest.param(1, 4, "1 of 4 (25.0 %)", id="a-quarter"),
        pytest.param(1200, 2400, "1,200 of 2,400 (50.0 %)", id="thousands"),
    ],
)
def test_a_share_is_told_with_both_counts(of_them: int, of_all: int, said: str) -> None:
    assert str(Share(of_them, of_all)) == said


def test_the_path_is_told_from_mql_on(live: Lived) -> None:
    found = figures(live(Plan(days=3, leads=5, seed=1))[0].reader, START)
    assert [stage for stage, _, _ in conversions(found)] == list(PATH[PATH.index(Stage.MQL) :])


def test_as_a_user_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from scoring_service.cli.main import cli

    monkeypatch.chdir(tmp_path)
    words = ["simulate", "--days", "5", "--leads", "20", "--seed", "2"]
    kept = CliRunner().invoke(cli, [*words, "--store", "sqlite:///kept.db", "--json"])
    assert kept.exit_code == 0, kept.output
    said = json.loads(kept.stdout)
    assert said["findings"] == []
    assert sum(said["now"].values()) == said["leads"]
    whole = CliRunner().invoke(cli, ["doctor", "--store", "sqlite:///kept.db"])
    assert whole.exit_code == 0, whole.output
    again = CliRunner().invoke(cli, [*words, "--store", "sqlite:///kept.db"])
    assert again.exit_code == 2
    assert "in use already" in again.stderr
    told = CliRunner().invoke(cli, words)
    assert told.exit_code == 0
    assert "checked: 0 findings" in told.stdout
