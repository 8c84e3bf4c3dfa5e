"""`leadscoring calibrate`: learned from a file, published if it holds, refused with the reason."""

import json
import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from math import exp
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scoring_service.cli.main import cli

Run = Callable[..., Result]

SIGNAL = {"web": -1.2, "event": 0.0, "referral": 1.2}
METRICS = ("roc_auc", "pr_auc", "log_loss", "brier", "ece", "lift_at_10")


def leads(
    rows: int = 700, *, seed: int = 1, signal: float = 1.0, leak: bool = False
) -> Iterator[dict[str, Any]]:
    """Leads whose source and size tell something of the outcome; the same for the same seed."""
    draw = random.Random(seed)
    for number in range(rows):
        source, employees = draw.choice(list(SIGNAL)), draw.randint(1, 500)
        odds = signal * (SIGNAL[source] + (employees - 250) / 200) - 0.8
        won = draw.random() < 1 / (1 + exp(-odds))
        row = {"lead_id": f"lead-{number}", "source": source, "employees": employees}
        if leak:
            row["signed_pages"] = (3 if won else 1) + draw.random()
        yield row | {"won": "yes" if won else "no"}


def write(name: str, rows: Iterator[dict[str, Any]]) -> Path:
    found = list(rows)
    lines = [",".join(found[0]), *(",".join(map(str, row.values())) for row in found)]
    Path(name).write_text("\n".join(lines) + "\n")
    return Path(name)


def files(models: Path) -> set[str]:
    return {path.relative_to(models).as_posix() for path in models.rglob("*") if path.is_file()}


def calibrated(run: Run, *words: object) -> dict[str, Any]:
    done = run("calibrate", *words, "--json")
    assert done.exit_code in (0, 1), done.stderr
    row: dict[str, Any] = json.loads(done.stdout)
    assert (done.exit_code == 0) == row["published"]
    return row


class Published:
    """One calibration that was published, of 700 leads in order."""

    def __init__(self, place: Path) -> None:
        self.models = place / "models"
        self.file = place / "leads.csv"
        write(str(self.file), leads())
        words = [str(self.file), "--outcome", "won", "--ordered", "--models", str(self.models)]
        self.json = CliRunner().invoke(cli, ["calibrate", *words, "--json"])
        self.row = json.loads(self.json.stdout)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return Published(tmp_path_factory.mktemp("calibrated"))


def test_a_model_with_signal_is_published_and_current(published: Published) -> None:
    row = published.row
    assert (published.json.exit_code, row["published"], row["refused"]) == (0, True, None)
    assert (published.models / "CURRENT").read_text().strip() == row["version"]
    folder = published.models / row["version"]
    for name in ("scorecard.json", "manifest.json", "card.md", "model.skops"):
        assert (folder / name).stat().st_size > 0, name


def test_the_version_is_the_hash_of_the_scorecard(published: Published) -> None:
    content = (published.models / published.row["version"] / "scorecard.json").read_bytes()
    assert sha256(content).hexdigest().startswith(published.row["version"])


def test_every_metric_lies_in_its_interval(published: Published) -> None:
    for name in METRICS:
        figure = published.row["metrics"][name]
        assert figure["low"] <= figure["value"] <= figure["high"], name
    assert published.row["metrics"]["roc_auc"]["value"] > 0.7


def test_what_was_read_is_counted(published: Published) -> None:
    row = published.row
    assert (row["rows"], row["time"]) == (700, "order")
    assert row["won"] == sum(lead["won"] == "yes" for lead in leads())
    assert row["window"]["last"]["rows"] == 140
    assert row["columns"] == ["source", "employees"]
    assert (row["leaks"], row["clocks"]) == ([], [])


def test_nothing_but_json_is_said(published: Published) -> None:
    assert published.json.stderr == ""


def test_two_runs_give_the_same_bytes(run: Run, published: Published) -> None:
    row = calibrated(run, published.file, "--outcome", "won", "--ordered", "--models", "again")
    assert row["version"] == published.row["version"]
    again = Path("again") / row["version"] / "scorecard.json"
    first = published.models / row["version"] / "scorecard.json"
    assert again.read_bytes() == first.read_bytes()


def test_the_models_folder_is_made_and_named(run: Run) -> None:
    write("leads.csv", leads())
    done = run("calibrate", "leads.csv", "--outcome", "won", "--ordered")
    assert done.exit_code == 0
    version = Path("models/CURRENT").read_text().strip()
    assert f"Published as models/{version}, now current" in done.stdout
    assert "leadscoring serve --models models" in done.stdout
    assert "had been published before" not in done.stdout
    again = run("calibrate", "leads.csv", "--outcome", "won", "--ordered")
    assert "had been published before: nothing in its folder was changed" in again.stdout
    told = " ".join(again.stdout.split())
    assert f"Published as models/{version}, which is current already" in told


