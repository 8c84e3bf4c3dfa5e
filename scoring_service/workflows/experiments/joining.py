"""A lead is evaluated while an experiment runs: its person is enrolled, once and for all."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from scoring_service.domain.experiments.enrolling import arm_of, first_of, open_to
from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.experiment import Joined
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.events import joined_experiment


def with_joined(tx: Transaction, policy: Policy, lead: StoredLead, now: datetime) -> StoredLead:
    """The lead with the arms that an evaluation now gives it; each enrolment is recorded and told.

    Whoever saves the lead saves its arms.
    """
    found = _joining(tx, policy, lead, now)
    if not found:
        return lead
    for experiment, arm, first in found:
        if first:
            weights, lead_id = experiment.weights, lead.lead.lead_id
            joined = Joined(experiment.name, first, lead_id, arm, weights, now, policy.revision)
            tx.record_joined(joined)
            joined_experiment(tx, joined)
    return _with(lead, found)


def as_if_joined(tx: Transaction, policy: Policy, lead: StoredLead, now: datetime) -> StoredLead:
    """The lead with the arms that an evaluation now would give it; nobody is enrolled.

    One without an id would get one that nobody can know: it is judged by the rules as they are.
    """
    return _with(lead, _joining(tx, policy, lead, now)) if lead.lead.lead_id else lead


def _joining(
    tx: Transaction, policy: Policy, lead: StoredLead, now: datetime
) -> list[tuple[Experiment, str, str]]:
    """What is joined, the arm, and the first lead's id by which it was found: "" where the person
    has the arm already, by another lead.
    """
    experiments = open_to(policy, lead, now)
    if not experiments:
        return []
    person = _person(tx, lead)
    first = first_of(person)
    found = []
    for one in experiments:
        had = _arm_had(one.name, person)
        found.append((one, had or arm_of(one.name, first, one.weights), "" if had else first))
    return found


def _person(tx: Transaction, lead: StoredLead) -> tuple[StoredLead, ...]:
    """Every lead of the person; most have just the one, which is not asked for."""
    if lead.cycle == 1 and not lead.merged_from:
        return (lead,)
    return (*tx.leads_of_person(lead.person_id), lead)


def _arm_had(experiment: str, person: Iterable[StoredLead]) -> str:
    return next((one.arms[experiment] for one in person if experiment in one.arms), "")


def _with(lead: StoredLead, found: Iterable[tuple[Experiment, str, str]]) -> StoredLead:
    arms = {**lead.arms, **{one.name: arm for one, arm, _ in found}}
    return lead if arms == lead.arms else msgspec.structs.replace(lead, arms=arms)
