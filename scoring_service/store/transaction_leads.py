"""Leads, what they did and what changed of them, as a unit of work reads and writes them."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from scoring_service.domain.domains import email_key
from scoring_service.store import rows, rows_lifecycle, rows_stages
from scoring_service.store.transaction_part import Part
from scoring_service.values.activity import Activity
from scoring_service.values.clock import next_due
from scoring_service.values.experiment import Joined
from scoring_service.values.happening import Happened, Recorded
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    Answer,
    FieldChange,
    StageEntry,
    StoredActivity,
    StoredLead,
    Timer,
)

_HELD = frozenset({Stage.MQL, Stage.SAL, Stage.SQL})

LEAD_TIMER = "lead"
"""The kind of the one timer of a lead: the first of its clocks."""


class NoTimer(AssertionError):
    """A unit of work left an unfinished lead without a timer. It cannot be kept."""

    def __init__(self, lead_id: str, stage: Stage) -> None:
        super().__init__(f"{lead_id} is in {stage} and nothing will ever look at it again")


class Leads(Part):
    """Leads by id, by e-mail, person and owner, their activities and history; answers."""

    def answer(self, request_id: str) -> Answer | None:
        """The first answer to a request."""
        known = self._known
        if request_id not in known.answers:
            known.fetch_answers((request_id,))
        return self.own.answers.get(request_id) or known.answers.get(request_id)

    def keep_answer(self, answer: Answer) -> None:
        """Keep the first answer to a request, for ever."""
        assert answer.request_id, "an answer needs a request"
        self.own.answers[answer.request_id] = answer

    def lead(self, lead_id: str) -> StoredLead | None:
        """The lead of that id."""
        return self.own.leads.get(lead_id) or self._stored_lead(lead_id)

    def lead_by_email(self, email: str) -> StoredLead | None:
        """The latest lead of the person with this address, given as `email_key` writes it."""
        lead_id = self.own.emails.get(email)
        if lead_id is None:
            if email not in self._known.emails:
                self._known.fetch_emails((email,))
            lead_id = self._known.emails.get(email)
        return self.lead(lead_id) if lead_id else None

    def save_lead(self, lead: StoredLead) -> None:
        """Store a lead as it is now; its e-mail address is its person's from now on."""
        lead_id = lead.lead.lead_id
        assert lead_id, "a lead needs an id to be stored"
        before = self.lead(lead_id)
        self.own.leads[lead_id] = lead
        self._count(before, -1)
        self._count(lead, 1)
        self._arm(lead)
        email = lead.lead.email
        if email and (before is None or before.lead.email != email):
            self._take_email(email_key(email), lead)
        if before is None and lead.cycle > 1:
            self._follow_person(lead)

    def activities(self, lead_id: str) -> Sequence[Activity]:
        """Everything the lead and those merged into it did, by the time it happened."""
        known, lead = self._known, self.lead(lead_id)
        ids = {lead_id, *(lead.merged_from if lead else ())}
        if any(stored[0].lead_id in ids for stored in known.unsent.activity_sets):
            known.flush()
        found = rows.activities(known.connection.rows("activities", rows.strings(ids)))
        own = [one.activity for one in self.own.activities.values() if one.lead_id in ids]
        return tuple(sorted([*found, *own], key=rows.happened) if own else found)

    def activity_digests(self, activity_ids: Collection[str]) -> Mapping[str, tuple[str, str]]:
        """Of those activities that are stored, the lead and the digest of what was sent."""
        known = self._known
        if not known.digests_asked.issuperset(activity_ids):
            known.fetch_digests(activity_ids)
        found = {one: known.digests[one] for one in known.digests.keys() & activity_ids}
        for kept in (known.activities, self.own.activities):
            found |= {one: kept[one].sent for one in kept.keys() & activity_ids}
        return found

    def add_activities(self, activities: Sequence[StoredActivity]) -> None:
        """Store activities of one lead that are not stored yet."""
        assert len({one.lead_id for one in activities}) == 1, "a set of activities is one lead's"
        self.own.activity_sets.append(tuple(activities))
        for one in activities:
            assert one.activity.activity_id, "a stored activity needs an id"
            self.own.activities[one.activity.activity_id] = one

    def record_changes(
        self, kind: str, subject_id: str, changes: Iterable[FieldChange], actor: str
    ) -> None:
        """Record what changed of a `lead`, an `account` or a `rep`, now and by whom."""
        self.own.changes += [
            rows.change_row(kind, subject_id, change, self.now, actor) for change in changes
        ]

    def record_joined(self, joined: Joined) -> None:
        """Record that a person was enrolled in an experiment."""
        self.own.joined.append(joined)

    def record_stage(self, entry: StageEntry) -> None:
        """Record that a lead entered a stage."""
        self.own.stages.append(entry)

    def _stored_lead(self, lead_id: str) -> StoredLead | None:
        """The lead without what this unit wrote."""
        known = self._known
        if lead_id not in known.leads:
            if lead_id in known.made:
                return None
            known.fetch_leads((lead_id,))
        return known.leads.get(lead_id)

    def leads_of_person(self, person_id: str) -> tuple[StoredLead, ...]:
        """Every lead of a person, by cycle; those that were merged into another too."""
        known = self._known
        if known.unsent.leads:
            known.flush()
        for lead_id, body in known.connection.rows("leads_of_person", person_id):
            if known.leads.get(lead_id) is None:
                known.leads[lead_id] = rows.lead(body)
        every = {**known.leads, **self.own.leads}
        found = [lead for lead in every.values() if lead and lead.person_id == person_id]
        return tuple(sorted(found, key=_age))

    def leads_of_name(self, lead: Lead, at_most: int) -> tuple[StoredLead, ...]:
        """Leads with the same full name at the same company, as they were before this unit."""
        company, name = rows.name_keys(lead.company_name, lead.full_name)
        if not (company and name):
            return ()
        known = self._known
        if known.unsent.leads:
            known.flush()
        found = known.connection.rows("leads_of_name", company, name, at_most)
        return tuple([rows.lead(body) for _, body in found])

    def join_persons(self, to_person: str, from_person: str) -> None:
        """Every e-mail address of one person is another's from now on; leads are saved apart."""
        self.own.persons.append((to_person, from_person))

    def record(self, lead_id: str, happening: Recorded, actor: str) -> None:
        """Record what happened to a lead, now."""
        self.own.happenings.append(Happened(lead_id, self.now, actor, happening))

    def happenings(self, lead_id: str) -> tuple[Happened, ...]:
        """Everything recorded of a lead, in order."""
        if any(one.lead_id == lead_id for one in self._known.unsent.happenings):
            self._known.flush()
        found = rows_lifecycle.happened_in(self._known.connection.rows("happenings", lead_id))
        own = [each for one in self.own.happenings if one.lead_id == lead_id for each in one.each]
        return (*found, *own)

    def stage_entries(self, lead_id: str) -> tuple[StageEntry, ...]:
        """Every stage the lead entered, in order."""
        if any(one.lead_id == lead_id for one in self._known.unsent.stages):
            self._known.flush()
        kept = self._known.connection.rows("stage_entries", lead_id)
        found = map(rows_stages.stage_entry_scored, kept)
        return (*found, *(one for one in self.own.stages if one.lead_id == lead_id))

    def check(self) -> None:
        """Raise NoTimer where an unfinished lead that was saved has no timer."""
        for lead_id, lead in self.own.leads.items():
            if lead.unfinished and self.own.timers.get((LEAD_TIMER, lead_id)) is None:
                raise NoTimer(lead_id, lead.stage)

    def _arm(self, lead: StoredLead) -> None:
        """The lead's timer is the first of its clocks; a finished one has none."""
        due_at = next_due(lead.clocks) if lead.unfinished else None
        timer = None
        if due_at is not None:
            revision = lead.clocks[0].revision
            timer = Timer(LEAD_TIMER, lead.lead.lead_id, due_at, revision)
            if self.armed is None or due_at < self.armed:
                self.armed = due_at
        self.own.timers[LEAD_TIMER, lead.lead.lead_id] = timer

    def _count(self, lead: StoredLead | None, by: int) -> None:
        if lead and lead.stage in _HELD and isinstance(lead.owner, RepOwner):
            held = self.own.open_leads
            held[lead.owner.id] = held.get(lead.owner.id, 0) + by

    def _take_email(self, email: str, lead: StoredLead) -> None:
        """An address is the first person's that had it; its lead is the latest of that person."""
        holder = self.lead_by_email(email)
        if holder is None or (holder.person_id == lead.person_id and _age(holder) <= _age(lead)):
            self.own.emails[email] = lead.lead.lead_id

    def _follow_person(self, lead: StoredLead) -> None:
        """The addresses of a person name the lead of his latest cycle."""
        for email in {*self._known.emails, *self.own.emails}:
            holder = self.lead_by_email(email)
            if holder and holder.person_id == lead.person_id and _age(holder) <= _age(lead):
                self.own.emails[email] = lead.lead.lead_id


def _age(lead: StoredLead) -> tuple[object, ...]:
    return lead.cycle, lead.created_at, lead.lead.lead_id
