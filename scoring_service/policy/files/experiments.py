"""experiments.yaml: which arms there are, what they change, and what is looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from scoring_service.domain.experiments.experiment import CONTROL, Arm, Experiment, Verdict
from scoring_service.domain.routing.routes import Route, ToPool
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.experiments_shape import ArmEntry, ExperimentEntry
from scoring_service.policy.files.names import Names
from scoring_service.policy.files.reading import read_each, wrong_name
from scoring_service.policy.mistake import Mistake, did_you_mean
from scoring_service.values.stage import Stage

EXPERIMENTS_MAX = 20
"""Experiments in a file; those that are over may be taken out, their report stays."""

ARMS_MAX = 10


@dataclass(frozen=True, slots=True)
class Beside:
    """What the arms refer to; None is a file that could not be read."""

    names: Names
    scoring: Scoring | None
    routes: tuple[Route, ...] | None
    has_model: bool


def experiments(document: Document, beside: Beside) -> tuple[tuple[Experiment, ...], list[Mistake]]:
    """The experiments in the order of the file, and what is wrong with them."""
    entries, mistakes = read_each(document, ExperimentEntry)
    found = tuple([_experiment(name, entry) for name, entry in entries.items()])
    mistakes += _too_many(document)
    for experiment in found:
        mistakes += wrong_name(document, experiment.name)
        mistakes += _wrong_arms(document, experiment)
        mistakes += _wrong_decision(document, experiment)
        for arm in experiment.arms:
            path: Path = (experiment.name, "arms", arm.name)
            mistakes += _wrong_bars(document, path, arm, beside)
            mistakes += _wrong_tracks(document, path, arm, beside.names)
            mistakes += _wrong_routes(document, path, arm, beside)
    return found, [*mistakes, *_overlaps(document, found)]


def _experiment(name: str, entry: ExperimentEntry) -> Experiment:
    decision = entry.decision
    return Experiment(
        name=name,
        starts=_midnight(entry.starts),
        ends=_midnight(entry.ends),
        arms=tuple([_arm(arm, given) for arm, given in entry.arms.items()]),
        stage=Stage(entry.outcome.stage),
        within=entry.outcome.within.elapsed,
        verdict=Verdict(decision.arm, _midnight(decision.on)) if decision else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _arm(name: str, entry: ArmEntry) -> Arm:
    bars = entry.mql
    return Arm(
        name,
        entry.weight,
        bars.fit_min,
        bars.behaviour_min,
        bars.win_probability_min,
        entry.tracks,
        entry.routes,
    )


def _too_many(document: Document) -> Iterator[Mistake]:
    if isinstance(document.value, dict) and len(document.value) > EXPERIMENTS_MAX:
        what = f"these are {len(document.value)} experiments, {EXPERIMENTS_MAX} may stand here"
        yield document.mistake((), what, "take out those that are over: their report stays")


def _wrong_arms(document: Document, experiment: Experiment) -> Iterator[Mistake]:
    path: Path = (experiment.name, "arms")
    control = experiment.arm(CONTROL)
    if control is None:
        what = f"no arm is called '{CONTROL}', and the others are compared with it"
        yield document.mistake(path, what, f"add '{CONTROL}: {{weight: 1}}'")
    elif control.touches:
        what = f"the arm '{CONTROL}' changes something, and it is there for the rules as they are"
        yield document.mistake((*path, CONTROL), what, "change it in the rules, or in another arm")
    if not 2 <= len(experiment.arms) <= ARMS_MAX:
        what = f"an experiment has 2 to {ARMS_MAX} arms, and this has {len(experiment.arms)}"
        yield document.mistake(path, what, "add an arm, or take some out")


def _wrong_decision(document: Document, experiment: Experiment) -> Iterator[Mistake]:
    verdict, path = experiment.verdict, (experiment.name, "decision")
    if verdict is None:
        return
    if experiment.arm(verdict.arm) is None:
        remedy = did_you_mean(verdict.arm, [arm.name for arm in experiment.arms])
        yield document.mistake((*path, "arm"), f"unknown arm '{verdict.arm}'", remedy)
    if not experiment.starts < verdict.on <= experiment.ends:
        what = f"the decision of {verdict.on:%Y-%m-%d} is not within the experiment"
        remedy = f"give a day after {experiment.starts:%Y-%m-%d}, at the latest"
        yield document.mistake((*path, "on"), what, f"{remedy} {experiment.ends:%Y-%m-%d}")


def _wrong_bars(document: Document, path: Path, arm: Arm, beside: Beside) -> Iterator[Mistake]:
    """What the check of scoring.yaml refuses of its own bars."""
    at, scoring, bar = (*path, "mql"), beside.scoring, arm.win_probability_min
    if bar is not None and not beside.has_model:
        what = "a bar on the win probability needs a model, and there is none"
        yield document.mistake(
            (*at, "win_probability_min"), what, "remove it until a model is current"
        )
    if scoring is None:
        return
    sql = scoring.sql_win_probability_min
    if bar is not None and sql is not None and sql < bar:
        what = f"the bar of sql, {sql:g}, is below it"
        yield document.mistake((*at, "win_probability_min"), what, "lower it to that of sql")
    low = arm.behaviour_min
    for activity in scoring.activities.values() if low is not None else ():
        if not activity.high_intent and low is not None and activity.points >= low:
            what = f"one {activity.type} of {activity.points:g} points alone reaches {low:g}"
            remedy = "raise behaviour_min above it, or mark it high_intent: true"
            yield document.mistake((*at, "behaviour_min"), what, remedy)


def _wrong_tracks(document: Document, path: Path, arm: Arm, names: Names) -> Iterator[Mistake]:
    for track, to in arm.tracks.items():
        at = (*path, "tracks", track)
        for name in (track, to):
            if name not in names.tracks:
                remedy = did_you_mean(name, names.tracks)
                yield document.mistake(at, f"unknown track '{name}'", remedy)
        if track == to:
            yield document.mistake(at, f"'{track}' stands in for itself", "name another track")


def _wrong_routes(document: Document, path: Path, arm: Arm, beside: Beside) -> Iterator[Mistake]:
    draws = _drawing(beside.routes)
    for name, pool in arm.pools.items():
        at = (*path, "routes", name)
        if pool not in beside.names.pools:
            remedy = did_you_mean(pool, beside.names.pools)
            yield document.mistake(at, f"unknown pool '{pool}'", remedy)
        if draws is None:
            continue
        if name not in draws:
            yield document.mistake(at, f"unknown route '{name}'", did_you_mean(name, draws))
        elif not draws[name]:
            what = f"the route '{name}' draws from no pool that it names"
            drawing = [route for route, does in draws.items() if does]
            yield document.mistake(at, what, f"those that do are: {', '.join(drawing) or 'none'}")


def _drawing(routes: tuple[Route, ...] | None) -> Mapping[str, bool] | None:
    """Each route by name, and whether it draws from one pool, the same for every row."""
    if routes is None:
        return None
    pools: dict[str, set[object]] = {}
    for route in routes:
        pools.setdefault(route.name, set()).add(route.assign)
    return {
        name: len(found) == 1 and all(isinstance(one, ToPool) for one in found)
        for name, found in pools.items()
    }


def _overlaps(document: Document, found: tuple[Experiment, ...]) -> Iterator[Mistake]:
    """Two experiments that change the same at the same time: nobody could tell whose effect it is,
    and which of the two holds would be chance.
    """
    for index, later in enumerate(found):
        for other in found[:index]:
            same = later.touches & other.touches
            if same and later.starts < other.over_at and other.starts < later.over_at:
                kind, name = min(same)
                what = f"it changes the {kind} '{name}', as '{other.name}' does at the same time"
                remedy = "let one begin when the other is over, or make them arms of one"
                yield document.mistake((later.name,), what, remedy)
