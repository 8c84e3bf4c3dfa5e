"""What something that was recorded asks of a decision here, where the lead may stand elsewhere."""

from scoring_service.domain.lifecycle.recycling import comes_back
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import SOLD
from scoring_service.domain.scoring.bars import FIT
from scoring_service.values.facts import Asked
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.diff.past import Arrived
from scoring_service.workflows.firing.handover import is_active


def asked_here(policy: Policy, moment: Arrived, before: StoredLead | None) -> Asked:
    """What is asked of the decision here: a lead that is not recycled here does not come back, one
    that sales has not here is taken from nobody, and to who is no active rep none is given.
    """
    stage = Stage.ANONYMOUS if before is None else before.stage
    match moment.asked:
        case Asked.RECYCLED if stage is not Stage.RECYCLED:
            return Asked.EVALUATE
        case Asked.REASSIGN if stage not in SOLD:
            return Asked.EVALUATE
        case Asked.ASSIGN if not is_active(policy, moment.given_to):
            return Asked.EVALUATE
    return moment.asked


def asked_of_recycled(
    policy: Policy, lead: StoredLead, score: Score, moment: Arrived, asked: Asked
) -> Asked:
    """The same of a lead that is recycled here: whether it comes back is a matter of the bars here.

    What its date brought back by the record comes back where its fit holds: of a lead that was
    recycled in the window the date is not known.
    """
    if asked is Asked.RECYCLED:
        fits = all(bar.met for bar in score.bars if bar.name == FIT)
        return Asked.RECYCLED if fits else Asked.EVALUATE
    if asked is not Asked.EVALUATE:
        return asked
    back = comes_back(policy, lead, score, moment.activities, moment.at)
    return Asked.EVALUATE if back is None else Asked.RECYCLED
