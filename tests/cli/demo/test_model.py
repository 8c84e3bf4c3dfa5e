"""The model that the demo serves: whole, and what calibrating the first calls gives again."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.demo_model import MAPPING, SHIPPED, trained
from scoring_service.calibration.reporting.publish import encoded
from scoring_service.calibration.rows.mapping import mapping_of
from scoring_service.cli.rules.folder import source_in
from scoring_service.policy.check import check
from scoring_service.registry.current import current
from scoring_service.registry.versions import Version, versions

DEMO = Path(__file__).parents[3] / "examples" / "demo"


@pytest.fixture(scope="module")
def model() -> Version:
    found = current(DEMO / "models")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def manifest(model: Version) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(model.manifest_json)
    return told


def test_one_version_ships_with_its_manifest_and_no_pictures(model: Version) -> None:
    assert versions(DEMO / "models") == (model.version,)
    assert {path.name for path in model.folder.iterdir()} == {*SHIPPED, "manifest.json"}
    assert sum(path.stat().st_size for path in model.folder.iterdir()) < 300_000


def test_calibrating_the_first_calls_as_the_manifest_says_gives_the_same_bytes(
    model: Version, manifest: dict[str, Any], tmp_path: Path
) -> None:
    training = trained(tmp_path, manifest["settings"])
    assert training.published is not None
    assert encoded(training.published) == model.scorecard
    assert training.table.digest == manifest["data_sha256"]


def test_it_learned_from_the_first_four_fifths_only(manifest: dict[str, Any]) -> None:
    parts = manifest["parts"]
    assert (parts["published_on"]["rows"], parts["published_on"]["won"]) == (32_950, 2_100)
    assert parts["trained_before_window"]["last"] < parts["last_window"]["first"]


def test_what_tells_the_outcome_or_only_the_time_was_left_out(manifest: dict[str, Any]) -> None:
    assert {"duration", "euribor3m", "nr.employed"} <= set(manifest["left_out"])


def test_the_demos_rules_have_what_it_reads() -> None:
    assert check(source_in(DEMO / "rules", DEMO / "models")) == ()


def test_the_mapping_names_the_attributes_of_the_rules() -> None:
    names = set(mapping_of(MAPPING).columns.values())
    declared = (DEMO / "rules" / "attributes.yaml").read_text()
    assert all(f"\n{name}:" in declared for name in names)
