"""Runs about turns and queues, in which the order of arrival is known."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from random import Random

from leadscoring.v1 import routing_pb2

from benchmarks.load.answers import Answers
from benchmarks.load.clients import client, send
from benchmarks.load.leads import of_pool
from benchmarks.load.outcome import Outcome, add_replay
from benchmarks.load.rules import LIMITED, rule_files, write
from benchmarks.load.running import Running, until
from benchmarks.load.site import Site
from benchmarks.load.stored import Stored, stored

A_A_B_A_C_A_A = ("wes", "wes", "xia", "wes", "yul", "wes", "wes")
NO_LIMIT = 100_000
ARRIVING_SECONDS = 1.0
WAVE = 10
KILL_SECONDS = 0.03
KILL_LOOK_SECONDS = 0.001

_DRAWN = "select lead_id from draws where pool = 'limited' order by number"
_WAITING = "select lead_id from queue_places order by enqueued_at, number"


async def weights(site: Site, rounds: int, seed: int) -> Outcome:
    """One client, one call at a time: weights 5, 1, 1 give a a b a c a a."""
    answers, requests = Answers(), of_pool("weighted", rounds * len(A_A_B_A_C_A_A), seed)
    async with site.servers() as (server,):
        await send([server.address], requests, answers, clients=1, in_flight=1)
    turns = tuple(answers.first[request.request_id].rep_id for request in requests)
    made = Outcome([*answers.broken, *answers.refused], {"turns": len(turns)})
    made.expect(turns == A_A_B_A_C_A_A * rounds, f"the turns were {' '.join(turns)}")
    add_replay(made, site)
    return made


async def queue(site: Site, waiting: int, seed: int) -> Outcome:
    """Every rep at his limit: leads wait. The limit is raised twice while others go on arriving."""
    limit, room = len(LIMITED) * site.limit, len(LIMITED) * (site.limit + waiting // 4)
    early = of_pool("limited", waiting + limit, seed, "early")
    late, last = (of_pool("limited", waiting, seed, name) for name in ("late", "last"))
    made, answers = Outcome(), Answers()
    async with site.servers() as (server,):
        await send([server.address], early, answers, clients=1, in_flight=1)
        known = _ids(early, answers)
        _expect_waiting(made, site, known[limit:])
        write(site.rules, rule_files(limit=room // len(LIMITED)))
        await _arrive(server, late, answers)
        await _until_wait(site, len(early) + len(late) - room)
        known += _expect_newcomers_wait(made, site, known, room)
        write(site.rules, rule_files(limit=NO_LIMIT))
        await _arrive(server, last, answers)
        await _until_wait(site, 0)
        await _expect_record(made, server, known[-1])
        made.broken += server.errors()[:5]
    made.broken += [*answers.broken, *answers.refused]
    with stored(site.store) as found:
        _expect_drawn(made, found, known + _ids(last, answers))
    add_replay(made, site)
    made.figures |= {"waited": len(known) - limit, "arrived meanwhile": len(late) + len(last)}
    return made


async def killed_while_draining(site: Site, waiting: int, kills: int, seed: int) -> Outcome:
    """Leads wait, the limit is raised, and the server is killed again and again as they leave."""
    early, random = of_pool("limited", waiting + len(LIMITED) * site.limit, seed), Random(seed)
    made, answers, left = Outcome(), Answers(), [waiting]
    async with site.servers() as (server,):
        await send([server.address], early, answers, clients=1, in_flight=1)
        write(site.rules, rule_files(limit=NO_LIMIT))
        while left[-1] and len(left) <= kills:
            await until(lambda: _waiting(site) < left[-1], every=KILL_LOOK_SECONDS)
            await asyncio.sleep(random.uniform(0, KILL_SECONDS))
            server.kill()
            await server.start()
            left.append(_waiting(site))
        await _until_wait(site, 0)
    made.broken += [*answers.broken, *answers.refused]
    with stored(site.store) as found:
        _expect_drawn(made, found, _ids(early, answers))
    add_replay(made, site)
    made.figures["waiting after each kill"] = left
    return made


def _waiting(site: Site) -> int:
    with stored(site.store) as found:
        return len(found.rows(_WAITING))


async def _arrive(
    server: Running, requests: Sequence[routing_pb2.RouteRequest], answers: Answers
) -> None:
    """One by one, for longer than it takes until an edit is noticed."""
    for start in range(0, len(requests), WAVE):
        wave = requests[start : start + WAVE]
        await send([server.address], wave, answers, clients=1, in_flight=1)
        await asyncio.sleep(ARRIVING_SECONDS * WAVE / len(requests))


def _ids(requests: Sequence[routing_pb2.RouteRequest], answers: Answers) -> list[str]:
    found = (answers.first.get(request.request_id) for request in requests)
    return [answer.lead_id for answer in found if answer is not None]


async def _until_wait(site: Site, wanted: int) -> None:
    """Until so many leads wait, or for a while."""
    await until(lambda: _waiting(site) == wanted)


def _expect_waiting(made: Outcome, site: Site, wanted: list[str]) -> None:
    with stored(site.store) as found:
        waiting = [row[0] for row in found.rows(_WAITING)]
    made.expect(waiting == wanted, f"waiting were {waiting}; in this order were to be {wanted}")


def _expect_newcomers_wait(made: Outcome, site: Site, known: list[str], taken: int) -> list[str]:
    """The oldest were drained, in order, and nobody overtook them; the newcomers as they wait."""
    with stored(site.store) as found:
        drawn = [row[0] for row in found.rows(_DRAWN)]
        waiting = [row[0] for row in found.rows(_WAITING)]
    made.expect(drawn == known[:taken], f"drained were {drawn}; the oldest are {known[:taken]}")
    still = len(known) - taken
    made.expect(waiting[:still] == known[taken:], f"{waiting[:still]} wait first")
    return waiting[still:]


def _expect_drawn(made: Outcome, found: Stored, in_order: list[str]) -> None:
    drawn = [row[0] for row in found.rows(_DRAWN)]
    made.expect(drawn == in_order, f"{drawn} were drawn for; they had come as {in_order}")
    turns = Counter(row[0] for row in found.rows("select winner from draws where pool = 'limited'"))
    made.expect(max(turns.values()) - min(turns.values()) <= 1, f"turns are {dict(turns)}")
    standing = found.rows(
        "select lead_id, count(*) from assignments where ended_at is null"
        " group by lead_id having count(*) > 1"
    )
    made.expect(not standing, f"leads with two assignments: {standing}")


async def _expect_record(made: Outcome, server: Running, lead_id: str) -> None:
    """What the service says of a drained lead: first the queue, then a rep, by the drain."""
    async with client(server.address) as stub:
        request = routing_pb2.ListAssignmentsRequest(lead_id=lead_id)
        found = (await stub.ListAssignments(request)).assignments
        decision_id = found[0].decision_id if found else ""
        record = await stub.GetDecision(routing_pb2.GetDecisionRequest(decision_id=decision_id))
    owners = [assignment.WhichOneof("owner") for assignment in found]
    made.expect(owners == ["rep_id", "queue"], f"{lead_id} was with {owners}, the newest first")
    actor = record.decision.actor_id
    made.expect(actor == "drain", f"{lead_id} was given to a rep by {actor!r}")
