"""A desk at which sales acts, and leads of it in every stage."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec
import pytest

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.values.activity import Activity
from scoring_service.values.happening import Happening
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, QueueOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry, StoredLead
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.entering import Entry, enter
from scoring_service.workflows.lead_view import score_of
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    AssignLead,
    CloseLost,
    CloseWon,
    DisqualifyLead,
    LeadAct,
    LeadView,
    LogContact,
    MoveLead,
    OpenOpportunity,
    QualifyLead,
    RecycleLead,
    RejectLead,
)
from scoring_service.workflows.sales.accept import accept_lead
from scoring_service.workflows.sales.assign import assign_lead
from scoring_service.workflows.sales.close import close_lost, close_won
from scoring_service.workflows.sales.contact import log_contact
from scoring_service.workflows.sales.disqualify import disqualify_lead
from scoring_service.workflows.sales.move import move_lead
from scoring_service.workflows.sales.opportunity import open_opportunity
from scoring_service.workflows.sales.qualify import qualify_lead
from scoring_service.workflows.sales.recycle import recycle_lead
from scoring_service.workflows.sales.reject import reject_lead

WORKFLOWS: dict[type[LeadAct], Callable[..., LeadView]] = {
    AcceptLead: accept_lead,
    AssignLead: assign_lead,
    CloseLost: close_lost,
    CloseWon: close_won,
    DisqualifyLead: disqualify_lead,
    LogContact: log_contact,
    MoveLead: move_lead,
    OpenOpportunity: open_opportunity,
    QualifyLead: qualify_lead,
    RecycleLead: recycle_lead,
    RejectLead: reject_lead,
}
ANSWERS = {"budget": "20k", "authority": "the CTO", "need": "routing", "timeline": "Q3"}
CALL = {"channel": "phone", "direction": "outbound"}
USUAL: dict[type[LeadAct], dict[str, Any]] = {
    CloseLost: {"reason": "timing"},
    DisqualifyLead: {"reason": "no_need"},
    LogContact: CALL,
    QualifyLead: {"criteria": ANSWERS},
    RecycleLead: {"reason": "timing"},
    RejectLead: {"reason": "timing"},
}
"""What an act says where the test does not."""

WAY: tuple[tuple[Stage, type[LeadAct]], ...] = (
    (Stage.SAL, AcceptLead),
    (Stage.SQL, QualifyLead),
    (Stage.OPPORTUNITY, OpenOpportunity),
    (Stage.CUSTOMER, CloseWon),
)
ENDS: dict[Stage, tuple[Stage, type[LeadAct]]] = {
    Stage.CLOSED_LOST: (Stage.OPPORTUNITY, CloseLost),
    Stage.RECYCLED: (Stage.SAL, RecycleLead),
    Stage.DISQUALIFIED: (Stage.MQL, DisqualifyLead),
}
"""From which stage a lead gets beside the way, and by which act."""


class Sales:
    """What the test team does with its leads, at its desk."""

    def __init__(self, desk: Any) -> None:
        self.desk, self._requests = desk, count(1)

    def request(self, kind: type[LeadAct], actor: str = "ann", **fields: Any) -> LeadAct:
        """A request about the lead l1, under a new request_id unless one is given."""
        given = {"lead_id": "l1", **USUAL.get(kind, {}), **fields}
        given.setdefault("request_id", f"s-{next(self._requests)}")
        asked = kind(actor_id=actor, **given)
        rest = msgspec.structs.replace(asked, request_id="")
        return msgspec.structs.replace(asked, digest=msgspec.json.encode(rest).decode())

    async def ask(self, request: LeadAct) -> LeadView:
        """The answer to a request."""
        workflow = WORKFLOWS[type(request)]
        answer = await self.desk.run(lambda tx, policy, now: workflow(tx, policy, request, now))
        assert isinstance(answer, LeadView)
        return answer

    async def act(self, kind: type[LeadAct], actor: str = "ann", **fields: Any) -> LeadView:
        """What the team answers to an act."""
        return await self.ask(self.request(kind, actor, **fields))

    async def mql(self, lead_id: str = "l1", **fields: Any) -> StoredLead:
        """A lead of a large company that asked for a demo; the first one is Ann's."""
        given: dict[str, Any] = {"employees": 500, "source": "web", **fields}
        lead = Lead(lead_id=lead_id, email=f"{lead_id}@acme-{lead_id}.example", **given)
        asks = Activity("demo_request", self.desk.clock.now, f"demo-{lead_id}")
        await self.desk.route(lead, activities=(asks,))
        return await self.lead(lead_id)

    async def at(self, stage: Stage, lead_id: str = "l1") -> StoredLead:
        """A lead that came to a stage, all the way."""
        if stage in (Stage.ANONYMOUS, Stage.KNOWN, Stage.NURTURE):
            return await self._marketings(stage, lead_id)
        before, by = ENDS.get(stage, (stage, None))
        lead = await self.mql(lead_id)
        for then, act in WAY:
            if lead.stage is not before:
                await self.act(act, "sales-ops", lead_id=lead_id)
                lead = await self.lead(lead_id)
                assert lead.stage is then
        if by is not None:
            await self.act(by, "sales-ops", lead_id=lead_id)
        return await self.lead(lead_id)

    async def _marketings(self, stage: Stage, lead_id: str) -> StoredLead:
        """A lead that sales has not seen yet."""
        given: dict[str, str] = {
            Stage.ANONYMOUS: {},
            Stage.KNOWN: {"company_name": "Acme"},
            Stage.NURTURE: {"email": f"{lead_id}@acme-{lead_id}.example", "source": "web"},
        }[stage]
        fields: dict[str, Any] = {"employees": 5, **given}
        await self.desk.route(Lead(lead_id=lead_id, **fields))
        lead = await self.lead(lead_id)
        assert lead.stage is stage
        return lead

    async def moved(self, to: Stage, **changes: Any) -> StoredLead:
        """The lead l1 in another stage, by somebody authorised, with other changes."""

        def move(tx: Any, policy: Any, now: Any) -> StoredLead:
            lead = msgspec.structs.replace(tx.lead("l1"), **changes)
            entry = Entry(to, Mover.AUTHORISED, "test", "sales-ops")
            return enter(tx, policy, lead, entry, score_of(tx, policy, lead, now), now)

        found = await self.desk.run(move)
        assert isinstance(found, StoredLead)
        return found

    async def lead(self, lead_id: str = "l1") -> StoredLead:
        """A lead as it is stored."""
        found = await self.desk.lead(lead_id)
        assert isinstance(found, StoredLead)
        return found

    async def happenings(self, kind: type[Happening], lead_id: str = "l1") -> list[Any]:
        """What was recorded of a lead, of one kind."""
        every = await self.desk.store.read(lambda reader: reader.happenings(lead_id))
        return [one.happening for one in every if isinstance(one.happening, kind)]

    async def entries(self, lead_id: str = "l1") -> list[StageEntry]:
        """The stages a lead entered."""
        return list(await self.desk.store.read(lambda reader: reader.stage_entries(lead_id)))

    async def credits(self, pool: str = "west") -> dict[str, int]:
        """Who has which credit in a pool's rotation."""
        rotation = await self.desk.run(lambda tx, policy, now: tx.rotation(pool))
        return {credit.rep_id: credit.credit for credit in rotation.credits}

    async def events(self, type_: str) -> list[dict[str, Any]]:
        """The payloads of the events of a type, in order."""
        events = await self.desk.store.read(lambda reader: reader.events(0, 10_000))
        return [json.loads(event.payload) for _, event in events if event.type == type_]

    async def findings(self) -> list[str]:
        """What the checker finds wrong in the store."""
        found = await self.desk.store.read(lambda reader: list(findings(reader, self.desk.policy)))
        return [f"{one.subject}: {one.what}" for one in found]


@pytest.fixture
def sales(desk: Any) -> Sales:
    """The team at its desk."""
    return Sales(desk)


@pytest.fixture
def sales_of(open_desk: Callable[..., Any], policy_of: Callable[..., Any]) -> Callable[..., Sales]:
    """The team with other files."""
    return lambda **files: Sales(open_desk("other", policy_of(**files)))


@pytest.fixture(scope="session")
def answers() -> dict[str, str]:
    """Answers to every question."""
    return dict(ANSWERS)


@pytest.fixture(scope="session")
def tracks() -> dict[str, Any]:
    """Owners by name, as answers have them."""
    return {
        "suppressed": SUPPRESSED,
        "welcome": TrackOwner("welcome-nurture"),
        "west": QueueOwner("west"),
    }
