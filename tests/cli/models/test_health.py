"""`leadscoring models health`: alarms where leads have changed, none where they have not."""

import csv
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from click.testing import Result

from scoring_service.calibration.reporting.publish import Context, publish
from scoring_service.calibration.rows.read_file import read_file
from scoring_service.calibration.training import TrainingOptions, train
from scoring_service.domain.calibration.scorecard import Cell, Scorecard, version_of
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.registry.adding import add_version, hashes
from scoring_service.registry.current import current, promote
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead

Run = Callable[..., Result]
FOLDER = Path(__file__).parents[3] / "rules"
RULES = source_of({path.name: path.read_bytes() for path in FOLDER.iterdir()})
NOW = datetime(2026, 5, 10, tzinfo=UTC)
SIZES = {"web": 120, "fair": 400, "ads": 30}
LIFT = {"web": 0.1, "fair": 0.35, "ads": 0.05}


def _write(
    path: Path,
    rows: int,
    seed: int,
    mix: dict[str, float] = {"web": 0.5, "fair": 0.2, "ads": 0.3},  # noqa: B006
    missing: float = 0.1,
    extra: float = 0.0,
) -> Path:
    """Leads in the order of time: where they came from decides how often they buy."""
    chance = Random(seed)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["source", "employees", "won"])
        for _ in range(rows):
            (source,) = chance.choices(list(mix), list(mix.values()))
            size = int(SIZES[source] * chance.uniform(0.5, 1.5))
            known = "" if chance.random() < missing else size
            writer.writerow(
                [source, known, "yes" if chance.random() < LIFT[source] + extra else "no"]
            )
    return path


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a current model of 3,000 such leads."""
    place = tmp_path_factory.mktemp("published")
    file = _write(place / "leads.csv", 3_000, 1)
    table = read_file(file, outcome="won", ordered=True, policy=load(RULES)).table
    training = train(table, TrainingOptions(replicates=20))
    publish(training, place / "models", Context(NOW))
    return place / "models"


def _health(run: Run, models: Path, file: Path, *words: str) -> Result:
    return run(
        "models",
        "health",
        file,
        "--outcome",
        "won",
        "--ordered",
        "--models",
        models,
        "--rules",
        FOLDER,
        *words,
    )


def test_leads_like_those_of_training_raise_no_alarm(
    run: Run, models: Path, tmp_path: Path
) -> None:
    said = _health(run, models, _write(tmp_path / "later.csv", 1_000, 2))
    assert said.exit_code == 0
    assert "1,000 recent leads: no alarm" in said.output
    assert "ALARM" not in said.output
    found = current(models)
    assert found is not None
    assert said.output.startswith(f"model {found.version}, ")


@pytest.mark.parametrize(
    ("changed", "alarm"),
    [
        pytest.param(
            {"mix": {"web": 0.1, "fair": 0.8, "ads": 0.1}},
            "drift        source",
            id="other sources",
        ),
        pytest.param({"missing": 0.5}, "missing      employees", id="values went missing"),
        pytest.param({"extra": 0.3}, "P is too low", id="leads buy more often"),
    ],
)
def test_what_changed_raises_an_alarm_and_is_named(
    run: Run, models: Path, tmp_path: Path, changed: dict[str, object], alarm: str
) -> None:
    file = _write(tmp_path / "later.csv", 1_000, 3, **changed)  # type: ignore[arg-type]
    said = _health(run, models, file)
    assert said.exit_code == 1
    raised = [line for line in said.output.splitlines() if line.startswith("  ALARM")]
    assert any(alarm in line for line in raised), said.output
    assert said.output.splitlines()[1 : 1 + len(raised)] == raised, "alarms come first"


def test_few_leads_are_said_to_be_too_few(run: Run, models: Path, tmp_path: Path) -> None:
    said = _health(run, models, _write(tmp_path / "later.csv", 60, 4, missing=0.9))
    assert said.exit_code == 0
    assert "too few to judge" in said.output
    assert "no alarm" in said.output


def test_machines_are_told_the_same(run: Run, models: Path, tmp_path: Path) -> None:
    file = _write(tmp_path / "later.csv", 1_000, 3, missing=0.5)
    said = _health(run, models, file, "--json")
    found = json.loads(said.output)
    assert said.exit_code == 1
    assert found["leads"] == 1_000
    assert found["alarms"] == sum(f["level"] == "alarm" for f in found["findings"]) > 0
    (employees,) = [
        f for f in found["findings"] if (f["check"], f["subject"]) == ("missing", "employees")
    ]
    assert employees["level"] == "alarm"
    assert employees["value"] == pytest.approx(0.5, abs=0.05)
    assert employees["before"] == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param([], "no model is current", id="no model"),
        pytest.param(["--store", "sqlite:///gone.db"], "there is no store", id="no store"),
        pytest.param(["{file}"], "--outcome names the column", id="a file without an outcome"),
        pytest.param(["gone.csv", "--outcome", "won"], "gone.csv", id="a file that is gone"),
    ],
)
def test_what_keeps_it_from_being_judged_is_told(
    run: Run, models: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    empty = tmp_path / "none"
    empty.mkdir()
    file = str(_write(tmp_path / "later.csv", 10, 5))
    folder = models if words else empty
    result = run(
        "models", "health", "--models", folder, *(word.format(file=file) for word in words)
    )
    assert result.exit_code == 2
    assert said in result.output


def test_a_model_without_shares_of_its_training_is_told(run: Run, tmp_path: Path) -> None:
    card = msgspec.json.encode(Scorecard(Cell(0.0, (0.1,)), (), 0.5, 100, 50))
    files = {"scorecard.json": card}
    manifest = {"version": version_of(card), "files": hashes(files)}
    version, _ = add_version(tmp_path / "models", files, msgspec.json.encode(manifest))
    promote(tmp_path / "models", version)
    said = run("models", "health", "--models", tmp_path / "models")
    assert said.exit_code == 2
    assert "keeps no shares of its training" in said.output


def test_a_changed_byte_is_told(run: Run, models: Path, tmp_path: Path) -> None:
    copy = tmp_path / "models"
    shutil.copytree(models, copy)
    (path,) = copy.glob("*/health.json")
    path.write_bytes(path.read_bytes().replace(b"rows", b"Rows", 1))
    said = run("models", "health", "--models", copy)
    assert said.exit_code == 2
    assert "health.json has changed since it was published" in said.output


def test_help_names_the_exit_code(run: Run) -> None:
    assert "Exit code 1 where an alarm is raised" in " ".join(
        run("models", "health", "--help").output.split()
    )


@pytest.fixture
async def store(open_desk: Any, clock: Any) -> str:
    """A store with 220 leads of the last days, all of a source that training had not."""
    clock.now = datetime.now(UTC) - timedelta(days=5)
    desk = open_desk("desk", load(RULES))
    for number in range(220):
        done = (Activity("demo_request", clock.now, f"a{number}"),) if number % 4 == 0 else ()
        lead = Lead(f"lead-{number}", source="podcast", employees=60 + number, country="DE")
        await desk.route(lead, activities=done)
    return f"sqlite:///{desk.path}"


async def test_the_leads_of_a_store_are_looked_at(store: str, run: Run, models: Path) -> None:
    said = run("models", "health", "--models", models, "--store", store, "--rules", FOLDER)
    assert said.exit_code == 1
    assert "220 recent leads" in said.output
    assert "most moved is 'other', from 0.0% to 100.0%" in said.output
