"""WatchEvents: the outbox as a stream, from a position on, as it is committed."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from leadscoring.v1 import lifecycle_pb2

from scoring_service.api.convert_score import instant_into
from scoring_service.api.surround import Call, Send
from scoring_service.store.store import Store
from scoring_service.values.errors import FailedPrecondition, InvalidArgument
from scoring_service.values.stored import Event

LOOK_SECONDS = 5.0
"""How often to look though nothing was committed here: another replica may have."""

PAUSE_SECONDS = 0.1
"""The least time between two looks of a stream: in a busy moment commits are read together."""

SLICE = 500
"""Events that are read at once."""


class EventStreams:
    """Sends events to whoever watches; `end` ends all of them well."""

    def __init__(self, store: Store, monotonic: Callable[[], float]) -> None:
        self.store, self.monotonic = store, monotonic
        self.ended = False

    def end(self) -> None:
        """The server stops: every stream ends, and those still to come end at once."""
        self.ended = True
        self.store.news.tell()

    async def watch(
        self, message: lifecycle_pb2.WatchEventsRequest, call: Call, send: Send
    ) -> None:
        """Send the events behind a position, then each that comes, until the call's time is up.

        Raises InvalidArgument, and FailedPrecondition (POSITION_UNKNOWN).
        """
        after = message.after
        await self._check(after)
        with self.store.news.heard() as heard:
            while not self.ended and self.monotonic() < call.deadline:
                heard.clear()
                looked = self.monotonic()
                found = await self._behind(after)
                for after, event in found:
                    await send(encoded(after, event))
                if len(found) < SLICE:
                    await self._until_news(heard, call.deadline)
                    await asyncio.sleep(looked + PAUSE_SECONDS - self.monotonic())

    async def _behind(self, after: int, limit: int = SLICE) -> Sequence[tuple[int, Event]]:
        return await self.store.read(lambda reader: reader.events(after, limit))

    async def _check(self, after: int) -> None:
        """Whoever waits behind a position that was never given would wait for ever."""
        if after < 0:
            remedy = f"{after} is no position; send 0, or the position of an event"
            raise InvalidArgument((("after", remedy),))
        if after and not await self._behind(after - 1, 1):
            raise FailedPrecondition(
                f"no event has position {after} or a later one: this is not the store it came from;"
                " begin anew with 0",
                "POSITION_UNKNOWN",
            )

    async def _until_news(self, heard: asyncio.Event, deadline: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(min(LOOK_SECONDS, deadline - self.monotonic())):
                await heard.wait()


def encoded(position: int, event: Event) -> bytes:
    """An event as the stream carries it."""
    reply = lifecycle_pb2.WatchEventsResponse()
    reply.event.position = position
    reply.event.event_id = event.event_id
    reply.event.lead_id = event.lead_id
    reply.event.type = event.type
    reply.event.payload_json = event.payload.decode()
    instant_into(reply.event.occurred_at, event.at)
    return reply.SerializeToString()
