"""Servicers over a store of their own, asked without a wire: messages in, messages out."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from leadscoring.v1 import lifecycle_pb2, routing_pb2, scoring_pb2, types_pb2

from scoring_service.api.lifecycle_servicer import LifecycleServicer
from scoring_service.api.routing_servicer import RoutingServicer
from scoring_service.api.scoring_servicer import ScoringServicer
from scoring_service.api.surround import Call, Method, StreamMethod
from scoring_service.api.watch_events import EventStreams
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.errors import InvalidArgument

RULES = Path(__file__).parent.parent.parent / "workflows" / "rules"
WIRES = (lifecycle_pb2, routing_pb2, scoring_pb2)


def request_id(number: int) -> str:
    """A UUID of that number."""
    return str(UUID(int=number))


class Calls:
    """Calls by their names, each acting one under a request_id of its own unless one is given."""

    def __init__(self, desk: Any, enrichers: Any = ()) -> None:
        self.desk, self.store, self.clock = desk, desk.store, desk.clock
        self.streams = EventStreams(desk.store, monotonic)
        every = (
            *ScoringServicer(desk.store, desk.clock, monotonic).methods(),
            *RoutingServicer(desk.store, desk.clock).methods(),
            *LifecycleServicer(desk.store, desk.clock, self.streams, enrichers).methods(),
        )
        self.methods: dict[str, Method[Any] | StreamMethod[Any]] = {one.name: one for one in every}
        self.request_ids = 0

    async def __call__(self, name: str, **fields: Any) -> Any:
        """The reply to a call, read back from its bytes."""
        method = self.methods[name]
        assert isinstance(method, Method)
        if "request_id" in method.takes.DESCRIPTOR.fields_by_name and "request_id" not in fields:
            self.request_ids += 1
            fields["request_id"] = request_id(self.request_ids)
        data = await method.answer(method.takes(**fields), Call(monotonic() + 60, 60.0))
        (reply,) = (getattr(w, f"{name}Response") for w in WIRES if hasattr(w, f"{name}Response"))
        return reply.FromString(data)

    async def refused(self, name: str, **fields: Any) -> dict[str, str]:
        """The remedies of a call that is wrong, by field."""
        with pytest.raises(InvalidArgument) as refused:
            await self(name, **fields)
        assert len(dict(refused.value.violations)) == len(refused.value.violations), "told twice"
        return dict(refused.value.violations)

    async def mql(self, lead_id: str = "l-1", **fields: Any) -> Any:
        """A lead that asked for a demo an hour ago, with its owner."""
        known = {"lead_id": lead_id, "email": f"{lead_id}@firm.example", "employees": 500}
        activity = types_pb2.Activity(activity_id=f"demo-{lead_id}", type="demo_request")
        activity.occurred_at.FromDatetime(self.clock.now.replace(hour=9))
        lead = types_pb2.Lead(**{**known, **fields})
        return (await self("UpsertLead", lead=lead, activities=[activity])).state


@pytest.fixture(scope="session")
def team() -> Policy:
    """The rules of a small sales team, as workflows are tested with."""
    return load(source_of({file.name: file.read_bytes() for file in RULES.glob("*.yaml")}))


@pytest.fixture
async def calls(open_desk: Callable[[str, Policy], Any], team: Policy) -> Calls:
    """Calls to servicers of the team's rules."""
    desk = open_desk("servicers", team)
    await desk.run(lambda tx, policy, now: None)
    return Calls(desk)


def instant(stamp: Any) -> datetime:
    """A timestamp as an aware instant."""
    return datetime.fromtimestamp(stamp.seconds + stamp.nanos / 1e9, UTC)


@pytest.fixture(scope="session")
def at() -> Callable[[Any], datetime]:
    """Reads a timestamp."""
    return instant
