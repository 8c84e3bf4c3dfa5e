"""Proposed points written into scoring.yaml: today's entries keep their place and comments, new
criteria stand below them.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.thresholds.bars_in_file import SCORING, edited, entries
from scoring_service.calibration.thresholds.bars_in_file import Bars as BarsInFile
from scoring_service.calibration.thresholds.proposed_points import ProposedCriterion, ProposedPoints
from scoring_service.policy.document import Path, compose, decoded
from scoring_service.policy.mistake import Mistakes

ACTIVITIES = ("behaviour", "activities")
GROUPS = ("behaviour", "groups")
_BY_HAND = (
    f"{SCORING} shares its points with other places (anchors and aliases), so nothing was written:"
    " write the points out there, and ask again"
)


def with_points(content: bytes, proposed: ProposedPoints) -> bytes:
    """scoring.yaml with the points; its bars are as they were. CalibrationProblem where the file
    holds no map, or where more would change than the points.
    """
    document = compose(SCORING, content)
    if not isinstance(document.value, dict):
        raise CalibrationProblem(f"{SCORING} holds no map: mend it first (`rules check`)")
    text = decoded(SCORING, content)
    places = {entry["name"]: number for number, entry in enumerate(document.value.get("fit", ()))}
    wanted, new = _wanted(proposed, places), [c for c in proposed.criteria if c.name not in places]
    try:
        for path, value in wanted.items():
            text = replaced(text, path, f"{value:g}")
        text = _with_criteria(text, new)
        after = compose(SCORING, text.encode()).value
    except (yaml.YAMLError, Mistakes) as error:
        raise CalibrationProblem(_BY_HAND) from error
    if new:
        after["fit"] = after["fit"][: len(places)]
    if after != _set({"fit": [], **document.value} if new else document.value, wanted):
        raise CalibrationProblem(_BY_HAND)
    return text.encode()


def _wanted(proposed: ProposedPoints, places: Mapping[str, int]) -> dict[Path, float]:
    """The figures by where they stand; `places` are the criteria that are there, by name."""
    found: dict[Path, float] = {}
    for criterion in proposed.criteria:
        if criterion.name in places:
            found["fit", places[criterion.name], "points"] = criterion.points
    for activity in proposed.activities:
        found[*ACTIVITIES, activity.type, "points"] = activity.points
        if activity.points_max is not None:
            found[*ACTIVITIES, activity.type, "points_max"] = activity.points_max
    for group, cap in proposed.groups.items():
        found[*GROUPS, group, "points_max"] = cap
    return found


def _set(value: Any, wanted: Mapping[Path, float], at: Path = ()) -> Any:
    """What a file says with other figures at those paths that it has."""
    if at in wanted and isinstance(value, int | float):
        return float(f"{wanted[at]:g}")
    if isinstance(value, dict):
        return {key: _set(item, wanted, (*at, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_set(item, wanted, (*at, number)) for number, item in enumerate(value)]
    return value


def with_points_and_bars(content: bytes, proposed: ProposedPoints, bars: BarsInFile) -> bytes:
    """The points, and the bars that were chosen on them."""
    return edited(with_points(content, proposed), entries(bars))


def replaced(text: str, path: Path, value: str) -> str:
    """The text with another scalar at a path; as it was where there is none.

    >>> replaced("fit:\\n  - {name: a, points: 5}  # why\\n", ("fit", 0, "points"), "7")
    'fit:\\n  - {name: a, points: 7}  # why\\n'
    """
    node = _node(text, path)
    if not isinstance(node, yaml.ScalarNode):
        return text
    return text[: node.start_mark.index] + value + text[node.end_mark.index :]


def _node(text: str, path: Path) -> yaml.Node | None:
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    for key in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for name, value in node.value if name.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key] if key < len(node.value) else None
        else:
            return None
    return node


def _with_criteria(text: str, criteria: list[ProposedCriterion]) -> str:
    """Further items of `fit`, in the style of those that are there."""
    if not criteria:
        return text
    fit = _node(text, ("fit",))
    items = [_item(criterion) for criterion in criteria]
    if not isinstance(fit, yaml.SequenceNode):
        block = "".join(f"  - {item}\n" for item in items)
        gap = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{gap}fit:\n{block}"
    if fit.flow_style or not fit.value:
        comma = ", " if fit.value else ""
        place = fit.value[-1].end_mark.index if fit.value else fit.start_mark.index + 1
        return f"{text[:place]}{comma}{', '.join(items)}{text[place:]}"
    last = fit.value[-1]
    line = text.rfind("\n", 0, last.start_mark.index) + 1
    indent = " " * (text.index("-", line) - line)
    mark = _innermost(last).end_mark
    end = text.find("\n", mark.index - (mark.column == 0))
    end = len(text) if end < 0 else end
    block = "".join(f"\n{indent}- {item}" for item in items)
    return text[:end] + block + text[end:]


def _innermost(node: yaml.Node) -> yaml.Node:
    """The last of what a node holds: a block ends behind the comments below it, this before."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _item(criterion: ProposedCriterion) -> str:
    name, when = (part.replace("'", "''") for part in (criterion.name, criterion.when))
    return f"{{name: '{name}', when: '{when}', points: {criterion.points:g}}}"
