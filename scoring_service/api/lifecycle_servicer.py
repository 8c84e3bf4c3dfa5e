"""LifecycleService: leads in, along their way, and what became of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from leadscoring.v1 import lifecycle_pb2

from scoring_service.api import pages
from scoring_service.api.convert_history import history_into
from scoring_service.api.convert_lead_view import state_into
from scoring_service.api.convert_lifecycle import owner_of, stage_of
from scoring_service.api.convert_policy import force_policy
from scoring_service.api.convert_webhooks import replay_dead_events
from scoring_service.api.enriching import Enricher, enriched
from scoring_service.api.ids import check_plain, required
from scoring_service.api.lifecycle_acts import ACTS, Act
from scoring_service.api.surround import Call, Method, StreamMethod
from scoring_service.api.watch_events import EventStreams
from scoring_service.domain.policy import Policy
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.stored import Keys
from scoring_service.workflows import forcing, lifecycle_requests, reads, webhooks
from scoring_service.workflows.lifecycle_requests import UpsertLead

Found = TypeVar("Found")
Done = TypeVar("Done")
Question = Callable[[Reader, Policy, datetime], Found]
Workflow = Callable[[Transaction, Policy, Any, datetime], Done]


class LifecycleServicer:
    """Converts, calls the workflow, converts."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        events: EventStreams,
        enrichers: Sequence[Enricher] = (),
    ) -> None:
        self.store, self.clock, self.events = store, clock, events
        self.enrichers = enrichers

    def methods(self, acts: Iterable[Act] = ACTS) -> Iterator[Method[Any] | StreamMethod[Any]]:
        """Every method of the service."""
        yield from map(self._acting, acts)
        yield Method("GetLead", lifecycle_pb2.GetLeadRequest, self.get_lead)
        yield Method("ListLeads", lifecycle_pb2.ListLeadsRequest, self.list_leads)
        yield Method("GetHistory", lifecycle_pb2.GetHistoryRequest, self.get_history)
        yield Method(
            "ReplayDeadEvents", lifecycle_pb2.ReplayDeadEventsRequest, self.replay_dead_events
        )
        yield Method("ForcePolicy", lifecycle_pb2.ForcePolicyRequest, self.force_policy)
        yield StreamMethod("WatchEvents", lifecycle_pb2.WatchEventsRequest, self.events.watch)

    def _acting(self, act: Act) -> Method[Any]:
        async def answer(message: Any, call: Call) -> bytes:
            request = act.convert(message)
            if self.enrichers and isinstance(request, UpsertLead):
                request = await call.wait(enriched(request, self.enrichers))
            written = self.store.writer.write(
                lambda tx, policy, now: act.workflow(tx, policy, request, now),
                act.keys(request),
                call.deadline,
            )
            reply: Any = act.replies()
            state_into(reply.state, await call.wait(written))
            return bytes(reply.SerializeToString())

        return Method(act.name, act.takes, answer)

    async def get_lead(self, message: lifecycle_pb2.GetLeadRequest, call: Call) -> bytes:
        """One lead, by the one that answers for it."""
        lead_id = required("lead_id", message.lead_id)
        view = await self._read(
            call, lambda reader, policy, now: reads.get_lead(reader, policy, lead_id, now)
        )
        reply = lifecycle_pb2.GetLeadResponse()
        state_into(reply.state, view)
        return reply.SerializeToString()

    async def list_leads(self, message: lifecycle_pb2.ListLeadsRequest, call: Call) -> bytes:
        """A page of leads by score."""
        wanted, rows = wanted_of(message), pages.rows_of(message.page_size)
        before = pages.leads_place(message.page_token, wanted)
        page = await self._read(
            call,
            lambda reader, policy, now: reads.list_leads(reader, policy, wanted, before, rows, now),
        )
        reply = lifecycle_pb2.ListLeadsResponse()
        for view in page.leads:
            state_into(reply.states.add(), view)
        if page.ends_at is not None:
            reply.next_page_token = pages.leads_token(wanted, page.ends_at)
        return reply.SerializeToString()

    async def get_history(self, message: lifecycle_pb2.GetHistoryRequest, call: Call) -> bytes:
        """Everything recorded of one lead."""
        lead_id = required("lead_id", message.lead_id)
        view = await self._read(
            call, lambda reader, policy, now: reads.get_history(reader, policy, lead_id, now)
        )
        reply = lifecycle_pb2.GetHistoryResponse()
        history_into(reply, view)
        return reply.SerializeToString()

    async def replay_dead_events(
        self, message: lifecycle_pb2.ReplayDeadEventsRequest, call: Call
    ) -> bytes:
        """A receiver is sent again what it never took."""
        made = await self._write(call, webhooks.replay_dead_events, replay_dead_events(message))
        reply = lifecycle_pb2.ReplayDeadEventsResponse(events=made.events, replayed=made.replayed)
        return reply.SerializeToString()

    async def force_policy(self, message: lifecycle_pb2.ForcePolicyRequest, call: Call) -> bytes:
        """The guard lets a revision pass."""
        made = await self._write(call, forcing.force_policy, force_policy(message))
        reply = lifecycle_pb2.ForcePolicyResponse(
            revision=made.revision, active=made.active, replayed=made.replayed
        )
        return reply.SerializeToString()

    async def _write(
        self, call: Call, work: Workflow[Done], request: lifecycle_requests.Act
    ) -> Done:
        written = self.store.writer.write(
            lambda tx, policy, now: work(tx, policy, request, now),
            Keys(request_id=request.request_id),
            call.deadline,
        )
        return await call.wait(written)

    async def _read(self, call: Call, find: Question[Found]) -> Found:
        policy = self.store.policies.active
        return await call.wait(self.store.read(lambda reader: find(reader, policy, self.clock())))


def wanted_of(message: lifecycle_pb2.ListLeadsRequest) -> reads.Wanted:
    """Which leads are asked for; raises InvalidArgument with every violation."""
    found: list[tuple[str, str]] = []
    stage = stage_of(message.stage, "stage", found)
    owner = owner_of(message, "", found)
    if owner is not None:
        check_plain(message.WhichOneof("owner") or "", owner.id, found)
    check_plain("account_id", message.account_id, found)
    if found:
        raise InvalidArgument(tuple(dict.fromkeys(found)))
    return reads.Wanted(stage, owner, message.account_id or None)
