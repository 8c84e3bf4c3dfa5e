"""scoring.yaml: fit criteria, activity types, grades and bars."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from scoring_service.domain.lifecycle.lifecycle import Reason, Then
from scoring_service.domain.scoring.scoring import (
    ActivityScoring,
    Bars,
    Disqualifier,
    FitCriterion,
    Grades,
    Scoring,
    state_digest,
)
from scoring_service.policy.conditions import Conditions
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.names import Names
from scoring_service.policy.files.scoring_shape import ActivityEntry, GradesEntry, ScoringFile
from scoring_service.policy.mistake import Mistake, did_you_mean

_SYMBOL = re.compile(r"[a-z][a-z0-9_]{0,63}")


def scoring(
    document: Document,
    file: ScoringFile,
    conditions: Conditions,
    reasons: Mapping[str, Reason],
    names: Names,
    *,
    has_model: bool = False,
) -> tuple[Scoring, list[Mistake]]:
    """The scoring of a file whose shape is right; and what is wrong in it."""
    behaviour = file.behaviour
    read_as = Scoring(
        fit=tuple(
            FitCriterion(
                entry.name,
                entry.when,
                entry.points,
                conditions.fit(document, ("fit", index, "when"), entry.when).condition,
            )
            for index, entry in enumerate(file.fit)
        ),
        activities={name: _activity(name, entry) for name, entry in behaviour.activities.items()},
        groups={name: group.points_max for name, group in behaviour.groups.items()},
        grades=_grades(file.grades),
        mql=Bars(**msgspec.structs.asdict(file.mql)),
        disqualify=tuple(
            Disqualifier(
                entry.name,
                entry.when,
                entry.reason,
                conditions.fit(document, ("disqualify", index, "when"), entry.when).condition,
            )
            for index, entry in enumerate(file.disqualify)
        ),
        sql_win_probability_min=file.sql.win_probability_min if file.sql else None,
        for_model=file.sql.for_model if file.sql else "",
    )
    return read_as, [
        *_wrong_names(document, file),
        *_wrong_activities(document, file),
        *_wrong_grades(document, file.grades),
        *_wrong_bars(document, file, has_model=has_model),
        *_wrong_reasons(document, file, reasons, names),
    ]


def is_symbol(name: str) -> bool:
    """Whether conditions can name an activity type.

    >>> is_symbol("demo_request"), is_symbol("demo-request")
    (True, False)
    """
    return _SYMBOL.fullmatch(name) is not None


def _activity(name: str, entry: ActivityEntry) -> ActivityScoring:
    expires = entry.expires_after.elapsed if entry.expires_after else None
    half_life = entry.half_life.elapsed
    return ActivityScoring(
        type=name,
        points=entry.points,
        half_life=half_life,
        points_max=entry.points_max,
        group=entry.group,
        expires_after=expires,
        once=entry.once,
        high_intent=entry.high_intent,
        digest=state_digest(entry.points, half_life, expires, once=entry.once),
    )


def _grades(entry: GradesEntry) -> Grades:
    fit, levels = entry.fit, entry.behaviour
    return Grades(
        fit=(("A", fit.A), ("B", fit.B), ("C", fit.C)),
        behaviour=((1, levels.one), (2, levels.two), (3, levels.three)),
    )


def _wrong_names(document: Document, file: ScoringFile) -> Iterator[Mistake]:
    named = {"fit": [entry.name for entry in file.fit]}
    named["disqualify"] = [entry.name for entry in file.disqualify]
    for key, names in named.items():
        seen: set[str] = set()
        for index, name in enumerate(names):
            if name in seen:
                what = f"the name '{name}' is there twice"
                yield document.mistake((key, index, "name"), what, "rename one of the two")
            seen.add(name)


def _wrong_activities(document: Document, file: ScoringFile) -> Iterator[Mistake]:
    bar, groups = file.mql.behaviour_min, file.behaviour.groups
    for name, entry in file.behaviour.activities.items():
        path: Path = ("behaviour", "activities", name)
        if not is_symbol(name):
            what = f"'{name}' is no name that a condition can use"
            yield document.mistake(path, what, "use a-z, 0-9 and _, starting with a letter")
        if entry.group is not None and entry.group not in groups:
            what, remedy = f"unknown group '{entry.group}'", did_you_mean(entry.group, groups)
            yield document.mistake((*path, "group"), what, remedy)
        if not entry.high_intent and entry.points >= bar:
            what = f"one {name} of {entry.points:g} points alone reaches behaviour_min {bar:g}"
            remedy = "lower its points, or mark it high_intent: true"
            yield document.mistake((*path, "points"), what, remedy)


def _wrong_grades(document: Document, entry: GradesEntry) -> Iterator[Mistake]:
    grades = _grades(entry)
    for key, cuts in (("fit", grades.fit), ("behaviour", grades.behaviour)):
        values = [cut for _, cut in cuts]
        if values != sorted(set(values), reverse=True):
            what = "the cut-offs do not fall from the best grade to the worst"
            yield document.mistake(("grades", key), what, "give each grade less than the one above")


def _wrong_bars(document: Document, file: ScoringFile, *, has_model: bool) -> Iterator[Mistake]:
    bars = {"mql": file.mql.win_probability_min}
    bars["sql"] = file.sql.win_probability_min if file.sql else None
    for key, bar in bars.items():
        if bar is not None and not has_model:
            what = "a bar on the win probability needs a model, and there is none"
            remedy = "remove it until a model is current"
            yield document.mistake((key, "win_probability_min"), what, remedy)
    if file.sql and file.sql.win_probability_min < (file.mql.win_probability_min or 0):
        what = "the bar of sql is below that of mql"
        yield document.mistake(("sql", "win_probability_min"), what, "raise it to that of mql")


def _wrong_reasons(
    document: Document, file: ScoringFile, reasons: Mapping[str, Reason], names: Names
) -> Iterator[Mistake]:
    for index, entry in enumerate(file.disqualify):
        path: Path = ("disqualify", index, "reason")
        if entry.reason not in names.reasons:
            what = f"unknown reason '{entry.reason}'"
            yield document.mistake(path, what, did_you_mean(entry.reason, names.reasons))
        reason = reasons.get(entry.reason)
        if reason is not None and reason.then is not Then.DISQUALIFY:
            what = f"the reason '{entry.reason}' leads to {reason.then}"
            yield document.mistake(path, what, "choose a reason with 'then: disqualify'")
