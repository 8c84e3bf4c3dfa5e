"""The office, and what people ask of its reps."""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import msgspec
import pytest

from scoring_service.values.absence import Absence
from scoring_service.workflows.lifecycle_requests import AssignLead
from scoring_service.workflows.rep_requests import (
    HandOver,
    PinLead,
    RepStanding,
    SetAvailability,
    UnpinLead,
)
from scoring_service.workflows.sales.assign import assign_lead
from scoring_service.workflows.sales.pinning import pin_lead, unpin_lead
from scoring_service.workflows.team.availability import set_availability
from scoring_service.workflows.team.handing_over import hand_over
from scoring_service.workflows.team.standing import standings
from tests.workflows.firing.conftest import office, office_of

__all__ = ["office", "office_of"]

WORKFLOWS: dict[type, Callable[..., Any]] = {
    AssignLead: assign_lead,
    SetAvailability: set_availability,
    HandOver: hand_over,
    PinLead: pin_lead,
    UnpinLead: unpin_lead,
}


class Ops:
    """Sales operations of the office."""

    def __init__(self, desk: Any) -> None:
        self.desk, self._requests = desk, count(1)

    def request(self, kind: type, actor: str = "sales-ops", **fields: Any) -> Any:
        """A request, under a new request_id unless one is given."""
        fields.setdefault("request_id", f"o-{next(self._requests)}")
        asked = kind(actor_id=actor, **fields)
        rest = msgspec.structs.replace(asked, request_id="")
        return msgspec.structs.replace(asked, digest=msgspec.json.encode(rest).decode())

    async def ask(self, request: Any) -> Any:
        """The answer to a request."""
        workflow = WORKFLOWS[type(request)]
        return await self.desk.run(lambda tx, policy, now: workflow(tx, policy, request, now))

    async def act(self, kind: type, actor: str = "sales-ops", **fields: Any) -> Any:
        """What is answered to a request."""
        return await self.ask(self.request(kind, actor, **fields))

    async def away(self, rep: str, first: int, last: int, **fields: Any) -> Any:
        """Have a rep away on these days of March."""
        days: dict[str, Any] = {"first": date(2026, 3, first), "last": date(2026, 3, last)}
        return await self.act(SetAvailability, rep_id=rep, **days, **fields)

    async def back(self, rep: str, **fields: Any) -> Any:
        """Have a rep there again, who is away."""
        return await self.act(SetAvailability, rep_id=rep, withdraw=True, **fields)

    async def reps(self) -> dict[str, RepStanding]:
        """How every rep stands."""
        now, policy = self.desk.clock.now, self.desk.policy
        found = await self.desk.store.read(lambda reader: standings(reader, policy, "", 99, now))
        return {one.availability.rep_id: one for one in found}

    async def events(self, type_: str) -> list[dict[str, Any]]:
        """The payloads of every event of a type."""
        found = await self.desk.store.read(lambda reader: reader.events(0, 100_000))
        return [msgspec.json.decode(event.payload) for _, event in found if event.type == type_]

    async def history(self, rep: str) -> list[tuple[str, str | None, str | None, str]]:
        """What was recorded of a rep's availability: field, old, new, by whom."""
        found = await self.desk.store.read(lambda reader: reader.field_changes("rep", rep))
        return [(change.field, change.old, change.new, who) for change, _, who in found]


@pytest.fixture
def ops(office: Any) -> Ops:
    """Sales operations."""
    return Ops(office)


def away(rep: str, first: int, last: int, backup: str | None = None) -> Absence:
    """A rep is away on these days of March."""
    return Absence(rep, date(2026, 3, first), date(2026, 3, last), backup)
