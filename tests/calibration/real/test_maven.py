"""A pipeline in which nothing known before tells who will buy: no model may come of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.calibration import maven

CRM = Path(__file__).parents[3] / "examples" / "crm"

Calibrate = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("maven")
    maven.write(CRM, place)
    return place


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="the last fifth"),
        pytest.param(("--window", "0.1"), id="the last tenth"),
        pytest.param(("--window", "0.35"), id="the last third"),
        pytest.param(("--horizon", "60d"), id="a shorter horizon"),
    ],
)
def test_whatever_the_cut_nothing_is_published(
    calibrate: Calibrate, deals: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    file, mapping = deals / "leads.csv", deals / "mapping.yaml"
    said = calibrate(tmp_path / "m", file, "--outcome", "deal_stage", "--mapping", mapping, *words)
    assert (said["published"], said["refused"]) == (False, "no_signal")
    assert "AUC" in said["why"]
    assert not (tmp_path / "m").exists() or not any((tmp_path / "m").iterdir())
    assert _excluded(said) == {"close_value"}


def test_what_only_closed_deals_have_is_found_where_open_ones_count_as_not_won(
    calibrate: Calibrate, tmp_path: Path
) -> None:
    maven.write(CRM, tmp_path, open_deals=True)
    words = ("--outcome", "deal_stage", "--mapping", tmp_path / "mapping.yaml")
    said = calibrate(tmp_path / "m", tmp_path / "leads.csv", *words)
    assert said["refused"] == "no_signal"
    assert {"close_value", "account", "sector"} <= _excluded(said)
    assert not {"sales_agent", "product", "regional_office"} & _excluded(said)


def _excluded(said: dict[str, Any]) -> set[str]:
    return {leak["column"] for leak in said["leaks"] if leak["severity"] == "excluded"}
