"""A lead leaves its owner's hands in a replay, as it did by the record."""

from collections.abc import Mapping

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.values.owner import SUPPRESSED, Owner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.diff.counts import HELD
from scoring_service.workflows.diff.ledger import Ledger
from scoring_service.workflows.diff.past import Left
from scoring_service.workflows.diff.settling import WORKED, free


def leave(ledger: Ledger, moment: Left) -> None:
    """Whoever holds the lead here has it no longer; one that sales has not, stays."""
    lead = ledger.leads.get(moment.lead_id)
    if lead is None or lead.stage not in WORKED:
        return
    if moment.gives_back and isinstance(lead.owner, RepOwner):
        ledger.give_back(moment.lead_id)
    ledger.lines.leave(moment.lead_id)
    ledger.save(_with_owner(ledger.policy, lead, _in_stage(lead, moment)))
    if lead.stage in HELD and isinstance(lead.owner, RepOwner):
        free(ledger, lead.owner.id, moment.at)


def _in_stage(lead: StoredLead, moment: Left) -> StoredLead:
    """In the stage it left for; of a recycled one the date to look again is not known."""
    return msgspec.structs.replace(
        lead,
        stage=moment.stage,
        visit=lead.visit + 1,
        entered_at=moment.at,
        excluded=(),
        waiting_in=None,
        enqueued_at=None,
        recycled_at=moment.at if moment.stage is Stage.RECYCLED else lead.recycled_at,
        reevaluate_at=None,
    )


def _with_owner(policy: Policy, before: StoredLead, lead: StoredLead) -> StoredLead:
    """Recycled it is a track's, disqualified nobody's; else it stays with who had it."""
    owners: Mapping[Stage, Owner] = {
        Stage.RECYCLED: TrackOwner(policy.lifecycle.default_track),
        Stage.DISQUALIFIED: SUPPRESSED,
    }
    owner = owners.get(lead.stage)
    if owner is None:
        return lead
    left = before.owner.id if isinstance(before.owner, RepOwner) else before.previous_owner
    return msgspec.structs.replace(
        lead, owner=owner, previous_owner=left, visit_bars=None, behaviour_since_recycling=()
    )
