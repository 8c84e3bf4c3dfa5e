"""What a request will read, known before its unit of work: fetched for a whole batch at once."""

from scoring_service.domain.domains import email_key
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.stored import Keys
from scoring_service.workflows.account_lookup import company_domains
from scoring_service.workflows.lifecycle_requests import LeadAct, RecordActivities, UpsertLead
from scoring_service.workflows.requests import RouteLead, UpsertAccounts

_NOBODY = Lead()


def of_route(request: RouteLead) -> Keys:
    """The keys of a Route request; of one with violations only its id, for it will be refused."""
    if request.violations:
        return Keys(request_id=request.request_id)
    request_id = "" if request.dry_run else request.request_id
    return _of_lead(request_id, request.lead or _NOBODY, request.lead_id, request.activities)


def of_upsert(request: UpsertLead) -> Keys:
    """The keys of a lead to take in."""
    if request.violations:
        return Keys(request_id=request.request_id)
    return _of_lead(request.request_id, request.lead, "", request.activities)


def of_activities(request: RecordActivities) -> Keys:
    """The keys of what a lead did."""
    if request.violations:
        return Keys(request_id=request.request_id)
    lead = request.lead or _NOBODY
    return _of_lead(request.request_id, lead, request.lead_id, request.activities)


def of_act(request: LeadAct) -> Keys:
    """The keys of what is done with one stored lead."""
    lead_id = "" if request.violations else request.lead_id
    return Keys(request_id=request.request_id, lead_id=lead_id)


def _of_lead(request_id: str, lead: Lead, lead_id: str, activities: tuple[Activity, ...]) -> Keys:
    return Keys(
        request_id=request_id,
        lead_id=lead.lead_id or lead_id,
        email=email_key(lead.email) if lead.email else "",
        account_id=lead.account_id or "",
        domains=company_domains(lead),
        activity_ids=tuple(a.activity_id for a in activities if a.activity_id),
        company=lead.company_name or "",
    )


def of_accounts(request: UpsertAccounts) -> Keys:
    """The keys of an upsert of accounts."""
    return Keys(request_id=request.request_id)
