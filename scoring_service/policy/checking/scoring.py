"""Activity types that qualify a lead by nothing but repetition; bars that need a model."""

from collections.abc import Iterator
from math import ceil

from scoring_service.domain.scoring.behaviour import COUNTED_MAX, of_events
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring
from scoring_service.policy.checking.bars import bars_findings
from scoring_service.policy.checking.places import at, limited
from scoring_service.policy.condition_texts import condition_texts
from scoring_service.policy.document import Document
from scoring_service.policy.examples.shown import Examples
from scoring_service.policy.files.rule_tests import NOW
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding
from scoring_service.values.activity import Activity

WIN_PROBABILITY = "score.win_probability"


def scoring_findings(folder: Folder, examples: Examples) -> Iterator[Finding]:
    """What is doubtful in scoring.yaml, and conditions that wait for a model."""
    document, scoring = folder.documents["scoring.yaml"], folder.scoring
    assert document is not None
    assert scoring is not None
    yield from limited(_repeating(document, scoring, examples))
    bars = {"fit_min": scoring.mql.fit_min, "behaviour_min": scoring.mql.behaviour_min}
    yield from bars_findings(document, ("mql",), bars, scoring)
    yield from _other_models(folder, document, scoring)
    if not folder.source.model:
        yield from limited(_waiting_for_a_model(folder))


def _repeating(document: Document, scoring: Scoring, examples: Examples) -> Iterator[Finding]:
    for name, activity in scoring.activities.items():
        reaches = repeats_to(activity, scoring, scoring.mql.behaviour_min)
        if reaches and (count := _enough(activity, scoring)):
            reach = "points_max reaches" if activity.points_max else "without points_max it reaches"
            what = (
                f"repeating {name} alone can qualify a lead: {reach} behaviour_min"
                f" ({count} at once do)"
            )
            remedy = f"give it a points_max below {scoring.mql.behaviour_min:g}, or 'once: true'"
            example = _repeated(examples, name, count)
            yield at(document, ("behaviour", "activities", name), what, remedy, example)


def _waiting_for_a_model(folder: Folder) -> Iterator[Finding]:
    for found, path, text in condition_texts(folder.documents):
        if WIN_PROBABILITY in text:
            what = f"there is no model, so {WIN_PROBABILITY} is null for every lead"
            yield at(found, path, what, "leave it out until a model is current")


def _other_models(folder: Folder, document: Document, scoring: Scoring) -> Iterator[Finding]:
    """Bars on P(won) that were chosen for another model than the current one."""
    current = folder.model.version if folder.model else ""
    for key, chosen in (("mql", scoring.mql.for_model), ("sql", scoring.for_model)):
        if not current.startswith(chosen):
            what = f"the bar was chosen for the model {chosen}, the current one is {current}"
            yield at(document, (key, "for_model"), what, "choose it anew with calibrate --apply")


def repeats_to(activity: ActivityScoring, scoring: Scoring, bar: float) -> bool:
    """Whether a low-intent activity, often enough repeated, reaches a bar: no cap is below it."""
    if activity.high_intent or activity.once or activity.points <= 0:
        return False
    caps = [activity.points_max, scoring.groups.get(activity.group or "")]
    return all(cap is None or cap >= bar for cap in caps)


def _enough(activity: ActivityScoring, scoring: Scoring) -> int:
    """How many at once reach the bar; 0 where so many are never counted."""
    bar = scoring.mql.behaviour_min
    first = max(1, ceil(bar / activity.points))
    if first > COUNTED_MAX:
        return 0 if activity.expires_after else first
    events = [Activity(activity.type, NOW)] * first
    return first if of_events(scoring, events, NOW).points >= bar else first + 1


def _repeated(examples: Examples, name: str, count: int) -> str:
    bar = examples.scoring.mql.behaviour_min
    shown = examples.shown(
        {f"activity.{name}.count": count}, lambda shown: shown.ran.came["behaviour"] >= bar
    )
    it = f"{count} of {name} alone reach behaviour_min {bar:g}"
    return "" if shown is None else examples.told(shown, it, "behaviour")
