"""The store as those who do not write see it: a connection of its own, nothing kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from scoring_service.domain.matching.candidates import ranked
from scoring_service.store import checkups, rows, rows_experiments, rows_lifecycle, rows_stages
from scoring_service.store.account_names import names_like
from scoring_service.store.connection import Connection
from scoring_service.store.holdings import activity_types_in, holdings_in
from scoring_service.store.lead_records import lead_records, records_of
from scoring_service.store.listing import leads_listed
from scoring_service.store.reader_reps import RepsReader
from scoring_service.store.rows_webhooks import cursor_of, letter_of
from scoring_service.values.account import Account, NamedAccount
from scoring_service.values.activity import Activity
from scoring_service.values.checkup import LeadCheckup, RotationCheckup
from scoring_service.values.experiment import ArmJoined, Followed
from scoring_service.values.happening import Happened
from scoring_service.values.holdings import Holdings
from scoring_service.values.instant import EPOCH, instant, micros
from scoring_service.values.owner import Owner
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    Event,
    FieldChange,
    QueuePlace,
    StageEntry,
    StoredAssignment,
    StoredDecision,
    StoredLead,
    Timer,
)
from scoring_service.values.webhook import Cursor, Letter

_LATEST = 2**63 - 1
_BEHIND_ALL = "\U0010ffff"


class Reader(RepsReader):
    """Reads what is committed. Used by one thread at a time; every call sees the latest commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.errors = connection.errors

    def lead(self, lead_id: str) -> StoredLead | None:
        """The lead of that id."""
        found = self._connection.rows("leads", rows.strings([lead_id]))
        return rows.lead(found[0][1]) if found else None

    def lead_by_email(self, email: str) -> StoredLead | None:
        """The latest lead of the person with this address, given as `email_key` writes it."""
        found = self._connection.rows("leads_by_email", rows.strings([email]))
        leads = [lead for _, _, body in found if not (lead := rows.lead(body)).merged_into]
        return leads[-1] if leads else None

    def leads(
        self,
        stage: Stage | None = None,
        owner: Owner | None = None,
        account_id: str | None = None,
        before: tuple[float, str] | None = None,
        limit: int = 100,
    ) -> Sequence[StoredLead]:
        """Leads by score, the highest first, those behind a score and an id. None is any."""
        return leads_listed(self._connection, stage, owner, account_id, before, limit)

    def leads_of_person(self, person_id: str) -> Sequence[StoredLead]:
        """Every lead of a person, by cycle."""
        found = self._connection.rows("leads_of_person", person_id)
        return tuple(rows.lead(body) for _, body in found)

    def happenings(self, lead_id: str) -> Sequence[Happened]:
        """Everything recorded of a lead beside its stages and assignments, in order."""
        found = self._connection.rows("happenings", lead_id)
        return rows_lifecycle.happened_in(found)

    def activities(self, lead_id: str) -> Sequence[Activity]:
        """Everything the lead and those merged into it did, by the time it happened."""
        lead = self.lead(lead_id)
        ids = rows.strings({lead_id, *(lead.merged_from if lead else ())})
        return tuple(rows.activities(self._connection.rows("activities", ids)))

    def account(self, account_id: str) -> Account | None:
        """The account of that id."""
        return next(iter(self.ancestors(account_id)), None)

    def accounts_on_domain(self, domain: str) -> Sequence[Account]:
        """Every account that has this registrable domain, by id."""
        found = self._connection.rows("account_domains", rows.strings([domain]))
        by_id = self._upwards([account_id for _, account_id in found])
        return tuple(by_id[account_id] for _, account_id in found if account_id in by_id)

    def accounts_named(self, normal: str) -> Sequence[NamedAccount]:
        """Accounts of names like a normalised one, the best first."""
        return ranked(normal, names_like(self._connection, normal))

    def ancestors(self, account_id: str) -> Sequence[Account]:
        """The account and those above it, nearest first, each once."""
        by_id, found = self._upwards([account_id]), []
        account = by_id.pop(account_id, None)
        while account is not None:
            found.append(account)
            account = by_id.pop(account.parent_id or "", None)
        return tuple(found)

    def accounts(self, after: str = "", limit: int = 1000) -> Sequence[Account]:
        """Accounts by id, those behind `after`."""
        found = self._connection.rows("accounts_after", after, limit)
        return tuple(rows.account(body) for _, body in found)

    def assignment(self, assignment_id: str) -> StoredAssignment | None:
        """The assignment of that id."""
        found = self._connection.rows("assignments", rows.strings([assignment_id]))
        return rows.assignment(found[0]) if found else None

    def assignments(
        self,
        lead_id: str = "",
        rep_id: str = "",
        before: tuple[datetime, str] | None = None,
        limit: int = 100,
    ) -> Sequence[StoredAssignment]:
        """Newest first: of a lead, of a rep, of both or of everybody ("" is any).

        `before` is the instant and the id of the last one seen.
        """
        place: tuple[Any, ...] = (_LATEST, "")
        if before is not None:
            place = (micros(before[0]), before[1])
        if rep_id:
            found = self._connection.rows(
                "assignments_of_rep", rep_id, lead_id or None, *place, limit
            )
        elif lead_id:
            found = self._connection.rows("assignments_of_lead", lead_id, *place, limit)
        else:
            found = self._connection.rows("assignments_before", *place, limit)
        return tuple(map(rows.assignment, found))

    def decision(self, decision_id: str) -> StoredDecision | None:
        """The decision record of that id."""
        found = self._connection.rows("decision", decision_id)
        return rows.decision(found[0]) if found else None

    def decisions(self, after: str = "", limit: int = 1000) -> Sequence[StoredDecision]:
        """Decision records by id, those behind `after`."""
        return tuple(map(rows.decision, self._connection.rows("decisions_after", after, limit)))

    def latest_decisions(self, before: str = "", limit: int = 500) -> Sequence[StoredDecision]:
        """Decision records by id backward, those before `before` ("" begins with the last)."""
        found = self._connection.rows("decisions_before", before or _BEHIND_ALL, limit)
        return tuple(map(rows.decision, found))

    def field_changes(
        self, kind: str, subject_id: str
    ) -> Sequence[tuple[FieldChange, datetime, str]]:
        """What changed of a `lead`, an `account` or a `rep`, when and by whom, oldest first."""
        found = self._connection.rows("field_changes", kind, subject_id)
        return tuple((FieldChange(*change), instant(at), who) for *change, at, who in found)

    def stage_entries(self, lead_id: str) -> Sequence[StageEntry]:
        """Every stage the lead entered, by visit."""
        return tuple(
            map(rows_stages.stage_entry_scored, self._connection.rows("stage_entries", lead_id))
        )

    def lead_records(
        self, after: str = "", limit: int = 500, since: datetime = EPOCH
    ) -> Sequence[LeadRecord]:
        """Everything recorded of leads that changed `since` then, by lead id, behind `after`."""
        return lead_records(self._connection, after, limit, since)

    def records_of(self, lead_ids: Iterable[str]) -> Sequence[LeadRecord]:
        """Everything recorded of these leads, by lead id."""
        return records_of(self._connection, lead_ids)

    def leads_of_reps(self) -> Sequence[tuple[str, Stage, int]]:
        """How many leads each rep owns, by stage."""
        found = self._connection.rows("leads_of_reps")
        return tuple((rep_id, Stage(stage), count) for rep_id, stage, count in found)

    def holdings(self) -> Holdings:
        """Who owns which leads and accounts, and every rep as he was last known."""
        return holdings_in(self._connection)

    def activity_types(self, since: datetime) -> Mapping[str, int]:
        """How many activities of each type were recorded since an instant."""
        return activity_types_in(self._connection, since)

    def followed(self, experiment: str, stages: Iterable[Stage]) -> Sequence[Followed]:
        """Everybody enrolled in an experiment, in order; when he first reached a stage since."""
        asked = rows.strings([stage.value for stage in stages])
        found = self._connection.rows("followed", experiment, asked)
        return tuple(map(rows_experiments.followed, found))

    def arms_joined(self) -> Sequence[ArmJoined]:
        """Every arm that enrolled anybody, by experiment and arm."""
        return tuple(map(rows_experiments.arm_joined, self._connection.rows("arms_joined")))

    def waiting(self, pool: str, limit: int = 100) -> tuple[int, Sequence[QueuePlace]]:
        """How many wait for a pool, and the first of them."""
        count = self._connection.rows("waiting_count", pool)[0][0]
        return count, tuple(map(rows.place, self._connection.rows("waiting", pool, limit)))

    def active_revision(self) -> str | None:
        """The revision of the active policy; None before the first."""
        revision: str | None = rows.any_value(self._connection.rows("active_revision"))
        return revision

    def latest_activation(self) -> int:
        """The number of the latest activation, 0 before the first."""
        return int(self._connection.rows("latest_activation")[0][0])

    def activations(self) -> Sequence[tuple[int, str, datetime, str]]:
        """Every activation: number, revision, instant, by whom."""
        found = self._connection.rows("activations")
        return tuple((number, revision, instant(at), who) for number, revision, at, who in found)

    def revision_content(self, revision: str) -> bytes | None:
        """The packed files of a policy that was once active."""
        content: bytes | None = rows.any_value(self._connection.rows("revision_content", revision))
        return content

    def next_due(self) -> datetime | None:
        """The instant of the timer that is due first."""
        due: int | None = rows.any_value(self._connection.rows("next_due"))
        return None if due is None else instant(due)

    def due_timers(self, now: datetime, limit: int = 100) -> Sequence[Timer]:
        """Timers whose instant has come, in due order."""
        return tuple(map(rows.timer, self._connection.rows("due_timers", micros(now), limit)))

    def failed_timers(self) -> Sequence[Timer]:
        """Timers that raised and wait to be tried again, in due order."""
        return tuple(map(rows.timer, self._connection.rows("failed_timers")))

    def events(self, after: int = 0, limit: int = 1000) -> Sequence[tuple[int, Event]]:
        """The outbox, each event with its number, those behind `after`."""
        found = self._connection.rows("events", after, limit)
        return tuple((row[0], rows.event(row)) for row in found)

    def lead_checkups(self) -> Iterator[LeadCheckup]:
        """Every lead by id, with all that must agree with it."""
        return checkups.lead_checkups(self._connection)

    def rotation_checkups(self) -> Iterator[RotationCheckup]:
        """Every pool's rotation by name, with all its draws."""
        return checkups.rotation_checkups(self._connection)

    def turns_since(self, since: datetime) -> Iterator[RotationCheckup]:
        """Every pool's rotation by name, with its draws from an instant on, the last one first."""
        return checkups.turns_since(self._connection, since)

    def stray_timers(self) -> Sequence[Timer]:
        """Timers of leads that are not stored."""
        return checkups.stray_timers(self._connection)

    def webhooks(self) -> Sequence[tuple[str, Cursor]]:
        """How far each receiver of events has come, by name."""
        found = self._connection.rows("webhooks_reached")
        return tuple((name, cursor_of(body)) for name, body in found)

    def webhook_cursor(self, endpoint: str) -> Cursor | None:
        """How far a receiver of events has come; None for one that is new."""
        body = rows.any_value(self._connection.rows("webhook_reached", endpoint))
        return None if body is None else cursor_of(body)

    def webhook_waits(self, endpoint: str, after: int, now: datetime) -> bool:
        """Whether an event is behind `after`, or one that was not taken is to be sent again."""
        found = self._connection.rows("webhook_waits", endpoint, after, micros(now))
        return bool(found[0][0])

    def webhook_letters(self, endpoint: str, limit: int, *, dead: bool) -> Sequence[Letter]:
        """What a receiver could not be given, in the order of the events."""
        found = self._connection.rows("webhook_letters", endpoint, int(dead), limit)
        return tuple(map(letter_of, found))

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _upwards(self, account_ids: list[str]) -> dict[str, Account]:
        found = self._connection.rows("accounts_upwards", rows.strings(account_ids))
        return {account_id: rows.account(body) for account_id, body in found}
