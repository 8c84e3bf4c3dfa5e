"""Experiments that are decided and not carried out, and arms that are no other or reach too low."""

from collections.abc import Iterator

from scoring_service.domain.experiments.experiment import CONTROL, Arm, Experiment
from scoring_service.domain.routing.routes import ToPool
from scoring_service.policy.checking.bars import bars_findings
from scoring_service.policy.checking.places import at
from scoring_service.policy.checking.scoring import repeats_to
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.folder import EXPERIMENTS
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding


def experiments_findings(folder: Folder) -> Iterator[Finding]:
    """What is doubtful in experiments.yaml."""
    document = folder.documents.get(EXPERIMENTS)
    scoring = folder.scoring
    if document is None or scoring is None:
        return
    for experiment in folder.experiments:
        yield from _not_carried_out(folder, document, experiment)
        for arm in experiment.arms:
            path: Path = (experiment.name, "arms", arm.name)
            if arm.name != CONTROL and not arm.touches:
                what = f"the arm '{arm.name}' changes nothing: it is {CONTROL} once more"
                remedy = "give it a bar, a track or a pool, or keep it to try the experiment itself"
                yield at(document, path, what, remedy)
            yield from _repeated(folder, document, path, arm)
            bars = {"fit_min": arm.fit_min, "behaviour_min": arm.behaviour_min}
            yield from bars_findings(document, (*path, "mql"), bars, scoring, of=" of this arm")


def _not_carried_out(
    folder: Folder, document: Document, experiment: Experiment
) -> Iterator[Finding]:
    """An arm was chosen, and the rules do not say what it says: from that day nobody has it."""
    verdict = experiment.verdict
    chosen = experiment.arm(verdict.arm) if verdict else None
    for what, remedy in _missing(folder, chosen) if chosen else ():
        said = f"it is decided for '{chosen.name}', and {what}" if chosen else ""
        yield at(document, (experiment.name, "decision", "arm"), said, remedy)


def _missing(folder: Folder, arm: Arm) -> Iterator[tuple[str, str]]:
    assert folder.scoring is not None
    assert folder.routing is not None
    bars = folder.scoring.mql
    for name, bar, now in (
        ("fit_min", arm.fit_min, bars.fit_min),
        ("behaviour_min", arm.behaviour_min, bars.behaviour_min),
        ("win_probability_min", arm.win_probability_min, bars.win_probability_min),
    ):
        if bar is not None and bar != now:
            has = "has none" if now is None else f"still has {now:g}"
            what = f"scoring.yaml {has} for {name} where the arm has {bar:g}"
            yield what, f"write {name}: {bar:g} there, or take the decision back"
    for name, pool in arm.pools.items():
        if any(one.name == name and one.assign != ToPool(pool) for one in folder.routing.routes):
            what = f"the route '{name}' still draws from another pool than '{pool}'"
            yield what, f"write {{pool: {pool}}} there, or take the decision back"


def _repeated(folder: Folder, document: Document, path: Path, arm: Arm) -> Iterator[Finding]:
    scoring, bar = folder.scoring, arm.behaviour_min
    assert scoring is not None
    if bar is None:
        return
    for name, activity in scoring.activities.items():
        already = repeats_to(activity, scoring, scoring.mql.behaviour_min)
        if not already and repeats_to(activity, scoring, bar):
            what = f"repeating {name} alone can qualify a lead of this arm: it reaches {bar:g}"
            remedy = f"raise the bar, or give {name} a points_max below {bar:g}"
            yield at(document, (*path, "mql", "behaviour_min"), what, remedy)
