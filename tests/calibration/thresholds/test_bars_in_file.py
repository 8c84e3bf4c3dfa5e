"""Bars written into scoring.yaml: they change and nothing else does, or nothing is written."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.thresholds.bars_in_file import (
    SCORING,
    Bars,
    edited,
    entries,
    with_bars,
    write,
)
from scoring_service.calibration.thresholds.threshold_results import Pair
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of

NEW = {"mql": {"fit_min": "35", "behaviour_min": "65"}}
LAYOUTS = [
    pytest.param(
        "mql: {fit_min: 40, behaviour_min: 40}  # ours\n",
        "mql: {fit_min: 35, behaviour_min: 65}  # ours\n",
        id="flow",
    ),
    pytest.param(
        "mql:\n  fit_min: 40   # who\n  behaviour_min: 40\n# end\n",
        "mql:\n  fit_min: 35   # who\n  behaviour_min: 65\n# end\n",
        id="block",
    ),
    pytest.param(
        "mql:\n  fit_min: 40  # who\n\nsql: {win_probability_min: 0.3}\n",
        "mql:\n  fit_min: 35  # who\n  behaviour_min: 65\n\nsql: {win_probability_min: 0.3}\n",
        id="block with one of them",
    ),
    pytest.param(
        "mql: {fit_min: 40,\n      hysteresis: 5  # little\n     }\n",
        "mql: {fit_min: 35,\n      hysteresis: 5, behaviour_min: 65  # little\n     }\n",
        id="flow over lines, a comment before its end",
    ),
    pytest.param("mql: {fit_min: 40,}\n", "mql: {fit_min: 35, behaviour_min: 65,}\n", id="comma"),
    pytest.param("mql: {}\n", "mql: {fit_min: 35, behaviour_min: 65}\n", id="empty flow"),
    pytest.param("fit: []", "fit: []\nmql: {fit_min: 35}\n", id="no section, no line end"),
    pytest.param(
        '"mql": {"fit_min": "40", behaviour_min: 4e1}',
        '"mql": {"fit_min": 35, behaviour_min: 65}',
        id="quoted",
    ),
    pytest.param(
        "mql: {fit_min: 40, behaviour_min: 40}\n# Größe: ≥ 5\n",
        "mql: {fit_min: 35, behaviour_min: 65}\n# Größe: ≥ 5\n",
        id="other letters",
    ),
]


@pytest.mark.parametrize(("before", "after"), LAYOUTS)
def test_bars_are_written_in_the_style_of_the_file(before: str, after: str) -> None:
    wanted = NEW if "behaviour_min" in after else {"mql": {"fit_min": "35"}}
    assert edited(before.encode(), wanted).decode() == after
    assert edited(after.encode(), wanted).decode() == after


SHARED = [
    pytest.param("mql: {fit_min: &bar 40, behaviour_min: *bar}\n", id="one bar is the other"),
    pytest.param(
        "top: &bar 40\nmql: {fit_min: *bar, behaviour_min: 40}\n", id="a bar is elsewhere"
    ),
    pytest.param("x: &m {fit_min: 40}\nmql: *m\n", id="the section is elsewhere"),
]


@pytest.mark.parametrize("text", SHARED)
def test_shared_bars_are_left_to_people(text: str) -> None:
    with pytest.raises(CalibrationProblem, match="nothing was written: write the bars out there"):
        edited(text.encode(), NEW)


COMMENTS = st.lists(st.sampled_from(["", "# a: {b}", "# mql: 3", "   # - x"]), max_size=3)
STYLES = st.sampled_from(["flow", "block"])


@given(
    above=COMMENTS,
    below=COMMENTS,
    style=STYLES,
    keys=st.permutations(["fit_min", "behaviour_min", "hysteresis"]),
    kept=st.integers(0, 3),
    bars=st.tuples(st.integers(1, 100), st.integers(0, 100)),
)
def test_whatever_the_layout_only_bars_change(
    above: list[str],
    below: list[str],
    style: str,
    keys: list[str],
    kept: int,
    bars: tuple[int, int],
) -> None:
    there = keys[:kept]
    block = "mql:\n" + "".join(f"  {key}: 7  # {key} of ours\n" for key in there)
    flow = f"mql: {{{', '.join(f'{key}: 7' for key in there)}}}  # ours\n"
    section = flow if style == "flow" or not there else block
    lines = ["fit: []  # none", *above, section.rstrip("\n"), *below, "grades: {A: 75}  # last"]
    text = "\n".join(lines)
    fit, behaviour = bars
    after = edited(text.encode(), entries(Bars(Pair(float(fit), float(behaviour))))).decode()
    expected = {**dict.fromkeys(there, 7), "fit_min": fit, "behaviour_min": behaviour}
    assert yaml.safe_load(after) == {"fit": [], "mql": expected, "grades": {"A": 75}}
    comments = [line[line.index("#") :] for line in text.splitlines() if "#" in line]
    assert [line[line.index("#") :] for line in after.splitlines() if "#" in line] == comments


def test_the_change_is_shown_as_a_diff(files: dict[str, bytes]) -> None:
    change = with_bars(files, Bars(Pair(35, 45)))
    changed = [line for line in change.diff.splitlines() if line[:1] in "+-"]
    assert changed == [
        "--- scoring.yaml (today)",
        "+++ scoring.yaml (proposed)",
        "-mql: {fit_min: 40, behaviour_min: 40, hysteresis: 5}",
        "+mql: {fit_min: 35, behaviour_min: 45, hysteresis: 5}",
    ]
    assert change.notes == ()
    loaded = load(source_of({**files, SCORING: change.content})).scoring.mql
    assert (loaded.fit_min, loaded.behaviour_min) == (35, 45)


def test_todays_bars_are_no_change(files: dict[str, bytes]) -> None:
    assert with_bars(files, Bars(Pair(40, 40))).diff == ""


REFUSED = [
    pytest.param(Bars(Pair(40, 15)), "one email_reply of 15 points alone", id="a single act"),
    pytest.param(Bars(Pair(40, 40, 0.2), model="abc"), "needs a model", id="P without a model"),
]


@pytest.mark.parametrize(("bars", "why"), REFUSED)
def test_what_would_not_load_is_not_written(files: dict[str, bytes], bars: Bars, why: str) -> None:
    with pytest.raises(CalibrationProblem, match="so nothing was written") as refused:
        with_bars(files, bars)
    assert why in str(refused.value)


def test_a_bar_on_p_names_the_model_it_was_chosen_for() -> None:
    wanted = entries(Bars(Pair(40, 45, 0.1), sql=0.3, model="0123456789abcdef"))
    after = edited(b"mql: {fit_min: 40}\n", wanted).decode()
    assert after == (
        "mql: {fit_min: 40, behaviour_min: 45, win_probability_min: 0.1,"
        ' for_model: "0123456789abcdef"}\n'
        'sql: {win_probability_min: 0.3, for_model: "0123456789abcdef"}\n'
    )
    again = edited(after.encode(), entries(Bars(sql=0.4, model="fedc")))
    assert again.decode().splitlines()[1] == 'sql: {win_probability_min: 0.4, for_model: "fedc"}'


def test_rule_tests_that_fail_with_the_bars_are_told(files: dict[str, bytes]) -> None:
    shipped = Path(__file__).parents[3] / "rules" / "scoring_test.yaml"
    change = with_bars({**files, shipped.name: shipped.read_bytes()}, Bars(Pair(95, 95)))
    assert any("fails now" in note and "review it with the bars" in note for note in change.notes)


def test_the_file_is_replaced_whole(files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / SCORING
    path.write_bytes(files[SCORING])
    path.chmod(0o640)
    change = with_bars(files, Bars(Pair(35, 45)))
    write(tmp_path, change)
    assert path.read_bytes() == change.content
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == [SCORING]


def test_a_folder_that_is_gone_is_told(files: dict[str, bytes], tmp_path: Path) -> None:
    change: Any = with_bars(files, Bars(Pair(35, 45)))
    with pytest.raises(CalibrationProblem, match=r"scoring\.yaml cannot be written: No such file"):
        write(tmp_path / "gone", change)
