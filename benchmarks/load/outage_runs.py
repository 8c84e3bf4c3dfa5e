"""Replicas or workers, of which one is killed, while the database is away for a while."""

import asyncio
import subprocess
import sys
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from benchmarks.load.answers import Answers
from benchmarks.load.clients import CLIENTS, send
from benchmarks.load.leads import calls
from benchmarks.load.outcome import Outcome, outcome
from benchmarks.load.running import Running, told
from benchmarks.load.site import Site, with_accounts

PATIENCE = 120.0
POLL_SECONDS = 0.002
AWAY_SECONDS = 4.0
"""For how long the database is away; the servers look every two seconds."""


@dataclass(slots=True)
class Outage:
    """What was done, and what the servers said of themselves meanwhile.

    `readiness` are the states of the servers that were watched, each as it changed.
    """

    kills: int = 0
    seconds_away: float = 0.0
    seconds_back: float = 0.0
    readiness: list[list[bool]] = field(default_factory=list)


async def two_replicas(site: Site, count: int, seed: int) -> Outcome:
    """Eight clients send each call until it is acknowledged, to two replicas. One is killed, then
    the database too; it comes back, and then the replica. Afterwards every call is sent again.
    """
    async with site.servers(2) as servers:
        return await _survived(site, servers, count, seed)


async def two_workers(site: Site, count: int, seed: int) -> Outcome:
    """The same with one server of two workers, of which one is killed; its parent starts it."""
    async with site.servers(1, options=("--workers", "2")) as servers:
        return await _survived(site, servers, count, seed)


async def _survived(site: Site, servers: list[Running], count: int, seed: int) -> Outcome:
    sent, answers = calls(count, seed), Answers()
    addresses = [server.address for server in servers]
    await with_accounts(servers[0], seed)
    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        disturbed = group.create_task(_disturb(site, servers, answers, count, Random(seed)))
        await send(addresses, sent.requests, answers, patience=PATIENCE)
    seconds, first = perf_counter() - began, answers.count
    await send(addresses, sent.requests, answers, patience=PATIENCE)
    made = outcome(site, sent, answers, seconds)
    _expect(made, disturbed.result(), answers)
    _expect_sound(made, site)
    made.figures |= {"clients": CLIENTS, "acknowledged": first, "answered again": answers.count}
    return made


async def _disturb(
    site: Site, servers: list[Running], answers: Answers, count: int, random: Random
) -> Outage:
    """A fifth of the calls in, one is killed; two fifths in, the database is."""
    found, database = Outage(), site.database
    assert database is not None, "only PostgreSQL can be away"
    await _received(answers, count // 5)
    replicas = len(servers) > 1
    victim = random.choice(servers)
    victim.kill() if replicas else victim.kill_worker(random)
    found.kills += 1
    await _received(answers, count * 2 // 5)
    watched = [server for server in servers if not (replicas and server is victim)]
    away = perf_counter()
    await asyncio.to_thread(database.stop)
    lost = [await told(server, lambda now: not now["ready"]) for server in watched]
    await asyncio.sleep(max(0.0, AWAY_SECONDS - (perf_counter() - away)))
    await asyncio.to_thread(database.start)
    found.seconds_away = perf_counter() - away
    back = perf_counter()
    again = [await told(server, lambda now: bool(now["ready"])) for server in watched]
    found.seconds_back = perf_counter() - back
    found.readiness = [[a["ready"], b["ready"]] for a, b in zip(lost, again, strict=True)]
    if replicas:
        await victim.start()
    return found


async def _received(answers: Answers, replies: int) -> None:
    while answers.count < replies:
        await asyncio.sleep(POLL_SECONDS)


def _expect(made: Outcome, outage: Outage, answers: Answers) -> None:
    """Callers were told when to come again; health flipped and came back without a restart."""
    flipped = all(states == [False, True] for states in outage.readiness)
    made.expect(flipped, f"readiness went {outage.readiness}")
    made.expect(bool(answers.told_when), "no caller was told by RetryInfo to come again")
    made.figures |= {
        "killed": outage.kills,
        "database away, seconds": round(outage.seconds_away, 1),
        "ready again after, seconds": round(outage.seconds_back, 1),
        "UNAVAILABLE with RetryInfo": len(answers.told_when),
        "RetryInfo at most, seconds": round(max(answers.told_when, default=0.0), 2),
    }


def _expect_sound(made: Outcome, site: Site) -> None:
    """`doctor` finds nothing."""
    command = (sys.executable, "-m", "scoring_service", "doctor", "--store", site.store)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    made.expect(done.returncode == 0, f"doctor: {done.stdout[-1000:]}{done.stderr[-500:]}")
    made.figures["doctor"] = (done.stdout.strip().splitlines() or [""])[-1]
