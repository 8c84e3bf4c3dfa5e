"""A port: whether it is free, and how several processes of ours share one that nobody else gets."""

import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from scoring_service.server.options import Address
from scoring_service.server.start_problem import StartProblem


def require_free(wanted: Address, option: str) -> None:
    """StartProblem where nothing can listen at an address."""
    with _told(wanted, option):
        _bound(wanted, socket.SO_REUSEADDR).close()


@contextmanager
def claimed(wanted: Address, option: str) -> Iterator[Address]:
    """The address, held while the context lasts: who listens there with SO_REUSEPORT, as our
    workers do, may; nobody else can, another server with workers of its own included.

    StartProblem where somebody listens there already.
    """
    with _told(wanted, option):
        held = _held(wanted, option)
    try:
        yield Address(wanted.host, held.getsockname()[1])
    finally:
        held.close()


def _held(wanted: Address, option: str) -> socket.socket:
    """A bound socket that does not listen, so that no call comes to it.

    It is bound alone and opened to others afterwards: of two that start at once only one gets it.
    Connections that an earlier server closed stand in the way for a minute; then, once it is seen
    that nobody listens, it is bound beside them.
    """
    try:
        held = _bound(wanted)
    except OSError:
        require_free(wanted, option)
        return _bound(wanted, socket.SO_REUSEADDR, socket.SO_REUSEPORT)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return held


def _bound(wanted: Address, *settings: int) -> socket.socket:
    family, kind, protocol, _, place = _places(wanted)[0]
    made = socket.socket(family, kind, protocol)
    try:
        for setting in settings:
            made.setsockopt(socket.SOL_SOCKET, setting, 1)
        made.bind(place)
    except OSError:
        made.close()
        raise
    return made


@contextmanager
def _told(wanted: Address, option: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or "the host has no address"
        raise StartProblem(f"cannot listen on {wanted}: {why}; give another {option}") from error


def _places(wanted: Address) -> Sequence[tuple[Any, ...]]:
    found: Iterable[tuple[Any, ...]] = socket.getaddrinfo(
        wanted.host, wanted.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    return tuple(found)
