"""What a store must show after a load run, whatever was done to the server meanwhile."""

import json
from collections import Counter
from collections.abc import Iterator

from benchmarks.load.answers import Answers
from benchmarks.load.leads import Calls
from benchmarks.load.rules import EVEN, LIMIT, LIMITED, WEIGHTS
from benchmarks.load.stored import Stored


def broken(
    found: Stored, sent: Calls, answers: Answers, drained: int = 0, limit: int = LIMIT
) -> list[str]:
    """Every promise that the store breaks, as a sentence; none is well.

    `drained` is how many leads left a queue by a drain.
    """
    return [
        *answers.broken,
        *answers.refused,
        *of_requests(found, sent, answers),
        *of_leads(found, sent, drained),
        *of_answers(found, answers, drained),
        *of_records(found, drained),
        *of_turns(found),
        *fair(found),
        *of_queue(found, limit),
    ]


def of_requests(found: Stored, sent: Calls, answers: Answers) -> Iterator[str]:
    """Each request was answered, carried out once, and its answer is stored."""
    wanted = {request.request_id for request in sent.requests}
    stored = {
        row[0] for row in found.rows("select request_id from requests where method = 'Route'")
    }
    if stored - wanted:
        yield f"{len(stored - wanted)} requests are stored that nobody sent"
    if wanted - stored:
        yield f"{len(wanted - stored)} requests have no stored answer"
    if answers.first.keys() != wanted:
        yield f"{len(wanted - answers.first.keys())} requests were never answered"
    if answers.answered_twice():
        yield f"{len(answers.answered_twice())} requests were answered anew more than once"


def of_leads(found: Stored, sent: Calls, drained: int) -> Iterator[str]:
    """As many leads as were sent; of each one assignment that stands, one entry of its stage."""
    yield from _count(found, "leads", sent.leads)
    persons = found.value("select count(distinct person_id) from leads")
    yield from _count(found, "leads", persons)
    yield from _count(found, "activity_ids", sent.activities)
    yield from _count(found, "stage_entries", sent.leads)
    yield from _count(found, "assignments", sent.leads + drained)
    standing = "select lead_id from assignments where ended_at is null"
    leads = Counter(row[0] for row in found.rows(standing))
    if len(leads) != sent.leads:
        yield f"{len(leads)} leads have an assignment, of {sent.leads}"
    twice = [lead for lead, times in leads.items() if times > 1]
    if twice:
        yield f"{len(twice)} leads have two assignments, such as {twice[0]}"
    ended = found.value("select count(*) from assignments where ended_at is not null")
    if ended != drained:
        yield f"{ended} assignments have ended, and {drained} leads were drained"


def of_answers(found: Stored, answers: Answers, drained: int = 0) -> Iterator[str]:
    """What each answer says is stored: decision, policy, assignment, lead, owner; and it stands."""
    decisions = {
        row[0]: row[1:]
        for row in found.rows("select decision_id, lead_id, assignment_id, revision from decisions")
    }
    assignments = {
        row[0]: row[1:]
        for row in found.rows("select assignment_id, lead_id, owner_id, ended_at from assignments")
    }
    for request_id, answer in answers.first.items():
        made = (answer.lead_id, answer.assignment_id, answer.policy_revision)
        if decisions.get(answer.decision_id) != made:
            yield f"{request_id} was told {made}; stored is {decisions.get(answer.decision_id)}"
        owner = answer.rep_id or answer.queue or answer.track
        lead_id, owner_id, ended_at = assignments.get(answer.assignment_id, ("", "", None))
        if (lead_id, owner_id) != (answer.lead_id, owner):
            yield f"{request_id} was told {answer.lead_id} -> {owner}; stored is {owner_id!r}"
        if ended_at is not None and not drained:
            yield f"the assignment acknowledged to {request_id} has ended"


def of_records(found: Stored, drained: int) -> Iterator[str]:
    """A decision record for each request and each drained lead; an event for each assignment."""
    requests = found.value("select count(*) from requests where method = 'Route'")
    yield from _count(found, "decisions", requests + drained)
    yield from _count(found, "outbox", found.value("select count(*) from assignments"))
    events = found.value("select count(distinct event_id) from outbox")
    yield from _count(found, "outbox", events)
    orphans = found.value(
        "select count(*) from assignments where decision_id not in"
        " (select decision_id from decisions)"
    )
    if orphans:
        yield f"{orphans} assignments have no decision record"


def of_turns(found: Stored) -> Iterator[str]:
    """Turns are numbered without a gap, are those of the decisions, and make up the credits."""
    yield from _of_numbers(found)
    yield from _of_decisions(found)
    yield from _of_credits(found)


