"""A client that leads leads along, at a running server."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from leadscoring.v1 import lifecycle_pb2 as pb

ANSWERS = {"budget": "5k", "authority": "CEO", "need": "yes", "timeline": "May"}
"""To every question that is asked by default."""


class Crm:
    """A client of the lifecycle that sends what it is told, each call under an id of its own."""

    ANSWERS = ANSWERS

    def __init__(self, rpc: Any, wire: Any) -> None:
        self.rpc, self.wire = rpc, wire

    async def act(self, name: str, **fields: Any) -> Any:
        """The state that a call answers with."""
        return (await self.call(name, **fields)).state

    def call(self, name: str, **fields: Any) -> Any:
        """A call by its name."""
        request = getattr(pb, f"{name}Request")
        known = {"request_id": str(uuid.uuid4()), **fields}
        return getattr(self.rpc.lifecycle, name)(request(**known))

    async def refused(self, name: str, **fields: Any) -> Any:
        """The refusal of a call."""
        return await self.wire.refused(self.call(name, **fields))

    async def mql(self, lead_id: str = "l-1", **fields: Any) -> Any:
        """A lead that asked for a demo, with its owner."""
        known = {"lead_id": lead_id, "email": f"{lead_id}@acme.example.com", "source": "web"}
        lead = self.wire.lead(**{**known, **fields})
        activity = self.wire.activity(activity_id=f"demo-{lead_id}")
        return await self.act("UpsertLead", lead=lead, activities=[activity])

    async def sal(self, lead_id: str = "l-1") -> str:
        """The owner of a lead that he accepted."""
        owner = str((await self.mql(lead_id)).rep_id)
        await self.act("AcceptLead", lead_id=lead_id, actor_id=owner)
        return owner

    async def sql(self, lead_id: str = "l-1") -> str:
        """The owner of a lead that he qualified."""
        owner = await self.sal(lead_id)
        await self.act("QualifyLead", lead_id=lead_id, actor_id=owner, criteria=ANSWERS)
        return owner

    async def opportunity(self, lead_id: str = "l-1") -> str:
        """The owner of a lead with an opportunity."""
        owner = await self.sql(lead_id)
        await self.act("OpenOpportunity", lead_id=lead_id, actor_id=owner, product="crm")
        return owner

    async def history(self, lead_id: str = "l-1") -> Any:
        """Everything recorded of a lead."""
        return await self.rpc.lifecycle.GetHistory(pb.GetHistoryRequest(lead_id=lead_id))


@pytest.fixture
async def crm(serve: Any, wire: Any) -> AsyncIterator[Crm]:
    """A client of a server of its own."""
    async with serve() as rpc:
        yield Crm(rpc, wire)
