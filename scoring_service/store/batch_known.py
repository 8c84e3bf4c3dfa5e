"""The store as the next unit finds it: what was fetched, and what earlier units recorded."""

from collections import deque
from collections.abc import Collection
from datetime import datetime
from weakref import proxy

from scoring_service.domain.matching.candidates import ranked
from scoring_service.store import rows
from scoring_service.store.absences import Away
from scoring_service.store.account_names import names_like_each
from scoring_service.store.batch_counts import Counts
from scoring_service.store.batch_flush import send
from scoring_service.store.batch_lines import Lines
from scoring_service.store.batch_writes import Writes
from scoring_service.store.connection import Connection
from scoring_service.values.account import Account, NamedAccount
from scoring_service.values.instant import micros
from scoring_service.values.stored import (
    Answer,
    Rotation,
    StoredActivity,
    StoredAssignment,
    StoredLead,
    Timer,
)

_NUMBERED = dict.fromkeys(("activities", "outbox", "queue", "happenings", "notices"), 0)

DRAIN = "drain"
"""The kind of timers that drain queues: they are due by pools, not by their instants."""

DUE_AT_ONCE = 256
"""Due timers read in one go."""


class Known:
    """What a batch knows. Absence is knowledge too: None is "asked for, and not there".

    `unsent` are the writes of earlier units that the database does not have yet; `made` are the
    ids that this batch gave out, which nothing stored can have.
    """

    def __init__(
        self, connection: Connection, counters: dict[str, int], now: datetime, away: Away
    ) -> None:
        self.connection, self.now, self.away = connection, now, away
        self.counters = {**_NUMBERED, **counters}
        self.unsent = Writes()
        self.flushing = False
        self.made: set[str] = set()
        self.answers: dict[str, Answer | None] = {}
        self.leads: dict[str, StoredLead | None] = {}
        self.emails: dict[str, str | None] = {}
        self.activities: dict[str, StoredActivity] = {}
        self.digests: dict[str, tuple[str, str]] = {}
        self.digests_asked: set[str] = set()
        self.accounts: dict[str, Account | None] = {}
        self.domains: dict[str, tuple[str, ...]] = {}
        self.names: dict[str, dict[str, str]] = {}
        self.ranked: dict[str, tuple[NamedAccount, ...]] = {}
        self.rotations: dict[str, Rotation] = {}
        self.rotations_stored: dict[str, Rotation] = {}
        self.timers: dict[tuple[str, str], Timer | None] = {}
        self.assignments: dict[str, StoredAssignment | None] = {}
        self.revision: tuple[str | None] | None = None
        self.due: deque[Timer] | None = None
        self.due_all = True
        # proxies: in a cycle all that a batch read would stay until the collector comes
        self.counts = Counts(proxy(self))
        self.lines = Lines(proxy(self))

    def flush(self) -> None:
        """Send what is recorded and not sent yet, the batch's instant with it."""
        if not self.unsent:
            return
        self.flushing = True
        self.counters["instant"] = micros(self.now)
        send(self.connection, self.unsent, self.rotations_stored, self.counters, self.now)
        self.rotations_stored.update(self.unsent.rotations)
        self.unsent = Writes()
        self.flushing = False

    def learn(self, own: Writes) -> None:
        """A unit's writes stand from now on."""
        self.counts.learn(own)
        self.lines.learn(own)
        self._learn_accounts(own.accounts)
        if own.absences:
            self.away.learn(own.absences)
        self.answers.update(own.answers)
        self._learn_emails(own)
        self.leads.update(own.leads)
        self.activities.update(own.activities)
        self.digests_asked.update(own.activities)
        self.rotations.update(own.rotations)
        self._learn_timers(own.timers)
        self.assignments.update(own.assignments)
        if own.activations:
            self.revision = (own.activations[-1][0],)
        if self.unsent:
            self.unsent.add(own)
        else:
            self.unsent = own

    def next_due(self, kinds: Collection[str]) -> Timer | None:
        """The first timer of these kinds that is due; read some at a time."""
        if self.due is None or not (self.due or self.due_all):
            if self.unsent.timers:
                self.flush()
            asked = rows.strings(list(kinds)), micros(self.now), DUE_AT_ONCE
            found = self.connection.rows("due_of", *asked)
            self.due = deque(map(rows.timer, found))
            self.due_all = len(found) < DUE_AT_ONCE
        return self.due[0] if self.due else None

    def _learn_emails(self, own: Writes) -> None:
        """A new lead is its person's latest. Where an address was changed, or persons were joined,
        the store is asked anew which one that is.
        """
        for email, lead_id in own.emails.items():
            if self.leads.get(lead_id) is None:
                self.emails[email] = lead_id
            else:
                self.emails.pop(email, None)
        if own.persons:
            self.emails.clear()

    def _learn_timers(self, own: dict[tuple[str, str], Timer | None]) -> None:
        """What was set anew is done; what was set to be due at once is looked for."""
        self.timers.update(own)
        if self.due is None:
            return
        if self.due:
            self.due = deque(one for one in self.due if (one.kind, one.subject) not in own)
        if any(one and one.due_at <= self.now and one.kind != DRAIN for one in own.values()):
            self.due = None

    def _learn_accounts(self, saved: dict[str, Account]) -> None:
        if saved:
            self.names.clear()
            self.ranked.clear()
        for account_id, account in saved.items():
            before = self.accounts.get(account_id)
            for domain in {*(before.domains if before else ()), *account.domains}:
                ids = self.domains.get(domain)
                if ids is not None:
                    others = set(ids) - {account_id}
                    on_it = {account_id} if domain in account.domains else set()
                    self.domains[domain] = tuple(sorted(others | on_it))
            self.accounts[account_id] = account

    def fetch_answers(self, request_ids: Collection[str]) -> None:
        """The first answers of requests."""
        missing = _missing(request_ids, self.answers)
        if missing:
            self.answers.update(dict.fromkeys(missing))
            for row in self.connection.rows("answers", rows.strings(missing)):
                self.answers[row[0]] = rows.answer(row)

    def fetch_leads(self, lead_ids: Collection[str]) -> None:
        """Leads by their ids."""
        missing = _missing(lead_ids, self.leads)
        if missing:
            self.leads.update(dict.fromkeys(missing))
            for lead_id, body in self.connection.rows("leads", rows.strings(missing)):
                self.leads[lead_id] = rows.lead(body)

    def fetch_emails(self, emails: Collection[str]) -> None:
        """The latest lead of each person with one of these addresses."""
        missing = _missing(emails, self.emails)
        if not missing:
            return
        if self.unsent.leads:
            self.flush()
        self.emails.update(dict.fromkeys(missing))
        for email, lead_id, body in self.connection.rows("leads_by_email", rows.strings(missing)):
            lead = self.leads.get(lead_id) or rows.lead(body)
            self.leads[lead_id] = lead
            if not lead.merged_into:
                self.emails[email] = lead_id

    def fetch_digests(self, activity_ids: Collection[str]) -> None:
        """Whose activities these are, and the digests of what was sent."""
        missing = set(activity_ids) - self.digests_asked
        if missing:
            self.digests_asked |= missing
            found = self.connection.rows("activity_sets", rows.strings(missing))
            self.digests |= rows.digests(found, missing)

    def fetch_domains(self, domains: Collection[str]) -> None:
        """Which accounts are on a domain."""
        missing = _missing(domains, self.domains)
        if not missing:
            return
        if self.unsent.accounts:
            self.flush()
        found: dict[str, list[str]] = {domain: [] for domain in missing}
        for domain, account_id in self.connection.rows("account_domains", rows.strings(missing)):
            found[domain].append(account_id)
        self.domains.update({domain: tuple(ids) for domain, ids in found.items()})

    def fetch_names(self, normals: Collection[str]) -> None:
        """Normalised names by account id that share a key with each of these."""
        missing = _missing(normals, self.names)
        if missing:
            if self.unsent.accounts:
                self.flush()
            self.names |= names_like_each(self.connection, missing)

    def names_like(self, normal: str) -> dict[str, str]:
        """Normalised names by account id that share a key with one."""
        self.fetch_names((normal,))
        return self.names[normal]

    def accounts_named(self, normal: str) -> tuple[NamedAccount, ...]:
        """Accounts of names like a normalised one, the best first; compared once a batch."""
        found = self.ranked.get(normal)
        if found is None:
            found = self.ranked[normal] = ranked(normal, self.names_like(normal))
        return found

    def fetch_accounts(self, account_ids: Collection[str]) -> None:
        """Accounts and all those above them."""
        missing = _missing(account_ids, self.accounts)
        if missing:
            self.accounts.update(dict.fromkeys(missing))
            for account_id, body in self.connection.rows("accounts_upwards", rows.strings(missing)):
                if self.accounts.get(account_id) is None:
                    self.accounts[account_id] = rows.account(body)

    def fetch_assignments(self, assignment_ids: Collection[str]) -> None:
        """Assignments by their ids."""
        missing = _missing(assignment_ids, self.assignments)
        if missing:
            self.assignments.update(dict.fromkeys(missing))
            for row in self.connection.rows("assignments", rows.strings(missing)):
                self.assignments[row[0]] = rows.assignment(row)

    def reps_at_hand(self) -> set[str]:
        """Every rep of the rotations that were read."""
        rotations = self.rotations.values()
        return {credit.rep_id for rotation in rotations for credit in rotation.credits}

    def rotation(self, pool: str) -> Rotation:
        """A pool's rotation, read once."""
        found = self.rotations.get(pool)
        if found is None:
            found = rows.rotation(pool, self.connection.rows("rotation", pool))
            self.rotations[pool] = self.rotations_stored[pool] = found
        return found

    def timer(self, kind: str, subject: str) -> Timer | None:
        """A timer by its kind and subject."""
        key = kind, subject
        if key not in self.timers:
            found = self.connection.rows("timer", kind, subject)
            self.timers[key] = rows.timer(found[0]) if found else None
        return self.timers[key]

    def active_revision(self) -> str | None:
        """The policy that is active, read once a batch."""
        if self.revision is None:
            self.revision = (rows.any_value(self.connection.rows("active_revision")),)
        return self.revision[0]


def _missing(keys: Collection[str], known: Collection[str]) -> list[str]:
    """Those not asked for yet, each once; the empty key names nothing."""
    return [key for key in dict.fromkeys(keys) if key and key not in known]
