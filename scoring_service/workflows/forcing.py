"""Having rules decide that the guard refuses: somebody says so; who, when and why is kept."""

from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.store.reader import Reader
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.stored import FieldChange
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import ForcePolicy, PolicyForced
from scoring_service.workflows.permission import require_may_move

KIND = "policy"
FIELD = "forced"


@once("ForcePolicy", PolicyForced)
def force_policy(
    tx: Transaction, policy: Policy, request: ForcePolicy, now: datetime
) -> PolicyForced:
    """Have the guard let a revision pass that a server's folder has or gets, until another one
    decides; nothing is activated here. One that decides already stays.

    Raises InvalidArgument and PermissionDenied (MAY_NOT_MOVE).
    """
    if request.violations:
        raise InvalidArgument(request.violations)
    require_may_move(policy, request.actor_id, None, "force rules")
    active = tx.active_revision() == request.revision
    if not active:
        said = msgspec.json.encode(request.reason).decode()
        change = FieldChange(FIELD, None, said)
        tx.record_changes(KIND, request.revision, (change,), request.actor_id)
    return PolicyForced(request.revision, active=active)


def is_forced(reader: Reader, revision: str) -> bool:
    """Whether somebody had the revision pass since the last activation."""
    said = [at for change, at, _ in reader.field_changes(KIND, revision) if change.field == FIELD]
    activated = [at for _, _, at, _ in reader.activations()]
    return bool(said) and (not activated or max(said) >= activated[-1])
