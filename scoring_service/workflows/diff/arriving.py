"""Leads of a file as a past: who each is, what was known of it when, in the order of time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

import msgspec

from scoring_service.domain.domains import email_key
from scoring_service.domain.intake import AHEAD_MAX, clamped
from scoring_service.domain.routing.account_match import match_account
from scoring_service.values.account import AccountMatch
from scoring_service.values.activity import Activity
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.workflows.account_lookup import AccountLookup, account_of
from scoring_service.workflows.arrival import merged
from scoring_service.workflows.diff.past import Arrived, Left, Moment, Past


class Sent(msgspec.Struct, frozen=True):
    """A row of a file: a lead that came at `at`, with everything it did, before and after.

    `number` is its line. `left_at` is when it left its owner's hands, `responded_at` when it was
    first answered.
    """

    number: int
    at: datetime
    lead: Lead
    activities: tuple[Activity, ...] = ()
    left_at: datetime | None = None
    responded_at: datetime | None = None


class _Event(msgspec.Struct, frozen=True):
    """Something that one row says happened; `activities` None is that the lead left."""

    at: datetime
    sent: Sent
    activities: tuple[Activity, ...] | None
    later: bool = False


Conflict = tuple[int, str]
"""The line of a row that cannot be taken, and why."""


def past_of(
    sent: Iterable[Sent], accounts: AccountLookup | None = None
) -> tuple[Past, tuple[Conflict, ...]]:
    """The past that the rows tell, and those left out: they name two leads at once.

    A lead is found by its lead_id, else by its e-mail; a row with neither is a lead of its own,
    named by its line. What a lead did after it came is evaluated when it happened.
    """
    events = [event for row in sent for event in _events(row)]
    events.sort(key=lambda event: event.at)
    people = _People(accounts)
    for event in events:
        people.take(event)
    past = Past(moments=tuple(people.moments), responses=people.responses)
    return past, tuple(people.conflicts.items())


def _events(sent: Sent) -> Iterator[_Event]:
    """What a row says, by time: the lead came, did something later, left."""
    latest = sent.at + AHEAD_MAX
    by_then = tuple([done for done in sent.activities if done.occurred_at <= latest])
    yield _Event(sent.at, sent, clamped(by_then, sent.at))
    if len(by_then) < len(sent.activities):
        later = (done for done in sent.activities if done.occurred_at > latest)
        ordered = sorted(later, key=_happened)
        for at, done in groupby(ordered, key=_happened):
            yield _Event(at, sent, tuple(done), later=True)
    if sent.left_at is not None:
        yield _Event(sent.left_at, sent, None)


def _happened(activity: Activity) -> datetime:
    return activity.occurred_at


class _People:
    """Who is who so far, and what is known of each."""

    def __init__(self, accounts: AccountLookup | None) -> None:
        self.accounts = accounts
        self.moments: list[Moment] = []
        self.responses: dict[str, datetime] = {}
        self.conflicts: dict[int, str] = {}
        self._leads: dict[str, Lead] = {}
        self._matches: dict[str, AccountMatch] = {}
        self._emails: dict[str, str] = {}
        self._done: set[tuple[str, str]] = set()
        self._named: set[str] = set()

    def take(self, event: _Event) -> None:
        """One event, in the order of time."""
        sent = event.sent
        if sent.number in self.conflicts:
            return
        lead_id = self._who(sent)
        if lead_id is None:
            return
        if event.activities is None:
            self.moments.append(Left(event.at, lead_id))
            return
        self._arrive(event, lead_id, event.activities)
        if sent.responded_at is not None:
            self.responses.setdefault(lead_id, sent.responded_at)

    def _who(self, sent: Sent) -> str | None:
        """The id of the row's lead, None where it names two."""
        email = email_key(sent.lead.email) if sent.lead.email else ""
        of_mail, named = self._emails.get(email) if email else None, sent.lead.lead_id
        if named and of_mail is not None and of_mail != named and named in self._leads:
            why = f"lead_id names {named!r}, the e-mail names {of_mail!r}; keep one of the two"
            self.conflicts[sent.number] = why
            return None
        who = (named if named in self._leads else of_mail) or named or f"line {sent.number}"
        if who == named:
            self._named.add(who)
        if email:
            self._emails[email] = who
        return who

    def _arrive(self, event: _Event, lead_id: str, activities: tuple[Activity, ...]) -> None:
        before = self._leads.get(lead_id)
        lead, changed = self._known(event.sent.lead, lead_id, before)
        fresh = self._fresh(lead_id, activities)
        asked = Asked.EVALUATE if event.later else Asked.ROUTE
        self.moments.append(
            Arrived(
                event.at,
                lead,
                fresh,
                self._matches[lead_id],
                asked,
                changed=changed or bool(fresh),
                first=lead_id if lead_id in self._named else "",
            )
        )

    def _known(self, sent: Lead, lead_id: str, before: Lead | None) -> tuple[Lead, bool]:
        """Everything known of the lead now, and whether that changed."""
        if before is None:
            lead = sent if sent.lead_id else msgspec.structs.replace(sent, lead_id=lead_id)
        else:
            lead, _ = merged(before, sent)
        if lead is not before:
            self._leads[lead_id] = lead
            self._matches[lead_id] = self._account(lead)
        return lead, before is not None and lead is not before

    def _account(self, lead: Lead) -> AccountMatch:
        if self.accounts is None:
            return match_account(lead, None, ())
        return account_of(self.accounts, lead)

    def _fresh(self, lead_id: str, activities: Sequence[Activity]) -> tuple[Activity, ...]:
        """Those that are new: each activity_id of a lead once; without an id they always are."""
        fresh = []
        for activity in activities:
            key = lead_id, activity.activity_id
            if not activity.activity_id or key not in self._done:
                fresh.append(activity)
                self._done.add(key)
        return tuple(fresh)
