"""Proposed points written into scoring.yaml: today's entries keep their place and comments, new
criteria stand below them.
"""

import yaml

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.thresholds.bars_in_file import SCORING, edited, entries
from scoring_service.calibration.thresholds.bars_in_file import Bars as BarsInFile
from scoring_service.calibration.thresholds.proposed_points import ProposedCriterion, ProposedPoints
from scoring_service.policy.document import Path, compose, decoded

ACTIVITIES = ("behaviour", "activities")
GROUPS = ("behaviour", "groups")


def with_points(content: bytes, proposed: ProposedPoints) -> bytes:
    """scoring.yaml with the points; its bars are as they were. CalibrationProblem where the file
    holds no map.
    """
    document = compose(SCORING, content)
    if not isinstance(document.value, dict):
        raise CalibrationProblem(f"{SCORING} holds no map: mend it first (`rules check`)")
    text = decoded(SCORING, content)
    places = {entry["name"]: number for number, entry in enumerate(document.value.get("fit", ()))}
    for criterion in proposed.criteria:
        if criterion.name in places:
            path: Path = ("fit", places[criterion.name], "points")
            text = replaced(text, path, f"{criterion.points:g}")
    for activity in proposed.activities:
        at = (*ACTIVITIES, activity.type)
        text = replaced(text, (*at, "points"), f"{activity.points:g}")
        if activity.points_max is not None:
            text = replaced(text, (*at, "points_max"), f"{activity.points_max:g}")
    for group, cap in proposed.groups.items():
        text = replaced(text, (*GROUPS, group, "points_max"), f"{cap:g}")
    new = [c for c in proposed.criteria if c.name not in places]
    return _with_criteria(text, new).encode()


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
    end = text.find("\n", last.end_mark.index - (last.end_mark.column == 0))
    end = len(text) if end < 0 else end
    block = "".join(f"\n{indent}- {item}" for item in items)
    return text[:end] + block + text[end:]


def _item(criterion: ProposedCriterion) -> str:
    name, when = (part.replace("'", "''") for part in (criterion.name, criterion.when))
    return f"{{name: '{name}', when: '{when}', points: {criterion.points:g}}}"
