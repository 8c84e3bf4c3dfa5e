"""A bank's campaign: a column that tells the outcome, five clocks, and a base rate that rises."""

import csv
import gzip
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BANK = Path(__file__).parents[3] / "examples" / "bank" / "bank-additional-full.csv.gz"
CLOCKS = {"emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed"}
EVERY = 8

Said = dict[str, Any]
Calibrate = Callable[..., Said]


@pytest.fixture(scope="module")
def by_time(calibrate: Calibrate, tmp_path_factory: pytest.TempPathFactory) -> Said:
    """All 41,188 calls, in their order."""
    models = tmp_path_factory.mktemp("models")
    return calibrate(models, BANK, "--outcome", "y", "--ordered")


@pytest.fixture(scope="module")
def calls() -> list[dict[str, str]]:
    """Every eighth call."""
    with gzip.open(BANK, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))[::EVERY]


def _write(path: Path, calls: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(calls[0]))
        writer.writeheader()
        writer.writerows(calls)
    return path


def _excluded(said: Said) -> set[str]:
    return {leak["column"] for leak in said["leaks"] if leak["severity"] == "excluded"}


def test_later_calls_are_told_apart_by_what_was_known_before(by_time: Said) -> None:
    assert by_time["published"]
    assert by_time["metrics"]["roc_auc"]["value"] >= 0.67


def test_of_all_columns_the_length_of_the_call_alone_is_left_out_as_a_leak(by_time: Said) -> None:
    assert _excluded(by_time) == {"duration"}


def test_the_five_economic_columns_are_named_as_clocks(by_time: Said) -> None:
    assert {clock["column"] for clock in by_time["clocks"]} == CLOCKS
    assert not CLOCKS & set(by_time["columns"])


def test_what_the_clocks_would_have_done_is_said_too(by_time: Said) -> None:
    kept, without = by_time["metrics_with_clocks"], by_time["metrics"]
    assert kept["roc_auc"] != without["roc_auc"]
    assert any("without the clocks and" in said for said in by_time["sentences"])


def test_the_drift_of_the_base_rate_is_told_as_drift(by_time: Said) -> None:
    window = by_time["window"]
    assert window["last"]["base_rate"] > 4 * window["training"]["base_rate"]
    assert window["last"]["predicted"] < window["last"]["base_rate"]
    assert any("too low because the base rate rose" in said for said in by_time["sentences"])


def test_in_random_order_p_comes_true(
    calibrate: Calibrate, calls: list[dict[str, str]], tmp_path: Path
) -> None:
    """Every eighth call: the figures of all calls stand in the long benchmark."""
    file = _write(tmp_path / "calls.csv", calls)
    said = calibrate(tmp_path / "models", file, "--outcome", "y")
    assert said["cross_validated"]["roc_auc"]["value"] >= 0.76
    assert said["cross_validated"]["ece"]["value"] <= 0.03
    assert said["clocks"] == [], "no clock without a time"


def test_a_leak_is_found_under_another_name_beside_its_noisy_copies(
    calibrate: Calibrate, calls: list[dict[str, str]], tmp_path: Path
) -> None:
    draw = random.Random(9)
    changed = []
    for call in calls:
        seconds = float(call["duration"])
        kept = {name: value for name, value in call.items() if name != "duration"}
        copies = {f"copy_{n}": f"{seconds * draw.gauss(1, 0.1):.1f}" for n in (1, 2)}
        changed.append({"talk": call["duration"], **copies, **kept})
    file = _write(tmp_path / "calls.csv", changed)
    said = calibrate(tmp_path / "models", file, "--outcome", "y", "--ordered")
    assert _excluded(said) == {"talk", "copy_1", "copy_2"}
