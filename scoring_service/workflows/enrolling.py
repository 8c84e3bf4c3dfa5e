"""Tracks that a lead enters and leaves: kept in order, and recorded at the moment."""

from scoring_service.store.transaction import Transaction
from scoring_service.values.happening import Enrolment
from scoring_service.values.owner import SUPPRESSED, Owner, TrackOwner
from scoring_service.values.stored import StoredLead


def tracks_with(tracks: tuple[str, ...], owner: Owner | None) -> tuple[str, ...]:
    """The tracks a lead has been in, the owner's too where it is one; each once.

    >>> tracks_with(("welcome",), TrackOwner("recapture"))
    ('welcome', 'recapture')
    """
    track = _track(owner)
    return tracks if track is None or track in tracks else (*tracks, track)


def record_enrolment(
    tx: Transaction, before: Owner | None, after: StoredLead, actor_id: str
) -> None:
    """Record which track the lead left and which it entered; nothing where it stays in one."""
    left, entered, lead_id = _track(before), _track(after.owner), after.lead.lead_id
    if left == entered:
        return
    if left is not None:
        tx.record(lead_id, Enrolment(left, False), actor_id)
    if entered is not None:
        tx.record(lead_id, Enrolment(entered, True), actor_id)


def _track(owner: Owner | None) -> str | None:
    """The track that owns a lead; nobody is enrolled in the one that suppresses."""
    return owner.id if isinstance(owner, TrackOwner) and owner != SUPPRESSED else None
