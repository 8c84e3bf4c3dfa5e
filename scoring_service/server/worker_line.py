"""What a server with workers and each of its workers say to each other, over a socket pair.

First the options; then pages are asked for and told, reloads asked for. Its end is the other's end.
"""

import asyncio
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """For a page of the worker's HTTP paths; `number` is repeated with the answer."""

    number: int
    path: str


class Reload(msgspec.Struct, frozen=True, tag="reload"):
    """Load the rules anew."""


class Serves(msgspec.Struct, frozen=True, tag="serves"):
    """The worker has started."""


class Fails(msgspec.Struct, frozen=True, tag="fails"):
    """The worker cannot start, for this reason."""

    why: str


class Told(msgspec.Struct, frozen=True, tag="told"):
    """The page that was asked for."""

    number: int
    status: int
    content_type: str
    body: bytes


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value))


def _path(kind: type, text: Any) -> Path:
    assert issubclass(kind, Path), kind
    return Path(text)


_encode = msgspec.msgpack.Encoder(enc_hook=_plain).encode


class Line:
    """One end; used by one event loop."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, message: Any) -> None:
        """Send what the other end receives; lost where that has gone."""
        body = _encode(message)
        self._writer.write(len(body).to_bytes(4, "big") + body)

    async def receive(self, kind: Any) -> Any:
        """The next message, of such a kind; None once the other end has gone."""
        try:
            size = int.from_bytes(await self._reader.readexactly(4), "big")
            body = await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        return msgspec.msgpack.decode(body, type=kind, dec_hook=_path)

    async def sent(self) -> None:
        """Return once what was sent is on its way."""
        await self._writer.drain()

    async def close(self) -> None:
        """The other end notices."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


async def line_over(end: socket.socket) -> Line:
    """A line over this end of a socket pair."""
    return Line(*await asyncio.open_unix_connection(sock=end))
