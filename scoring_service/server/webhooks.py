"""Events given to receivers over HTTP, beside the calls, until the server ends."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
from structlog.typing import FilteringBoundLogger

from scoring_service.domain.webhooks import PAUSE_AFTER, secret_of
from scoring_service.policy.document import compose
from scoring_service.policy.mistake import Mistakes, did_you_mean
from scoring_service.server.aside import aside
from scoring_service.server.clock import monotonic
from scoring_service.server.posting import SECONDS_MAX, Post, late, post
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.urls import mistake_in
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store
from scoring_service.values.webhook import Endpoint
from scoring_service.workflows.events import EVENT_TYPES
from scoring_service.workflows.webhooks import LEASE, Delivery, Parcel, given, take, waits

LOOK_SECONDS = 5.0
"""How often to look though nothing was committed here: another replica may have, or an event that
was not taken is to be sent again.
"""

PAUSE_SECONDS = 0.1
"""The least time between two looks: in a busy moment events are given together."""

ENDPOINTS_MAX = 20

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One receiver of the file; `secret` names the environment variable that holds its secret."""

    name: Name
    url: str
    secret: Name
    types: frozenset[str] = frozenset()


class _File(msgspec.Struct, forbid_unknown_fields=True):
    endpoints: tuple[_Entry, ...] = ()


def endpoints_in(file: Path, environment: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """The receivers that a file names. Raises StartProblem that names the place and the remedy."""
    try:
        document = compose(file.name, file.read_bytes())
        found = msgspec.convert(document.value, _File)
    except OSError as error:
        raise StartProblem(f"cannot read {file}: {error.strerror}") from error
    except Mistakes as wrong:
        raise StartProblem(f"{file} does not load: {wrong}") from wrong
    except msgspec.ValidationError as error:
        raise StartProblem(f"{file} does not load: {error}") from error
    if len(found.endpoints) > ENDPOINTS_MAX:
        raise StartProblem(f"{file} names more than {ENDPOINTS_MAX} receivers")
    names = [entry.name for entry in found.endpoints]
    for name in names:
        if names.count(name) > 1:
            raise StartProblem(f"{file} names two receivers {name!r}; give each its own name")
    return tuple(_endpoint(file, entry, environment) for entry in found.endpoints)


def _endpoint(file: Path, entry: _Entry, environment: Mapping[str, str]) -> Endpoint:
    place = f"{file}, receiver {entry.name!r}"
    if wrong := mistake_in(entry.url):
        raise StartProblem(f"{place}: {entry.url!r} {wrong}")
    for type_ in sorted(entry.types - EVENT_TYPES):
        remedy = did_you_mean(type_, EVENT_TYPES)
        raise StartProblem(f"{place}: types: {type_!r} is no type of event; {remedy}")
    text = environment.get(entry.secret)
    if text is None:
        raise StartProblem(f"{place}: the environment has no {entry.secret}; put the secret there")
    try:
        return Endpoint(entry.name, entry.url, secret_of(text), entry.types)
    except ValueError as error:
        raise StartProblem(f"{place}: {entry.secret} {error}") from error


class Webhooks:
    """Gives a receiver its events, for as long as the server runs."""

    def __init__(
        self,
        endpoint: Endpoint,
        store: Store,
        log: FilteringBoundLogger,
        clock: Callable[[], datetime],
        holder: str,
        send: Post = post,
        monotonic: Callable[[], float] = monotonic,
        seconds: float = SECONDS_MAX,
    ) -> None:
        self.endpoint, self.store, self.log, self.seconds = endpoint, store, log, seconds
        self.clock, self.holder, self.send, self.monotonic = clock, holder, send, monotonic

    async def keep_giving(self, every: float = LOOK_SECONDS) -> None:
        """Give what there is and look again, until cancelled; wait for a store that is away."""
        with self.store.news.heard() as heard:
            while True:
                heard.clear()
                try:
                    while await self.give():
                        pass
                except Exception as error:
                    self.log.error("webhook_failed", endpoint=self.endpoint.name, error=error)
                await asyncio.sleep(PAUSE_SECONDS)
                with suppress(TimeoutError):
                    async with asyncio.timeout(every):  # wait_for of 3.11 may lose a cancellation
                        await heard.wait()

    async def give(self) -> int:
        """Give the next events; how many there were."""
        if not await self.store.read(self._waits):
            return 0
        parcels = await self.store.writer.write(
            lambda tx, policy, now: take(tx, self.endpoint, self.holder, now)
        )
        if not parcels:
            return 0
        deliveries: list[Delivery] = []
        try:
            await self._deliver_all(parcels, deliveries)
        except asyncio.CancelledError:  # the server ends; what was taken is not to be sent again
            with suppress(Exception):
                await self._keep(deliveries)
            raise
        await self._keep(deliveries)
        return len(parcels)

    async def _keep(self, deliveries: Sequence[Delivery]) -> None:
        await self.store.writer.write(
            lambda tx, policy, now: given(tx, self.endpoint, deliveries, now)
        )

    def _waits(self, reader: Reader) -> bool:
        return waits(reader, self.endpoint, self.holder, self.clock())

    async def _deliver_all(self, parcels: Sequence[Parcel], deliveries: list[Delivery]) -> None:
        """Each in turn, what came of it added to `deliveries`; where the receiver seems to be away,
        or is so slow that another replica would soon take them, the others are left for later.
        """
        until = self.monotonic() + LEASE.total_seconds() / 2
        for parcel in parcels:
            if self.monotonic() > until:
                break
            deliveries.append(await self._deliver(parcel))
            latest = deliveries[-PAUSE_AFTER:]
            if len(latest) == PAUSE_AFTER and all(each.failure for each in latest):
                break

    async def _deliver(self, parcel: Parcel) -> Delivery:
        """Whatever comes of it is kept, so that one event cannot hold up all others."""
        told = {"endpoint": self.endpoint.name, "event_id": parcel.event.event_id}
        try:
            failure = await self._sent(parcel)
        except Exception as error:
            failure = f"cannot be sent: {type(error).__name__}"
            self.log.error("webhook_not_sent", error=error, **told)
        if failure:
            self.log.warning("webhook_not_taken", why=failure, attempts=parcel.attempts + 1, **told)
        return Delivery(parcel, failure)

    async def _sent(self, parcel: Parcel) -> str:
        sending = aside(partial(self.send, self.endpoint, parcel.event, self.clock()))
        try:
            async with asyncio.timeout(self.seconds):
                return await sending
        except TimeoutError:
            return late(self.seconds)
