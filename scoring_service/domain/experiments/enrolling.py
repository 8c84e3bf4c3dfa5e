"""Which arm a person is in: a stable hash of the experiment's name and the first lead's id."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.policy import Policy
from scoring_service.values.facts import Asked
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

_JOINS = frozenset({Stage.ANONYMOUS, Stage.KNOWN, Stage.NURTURE, Stage.RECYCLED})
"""Stages in which a lead may be enrolled: with sales, or at its end, it is for its next visit."""

EVALUATIONS = frozenset({Asked.ROUTE, Asked.EVALUATE, Asked.RECYCLED, Asked.CYCLE, Asked.REASSIGN})
"""What is asked where a lead is judged by what it is worth; what people do by hand is not."""


def arm_of(experiment: str, first_lead_id: str, weights: Mapping[str, int]) -> str:
    """The arm: the first 8 bytes of SHA-256 of "experiment NUL first lead id", as a fraction of
    2^64, fall into the share of one arm; shares lie by the names of the arms.

    Nothing else decides, so that every process, replica and replay says the same.

    >>> arm_of("lower-bar", "lead-1", {"control": 1, "lower": 1})
    'control'
    >>> arm_of("lower-bar", "lead-1", {"lower": 1, "control": 1})
    'control'
    """
    digest = hashlib.sha256(f"{experiment}\0{first_lead_id}".encode()).digest()
    place = int.from_bytes(digest[:8]) * sum(weights.values()) >> 64
    for name in sorted(weights):
        place -= weights[name]
        if place < 0:
            return name
    raise AssertionError((experiment, weights))


def open_to(policy: Policy, lead: StoredLead, now: datetime) -> tuple[Experiment, ...]:
    """The experiments that an evaluation of the lead now makes it join: those that run and that it
    is not in. None while sales has it, or once it is finished: it joins at its next visit.
    """
    if not policy.experiments or lead.stage not in _JOINS:
        return ()
    return tuple([one for one in policy.experiments if one.name not in lead.arms and one.runs(now)])


def first_of(leads: Iterable[StoredLead]) -> str:
    """The id of the lead by which a person's arm is found: the one stored first."""
    return min((lead.created_at, lead.lead.lead_id) for lead in leads)[1]


def united_arms(stays: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """The arms of a lead that takes over from another: its own, and beside them the other's.

    >>> united_arms({"bar": "lower"}, {"bar": "control", "pool": "inside"})
    {'bar': 'lower', 'pool': 'inside'}
    """
    return {**stays, **{name: arm for name, arm in other.items() if name not in stays}}
