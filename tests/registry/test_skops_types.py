"""A model file's types are read before anything is made of it."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scoring_service.registry.current import current_version, promote
from scoring_service.registry.problem import RegistryProblem
from scoring_service.registry.skops_types import check_skops, types_in

OURS = {
    "__module__": "sklearn.pipeline",
    "__class__": "Pipeline",
    "content": {
        "steps": [
            {
                "__module__": "scoring_service.calibration.learning.encoder",
                "__class__": "ScorecardEncoder",
            },
            {"__module__": "sklearn.linear_model._logistic", "__class__": "LogisticRegression"},
        ]
    },
}


def skops(schema: Any, name: str = "schema.json") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, json.dumps(schema))
    return content.getvalue()


class Hostile:
    """Would write a file if it were unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.write_text, (self.path, "executed"))


def test_types_of_ours_pass() -> None:
    check_skops(skops(OURS), "model.skops")


def test_every_type_is_named_however_deep() -> None:
    deep: Any = {"__module__": "os", "__class__": "system"}
    for _ in range(100):
        deep = {"content": [deep]}
    assert types_in(skops(deep), "model.skops") == {"os.system"}


def test_a_foreign_type_is_refused_by_name() -> None:
    schema = {**OURS, "extra": {"__module__": "subprocess", "__class__": "Popen"}}
    with pytest.raises(RegistryProblem, match=r"subprocess\.Popen.*was not loaded"):
        check_skops(skops(schema), "model.skops")


def test_a_pickle_by_that_name_is_refused_and_not_executed(tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    with pytest.raises(RegistryProblem, match="is no skops file: it was not loaded"):
        check_skops(pickle.dumps(Hostile(proof)), "model.skops")
    assert not proof.exists()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK\x03\x04 half", id="half a zip"),
        pytest.param(skops(OURS, "other.json"), id="no schema"),
    ],
)
def test_what_is_no_skops_file_is_refused(content: bytes) -> None:
    with pytest.raises(RegistryProblem, match="is no skops file"):
        check_skops(content, "model.skops")


def test_a_version_with_a_hostile_model_file_is_not_promoted(
    models: Path, add: Callable[..., str], tmp_path: Path
) -> None:
    good, proof = add(), tmp_path / "proof"
    promote(models, good)
    bad = add(-1.0, model_skops=pickle.dumps(Hostile(proof)))
    with pytest.raises(RegistryProblem, match="it was not loaded"):
        promote(models, bad)
    assert current_version(models) == good
    assert not proof.exists()