def test_without_signal_nothing_is_published(run: Run) -> None:
    write("leads.csv", leads(signal=0))
    done = run("calibrate", "leads.csv", "--outcome", "won", "--ordered", "--json")
    row = json.loads(done.stdout)
    assert (done.exit_code, row["published"], row["version"]) == (1, False, None)
    assert row["refused"] == "no_signal"
    assert "AUC" in row["why"]
    assert not Path("models").exists() or files(Path("models")) == set()


def test_too_few_outcomes_are_refused_with_their_counts(run: Run) -> None:
    write("leads.csv", leads(rows=150))
    row = calibrated(run, "leads.csv", "--outcome", "won", "--ordered")
    won = [lead["won"] == "yes" for lead in leads(rows=150)]
    assert row["refused"] == "too_few_outcomes"
    assert str(sum(won[:120])) in row["why"]
    assert row["metrics"] is None
    assert not Path("models").exists() or files(Path("models")) == set()


def test_one_that_is_worse_than_the_current_is_refused(run: Run) -> None:
    """It learned where source and size told little, and is judged where they tell much."""
    words = ("leads.csv", "--outcome", "won", "--ordered")
    write("leads.csv", islice(leads(1400), 1120))
    first = calibrated(run, *words)
    before = files(Path("models"))
    write("leads.csv", iter([*leads(1120, signal=0.3), *islice(leads(1400), 1120, None)]))
    second = calibrated(run, *words)
    assert second["refused"] == "worse_than_current"
    assert "log-loss" in second["why"]
    assert Path("models/CURRENT").read_text().strip() == first["version"]
    assert files(Path("models")) == before
    assert f"{first['version']} stays current." in run("calibrate", *words).stdout


def test_the_same_file_with_fewer_columns_is_worse_and_the_same_again_is_not(run: Run) -> None:
    """The current model has learned from every row: what it was before it did is held against."""
    words = ("leads.csv", "--outcome", "won", "--ordered")
    write("leads.csv", leads(1400))
    first = calibrated(run, *words)
    assert calibrated(run, *words)["version"] == first["version"]
    kept = ("lead_id", "employees", "won")
    write("leads.csv", ({name: row[name] for name in kept} for row in leads(1400)))
    poorer = calibrated(run, *words)
    assert poorer["refused"] == "worse_than_current"
    assert "was on the same rows" in poorer["why"]


def test_a_column_that_tells_the_outcome_is_left_out_and_can_be_kept(run: Run) -> None:
    write("leads.csv", leads(leak=True))
    words = ("leads.csv", "--outcome", "won", "--ordered")
    row = calibrated(run, *words)
    (leak,) = row["leaks"]
    assert (leak["column"], leak["severity"], leak["allowed"]) == (
        "signed_pages",
        "excluded",
        False,
    )
    assert "signed_pages" not in row["columns"]
    kept = calibrated(run, *words, "--allow", "signed_pages", "--models", "other")
    assert kept["leaks"][0]["allowed"]
    assert "signed_pages" in kept["columns"]
    assert kept["metrics"]["roc_auc"]["value"] > 0.99


@pytest.mark.parametrize("signal", [1.0, 0.0], ids=["published", "refused"])
def test_a_report_is_one_page_also_of_what_is_refused(run: Run, signal: float) -> None:
    write("leads.csv", leads(signal=signal))
    words = ("leads.csv", "--outcome", "won", "--ordered", "--report", "page.html")
    row = calibrated(run, *words)
    page = Path("page.html").read_text()
    assert row["published"] == bool(signal)
    assert page.lower().startswith("<!doctype html>")
    assert (row["version"] or "no signal") in page


@pytest.mark.parametrize(
    ("file", "words", "says"),
    [
        pytest.param("nowhere.csv", (), "nowhere.csv", id="a file that is not there"),
        pytest.param("leads.csv", ("--outcome", "status"), "status", id="no such column"),
        pytest.param("odd.csv", (), "perhaps", id="an outcome in no known word"),
        pytest.param("empty.csv", (), "empty.csv", id="a file without rows"),
        pytest.param("leads.csv", ("--mapping", "nowhere.yaml"), "nowhere.yaml", id="no mapping"),
        pytest.param(
            "leads.csv", ("--activities", "nowhere.csv"), "nowhere.csv", id="no activities"
        ),
        pytest.param("leads.csv", ("--allow", "durration"), "durration", id="no such leak"),
        pytest.param("leads.csv", ("--models", "leads.csv"), "leads.csv", id="models in a file"),
        pytest.param(
            "leads.csv", ("--models", "leads.csv/models"), "leads.csv", id="models below a file"
        ),
        pytest.param(
            "leads.csv",
            ("--report", "leads.csv/page.html"),
            "leads.csv",
            id="a report below a file",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(
    run: Run, file: str, words: tuple[str, ...], says: str
) -> None:
    write("leads.csv", leads())
    Path("odd.csv").write_text("lead_id,won\n1,perhaps\n2,yes\n3,no\n")
    Path("empty.csv").write_text("lead_id,won\n")
    refused = run("calibrate", file, "--ordered", "--outcome", "won", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("leadscoring: ")
    assert says in refused.stderr
    assert "Traceback" not in refused.stderr
