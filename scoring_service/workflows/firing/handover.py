"""A rep leaves: what he works on is rerouted, what he has sold or lost goes to his manager."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.happening import Moved
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StoredLead, Timer
from scoring_service.workflows.events import emit
from scoring_service.workflows.firing.slices import SLICE_MAX, next_slice, of_subject
from scoring_service.workflows.notices import ACTOR
from scoring_service.workflows.pins import unpinned
from scoring_service.workflows.reassigning import give, reassign

HANDOVER = "handover"
"""The kind of the timer that hands over the leads of a rep who left."""

REASON = "handover"
NAMED_MAX = 10
"""Leads named where a policy is refused."""


class Disowned(msgspec.Struct, frozen=True):
    """The payload of `account.disowned`: its owner left, and nobody owns it."""

    account_id: str
    rep_id: str
    at: datetime


REROUTED = frozenset({Stage.MQL, Stage.SAL, Stage.SQL})
GIVEN = frozenset({Stage.OPPORTUNITY, Stage.CLOSED_LOST, Stage.CUSTOMER})


def refuse_without_heirs(tx: Transaction, policy: Policy) -> None:
    """Raise FailedPrecondition (NOBODY_TO_HAND_OVER_TO), naming the leads, where a rep left who has
    opportunities, lost ones or customers, and nobody active is above him.
    """
    found = []
    for rep_id, stages in _who_left(tx, policy):
        if stages & GIVEN and heir(tx, policy, rep_id) is None:
            leads = tx.leads_of_rep_in(rep_id, GIVEN, "", NAMED_MAX)
            found.append(f"{rep_id} ({', '.join(leads)})")
    if found:
        raise FailedPrecondition(
            "no longer active, with opportunities, lost ones or customers, and no active manager"
            f" above: {'; '.join(found)}; give them a manager, or give their leads to others first",
            "NOBODY_TO_HAND_OVER_TO",
        )


def arm_handovers(tx: Transaction, policy: Policy, now: datetime) -> None:
    """Have the leads and accounts of everybody who left handed over."""
    left = {rep_id for rep_id, _ in _who_left(tx, policy)}
    left.update(
        rep_id
        for rep_id in tx.account_owners()
        if not is_active(policy, rep_id) and tx.rep_as_known(rep_id) is not None
    )
    for rep_id in sorted(left):
        tx.set_timer(Timer(HANDOVER, rep_id, now, policy.revision))


def handover_due(tx: Transaction, policy: Policy, timer: Timer, now: datetime) -> None:
    """Hand over a slice of the leads of a rep who left, then of his accounts, which nobody owns
    any more; history keeps his id.
    """
    rep_id, _ = of_subject(timer)
    if is_active(policy, rep_id):
        tx.clear_timer(timer.kind, timer.subject)
        return
    above = heir(tx, policy, rep_id)
    leads, last = next_slice(tx, timer, REROUTED | GIVEN, now)
    for lead in leads:
        after = _handed_over(tx, policy, rep_id, lead, above, now)
        moved = Moved("handover", after.owner, f"{rep_id} is no longer active")
        tx.record(lead.lead.lead_id, moved, ACTOR)
    if last and _disowned(tx, rep_id, now) == SLICE_MAX:
        tx.set_timer(msgspec.structs.replace(timer, due_at=now, attempts=0))


def _disowned(tx: Transaction, rep_id: str, now: datetime) -> int:
    """How many of the rep's accounts have no owner from now on, at most a slice."""
    accounts = tx.accounts_of_owner(rep_id, SLICE_MAX)
    for account in accounts:
        tx.save_account(msgspec.structs.replace(account, owner_rep_id=None))
        was = msgspec.json.encode(rep_id).decode()
        change = FieldChange("owner_rep_id", was, None)
        tx.record_changes("account", account.account_id, (change,), ACTOR)
        emit(tx, "", "account.disowned", Disowned(account.account_id, rep_id, now), now)
    return len(accounts)


def heir(tx: Transaction, policy: Policy, rep_id: str) -> str | None:
    """The nearest active manager above a rep, as the last policy that had them knew them."""
    seen = {rep_id}
    above = _manager(tx, policy, rep_id)
    while above is not None and above not in seen:
        if is_active(policy, above):
            return above
        seen.add(above)
        above = _manager(tx, policy, above)
    return None


def _handed_over(
    tx: Transaction,
    policy: Policy,
    rep_id: str,
    lead: StoredLead,
    above: str | None,
    now: datetime,
) -> StoredLead:
    """Passed on; what was sold on since the reload, with nobody above him, is rerouted like what he
    worked on: it never stays with who left.
    """
    if lead.pinned_rep == rep_id:
        lead = unpinned(tx, lead, ACTOR, REASON, now)
    after = passed_on(tx, policy, lead, above, now, actor=ACTOR, reason=REASON)
    if after.owner != RepOwner(rep_id):
        return after
    return reassign(tx, policy, after, now, actor=ACTOR, reason=REASON)


def passed_on(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    above: str | None,
    now: datetime,
    *,
    actor: str,
    reason: str,
) -> StoredLead:
    """Rerouted; where routing finds nobody else, and of what is sold or lost, the manager `above`
    has it. It stays where there is none, or he had it in this visit.
    """
    had = above is None or above in lead.excluded or lead.owner == RepOwner(above)
    heir = None if had else above
    if lead.stage in REROUTED:
        return reassign(tx, policy, lead, now, actor=actor, reason=reason, heir=heir)
    return give(tx, policy, lead, heir, now, actor=actor, reason=reason) if heir else lead


def _who_left(tx: Transaction, policy: Policy) -> Iterator[tuple[str, frozenset[Stage]]]:
    for rep_id, stages in tx.reps_with_leads().items():
        if not is_active(policy, rep_id):
            yield rep_id, stages


def _manager(tx: Transaction, policy: Policy, rep_id: str) -> str | None:
    rep = policy.reps.get(rep_id) or tx.rep_as_known(rep_id)
    return rep.manager if rep else None


def is_active(policy: Policy, rep_id: str) -> bool:
    """Whether the policy has the rep, and he works."""
    rep = policy.reps.get(rep_id)
    return rep is not None and rep.active
