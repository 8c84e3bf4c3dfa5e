"""What the workflows are asked and what they answer: frozen values, nothing of the wire."""

from datetime import datetime

import msgspec

from scoring_service.policy.explaining.explained import Explained
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.activity import Activity, Dated
from scoring_service.values.decision import Cause, Considered, Decision
from scoring_service.values.facts import Facts
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.workflows.replay import Replay, Verdict

Violations = tuple[tuple[str, str], ...]
"""Each a field path and a remedy."""


class ScoreLead(msgspec.Struct, frozen=True):
    """Score an inline lead, or the stored one called `lead_id`; `lead` None means the latter.

    `did` are the inline lead's activities; `activities` are looked at beside the stored ones.
    `as_of` None is now. `violations` are those the rim found; they are reported together with
    those that depend on the policy.
    """

    lead: Lead | None = None
    lead_id: str = ""
    activities: tuple[Activity, ...] = ()
    as_of: datetime | None = None
    violations: Violations = ()
    did: Dated = Dated()


class RouteLead(msgspec.Struct, frozen=True):
    """Give a lead its owner. `lead` None means the stored one called `lead_id`.

    `digest` is of the whole request without its request_id. `activities` are as sent, not
    clamped. `violations` are those the rim found; they are reported together with those that
    depend on the policy, and only when no answer is stored for `request_id`.
    """

    request_id: str = ""
    actor_id: str = ""
    lead: Lead | None = None
    lead_id: str = ""
    activities: tuple[Activity, ...] = ()
    dry_run: bool = False
    reassign_reason: str = ""
    digest: str = ""
    violations: Violations = ()


class AssignmentView(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who answers for a lead and why: the answer to RouteLead, or a stored assignment read back.

    A dry run has no `assignment_id` and no `decision_id`, and no `lead_id` for a lead that is
    not stored. With cause KEPT the assignment is the one that stood before, with its own
    `assigned_at` and `respond_by`. `row` is the line of a decision table, 1 for the first data
    row.
    """

    lead_id: str
    owner: Owner
    cause: Cause
    score: Score
    assigned_at: datetime
    policy_revision: str
    stage: Stage
    assignment_id: str = ""
    decision_id: str = ""
    pool: str = ""
    route: str = ""
    row: int | None = None
    considered: tuple[Considered, ...] = ()
    account: AccountMatch = AccountMatch()
    bars_missed: tuple[str, ...] = ()
    stood_in_for: str = ""
    sla: str = ""
    enqueued_at: datetime | None = None
    respond_by: datetime | None = None
    note: str = ""
    replayed: bool = False
    arms: dict[str, str] = {}


class AccountItem(msgspec.Struct, frozen=True):
    """One account of an upsert, with what the rim found wrong with it."""

    account: Account
    violations: Violations = ()


class UpsertAccounts(msgspec.Struct, frozen=True):
    """Store accounts, new or known. A refused item changes nothing and fails no neighbour."""

    request_id: str = ""
    actor_id: str = ""
    items: tuple[AccountItem, ...] = ()
    digest: str = ""


class ItemRefusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why one item of a batch was refused: violations, or a reason (UPPER_CASE) and a message."""

    message: str
    reason: str = ""
    violations: Violations = ()


class AccountResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """The account as it is stored now, or the refusal; never both."""

    account: Account | None = None
    refusal: ItemRefusal | None = None


class AccountsUpserted(msgspec.Struct, frozen=True, omit_defaults=True):
    """One result an item, in order."""

    results: tuple[AccountResult, ...]
    replayed: bool = False


class ActivatePolicy(msgspec.Struct, frozen=True):
    """Make the policy that the unit is run with the active one. `content` is its packed source.

    `read_after` is the number of the latest activation before its files were read; None where it
    does not matter which they supersede.
    """

    content: bytes
    actor_id: str = ""
    read_after: int | None = None


class PolicyActivated(msgspec.Struct, frozen=True):
    """What an activation did: `previous` is the revision it replaced ("" for the first)."""

    revision: str
    previous: str
    changed: bool


class Activation(msgspec.Struct, frozen=True):
    """When a policy began to decide, and who had it do so; `is_active` is whether it does now.

    `files` are its rule files by name, with the SHA-256 of each in hex digits.
    """

    number: int
    revision: str
    at: datetime
    actor_id: str
    is_active: bool
    files: tuple[tuple[str, str], ...] = ()


class DecisionRecord(msgspec.Struct, frozen=True):
    """A whole decision record: what was known, what was chosen, and sentences that say why.

    `explained` and `replay` were worked out from the facts by the policy that decided.
    `activation` is that of the policy; None where it was not asked for. `facts` are None from
    `facts_trimmed_at` on, when they were dropped; what was chosen stays.
    """

    decision_id: str
    lead_id: str
    at: datetime
    actor_id: str
    policy_revision: str
    model_version: str
    semantics_version: int
    facts: Facts | None
    decision: Decision
    sentences: tuple[str, ...]
    assignment_id: str = ""
    explained: Explained = Explained()
    replay: Replay = Replay(Verdict.NO_POLICY)
    facts_trimmed_at: datetime | None = None
    activation: Activation | None = None
