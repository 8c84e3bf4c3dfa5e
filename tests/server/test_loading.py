"""A folder as a policy: with its model, after its own tests, or one sentence of what is wrong."""

from pathlib import Path

import pytest

from scoring_service.policy.mistake import Mistake, Mistakes
from scoring_service.server.folders import shipped
from scoring_service.server.loading import compile_stored, content_of, load_folder, told
from scoring_service.server.start_problem import StartProblem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The starter rules, with their tests."""
    made = tmp_path / "rules"
    made.mkdir()
    for file in shipped("rules").iterdir():
        (made / file.name).write_bytes(file.read_bytes())
    return made


def mistakes(count: int) -> Mistakes:
    """So many mistakes, numbered by their lines."""
    return Mistakes(
        Mistake("team.yaml", line, "reps", f"mistake {line}", "mend it")
        for line in range(1, count + 1)
    )


@pytest.mark.parametrize(
    ("count", "ending"),
    [
        pytest.param(1, "", id="one is told alone"),
        pytest.param(2, " (and 1 more mistake)", id="of two one is left"),
        pytest.param(3, " (and 2 more mistakes)", id="of three two are"),
        pytest.param(40, " (and 39 more mistakes)", id="and so on"),
    ],
)
def test_mistakes_in_one_sentence(count: int, ending: str) -> None:
    found = mistakes(count)
    assert told(found) == f"{found.mistakes[0]}{ending}"
    assert told(found).startswith("team.yaml:1")


def test_a_stored_revision_is_the_policy_of_its_folder(folder: Path) -> None:
    loaded = load_folder(folder)
    again = compile_stored(loaded.source.pack())
    assert again.revision == loaded.policy.revision
    assert again.model is None


def test_a_folder_is_loaded_the_same_beside_an_earlier_policy(folder: Path) -> None:
    first = load_folder(folder).policy
    assert load_folder(folder, first).policy.revision == first.revision


def test_the_content_of_a_folder_is_told_apart_by_its_rule_files_alone(folder: Path) -> None:
    first = content_of(folder)
    assert content_of(folder) == first != b""
    (folder / "notes.txt").write_text("no rule file")
    assert content_of(folder) == first
    with (folder / "team.yaml").open("a") as team:
        team.write("\n")
    changed = content_of(folder)
    assert changed != first
    (folder / "team.yaml").rename(folder / "teams_test.yaml")
    assert content_of(folder) not in {first, changed}


def test_a_folder_that_cannot_be_read_has_no_content(tmp_path: Path) -> None:
    assert content_of(tmp_path / "nowhere") == b""


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartProblem, match="there is no rules folder at"):
        load_folder(tmp_path / "nowhere")


def test_a_rule_test_that_fails_names_its_line_and_what_came_out(folder: Path) -> None:
    test = "- it: nobody scores a thousand\n  lead: {employees: 5}\n  expect: {queue: nowhere}\n"
    (folder / "routing_test.yaml").write_text(test)
    with pytest.raises(Mistakes) as failed:
        load_folder(folder)
    [mistake] = failed.value.mistakes
    said = str(mistake)
    assert said.startswith("routing_test.yaml:1")
    assert "this test fails: " in said
    assert "nowhere" in said
    assert "mend the rule or the test" in said


@pytest.mark.parametrize("exists", [True, False])
def test_a_models_folder_without_a_current_model_is_no_model(
    folder: Path, tmp_path: Path, exists: bool
) -> None:
    models = tmp_path / "models"
    if exists:
        models.mkdir()
    loaded = load_folder(folder, models=models)
    assert loaded.policy.model is None
    assert loaded.policy.revision == load_folder(folder).policy.revision


def test_a_current_model_that_is_not_there_is_a_mistake_of_current(
    folder: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "CURRENT").write_text("0123456789abcdef\n")
    with pytest.raises(Mistakes) as failed:
        load_folder(folder, models=models)
    [mistake] = failed.value.mistakes
    assert (mistake.file, mistake.line) == ("CURRENT", 1)
    assert "have another version be current" in str(mistake)
