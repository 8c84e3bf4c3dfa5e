"""The path of a lead: where a new one begins, and how far automation may move one."""

from scoring_service.domain.domains import registrable_domain
from scoring_service.values.lead import Lead
from scoring_service.values.stage import PATH, Stage

BEFORE_OPPORTUNITY = frozenset({*PATH[: PATH.index(Stage.OPPORTUNITY)], Stage.RECYCLED})
"""Stages that do_not_contact ends; from opportunity on it stays a flag."""

UP_TO_MQL = frozenset({*PATH[: PATH.index(Stage.MQL) + 1], Stage.RECYCLED})
"""Stages that a `disqualify:` rule ends; later the owner is told."""

BEFORE_MQL = UP_TO_MQL - {Stage.MQL}
"""Stages in which marketing holds a lead, so that qualifying gives it to sales (again)."""

_RANK = {stage: rank for rank, stage in enumerate(PATH)}


def moved(stage: Stage, to: Stage) -> Stage:
    """Where routing to stage `to` leaves a lead: forward on the path, never back.

    A recycled lead comes back to mql only; closed_lost and finished ones are not routed anywhere.

    >>> moved(Stage.KNOWN, Stage.MQL), moved(Stage.SAL, Stage.MQL), moved(Stage.RECYCLED, Stage.MQL)
    (<Stage.MQL: 'mql'>, <Stage.SAL: 'sal'>, <Stage.MQL: 'mql'>)
    """
    if stage is Stage.RECYCLED:
        return to if to is Stage.MQL else stage
    if stage not in _RANK or stage is Stage.CUSTOMER:
        return stage
    return to if _RANK[to] > _RANK[stage] else stage


def entry_stage(lead: Lead) -> Stage:
    """What a lead below the bars is by what it has: nurture with a contact and its source.

    Without any identity there are only activities: anonymous. Else something is missing: known. A
    company's domain that is none, such as "n/a", says nothing.

    >>> entry_stage(Lead(email="ann@example.com", source="web"))
    <Stage.NURTURE: 'nurture'>
    >>> entry_stage(Lead(country="DE", source="web"))
    <Stage.ANONYMOUS: 'anonymous'>
    """
    if has_contact(lead):
        return Stage.NURTURE if lead.source else Stage.KNOWN
    named = lead.full_name or lead.company_name or lead.account_id
    if not named and lead.company_domain:
        named = registrable_domain(lead.company_domain)
    return Stage.KNOWN if named else Stage.ANONYMOUS


def has_contact(lead: Lead) -> bool:
    """Whether somebody can be reached: an e-mail address or a phone number."""
    return bool(lead.email or lead.phone)
