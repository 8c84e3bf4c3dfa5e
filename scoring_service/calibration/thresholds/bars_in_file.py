"""Bars written into scoring.yaml: only they change, comments stay; shown as a diff, never
silently.
"""

import difflib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.thresholds.threshold_results import Pair
from scoring_service.policy.check import check
from scoring_service.policy.document import compose, decoded
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Finding, Mistakes, Severity
from scoring_service.policy.rule_tests import run
from scoring_service.policy.source import Source, source_of

SCORING = "scoring.yaml"
_BY_HAND = (
    f"{SCORING} shares its bars with other places (anchors and aliases), so nothing was written:"
    " write the bars out there, and ask again"
)


@dataclass(frozen=True, slots=True)
class Bars:
    """What is to stand in the file: a pair, and P(won) of an SQL with the model it was chosen for.

    What is None stays as it is.
    """

    pair: Pair | None = None
    sql: float | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """New content of scoring.yaml with its unified diff (empty where nothing changes); `notes` say
    what checking finds that it did not find before, and which rule tests fail now.
    """

    content: bytes
    diff: str
    notes: tuple[str, ...]


def with_bars(files: Mapping[str, bytes], bars: Bars, scorecard: bytes = b"") -> Change:
    """scoring.yaml with the bars; nothing is written.

    `files` are the folder's, `scorecard` the model that will be current beside them. Raises
    CalibrationProblem where the folder does not load, or would not load with the bars.
    """
    before = files.get(SCORING, b"")
    after = edited(before, entries(bars))
    return checked(files, after, scorecard)


def checked(files: Mapping[str, bytes], after: bytes, scorecard: bytes = b"") -> Change:
    """A new scoring.yaml beside the other files, if it loads with them."""
    before = files.get(SCORING, b"")
    new = source_of({**files, SCORING: after}, scorecard)
    found = check(new)
    mistakes = [str(finding) for finding in found if finding.severity is Severity.MISTAKE]
    if mistakes:
        raise CalibrationProblem(
            f"the rules do not load with what was chosen, so nothing was written: {mistakes[0]}"
        )
    known = {finding.what for finding in check(source_of(files, scorecard))}
    notes = [str(finding) for finding in _new(found, known)]
    return Change(after, _diff(before, after), (*notes, *_failing(new)))


def write(folder: Path, change: Change) -> None:
    """Put the new scoring.yaml in the place of the old one, whole. Raises CalibrationProblem."""
    path = folder / SCORING
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{SCORING}-", dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(change.content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode)
        os.replace(temporary, path)
    except OSError as error:
        raise CalibrationProblem(f"{path} cannot be written: {error.strerror or error}") from error


def entries(bars: Bars) -> dict[str, dict[str, str]]:
    """What is to stand under `mql` and `sql`, as texts of YAML."""
    found: dict[str, dict[str, str]] = {"mql": {}, "sql": {}}
    if bars.pair is not None:
        found["mql"] = {
            "fit_min": f"{bars.pair.fit_min:g}",
            "behaviour_min": f"{bars.pair.behaviour_min:g}",
        }
        if bars.pair.win_probability_min is not None:
            found["mql"]["win_probability_min"] = f"{bars.pair.win_probability_min:g}"
            found["mql"]["for_model"] = f'"{bars.model}"'
    if bars.sql is not None:
        found["sql"] = {"win_probability_min": f"{bars.sql:g}", "for_model": f'"{bars.model}"'}
    return {key: wanted for key, wanted in found.items() if wanted}


def edited(content: bytes, wanted: Mapping[str, Mapping[str, str]]) -> bytes:
    """The file with these entries under these keys: replaced, or added in the style they stand in.

    >>> edited(b"mql: {fit_min: 40}  # ours\\n", {"mql": {"fit_min": "35", "hysteresis": "5"}})
    b'mql: {fit_min: 35, hysteresis: 5}  # ours\\n'
    """
    before = compose(SCORING, content).value
    text = decoded(SCORING, content)
    try:
        for key, pairs in wanted.items():
            for name, value in pairs.items():
                text = _with(text, key, name, value)
        after = compose(SCORING, text.encode()).value
    except (yaml.YAMLError, Mistakes) as error:
        raise CalibrationProblem(_BY_HAND) from error
    if _others(before, wanted) != _others(after, wanted):
        raise CalibrationProblem(_BY_HAND)
    return text.encode()


def _with(text: str, key: str, name: str, value: str) -> str:
    section = _below(yaml.compose(text, Loader=yaml.SafeLoader), key)
    if not isinstance(section, yaml.MappingNode):
        gap = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{gap}{key}: {{{name}: {value}}}\n"
    there = _below(section, name)
    if there is not None:
        return text[: there.start_mark.index] + value + text[there.end_mark.index :]
    if section.flow_style:
        comma = ", " if section.value else ""
        last = section.value[-1][1].end_mark if section.value else section.start_mark
        place = last.index + (not section.value)
        return f"{text[:place]}{comma}{name}: {value}{text[place:]}"
    last_key, last_value = section.value[-1]
    end = text.find("\n", last_value.end_mark.index - (last_value.end_mark.column == 0))
    end = len(text) if end < 0 else end
    return f"{text[:end]}\n{' ' * last_key.start_mark.column}{name}: {value}{text[end:]}"


def _others(value: object, wanted: Mapping[str, Mapping[str, str]]) -> object:
    """All of the file but what is written; a section that held nothing else counts as absent."""
    if not isinstance(value, dict):
        return value
    rest = {
        key: {k: v for k, v in entry.items() if k not in wanted[key]} if key in wanted else entry
        for key, entry in value.items()
        if key not in wanted or isinstance(entry, dict)
    }
    return {key: entry for key, entry in rest.items() if entry or key not in wanted}


def _below(node: "yaml.Node | None", key: str) -> "yaml.Node | None":
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                found: yaml.Node = value
                return found
    return None


def _new(found: "tuple[Finding, ...]", known: set[str]) -> list[Finding]:
    return [finding for finding in found if finding.what not in known]


def _failing(source: Source) -> list[str]:
    """Rule tests that fail with the change: a server refuses the folder until they are reviewed."""
    return [
        f"{outcome.file}:{outcome.line}: the test '{outcome.it}' fails now:"
        f" {'; '.join(outcome.differences)}; review it with the bars"
        for outcome in run(load(source), source)
        if not outcome.passed
    ]


def _diff(before: bytes, after: bytes) -> str:
    old, new = (text.decode("utf-8-sig").splitlines(keepends=True) for text in (before, after))
    return "".join(difflib.unified_diff(old, new, f"{SCORING} (today)", f"{SCORING} (proposed)"))
