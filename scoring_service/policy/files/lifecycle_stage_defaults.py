"""What holds of the stages where lifecycle.yaml is silent."""

from collections.abc import Mapping

from scoring_service.domain.lifecycle.lifecycle import Holder, StageRule
from scoring_service.domain.lifecycle.moves import AUTOMATION, SALES
from scoring_service.domain.lifecycle.stage_clocks import STAGE_CLOCKS
from scoring_service.values.stage import Stage


def _stage(stage: Stage, owner: tuple[Holder, ...], entry: str, exit_: str) -> StageRule:
    clocks = tuple(row.name for row in STAGE_CLOCKS[stage])
    return StageRule(owner, clocks, entry, exit_, tuple(sorted(AUTOMATION[stage] | SALES[stage])))


_TRACK, _QUEUE, _REP = (Holder.TRACK,), (Holder.QUEUE,), (Holder.REP,)

_STAGES: tuple[tuple[Stage, tuple[Holder, ...], str, str], ...] = (
    (Stage.ANONYMOUS, _TRACK, "only activities, nobody can be reached", "somebody is known"),
    (Stage.KNOWN, _QUEUE, "contact or source is missing", "contact and source are there"),
    (Stage.NURTURE, _TRACK, "contact and source are there, a bar is missed", "the bars are met"),
    (Stage.MQL, (*_REP, *_QUEUE), "the bars are met, or a route said so", "accepted or rejected"),
    (Stage.SAL, _REP, "its owner accepted it", "every question is answered, or given back"),
    (Stage.SQL, _REP, "every question is answered", "an opportunity is opened, or given back"),
    (Stage.OPPORTUNITY, _REP, "something may be sold", "won or lost"),
    (Stage.CLOSED_LOST, _REP, "lost, for a reason", "its reason is applied"),
    (Stage.RECYCLED, _TRACK, "not now, for a reason", "engaged again, or silent for too long"),
    (Stage.CUSTOMER, _REP, "something was sold", "finished: what comes next is a new cycle"),
    (Stage.DISQUALIFIED, _TRACK, "no lead of ours, for a reason", "finished"),
)

DEFAULT_STAGES: Mapping[Stage, StageRule] = {
    stage: _stage(stage, owner, entry, exit_) for stage, owner, entry, exit_ in _STAGES
}
