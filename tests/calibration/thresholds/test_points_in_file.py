"""Points written into scoring.yaml: they change and nothing else does, or nothing is written."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.thresholds.bars_in_file import Bars
from scoring_service.calibration.thresholds.points_in_file import (
    replaced,
    with_points,
    with_points_and_bars,
)
from scoring_service.calibration.thresholds.proposed_points import (
    ProposedActivity,
    ProposedCriterion,
    ProposedPoints,
)
from scoring_service.calibration.thresholds.threshold_results import Pair

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""


def act(name: str, points: float, most: float | None = None) -> ProposedActivity:
    return ProposedActivity(name, points, most, 1.0)


def proposed(
    *criteria: ProposedCriterion, acts: tuple[ProposedActivity, ...] = (), **groups: float
) -> ProposedPoints:
    return ProposedPoints(1.0, criteria, acts, groups)


def written(text: str, points: ProposedPoints) -> str:
    return with_points(text.encode(), points).decode()


SIZE = ProposedCriterion("size", "employees >= 200", 7.0)
NEW = ProposedCriterion("it's new", "name == 'a'", -3.0)


@pytest.mark.parametrize(
    ("before", "points", "after"),
    [
        pytest.param(
            "fit:\n  - {name: size, when: a, points: 5}  # why\n",
            proposed(SIZE),
            "fit:\n  - {name: size, when: a, points: 7}  # why\n",
            id="a criterion keeps its place and its comment",
        ),
        pytest.param(
            "fit:\n  - name: size  # who\n    when: a\n    points: 5 # why\n",
            proposed(SIZE),
            "fit:\n  - name: size  # who\n    when: a\n    points: 7 # why\n",
            id="written over lines too",
        ),
        pytest.param(
            "fit:\n  - {name: other, points: 1}\n  - {name: size, points: 5}\n",
            proposed(SIZE),
            "fit:\n  - {name: other, points: 1}\n  - {name: size, points: 7}\n",
            id="found by its name",
        ),
        pytest.param(
            "behaviour:\n  activities:\n    view: {points: 5, points_max: 10}\n",
            proposed(acts=(act("view", 0.25, 2.5),)),
            "behaviour:\n  activities:\n    view: {points: 0.25, points_max: 2.5}\n",
            id="an activity has points and a cap",
        ),
        pytest.param(
            "behaviour:\n  activities:\n    view: {points: 5, points_max: 10}\n",
            proposed(acts=(act("view", 3.0),)),
            "behaviour:\n  activities:\n    view: {points: 3, points_max: 10}\n",
            id="a cap that is not proposed stays",
        ),
        pytest.param(
            "behaviour:\n  activities:\n    view: {points: 5}\n",
            proposed(acts=(act("view", 3.0, 9.0), act("gone", 1.0))),
            "behaviour:\n  activities:\n    view: {points: 3}\n",
            id="what is not there is not added",
        ),
        pytest.param(
            "behaviour: {groups: {web: {points_max: 30}}}\n",
            proposed(web=12.5),
            "behaviour: {groups: {web: {points_max: 12.5}}}\n",
            id="a group's cap",
        ),
        pytest.param(
            "fit:\n  - {name: size, points: 5}\nmql: {fit_min: 1}\n",
            proposed(NEW),
            "fit:\n  - {name: size, points: 5}\n"
            "  - {name: 'it''s new', when: 'name == ''a''', points: -3}\nmql: {fit_min: 1}\n",
            id="a new criterion stands below those that are there",
        ),
        pytest.param(
            "fit:\n- name: size\n  points: 5\n# end\n",
            proposed(NEW),
            "fit:\n- name: size\n  points: 5\n"
            "- {name: 'it''s new', when: 'name == ''a''', points: -3}\n# end\n",
            id="as far in as they stand",
        ),
        pytest.param(
            "fit: [{name: size, points: 5}]\n",
            proposed(NEW),
            "fit: [{name: size, points: 5},"
            " {name: 'it''s new', when: 'name == ''a''', points: -3}]\n",
            id="on one line with them",
        ),
        pytest.param(
            "fit: []\n",
            proposed(NEW),
            "fit: [{name: 'it''s new', when: 'name == ''a''', points: -3}]\n",
            id="first where there is none",
        ),
        pytest.param(
            "mql: {fit_min: 1}",
            proposed(NEW),
            "mql: {fit_min: 1}\nfit:\n  - {name: 'it''s new', when: 'name == ''a''', points: -3}\n",
            id="at the end where there is no fit",
        ),
        pytest.param("fit: []\n", proposed(), "fit: []\n", id="nothing proposed changes nothing"),
    ],
)
def test_points_are_written_in_the_style_of_the_file(
    before: str, points: ProposedPoints, after: str
) -> None:
    assert written(before, points) == after


SHARED = [
    pytest.param("a: {points: &p 5}\n    b: {points: *p}", id="one number is the other"),
    pytest.param("a: &m {points: 5}\n    b: *m", id="one activity is the other"),
    pytest.param("a: {points: &p 5}\n    b: {points: 5}\nx: {y: *p}", id="another place has it"),
]


@pytest.mark.parametrize("text", SHARED)
def test_shared_points_are_left_to_people(text: str) -> None:
    points = proposed(acts=(act("a", 7.0), act("b", 9.0)))
    with pytest.raises(CalibrationProblem, match="nothing was written: write the points out"):
        written(f"behaviour:\n  activities:\n    {text}\n", points)


def test_a_file_that_holds_no_map_is_left_to_people() -> None:
    with pytest.raises(CalibrationProblem, match=r"scoring\.yaml holds no map: mend it first"):
        written("- 1\n", proposed(SIZE))


def test_points_and_the_bars_on_them_are_written_together() -> None:
    before = b"mql: {fit_min: 40, behaviour_min: 40}\nfit:\n  - {name: size, points: 5}\n"
    found = with_points_and_bars(before, proposed(SIZE), Bars(Pair(35.0, 0.0)))
    assert found == (b"mql: {fit_min: 35, behaviour_min: 0}\nfit:\n  - {name: size, points: 7}\n")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(("b",), id="a key that is not there"),
        pytest.param(("a", 5), id="an item that is not there"),
        pytest.param(("a", 0, "b"), id="below a number"),
        pytest.param(("a",), id="a list"),
    ],
)
def test_where_there_is_no_scalar_nothing_is_replaced(path: tuple[str | int, ...]) -> None:
    assert replaced("a: [1, 2]\n", path, "7") == "a: [1, 2]\n"


NAMES = st.sampled_from(["size", "it's", "a: b", "# not", "é", '"q"', "x - y"])
POINTS = st.integers(-1000, 1000).map(float)
LAYOUTS = st.sampled_from(["block", "flow", "absent", "empty"])


def laid(layout: str, there: dict[str, float]) -> str:
    """A scoring.yaml with these criteria, in one of its styles."""
    items = [yaml.safe_dump({"name": k, "points": v}, default_flow_style=True).strip()
             for k, v in there.items()]  # fmt: skip
    head = "mql: {fit_min: 40}  # ours\n"
    if layout == "absent" or not items:
        return head if layout != "empty" else f"{head}fit: []  # none\n"
    if layout == "flow":
        return f"{head}fit: [{', '.join(items)}]  # ours\nsql: {{a: 1}}\n"
    return f"{head}fit:\n" + "".join(f"  - {item}  # why\n" for item in items) + "# end\n"


@FEW
@given(
    LAYOUTS,
    st.dictionaries(NAMES, POINTS, max_size=4),
    st.dictionaries(NAMES, POINTS, max_size=4),
)
def test_whatever_the_layout_only_points_change(
    layout: str, there: dict[str, float], wanted: dict[str, float]
) -> None:
    text = laid(layout, there)
    before: Any = yaml.safe_load(text)
    criteria = [ProposedCriterion(name, "true", points) for name, points in wanted.items()]
    after: Any = yaml.safe_load(written(text, proposed(*criteria)))
    known = {one["name"]: one["points"] for one in before.get("fit", ())}
    told = {one["name"]: one["points"] for one in after.get("fit", ())}
    assert told == known | wanted
    assert list(told) == [*known, *(name for name in wanted if name not in known)]
    assert after["mql"] == {"fit_min": 40}
    assert written(text, proposed(*criteria)).count("#") >= text.count("# ")
