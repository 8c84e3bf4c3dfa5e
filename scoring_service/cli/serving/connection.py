"""The server that a command speaks to: the one named, the one that holds the store, or its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import click
import grpc

from scoring_service.cli.files.messages import Types
from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.folder import source_in, types_in
from scoring_service.cli.serving.local import local_server
from scoring_service.cli.serving.running import running_server
from scoring_service.cli.serving.where import Where
from scoring_service.cli.upkeep.active_rules import active_source

SECONDS_TO_CONNECT = 5.0
OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.enable_http_proxy", 0),
)
_TOLD = (
    "the server at {address} decides by its own rules and model; of --rules only the types of"
    " attributes are taken"
)
_DECIDED = (
    grpc.ChannelConnectivity.READY,
    grpc.ChannelConnectivity.TRANSIENT_FAILURE,
    grpc.ChannelConnectivity.SHUTDOWN,
)


class Reached(NamedTuple):
    """A channel to a server that answers, and what the attributes of its leads are."""

    channel: grpc.aio.Channel
    types: Types


@asynccontextmanager
async def reached(where: Where) -> AsyncIterator[Reached]:
    """A server: one that runs, else a local one for as long as it is needed.

    Raises Problem where the one that was named does not answer.
    """
    address = where.server or running_server(where.store)
    if address is not None:
        async with channel_to(address) as channel:
            if where.rules is not None or where.models is not None:
                click.echo(_TOLD.format(address=address), err=True)
            yield Reached(channel, _types(where))
        return
    async with (
        local_server(where.store, where.rules, where.models, keeps=where.keeps) as local,
        channel_to(local.address) as channel,
    ):
        yield Reached(channel, local.types)


@asynccontextmanager
async def channel_to(address: str) -> AsyncIterator[grpc.aio.Channel]:
    """A channel that is connected; Problem where nothing answers there."""
    async with grpc.aio.insecure_channel(address, options=OPTIONS) as channel:
        try:
            async with asyncio.timeout(SECONDS_TO_CONNECT):
                connected = await _is_connected(channel)
        except TimeoutError:
            connected = False
        if not connected:
            raise Problem(f"no server answers at {address}; start `leadscoring serve`")
        yield channel


async def _is_connected(channel: grpc.aio.Channel) -> bool:
    """Whether somebody listens there; not waiting for somebody to begin to."""
    state = channel.get_state(try_to_connect=True)
    while state not in _DECIDED:
        await channel.wait_for_state_change(state)
        state = channel.get_state(try_to_connect=True)
    return state is grpc.ChannelConnectivity.READY


def _types(where: Where) -> Types:
    """Of the rules that were named; else of those that the store last decided by."""
    if where.rules is not None:
        return types_in(source_in(where.rules))
    source = None if where.server else active_source(where.store)
    return types_in(source) if source else {}
