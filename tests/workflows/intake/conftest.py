"""The front of the house: leads come in, do things, and are merged, as the rim would ask it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.policy import Policy
from scoring_service.values.activity import Activity
from scoring_service.values.happening import Happened
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry, StoredAssignment, StoredLead
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.entering import Entry, enter
from scoring_service.workflows.intake.merging import merge
from scoring_service.workflows.intake.record_activities import record_activities
from scoring_service.workflows.intake.upsert import upsert
from scoring_service.workflows.keys import of_act, of_activities, of_upsert
from scoring_service.workflows.lead_view import answering, score_of
from scoring_service.workflows.lifecycle_requests import (
    MergeLeads,
    RecordActivities,
    UpsertLead,
)

OPS = "sales-ops"
KINDS = (
    "merged",
    "customer_stopped",
    "lost_came_back",
    "disqualified_came_back",
    "disqualify_rule",
)


@dataclass
class Front:
    """Asks the intake's workflows of a desk; ids of requests and activities come in order."""

    desk: Any
    clock: Any
    requests: Iterator[int] = field(default_factory=lambda: count(1))
    activities: Iterator[int] = field(default_factory=lambda: count(1))

    def did(self, type_: str, at: datetime | None = None, **fields: Any) -> Activity:
        """An activity, now unless it is said when."""
        return Activity(type_, at or self.clock.now, f"a-{next(self.activities)}", **fields)

    async def takes(self, lead: Lead, *did: Activity, **fields: Any) -> Any:
        """Take a lead in."""
        asked = self._named(UpsertLead(lead=lead, activities=did, **fields))
        return await self.ask(upsert, asked, of_upsert)

    async def records(self, whose: str | Lead, *did: Activity, **fields: Any) -> Any:
        """Record what a lead did: of a lead, or of the id of one."""
        about = {"lead": whose} if isinstance(whose, Lead) else {"lead_id": whose}
        asked = self._named(RecordActivities(activities=did, **about, **fields))
        return await self.ask(record_activities, asked, of_activities)

    async def merges(self, lead_id: str, other: str, **fields: Any) -> Any:
        """Merge two leads, as an operator."""
        fields.setdefault("actor_id", OPS)
        asked = self._named(MergeLeads(lead_id=lead_id, other_lead_id=other, **fields))
        return await self.ask(merge, asked, of_act)

    async def ask(self, workflow: Any, request: Any, keys: Any) -> Any:
        """The answer of a workflow to a request."""
        return await self.desk.run(
            lambda tx, policy, now: workflow(tx, policy, request, now), keys(request)
        )

    async def puts(self, lead_id: str, *stages: Stage, reason: str = "", **fields: Any) -> Any:
        """Move a lead by hand through stages; the reason is that of the last."""

        def unit(tx: Any, policy: Policy, now: datetime) -> Any:
            lead = tx.lead(lead_id)
            for stage in stages:
                entry = Entry(stage, Mover.AUTHORISED, "manual", OPS, reason=reason)
                before = msgspec.structs.replace(lead, **fields)
                lead = enter(tx, policy, before, entry, _score(tx, policy, lead, now), now)
            return lead

        return await self.desk.run(unit)

    async def gives(
        self, lead_id: str, stage: Stage, owner: Any, reason: str = "", **fields: Any
    ) -> Any:
        """Move a lead by hand, to another owner."""

        def unit(tx: Any, policy: Policy, now: datetime) -> Any:
            lead = msgspec.structs.replace(tx.lead(lead_id), **fields)
            entry = Entry(stage, Mover.AUTHORISED, "manual", OPS, owner=owner, reason=reason)
            given = enter(tx, policy, lead, entry, _score(tx, policy, lead, now), now)
            if not given.assignment_id and isinstance(owner, RepOwner):
                made = StoredAssignment(tx.new_id(), lead_id, "", owner, "manual", now)
                tx.record_assignment(made)
                given = msgspec.structs.replace(given, assignment_id=made.assignment_id)
                tx.save_lead(given)
            return given

        return await self.desk.run(unit)

    async def lead(self, lead_id: str) -> Any:
        """A lead as it is stored."""
        return await self.desk.lead(lead_id)

    async def every_lead(self) -> list[str]:
        """The ids of all leads."""
        found = await self.desk.store.read(lambda reader: list(reader.lead_checkups()))
        return [checkup.lead.lead.lead_id for checkup in found]

    async def knows(self, lead_id: str) -> bool:
        """Whether a lead is stored."""
        return await self.desk.store.read(lambda reader: reader.lead(lead_id)) is not None

    async def open_lead(self, lead_id: str) -> Any:
        """The lead that answers for an id."""
        return await self.desk.store.read(lambda reader: answering(reader, lead_id))

    async def are_one(self, lead_id: str, other: str) -> bool:
        """Whether two leads are one person's."""
        one, two = await self.lead(lead_id), await self.lead(other)
        return bool(one.person_id == two.person_id)

    async def rotation(self, pool: str) -> Any:
        """The credits of a pool's reps."""
        return await self.desk.run(lambda tx, policy, now: tx.rotation(pool).credits)

    async def stages(self, lead_id: str) -> list[str]:
        """The stages a lead entered, in order."""
        return [entry.stage_to for entry in await self.entries(lead_id)]

    async def entries(self, lead_id: str) -> list[StageEntry]:
        """How it entered them."""
        return list(await self.desk.store.read(lambda reader: reader.stage_entries(lead_id)))

    async def happened(self, lead_id: str, kind: type) -> list[Any]:
        """What happened to a lead, of a kind."""
        found: list[Happened] = await self.desk.store.read(lambda r: r.happenings(lead_id))
        return [one.happening for one in found if isinstance(one.happening, kind)]

    async def changes(self, lead_id: str) -> list[tuple[str, str | None, str | None, str]]:
        """Every changed field: name, old, new, by whom."""
        found = await self.desk.store.read(lambda reader: reader.field_changes("lead", lead_id))
        return [(change.field, change.old, change.new, who) for change, _, who in found]

    async def told(self, recipient: str) -> Any:
        """What somebody is to be told: kinds with their leads."""

        def unit(tx: Any, policy: Policy, now: datetime) -> Any:
            return [
                (kind, one.lead_id) for kind in KINDS for one in tx.notices(recipient, kind, 99)
            ]

        return await self.desk.run(unit)

    async def is_whole(self) -> None:
        """Nothing in the store contradicts anything else."""
        found = await self.desk.store.read(lambda r: list(findings(r, self.desk.policy)))
        assert found == []

    def _named(self, request: Any) -> Any:
        if not request.request_id:
            given = f"i-{next(self.requests)}"
            request = msgspec.structs.replace(request, request_id=given)
        rest = msgspec.structs.replace(request, request_id="")
        return msgspec.structs.replace(request, digest=msgspec.json.encode(rest).decode())


def _score(tx: Any, policy: Policy, lead: StoredLead, now: datetime) -> Score:
    return score_of(tx, policy, lead, now)


@pytest.fixture
def front(desk: Any, clock: Any) -> Front:
    """The front of the test team's desk."""
    return Front(desk, clock)


@pytest.fixture
def front_at(desk: Any, clock: Any) -> Callable[..., Front]:
    """A front of a store of its own, with a clock of its own."""

    def make(path: Path, policy: Policy) -> Front:
        own = type(clock)()
        return Front(type(desk)(path, own, policy), own)

    return make


@pytest.fixture
def large() -> Callable[..., Lead]:
    """A lead that fits: a large German company."""

    def make(lead_id: str, **fields: Any) -> Lead:
        known = {"email": f"{lead_id}@{lead_id}.example", "country": "DE", "employees": 500}
        return Lead(lead_id, **{**known, "source": "web", **fields})

    return make


@pytest.fixture(scope="session")
def scoring() -> dict[str, Any]:
    """The test team's scoring.yaml."""
    path = Path(__file__).parents[1] / "rules" / "scoring.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found
