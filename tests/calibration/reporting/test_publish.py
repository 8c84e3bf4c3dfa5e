"""A version in the models folder: named by its scorecard, whole or absent, never changed."""

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import skops.io

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.reporting.publish import Context, Published, publish, write_report
from scoring_service.calibration.results import Gate, Refusal, Training
from scoring_service.domain.calibration.baseline import Baseline
from scoring_service.domain.calibration.scorecard import Scorecard
from scoring_service.registry.current import current
from scoring_service.registry.versions import versions

Train = Callable[..., Training]
NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
CONTEXT = Context(NOW, settings={"--window": "0.2"})
FILES = {
    "scorecard.json",
    "model.skops",
    "manifest.json",
    "health.json",
    "card.md",
    "report.html",
    "reliability.png",
    "distribution.png",
    "gain.png",
    "weights.png",
}


@pytest.fixture(scope="module")
def published(train: Train, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return publish(train(), tmp_path_factory.mktemp("registry") / "models", CONTEXT)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _manifest(published: Published) -> dict[str, object]:
    found = json.loads((published.folder / "manifest.json").read_bytes())
    assert isinstance(found, dict)
    return found


def test_a_version_holds_all_its_files_and_is_current(published: Published) -> None:
    assert published.new
    assert set(_contents(published.folder)) == FILES
    named = published.folder.parent / "CURRENT"
    assert named.read_text() == f"{published.version}\n"
    assert {path.name for path in published.folder.parent.iterdir()} == {
        published.version,
        "CURRENT",
        "HISTORY",
    }
    assert current(published.folder.parent) is not None


def test_the_version_is_the_hash_of_the_scorecard(published: Published) -> None:
    content = (published.folder / "scorecard.json").read_bytes()
    assert hashlib.sha256(content).hexdigest().startswith(published.version)


def test_the_scorecard_is_the_training_s(published: Published, train: Train) -> None:
    content = (published.folder / "scorecard.json").read_bytes()
    fitted = train().published
    assert fitted is not None
    assert msgspec.json.decode(content, type=Scorecard) == fitted.scorecard


def test_the_manifest_names_every_other_file_by_its_hash(published: Published) -> None:
    found = _contents(published.folder)
    del found["manifest.json"]
    expected = {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}
    assert _manifest(published)["files"] == expected


def test_the_manifest_tells_how_it_was_made(published: Published) -> None:
    manifest = _manifest(published)
    assert manifest["version"] == published.version
    assert manifest["created_at"] == "2026-05-10T12:00:00Z"
    assert manifest["data_sha256"] == "0f" * 32
    assert manifest["seed"] == 3
    assert manifest["settings"] == {"--window": "0.2"}
    assert manifest["left_out"] == ["closed_value", "rate"]
    libraries, parts = manifest["libraries"], manifest["parts"]
    assert isinstance(libraries, dict)
    assert {"python", "numpy", "scikit-learn", "skops"} <= libraries.keys()
    assert isinstance(parts, dict)
    assert parts["trained_before_window"]["rows"] == 2_200
    assert parts["held_back"]["rows"] == 200
    assert parts["last_window"]["first"] == "2026-04-15"


def test_the_manifest_has_every_metric_with_its_interval(published: Published) -> None:
    manifest = _manifest(published)
    metrics, beside = manifest["metrics"], manifest["beside"]
    assert isinstance(metrics, dict)
    assert metrics["roc_auc"] == pytest.approx({"value": 0.72, "low": 0.69, "high": 0.75})
    assert metrics["rows"] == 600
    assert isinstance(beside, dict)
    assert set(beside) == {"without_recycled", "with_clocks", "out_of_fold"}


def test_the_model_is_the_fitted_pipeline(published: Published, pipeline: object) -> None:
    content = (published.folder / "model.skops").read_bytes()
    unknown = skops.io.get_untrusted_types(data=content)
    assert unknown == []
    loaded = skops.io.loads(content)
    assert loaded.predict_proba([[0.0], [1.0]]).tolist() == (
        pipeline.predict_proba([[0.0], [1.0]]).tolist()  # type: ignore[attr-defined]
    )


def test_health_holds_the_shares_of_training(published: Published) -> None:
    content = (published.folder / "health.json").read_bytes()
    found = msgspec.json.decode(content, type=Baseline)
    assert found.rows == 3_000
    assert [f.feature for f in found.features] == ["decides", "demo_request", "employees", "source"]


def test_the_same_again_a_day_later_changes_nothing_and_says_so(
    published: Published, train: Train
) -> None:
    before = _contents(published.folder)
    tomorrow = replace(CONTEXT, now=NOW + timedelta(days=1))
    again = publish(train(), published.folder.parent, tomorrow)
    assert not again.new
    assert again.version == published.version
    assert _contents(again.folder) == before


def test_an_earlier_version_published_again_is_current_again(
    published: Published, train: Train
) -> None:
    current_file = published.folder.parent / "CURRENT"
    current_file.unlink()
    publish(train(), published.folder.parent, CONTEXT)
    assert current_file.read_text() == f"{published.version}\n"


@pytest.mark.parametrize(
    "gate",
    [
        pytest.param(Gate(Refusal.NO_SIGNAL, "the 5 % bound of AUC is .497"), id="no signal"),
        pytest.param(Gate(Refusal.WORSE_THAN_CURRENT, "log-loss is .01 worse"), id="worse"),
    ],
)
def test_a_refused_training_has_no_version_and_no_current(
    train: Train, models: Path, gate: Gate
) -> None:
    with pytest.raises(CalibrationProblem, match=gate.why):
        publish(train(gate=gate), models, CONTEXT)
    assert not models.exists()


def test_a_refused_training_may_have_a_report(train: Train, tmp_path: Path) -> None:
    refused = train(gate=Gate(Refusal.NO_SIGNAL, "the 5 % bound of AUC is .497"))
    page = write_report(refused, tmp_path / "report", CONTEXT)
    assert page == tmp_path / "report" / "report.html"
    assert "Not published" in page.read_text()
    assert set(_contents(page.parent)) == FILES - {
        "scorecard.json",
        "model.skops",
        "manifest.json",
        "health.json",
    }


def _nothing_left(folder: Path) -> None:
    assert [path.name for path in folder.rglob("*") if path.name != "in the way"] == []


def test_a_folder_that_is_a_file_is_told(train: Train, tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(CalibrationProblem, match="cannot be written"):
        publish(train(), tmp_path / "in the way" / "models", CONTEXT)
    with pytest.raises(CalibrationProblem, match="in the way"):
        write_report(train(), tmp_path / "in the way" / "report", CONTEXT)
    assert [path.name for path in tmp_path.rglob("*")] == ["in the way"]


def test_a_version_that_is_a_file_leaves_no_half_of_it(
    train: Train, published: Published, models: Path
) -> None:
    models.mkdir()
    (models / published.version).write_text("in the way")
    with pytest.raises(CalibrationProblem, match=published.version):
        publish(train(), models, CONTEXT)
    assert [path.name for path in models.iterdir()] == [published.version]
    assert (models / published.version).read_text() == "in the way"


def test_current_that_is_a_folder_is_told_and_stays(train: Train, models: Path) -> None:
    (models / "CURRENT" / "sub").mkdir(parents=True)
    with pytest.raises(CalibrationProblem, match="CURRENT cannot be read"):
        publish(train(), models, CONTEXT)
    assert (models / "CURRENT").is_dir()
    assert not [path for path in models.iterdir() if path.name.startswith(".")]


def test_a_changed_file_of_the_same_version_is_told(train: Train, models: Path) -> None:
    folder = publish(train(), models, CONTEXT).folder
    (folder / "card.md").write_text("nicer figures")
    with pytest.raises(CalibrationProblem, match=r"card\.md has changed since it was published"):
        publish(train(), models, CONTEXT)


KILLED = """
import resource, signal, sys
from pathlib import Path
from scoring_service.registry.adding import add_version
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
add_version(Path(sys.argv[1]), {"scorecard.json": b"x" * 10, "card.md": b"x" * 30_000}, b"{}")
"""


def test_killed_while_it_writes_nothing_of_the_version_is_there(models: Path) -> None:
    """The process is killed when a file of it grows beyond 20 kB: at the second one."""
    done = subprocess.run([sys.executable, "-c", KILLED, models], check=False)
    assert done.returncode == -signal.SIGXFSZ
    assert versions(models) == ()
    assert current(models) is None
