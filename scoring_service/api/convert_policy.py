"""What is asked about the rules that decide, as values."""

import re

from leadscoring.v1 import lifecycle_pb2

from scoring_service.api.convert_lifecycle import act_of, required_id
from scoring_service.domain.intake import Violation
from scoring_service.workflows.lifecycle_requests import ForcePolicy

_REVISION = re.compile(r"[0-9a-f]{16}")


def force_policy(message: lifecycle_pb2.ForcePolicyRequest) -> ForcePolicy:
    """A revision is to decide that the guard refuses."""
    found: list[Violation] = []
    remedy = "is required: the revision that the refusal names"
    revision = required_id("revision", message.revision, remedy, found)
    if not found and not _REVISION.fullmatch(revision):
        found.append(
            ("revision", f"{revision[:60]!r} is no revision; it has 16 digits, 0 to 9 and a to f")
        )
    if not message.reason.strip():
        found.append(("reason", "is required: why the change is meant"))
    return act_of(ForcePolicy, message, found, revision=revision, reason=message.reason)
