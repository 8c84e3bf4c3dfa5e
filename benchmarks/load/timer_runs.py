"""Runs in which many timers fall due together while servers or the database are killed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import msgspec

from benchmarks.load.disturbing import Terminator
from benchmarks.load.outcome import Outcome
from benchmarks.load.rules import rule_files
from benchmarks.load.running import Running, until
from benchmarks.load.site import Site
from benchmarks.load.stored import stored
from scoring_service.domain.lifecycle.laying import laid
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.store.database import open_database
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

FALLS_DUE_IN = timedelta(seconds=8)
"""Long enough for two servers to start."""

KILL_SECONDS = 0.2
TOLD = ("ann", "sales-ops")

_WAITING = "select count(*) from timers where kind = 'lead' and due_at <= %d"
_FIRED = (
    "select lead_id, count(*) from happenings where kind = 'escalation'"
    " group by lead_id order by lead_id"
)
_NOTICES = "select lead_id, recipient from notices order by lead_id, recipient"
_LATER = "select count(*) from timers where kind = 'lead' and due_at > %d"


async def killed_while_due(site: Site, timers: int, kills: int, seed: int) -> Outcome:
    """So many timers fall due at once on two servers, one of which is killed again and again."""
    random, left = Random(seed), [timers]

    async def kill(servers: list[Running], due_at: datetime) -> None:
        while left[-1] and len(left) <= kills:
            await asyncio.sleep(random.uniform(0, KILL_SECONDS))
            victim = random.choice(servers)
            victim.kill()
            left.append(_waiting(site, due_at))
            await victim.start()

    made = await _while_due(site, timers, kill)
    made.figures["due after each kill"] = left
    return made


async def crashed_while_due(site: Site, timers: int, crashes: int, seed: int) -> Outcome:
    """So many timers fall due at once on two servers, whose database crashes again and again."""
    ending = Terminator(site.store, Random(seed))

    async def crash(servers: list[Running], due_at: datetime) -> None:
        await ending.crash(crashes)
        (await asyncio.to_thread(ending.recovered)).close()

    made = await _while_due(site, timers, crash)
    made.figures |= {f"ended {when}": number for when, number in sorted(ending.ended.items())}
    return made


async def _while_due(
    site: Site, timers: int, disturb: Callable[[list[Running], datetime], Awaitable[None]]
) -> Outcome:
    """Disturb two servers from when the timers fall due; afterwards all must have fired once."""
    made, due_at = Outcome(), datetime.now(UTC) + FALLS_DUE_IN
    place(site, timers, due_at)
    async with site.servers(2) as servers:
        await asyncio.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))
        await disturb(servers, due_at)
        await until(lambda: not _waiting(site, due_at))
    _expect_once(made, site, timers, due_at)
    return made


def place(site: Site, timers: int, due_at: datetime) -> None:
    """So many opportunities of Ann's, in an empty store, all of which are silent too long then."""
    files = {name: text.encode() for name, text in rule_files(limit=site.limit).items()}
    policy, now, ids = load(source_of(files)), datetime.now(UTC), count()
    database = open_database(site.store)
    database.migrate()
    database.prepare()
    session = database.writing()
    session.begin()
    batch = session.batch(now, lambda: f"placed-{next(ids)}")
    tx = batch.transaction()
    for number in range(timers):
        tx.save_lead(_silent(policy, f"silent-{number:05}", now, due_at))
    batch.keep(tx)
    batch.flush()
    session.commit()
    session.close()
    database.close()


def _silent(policy: Policy, lead_id: str, now: datetime, due_at: datetime) -> StoredLead:
    owner = RepOwner("ann")
    lead = StoredLead(Lead(lead_id), lead_id, Stage.OPPORTUNITY, now, now, now, owner=owner)
    clocks = laid(policy, None, lead, now)
    due = tuple(msgspec.structs.replace(clock, due_at=due_at) for clock in clocks)
    return msgspec.structs.replace(lead, clocks=due)


def _waiting(site: Site, due_at: datetime) -> int:
    return _count(site, _WAITING, due_at)


def _count(site: Site, statement: str, due_at: datetime) -> int:
    micros = int((due_at + timedelta(seconds=1)).timestamp() * 1_000_000)
    with stored(site.store) as found:
        value: int = found.value(statement % micros)
    return value


def _expect_once(made: Outcome, site: Site, timers: int, due_at: datetime) -> None:
    """Each fired exactly once, none was lost: what it told is there once, and its next is set."""
    wanted = [f"silent-{number:05}" for number in range(timers)]
    with stored(site.store) as found:
        fired, notices = found.rows(_FIRED), found.rows(_NOTICES)
    made.expect(fired == [(one, 1) for one in wanted], f"fired: {_odd(fired)}")
    told = [(one, name) for one in wanted for name in TOLD]
    made.expect(notices == told, f"{len(notices)} notices; {len(told)} were to be")
    later = _count(site, _LATER, due_at)
    made.expect(later == timers, f"{later} of {timers} timers are set again")


def _odd(fired: list[tuple[str, int]]) -> str:
    twice = [row for row in fired if row[1] != 1]
    return f"{len(fired)} leads, of which not once: {twice[:5]}"
