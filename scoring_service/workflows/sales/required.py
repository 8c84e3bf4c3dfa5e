"""What a lead must have before it enters a stage: declared attributes, fields and answers."""

from collections.abc import Iterator

from scoring_service.domain.policy import Policy
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.lead import Lead
from scoring_service.values.stage import PATH, Stage
from scoring_service.values.stored import StoredLead


def missing(policy: Policy, lead: StoredLead, to: Stage) -> tuple[str, ...]:
    """What the rules require by stage `to` or one before it, and the lead has not; by name.

    A requirement is met by an answer of sales, a field or an attribute of that name.
    """
    if to not in PATH:
        return ()
    upto = PATH[: PATH.index(to) + 1]
    wanted = dict.fromkeys(_required(policy, upto))
    return tuple(name for name in wanted if not _has(lead, name))


def require_fields(policy: Policy, lead: StoredLead, to: Stage) -> None:
    """Raise FailedPrecondition (FIELDS_MISSING), naming them, where something is missing."""
    names = missing(policy, lead, to)
    if names:
        raise FailedPrecondition(
            f"{to} requires {', '.join(names)} of lead {lead.lead.lead_id!r}; send them with"
            " UpsertLead, or the answers of sales with QualifyLead",
            "FIELDS_MISSING",
        )


def _required(policy: Policy, stages: tuple[Stage, ...]) -> Iterator[str]:
    for stage in stages:
        yield from policy.lifecycle.required.get(stage.value, ())
    names = {stage.value for stage in stages}
    yield from (one.name for one in policy.schema.values() if one.required_by in names)


def _has(lead: StoredLead, name: str) -> bool:
    if lead.qualification.get(name, "").strip():
        return True
    field = getattr(lead.lead, name) if name in Lead.__struct_fields__ else None
    value = lead.lead.attributes.get(name) if field is None else field
    return value not in (None, "", ())
