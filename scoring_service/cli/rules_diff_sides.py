"""Both replays of a diff, at the same time where that is worth it."""

import gc
import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext

import msgspec

from scoring_service.cli.problem import Problem
from scoring_service.domain.policy import Policy
from scoring_service.workflows.diff.past import Past
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.results import Replayed

MOMENTS_MIN = 2_000
"""Fewer are replayed one after the other: a second process would take longer to start."""

FORK = "fork"


def both_replayed(
    old: Policy, new: Policy, past: Past, moments_min: int = MOMENTS_MIN
) -> tuple[Replayed, Replayed]:
    """The past under each policy. Neither replay sees the other, so the order says nothing."""
    forks = FORK in multiprocessing.get_all_start_methods()
    if len(past.moments) < moments_min or not forks:
        return replay(old, past), replay(new, past)
    return _at_the_same_time(old, new, past)


def _at_the_same_time(old: Policy, new: Policy, past: Past) -> tuple[Replayed, Replayed]:
    """The new one in a process of its own, which has the policies and the past by being a copy."""
    context = ForkContext()
    here, there = context.Pipe(duplex=False)
    gc.freeze()  # what is read stays: looking at it again and again would only cost time
    child = context.Process(target=_send, args=(there, new, past), daemon=True)
    child.start()
    there.close()
    try:
        found = replay(old, past)
        return found, msgspec.msgpack.decode(here.recv_bytes(), type=Replayed)
    except EOFError as error:
        raise Problem("the replay of NEW ended by itself; what it said is above") from error
    finally:
        gc.unfreeze()
        child.join()


def _send(there: Connection, policy: Policy, past: Past) -> None:
    there.send_bytes(msgspec.msgpack.encode(replay(policy, past)))
    there.close()
