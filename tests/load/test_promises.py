"""The load runs look hard enough: each kind of damage to a store is told by name."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from leadscoring.v1 import routing_pb2

from benchmarks.load.answers import Answers
from benchmarks.load.clients import send
from benchmarks.load.leads import Calls, calls
from benchmarks.load.promises import broken
from benchmarks.load.replaying import replay_all
from benchmarks.load.site import Site, with_accounts
from benchmarks.load.stored import stored

SEED = 7

Loaded = tuple[Site, Calls, Answers]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """A store after a small load in which everything was right."""
    folder = tmp_path_factory.mktemp("loaded")
    site = Site(folder, f"sqlite:///{folder}/leads.db", limit=5)
    sent, answers = calls(150, SEED), Answers()
    asyncio.run(load(site, sent, answers))
    return site, sent, answers


async def load(site: Site, sent: Calls, answers: Answers) -> None:
    async with site.servers() as (server,):
        await with_accounts(server, SEED)
        await send([server.address], sent.requests, answers)


def damaged(site: Site, folder: Path, damage: str) -> str:
    """The URL of a copy of the site's store in which one statement was run."""
    place = folder / "damaged.db"
    with (
        closing(sqlite3.connect(site.store.removeprefix("sqlite:///"))) as source,
        closing(sqlite3.connect(place, isolation_level=None)) as connection,
    ):
        source.backup(connection)
        changed = connection.execute(damage).rowcount
    assert changed > 0, f"nothing was damaged by {damage}"
    return f"sqlite:///{place}"


def told(loaded: Loaded, url: str) -> str:
    _, sent, answers = loaded
    with stored(url) as found:
        return "\n".join(broken(found, sent, answers, limit=5))


def test_a_store_in_which_everything_is_right_breaks_no_promise(loaded: Loaded) -> None:
    assert told(loaded, loaded[0].store) == ""


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(
            "delete from requests where rowid = 20",
            "requests have no stored answer",
            id="an-answer-lost",
        ),
        pytest.param(
            "insert into requests select 'another', method, digest, at, body from requests"
            " where method = 'Route' limit 1",
            "requests are stored that nobody sent",
            id="a-request-nobody-sent",
        ),
        pytest.param(
            "delete from assignments where rowid = 20",
            "stored is ''",
            id="an-assignment-lost",
        ),
        pytest.param(
            "update assignments set ended_at = 1 where rowid = 20",
            "has ended",
            id="an-assignment-ended",
        ),
        pytest.param(
            "update assignments set owner_id = 'zoe' where rowid = 20",
            "stored is 'zoe'",
            id="another-owner-than-was-told",
        ),
        pytest.param(
            "update assignments set lead_id = (select lead_id from assignments where rowid = 21)"
            " where rowid = 20",
            "leads have two assignments",
            id="two-assignments-of-one-lead",
        ),
        pytest.param(
            "insert into leads (lead_id, person_id, cycle, stage, created_at, updated_at, body)"
            " select 'twin', person_id, cycle, stage, created_at, updated_at, body"
            " from leads limit 1",
            "rows in leads",
            id="a-lead-twice",
        ),
        pytest.param(
            "update decisions set revision = 'another' where rowid = 20",
            "was told",
            id="another-policy-than-was-told",
        ),
        pytest.param(
            "delete from decisions where rowid = 20",
            "have no decision record",
            id="a-decision-lost",
        ),
        pytest.param("delete from outbox where rowid = 20", "rows in outbox", id="an-event-lost"),
        pytest.param(
            "delete from stage_entries where rowid = 20",
            "rows in stage_entries",
            id="an-entry-lost",
        ),
        pytest.param(
            "delete from activity_ids where rowid = 20",
            "rows in activity_ids",
            id="an-activity-lost",
        ),
    ],
)
def test_a_damaged_record_is_told(loaded: Loaded, tmp_path: Path, damage: str, said: str) -> None:
    assert said in told(loaded, damaged(loaded[0], tmp_path, damage))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(
            "delete from draws where pool = 'even' and number = 3",
            "even: ",
            id="a-turn-forgotten",
        ),
        pytest.param(
            "update draws set lead_id = (select lead_id from draws where pool = 'even' and"
            " number = 4) where pool = 'even' and number = 3",
            "cost two turns",
            id="a-turn-taken-twice",
        ),
        pytest.param(
            "update draws set winner = 'ann' where pool = 'even' and winner = 'bob'",
            "differ by more than one",
            id="an-unfair-pool",
        ),
        pytest.param(
            "update draws set winner = 'xia' where pool = 'weighted'",
            "of weight 5 had 0",
            id="weights-not-kept",
        ),
        pytest.param(
            "update draws set paid = paid - 1 where pool = 'even' and number = 3",
            "decisions and draws differ",
            id="a-turn-that-nobody-decided",
        ),
        pytest.param(
            "update rotation_credits set credit = credit + 1 where rep_id = 'ann'",
            "draws make a credit of",
            id="a-credit-that-is-not-the-sum-of-its-draws",
        ),
        pytest.param(
            "update rotation_credits set credit = credit + 1 where rep_id = 'ann'",
            "its credits sum to 1",
            id="credits-that-do-not-sum-to-zero",
        ),
        pytest.param(
            "delete from queue_places where rowid = (select min(rowid) from queue_places)",
            "without being in the queue",
            id="a-place-in-the-queue-lost",
        ),
        pytest.param(
            "update assignments set owner_id = 'leo' where owner_id = 'ann'",
            "his limit is 5",
            id="a-rep-beyond-his-limit",
        ),
        pytest.param(
            "update assignments set owner_id = 'ann' where owner_id = 'leo'",
            "is below his limit",
            id="a-lead-that-waits-although-somebody-is-free",
        ),
    ],
)
def test_a_damaged_turn_or_queue_is_told(
    loaded: Loaded, tmp_path: Path, damage: str, said: str
) -> None:
    assert said in told(loaded, damaged(loaded[0], tmp_path, damage))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(
            "update decisions set decision ="
            """ replace(decision, '"stage":"mql"', '"stage":"sal"')"""
            " where rowid = (select min(rowid) from decisions where decision like '%:\"mql\"%')",
            "different, stage",
            id="a-decision-that-does-not-follow-from-its-facts",
        ),
        pytest.param(
            "update decisions set semantics = 0 where rowid = 20",
            "recorded under semantics 0",
            id="a-decision-of-other-semantics",
        ),
    ],
)
def test_a_replay_tells_a_decision_that_comes_out_otherwise(
    loaded: Loaded, tmp_path: Path, damage: str, said: str
) -> None:
    replayed = replay_all(damaged(loaded[0], tmp_path, damage))

    assert said in "\n".join(replayed.differences)


def test_answers_that_differ_in_anything_but_replayed_are_told() -> None:
    answers = Answers()
    answers.add("r", routing_pb2.Assignment(lead_id="l", rep_id="ann"))
    answers.add("r", routing_pb2.Assignment(lead_id="l", rep_id="ann", replayed=True))
    assert (answers.broken, answers.answered_twice()) == ([], [])

    answers.add("r", routing_pb2.Assignment(lead_id="l", rep_id="bob", replayed=True))
    assert len(answers.broken) == 1


def test_a_request_that_is_carried_out_twice_is_told() -> None:
    answers = Answers()
    for _ in range(2):
        answers.add("r", routing_pb2.Assignment(lead_id="l", rep_id="ann"))

    assert answers.answered_twice() == ["r"]