def _of_numbers(found: Stored) -> Iterator[str]:
    draws: dict[str, int] = dict(found.rows("select pool, draws from rotations"))
    for pool, number, count in found.rows(
        "select pool, max(number), count(*) from draws group by pool"
    ):
        if not draws.get(pool) == number == count:
            yield f"{pool}: {count} draws, the last is number {number}, the pool says {draws[pool]}"
    twice = found.rows("select lead_id from draws group by pool, lead_id having count(*) > 1")
    if twice:
        yield f"{len(twice)} leads cost two turns, such as {twice[0][0]}"


def _of_decisions(found: Stored) -> Iterator[str]:
    decided = {
        (draw["pool"], draw["number"]): (draw["winner"], draw["paid"], _pairs(draw["gains"]))
        for (text,) in found.rows("select decision from decisions")
        if (draw := json.loads(text).get("draw"))
    }
    stored = {
        (pool, number): (winner, paid, _pairs(json.loads(gains)))
        for pool, number, winner, paid, gains in found.rows(
            "select pool, number, winner, paid, gains from draws"
        )
    }
    if decided != stored:
        yield f"the turns of {len(decided.items() ^ stored.items())} decisions and draws differ"


def _of_credits(found: Stored) -> Iterator[str]:
    made: Counter[tuple[str, str]] = Counter()
    for pool, winner, paid, gains in found.rows(
        "select pool, winner, paid, gains from draws where given_back = 0"
    ):
        made.update({(pool, rep): gain for rep, gain in json.loads(gains)})
        made[pool, winner] -= paid
    kept = {
        (pool, rep): credit
        for pool, rep, credit in found.rows("select pool, rep_id, credit from rotation_credits")
    }
    for place in sorted(made.keys() | kept.keys()):
        if made[place] != kept.get(place, 0):
            yield f"{place}: draws make a credit of {made[place]}, stored is {kept.get(place)}"
    sums: Counter[str] = Counter()
    for (pool, _), credit in kept.items():
        sums[pool] += credit
    yield from (f"{pool}: its credits sum to {total}" for pool, total in sums.items() if total)


def fair(found: Stored) -> Iterator[str]:
    """Equal weights: turns differ by at most one. Other weights: less than a turn a member."""
    turns = winners(found, "even")
    counts = [turns[rep] for rep in EVEN]
    if max(counts) - min(counts) > 1:
        yield f"turns of equal weights differ by more than one: {dict(turns)}"
    if turns.keys() - set(EVEN):
        yield f"somebody else won turns: {dict(turns)}"
    turns = winners(found, "weighted")
    total, weights = turns.total(), sum(WEIGHTS.values())
    for rep, weight in WEIGHTS.items():
        if abs(turns[rep] - total * weight / weights) >= len(WEIGHTS):
            yield f"{rep} of weight {weight} had {turns[rep]} of {total} turns"


def winners(found: Stored, pool: str) -> Counter[str]:
    """How many turns each rep had."""
    return Counter(row[0] for row in found.rows(f"select winner from draws where pool = '{pool}'"))


def of_queue(found: Stored, limit: int = LIMIT) -> Iterator[str]:
    """Nobody has more than his limit; nobody waits while somebody could take him."""
    held: dict[str, int] = dict(
        found.rows(
            "select owner_id, count(*) from assignments"
            " where owner_kind = 'rep' and ended_at is null group by owner_id"
        )
    )
    for rep in LIMITED:
        if held.get(rep, 0) > limit:
            yield f"{rep} has {held[rep]} leads, his limit is {limit}"
    waiting = {row[0] for row in found.rows("select lead_id from queue_places")}
    queued = {
        row[0]
        for row in found.rows(
            "select lead_id from assignments"
            " where owner_id = 'limited-waiting' and ended_at is null"
        )
    }
    if waiting != queued:
        yield f"{len(waiting ^ queued)} leads wait without being in the queue, or the reverse"
    if waiting and any(held.get(rep, 0) < limit for rep in LIMITED):
        yield f"{len(waiting)} leads wait, and somebody is below his limit: {held}"


def _count(found: Stored, table: str, wanted: int) -> Iterator[str]:
    there = found.value(f"select count(*) from {table}")
    if there != wanted:
        yield f"{there} rows in {table}; {wanted} were to be"


def _pairs(gains: list[list[object]]) -> tuple[tuple[object, ...], ...]:
    return tuple(tuple(pair) for pair in gains)
