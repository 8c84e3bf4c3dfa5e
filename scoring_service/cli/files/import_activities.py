"""Activities of a file, recorded through the server as one batch, those of a lead together."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from leadscoring.v1 import lifecycle_pb2, lifecycle_pb2_grpc, types_pb2

from scoring_service.cli.files.import_leads import Batch
from scoring_service.cli.files.lifecycle_messages import activity_of, subject_of
from scoring_service.cli.files.results import Tally, counted
from scoring_service.cli.files.rows import BadRow, Numbered, rows
from scoring_service.cli.serving.calls import DEADLINE_SECONDS, Refused, answered, in_order
from scoring_service.cli.serving.connection import reached
from scoring_service.cli.serving.where import Where

if TYPE_CHECKING:
    from leadscoring.v1.lifecycle_pb2_grpc import LifecycleServiceAsyncStub

AT_ONCE = 16
WINDOW = 10_000
"""Rows that are read before any is sent, so that those of a lead go together."""

A_CALL = 500
"""Activities that a call takes."""

_ITEM = re.compile(r"activities\[(\d+)\]\.?(.*)")

Subject = tuple[str, str]
Read = tuple[int, types_pb2.Activity]
Group = tuple[Subject, Sequence[Read]]


def import_activities(file: str, where: Where, batch: Batch) -> Tally:
    """Record them; how many were, and which were left out."""
    tally = Tally(file, "stored")
    asyncio.run(_import(file, where, batch, tally))
    return tally


async def _import(file: str, where: Where, batch: Batch, tally: Tally) -> None:
    async with reached(where) as server:
        stub = lifecycle_pb2_grpc.LifecycleServiceStub(server.channel)
        await counted(_stored(stub, rows(file), batch), tally)


async def _stored(
    stub: "LifecycleServiceAsyncStub", found: Iterator[Numbered], batch: Batch
) -> AsyncIterator[Numbered]:
    """What became of every row, in the order of the file within each window."""

    async def send(group: Group) -> Sequence[Numbered]:
        return await _recorded(stub, group, batch)

    while window := list(islice(found, WINDOW)):
        groups, results = grouped(window)
        async for answers in in_order(groups, send, AT_ONCE):
            results += answers
        for result in sorted(results, key=lambda numbered: numbered[0]):
            yield result


def grouped(window: Iterable[Numbered]) -> tuple[Sequence[Group], list[Numbered]]:
    """The rows of each lead, at most a call's, and those that cannot be read."""
    by_lead: dict[Subject, list[Read]] = {}
    bad: list[Numbered] = []
    for line, row in window:
        try:
            if isinstance(row, BadRow):
                raise row
            by_lead.setdefault(subject_of(row), []).append((line, activity_of(row)))
        except BadRow as wrong:
            bad.append((line, wrong))
    groups = ((lead, _slices(read)) for lead, read in by_lead.items())
    return [(lead, part) for lead, parts in groups for part in parts], bad


def _slices(read: Sequence[Read]) -> Iterator[Sequence[Read]]:
    return (read[start : start + A_CALL] for start in range(0, len(read), A_CALL))


async def _recorded(
    stub: "LifecycleServiceAsyncStub", group: Group, batch: Batch
) -> Sequence[Numbered]:
    """What became of the rows of a lead: those that are wrong are left out, and the rest sent."""
    subject, read = group
    message = request_of(subject, [activity for _, activity in read], batch)
    reply = await answered(lambda: stub.RecordActivities(message, timeout=DEADLINE_SECONDS))
    if not isinstance(reply, BadRow):
        return [(line, {}) for line, _ in read]
    wrong = by_item(reply)
    left = [one for i, one in enumerate(read) if i not in wrong]
    bad: list[Numbered] = [(read[i][0], BadRow(what)) for i, what in wrong.items()]
    if not wrong or not left:
        return bad or [(line, reply) for line, _ in read]
    return list(chain(bad, await _recorded(stub, (subject, left), batch)))


def by_item(refused: BadRow) -> Mapping[int, str]:
    """What is wrong with single activities, by their place; empty where it is something else.

    Where there is too much for one answer the rest comes with the next.
    """
    found: dict[int, str] = {}
    for field, remedy in refused.violations if isinstance(refused, Refused) else ():
        item = _ITEM.fullmatch(field)
        if field and item is None:
            return {}
        if item is None:
            continue
        place, what = int(item[1]), f"{item[2]}: {remedy}"
        found[place] = f"{found[place]}; {what}" if place in found else what
    return found


def request_of(
    subject: Subject, activities: Sequence[types_pb2.Activity], batch: Batch
) -> lifecycle_pb2.RecordActivitiesRequest:
    """The call of a lead's activities, under a new request_id."""
    name, which = subject
    message = lifecycle_pb2.RecordActivitiesRequest(
        request_id=str(uuid.uuid4()),
        actor_id=batch.actor,
        batch_id=batch.batch_id,
        activities=activities,
    )
    if name == "email":
        message.lead.email = which
    else:
        message.lead_id = which
    return message
