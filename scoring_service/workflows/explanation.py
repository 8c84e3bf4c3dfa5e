"""A decision with all that explains it: routes, reps, its replay, and whose rules decided."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from scoring_service.policy.source import unpack
from scoring_service.workflows import records
from scoring_service.workflows.records import PolicyOf, RecordLookup
from scoring_service.workflows.requests import Activation, DecisionRecord


class ExplanationLookup(RecordLookup, Protocol):
    """Decisions, and the policies that were active; a reader."""

    def activations(self) -> Sequence[tuple[int, str, datetime, str]]:
        """Every activation: number, revision, instant, by whom."""

    def revision_content(self, revision: str) -> bytes | None:
        """The packed files of a policy that was once active."""


def explained_decision(
    reader: ExplanationLookup, decision_id: str, policy_of: PolicyOf
) -> DecisionRecord:
    """The whole decision record and the activation of its policy. Raises NotFound
    (DECISION_NOT_FOUND).
    """
    found = records.decision(reader, decision_id, policy_of)
    activation = _activation(reader, found.policy_revision, found.at)
    return msgspec.structs.replace(found, activation=activation)


def _activation(reader: ExplanationLookup, revision: str, at: datetime) -> Activation | None:
    """The latest activation of a revision that was not after an instant, else its latest."""
    known = reader.activations()
    own = [one for one in known if one[1] == revision]
    before = [one for one in own if one[2] <= at]
    if not own:
        return None
    number, _, began, actor = (before or own)[-1]
    is_active, files = known[-1][1] == revision, _files(reader, revision)
    return Activation(number, revision, began, actor, is_active, files)


def _files(reader: ExplanationLookup, revision: str) -> tuple[tuple[str, str], ...]:
    """Their hashes tell whether a folder has the same; what cannot be read tells nothing."""
    content = reader.revision_content(revision)
    try:
        files = unpack(content).files if content else {}
    except ValueError:
        return ()
    return tuple((name, hashlib.sha256(files[name]).hexdigest()) for name in sorted(files))
