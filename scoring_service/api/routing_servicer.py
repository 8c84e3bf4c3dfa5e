"""RoutingService: who answers for a lead, and why; and the accounts by which that is decided."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from leadscoring.v1 import routing_pb2

from scoring_service.api import convert_request, pages
from scoring_service.api.convert_account import account_into, upserted
from scoring_service.api.convert_decision import decision_into
from scoring_service.api.encode_assignment import assignment_into
from scoring_service.api.ids import plain, required
from scoring_service.api.limits import BATCH_MESSAGE_MAX
from scoring_service.api.rep_methods import RepMethods
from scoring_service.api.routes import Routes
from scoring_service.api.surround import Call, Method
from scoring_service.domain.policy import Policy
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store
from scoring_service.workflows import accounts, keys, records
from scoring_service.workflows.explanation import explained_decision
from scoring_service.workflows.requests import DecisionRecord

Found = TypeVar("Found")


class RoutingServicer:
    """Converts, calls the workflow, converts."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store, self.reps = store, RepMethods(store, clock)
        self._routes = Routes(store.writer)

    def methods(self) -> Iterator[Method[Any]]:
        """Every method of the service."""
        yield Method("Route", routing_pb2.RouteRequest, self.route)
        many = routing_pb2.UpsertAccountsRequest
        yield Method("UpsertAccounts", many, self.upsert_accounts, BATCH_MESSAGE_MAX)
        yield Method("GetAccount", routing_pb2.GetAccountRequest, self.get_account)
        yield Method("ListAccounts", routing_pb2.ListAccountsRequest, self.list_accounts)
        yield Method("GetAssignment", routing_pb2.GetAssignmentRequest, self.get_assignment)
        yield Method("ListAssignments", routing_pb2.ListAssignmentsRequest, self.list_assignments)
        yield Method("GetDecision", routing_pb2.GetDecisionRequest, self.get_decision)
        yield from self.reps.methods()

    async def route(self, message: routing_pb2.RouteRequest, call: Call) -> bytes:
        """Give a lead its owner; durable when it returns."""
        return await self._routes.answer(message, call)

    async def upsert_accounts(
        self, message: routing_pb2.UpsertAccountsRequest, call: Call
    ) -> bytes:
        """Store accounts, each by itself; durable when it returns."""
        request = convert_request.upsert_accounts(message)
        written = self.store.writer.write(
            lambda tx, policy, now: accounts.upsert(tx, policy, request, now),
            keys.of_accounts(request),
            call.deadline,
        )
        return upserted(await call.wait(written)).SerializeToString()

    async def get_account(self, message: routing_pb2.GetAccountRequest, call: Call) -> bytes:
        """One account."""
        account_id = required("account_id", message.account_id)
        found = await self._read(call, lambda reader: accounts.get(reader, account_id))
        reply = routing_pb2.GetAccountResponse()
        account_into(reply.account, found)
        return reply.SerializeToString()

    async def list_accounts(self, message: routing_pb2.ListAccountsRequest, call: Call) -> bytes:
        """A page of accounts by id."""
        rows, after = pages.rows_of(message.page_size), pages.accounts_place(message.page_token)
        found = await self._read(call, lambda reader: reader.accounts(after, rows + 1))
        page, last = pages.page_of(found, rows)
        reply = routing_pb2.ListAccountsResponse()
        for account in page:
            account_into(reply.accounts.add(), account)
        if last is not None:
            reply.next_page_token = pages.accounts_token(last.account_id)
        return reply.SerializeToString()

    async def get_assignment(self, message: routing_pb2.GetAssignmentRequest, call: Call) -> bytes:
        """One assignment."""
        wanted = required("assignment_id", message.assignment_id)
        found = await self._read(call, lambda reader: records.assignment(reader, wanted))
        reply = routing_pb2.GetAssignmentResponse()
        assignment_into(reply.assignment, found)
        return reply.SerializeToString()

    async def list_assignments(
        self, message: routing_pb2.ListAssignmentsRequest, call: Call
    ) -> bytes:
        """A page of assignments, newest first."""
        lead_id, rep_id = plain("lead_id", message.lead_id), plain("rep_id", message.rep_id)
        rows = pages.rows_of(message.page_size)
        before = pages.assignments_place(message.page_token, lead_id, rep_id)
        found = await self._read(
            call, lambda reader: records.assignments(reader, lead_id, rep_id, before, rows + 1)
        )
        page, last = pages.page_of(found, rows)
        reply = routing_pb2.ListAssignmentsResponse()
        for view in page:
            assignment_into(reply.assignments.add(), view)
        if last is not None:
            reply.next_page_token = pages.assignments_token(
                lead_id, rep_id, last.assigned_at, last.assignment_id
            )
        return reply.SerializeToString()

    async def get_decision(self, message: routing_pb2.GetDecisionRequest, call: Call) -> bytes:
        """The whole record of a decision."""
        wanted = required("decision_id", message.decision_id)
        found = await self._read(call, lambda reader: self._decision(reader, wanted))
        reply = routing_pb2.GetDecisionResponse()
        decision_into(reply.decision, found)
        return reply.SerializeToString()

    def _decision(self, reader: Reader, decision_id: str) -> DecisionRecord:
        def policy_of(revision: str) -> Policy | None:
            return self.store.policies.once_active(revision, reader.revision_content)

        return explained_decision(reader, decision_id, policy_of)

    async def _read(self, call: Call, find: Callable[[Reader], Found]) -> Found:
        return await call.wait(self.store.read(find))
