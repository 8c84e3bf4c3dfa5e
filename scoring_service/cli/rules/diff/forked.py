"""Work that needs nothing of each other, done at the same time by processes that are copies."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, ForkProcess
from typing import TypeVar

import msgspec

from scoring_service.cli.problem import Problem

T = TypeVar("T")

FORK = "fork"
PROCESSES_MAX = 8


def processes() -> int:
    """How many are worth it: one for each processor that this one may use; 1 where a process cannot
    be copied.
    """
    if FORK not in multiprocessing.get_all_start_methods():
        return 1
    mine = getattr(os, "sched_getaffinity", None)
    count = len(mine(0)) if mine else os.cpu_count() or 1
    return min(count, PROCESSES_MAX)


@contextmanager
def undisturbed() -> Iterator[None]:
    """While much is made that stays and forms no cycles: the collector would look through all of it
    again and again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def at_once(works: Sequence[Callable[[], T]], kind: type[T]) -> list[T]:
    """What each gives, in their order: the first done here, each other in a process of its own that
    has everything by being a copy. `kind` is what they give, as msgspec reads it.
    """
    if len(works) == 1:
        return [works[0]()]
    context = ForkContext()
    others = [_begun(context, work) for work in works[1:]]
    try:
        return [works[0](), *(msgspec.msgpack.decode(_got(one), type=kind) for one, _ in others)]
    finally:
        for connection, child in others:
            connection.close()
            child.join()


def _begun(context: ForkContext, work: Callable[[], T]) -> tuple[Connection, ForkProcess]:
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(there, work), daemon=True)
    child.start()
    there.close()
    return here, child


def _send(there: Connection, work: Callable[[], T]) -> None:
    there.send_bytes(msgspec.msgpack.encode(work()))
    there.close()


def _got(connection: Connection) -> bytes:
    try:
        return connection.recv_bytes()
    except EOFError as error:
        raise Problem("a part of the work ended by itself; what it said is above") from error
