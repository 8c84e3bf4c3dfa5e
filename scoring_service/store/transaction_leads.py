"""Leads, what they did and what changed of them, as a unit of work reads and writes them."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from scoring_service.domain.domains import email_key
from scoring_service.store import rows
from scoring_service.store.transaction_part import Part
from scoring_service.values.activity import Activity
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    Answer,
    FieldChange,
    StageEntry,
    StoredActivity,
    StoredLead,
)

_HELD = frozenset({Stage.MQL, Stage.SAL, Stage.SQL})


class Leads(Part):
    """Leads by id and by e-mail, their activities and their history; answers to requests."""

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
        email = lead.lead.email
        if email and (before is None or before.lead.email != email):
            self._take_email(email_key(email), lead)
        if before is None and lead.cycle > 1:
            self._follow_person(lead)

    def activities(self, lead_id: str) -> Sequence[Activity]:
        """Everything the lead did, by the time it happened."""
        known = self._known
        if any(stored[0].lead_id == lead_id for stored in known.unsent.activity_sets):
            known.flush()
        found = rows.activities(known.connection.rows("activities", lead_id))
        own = [one.activity for one in self.own.activities.values() if one.lead_id == lead_id]
        return tuple(sorted([*found, *own], key=rows.happened) if own else found)

    def activity_digests(self, activity_ids: Collection[str]) -> Mapping[str, tuple[str, str]]:
        """Of those activities that are stored, the lead and the digest of what was sent."""
        known, own = self._known, self.own.activities
        if not known.digests_asked.issuperset(activity_ids):
            known.fetch_digests(activity_ids)
        found = {one: known.digests[one] for one in activity_ids if one in known.digests}
        for one in activity_ids if own else ():
            if one in own:
                found[one] = own[one].lead_id, own[one].digest
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
