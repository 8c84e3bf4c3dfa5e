"""`leadscoring models`: what is published, what is current, and the way back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.adding import add_version, hashes
from scoring_service.registry.current import current_version

Publish = Callable[..., str]

AUC = {"value": 0.7, "low": 0.6, "high": 0.8}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def publish(models: Path, scorecard_json: Callable[..., bytes]) -> Publish:
    """Publishes a scorecard of another base, current or not; gives its version."""

    def published(base: float = -2.0, created: str = "2026-03-01T09:00:00Z") -> str:
        files = {"scorecard.json": scorecard_json(base=base), "card.md": b"# The card\n"}
        manifest = {
            "version": version_of(files["scorecard.json"]),
            "files": hashes(files),
            "created_at": created,
            "metrics": {"roc_auc": AUC},
        }
        return add_version(models, files, msgspec.json.encode(manifest))[0]

    return published


@pytest.fixture
def call(run: Any, models: Path) -> Callable[..., Any]:
    """Runs a command of the group on the folder."""
    return lambda *words: run("models", *words, "--models", models)


def rules(folder: Path, mql: str = "fit_min: 40, behaviour_min: 40") -> Path:
    """Rules for leads with employees, plan and country."""
    folder.mkdir()
    (folder / "attributes.yaml").write_text("plan: {type: text}\n")
    (folder / "scoring.yaml").write_text(f"mql: {{{mql}}}\n")
    (folder / "routing.yaml").write_text("routes: []\notherwise: {queue: triage, owner: ops}\n")
    (folder / "team.yaml").write_text("reps: {}\npools: {}\n")
    return folder


def test_an_empty_folder_is_said(call: Any) -> None:
    found = call("list")
    assert found.exit_code == 0
    assert "no model is published" in found.output


def test_versions_are_listed_oldest_first_with_the_current_one_marked(
    call: Any, publish: Publish
) -> None:
    second = publish(-1.0, "2026-03-02T09:00:00Z")
    first = publish()
    call("promote", second)
    lines = call("list").output.splitlines()
    assert [line.split()[0] for line in lines] == [first, "*"]
    assert second in lines[1]
    assert "AUC 0.700 (0.600 to 0.800)" in lines[0]


def test_the_list_for_machines(call: Any, publish: Publish) -> None:
    version = publish()
    call("promote", version)
    found = json.loads(call("list", "--json").output)
    assert found["current"] == version
    (row,) = found["versions"]
    assert (row["version"], row["current"], row["problem"]) == (version, True, None)
    assert row["metrics"]["roc_auc"] == AUC


def test_a_broken_version_is_listed_as_broken(call: Any, publish: Publish, models: Path) -> None:
    version = publish()
    (models / version / "card.md").write_bytes(b"another")
    found = call("list")
    assert found.exit_code == 0
    assert f"{version}  broken: " in found.output
    assert "has changed since it was published" in found.output


def test_broken_or_not_a_version_has_the_same_keys_for_machines(
    call: Any, publish: Publish, models: Path
) -> None:
    broken, whole = publish(), publish(-1.0)
    (models / broken / "card.md").write_bytes(b"another")
    rows = {row["version"]: row for row in json.loads(call("list", "--json").output)["versions"]}
    assert rows[broken].keys() == rows[whole].keys()
    assert (rows[broken]["created_at"], rows[broken]["metrics"]) == (None, None)
    assert "has changed since" in rows[broken]["problem"]
    assert rows[whole]["problem"] is None


def test_where_current_is_broken_the_versions_to_choose_from_are_listed(
    call: Any, publish: Publish, models: Path
) -> None:
    version = publish()
    (models / "CURRENT").write_text("nowhere\n")
    listed, reason = call("list").output.splitlines()
    assert listed.startswith(f"  {version}  ")
    assert reason == f"{models}/CURRENT says 'nowhere', which is no version; promote one"
    assert json.loads(call("list", "--json").output)["problem"] == reason
    assert call("promote", version).output == f"{version} is current\n"


def test_show_gives_the_card_of_the_current_model(call: Any, publish: Publish) -> None:
    version = publish()
    call("promote", version)
    assert call("show").output == "# The card\n\n"


def test_show_for_machines_gives_the_manifest(call: Any, publish: Publish) -> None:
    version = publish()
    assert json.loads(call("show", version, "--json").output)["version"] == version


def test_show_without_a_current_model_asks_for_a_version(call: Any, publish: Publish) -> None:
    publish()
    found = call("show")
    assert found.exit_code == 2
    assert "no model is current" in found.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("show", "0123456789abcdef"), "there is no version", id="an unknown version"),
        pytest.param(("promote", "../../etc"), "is no version", id="a path"),
        pytest.param(("rollback",), "there is no way back", id="nothing before"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    call: Any, publish: Publish, words: tuple[str, ...], said: str
) -> None:
    publish()
    found = call(*words)
    assert found.exit_code == 2
    assert said in found.output
    assert "Traceback" not in found.output


def test_promote_and_roll_back(call: Any, publish: Publish, models: Path) -> None:
    first, second = publish(), publish(-1.0)
    assert call("promote", first).output == f"{first} is current\n"
    call("promote", second)
    assert call("rollback").output == f"{first} is current again\n"
    assert call("rollback").output == "no model is current any more\n"
    assert current_version(models) == ""


def test_a_rollback_to_no_model_under_a_bar_on_p_is_refused(
    call: Any, publish: Publish, models: Path, tmp_path: Path
) -> None:
    version = publish()
    call("promote", version)
    barred = rules(tmp_path / "rules", "fit_min: 40, behaviour_min: 40, win_probability_min: 0.1")
    found = call("rollback", "--rules", barred)
    assert found.exit_code == 2
    assert "do not load with no model, so nothing was changed" in found.output
    assert current_version(models) == version


def test_a_model_that_the_rules_do_not_load_with_is_not_promoted(
    call: Any, publish: Publish, models: Path, tmp_path: Path
) -> None:
    lacking = rules(tmp_path / "rules")
    (lacking / "attributes.yaml").write_text("seats: {type: integer}\n")
    found = call("promote", publish(), "--rules", lacking)
    assert found.exit_code == 2
    assert "the model reads 'plan' (text)" in found.output
    assert current_version(models) == ""


def test_a_model_is_promoted_with_rules_that_load_with_it(
    call: Any, publish: Publish, tmp_path: Path
) -> None:
    version = publish()
    assert call("promote", version, "--rules", rules(tmp_path / "rules")).exit_code == 0


def test_a_folder_that_is_not_there_is_one_sentence(run: Any, tmp_path: Path) -> None:
    found = run("models", "list", "--models", tmp_path / "nowhere")
    assert found.exit_code == 2
    assert "there is no models folder at" in found.output


def test_rules_check_takes_the_model_with_the_rules(
    run: Any, call: Any, publish: Publish, models: Path, tmp_path: Path
) -> None:
    barred = rules(tmp_path / "rules", "fit_min: 40, behaviour_min: 40, win_probability_min: 0.1")
    without = run("rules", "check", barred)
    assert "needs a model, and there is none" in without.output
    call("promote", publish())
    with_model = run("rules", "check", barred, "--models", models)
    assert "needs a model" not in with_model.output


def test_score_without_a_server_takes_the_model(
    run: Any, call: Any, publish: Publish, models: Path, tmp_path: Path
) -> None:
    version = publish()
    call("promote", version)
    leads = tmp_path / "leads.jsonl"
    leads.write_text(
        '{"leadId": "p1", "employees": 500, "attributes": {"plan": {"text": "pro"}}}\n'
    )
    folder = rules(tmp_path / "rules")
    found = run("score", leads, "--rules", folder, "--models", models, "--json")
    assert found.exit_code == 0, found.output
    line = next(line for line in found.output.splitlines() if line.startswith("{"))
    score = json.loads(line)["score"]
    assert score["model_version"] == version
    assert 0 < score["win_probability"] < 1


def test_a_broken_current_model_is_one_sentence_for_every_command(
    run: Any, call: Any, publish: Publish, models: Path, tmp_path: Path
) -> None:
    version = publish()
    call("promote", version)
    (models / version / "scorecard.json").write_bytes(b"{}")
    folder = rules(tmp_path / "rules")
    for words in (("rules", "check", folder), ("rules", "test", folder)):
        found = run(*words, "--models", models)
        assert found.exit_code == 2
        assert "has changed since it was published" in found.output
