"""Activity types that qualify a lead by nothing but repetition; bars that need a model."""

from collections.abc import Iterator

from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring
from scoring_service.policy.check_places import at
from scoring_service.policy.condition_texts import condition_texts
from scoring_service.policy.document import Document
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding

WIN_PROBABILITY = "score.win_probability"


def scoring_findings(folder: Folder) -> Iterator[Finding]:
    """What is doubtful in scoring.yaml, and conditions that wait for a model."""
    document, scoring = folder.documents["scoring.yaml"], folder.scoring
    assert document is not None
    assert scoring is not None
    for name, activity in scoring.activities.items():
        if _repeats_to_the_bar(activity, scoring):
            reach = "points_max reaches" if activity.points_max else "without points_max it reaches"
            what = f"repeating {name} alone can qualify a lead: {reach} behaviour_min"
            remedy = f"give it a points_max below {scoring.mql.behaviour_min:g}, or 'once: true'"
            yield at(document, ("behaviour", "activities", name), what, remedy)
    yield from _other_models(folder, document, scoring)
    for found, path, text in condition_texts(folder.documents):
        if WIN_PROBABILITY in text and not folder.source.model:
            what = f"there is no model, so {WIN_PROBABILITY} is null for every lead"
            yield at(found, path, what, "leave it out until a model is current")


def _other_models(folder: Folder, document: Document, scoring: Scoring) -> Iterator[Finding]:
    """Bars on P(won) that were chosen for another model than the current one."""
    current = folder.model.version if folder.model else ""
    for key, chosen in (("mql", scoring.mql.for_model), ("sql", scoring.for_model)):
        if not current.startswith(chosen):
            what = f"the bar was chosen for the model {chosen}, the current one is {current}"
            yield at(document, (key, "for_model"), what, "choose it anew with calibrate --apply")


def _repeats_to_the_bar(activity: ActivityScoring, scoring: Scoring) -> bool:
    bar = scoring.mql.behaviour_min
    if activity.high_intent or activity.once or activity.points <= 0:
        return False
    caps = [activity.points_max, scoring.groups.get(activity.group or "")]
    return all(cap is None or cap >= bar for cap in caps)
