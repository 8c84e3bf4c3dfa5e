"""A team with managers, leaves and calendars, and leads in any of its stages."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from scoring_service.domain.lifecycle.laying import laid
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

FILES = {
    "attributes.yaml": "{}",
    "calendars.yaml": """
default: office
office: {zone: UTC, weekly: {mon-fri: '09:00-17:00'}}
short: {zone: UTC, weekly: {mon-fri: '09:00-13:00'}}
new-york: {zone: America/New_York, weekly: {mon-fri: '09:00-17:00'}}
""",
    "team.yaml": """
reps:
  ann: {calendar: office, manager: max}
  bob: {calendar: short, manager: max}
  max: {calendar: office, manager: mia, leave: [{from: 2026-04-06, to: 2026-04-10, backup: bob},
        {from: 2026-05-04, to: 2026-05-08}, {from: 2026-06-01, to: 2026-06-05, backup: ann}]}
  mia: {calendar: new-york, manager: tom}
  tom: {calendar: office, active: false}
pools:
  sdr: {members: [{rep: ann}, {rep: bob}], queue: {name: waiting, owner: olga, calendar: office}}
""",
    "scoring.yaml": """
fit: [{name: big, when: 'employees >= 200', points: 50}]
behaviour:
  activities:
    demo: {points: 60, half_life: 21d, high_intent: true}
    view: {points: 10, half_life: 30d, points_max: 30}
    webinar: {points: 30, half_life: 60d, points_max: 35}
    bounce: {points: -20, half_life: 30d}
grades: {fit: {A: 75, B: 50, C: 25}, behaviour: {1: 60, 2: 35, 3: 15}}
mql: {fit_min: 40, behaviour_min: 40}
""",
    "routing.yaml": "routes: []\notherwise: {pool: sdr}\n",
    "lifecycle.yaml": """
tracks:
  welcome-nurture: {owner: marketing}
  not-now: {owner: marketing, calendar: short}
  not-now-again: {owner: marketing}
reasons:
  timing: {then: recycle, tracks: [not-now, not-now-again], reevaluate: 180d}
slas: {slow: 12h}
sla_ladders:
  hot: [{after: 1bh, tell: manager}, {after: 2bh, do: reassign}]
  slow: [{after: 1bh, tell: owner}, {after: 6bh, tell: olga}, {after: 9bh, do: reassign}]
""",
}

OWNERS = {
    Stage.ANONYMOUS: TrackOwner("welcome-nurture"),
    Stage.KNOWN: QueueOwner("intake"),
    Stage.NURTURE: TrackOwner("welcome-nurture"),
    Stage.RECYCLED: TrackOwner("not-now"),
    Stage.DISQUALIFIED: TrackOwner("suppressed"),
}


@pytest.fixture(scope="session")
def files() -> Mapping[str, str]:
    """The rule files of the policy."""
    return FILES


@pytest.fixture(scope="session")
def policy() -> Policy:
    """Offices in two zones; ann and bob below max, below mia, below tom who is gone."""
    return load(source_of({name: text.encode() for name, text in FILES.items()}))


@pytest.fixture(scope="session")
def changed(policy: Policy) -> Callable[..., Policy]:
    """The policy with other fields of its lifecycle."""

    def change(**fields: Any) -> Policy:
        return replace(policy, lifecycle=replace(policy.lifecycle, **fields))

    return change


@pytest.fixture(scope="session")
def entered(policy: Policy) -> Callable[..., StoredLead]:
    """A lead that entered a stage on a Monday at ten, with the clocks it has there."""

    def enter(
        stage: Stage, now: datetime = MONDAY, policy: Policy = policy, sla: str = "", **fields: Any
    ) -> StoredLead:
        given = {"owner": OWNERS.get(stage, RepOwner("ann")), "visit": 1, "assignment_id": "a1"}
        lead = StoredLead(Lead("l1"), "p1", stage, now, now, now, **{**given, **fields})
        return msgspec.structs.replace(lead, clocks=laid(policy, None, lead, now, sla))

    return enter
