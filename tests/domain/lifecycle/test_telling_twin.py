"""Whom a word of the ladder means, in organisations of any shape, beside a twin of a few loops.

An absent manager's notices go to the backup, a missing one's to the next above, at the top to the
escalation contact; nobody is told of himself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.lifecycle.recipients import addressees
from scoring_service.domain.lifecycle.telling import (
    answers_for,
    copied,
    level_of,
    stands_for,
    told_by,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.managers import managers_above
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.team import Leave, Rep

SEEDS = st.integers(0, 2**32)
TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
TOP = "sales-ops"
NAMES = "abcdefgh"
NOW = Leave(date(2026, 3, 2), date(2026, 3, 6))
PAST, AHEAD = Leave(date(2026, 2, 2), date(2026, 3, 2)), Leave(date(2026, 3, 4), date(2026, 3, 9))
WORDS = ["owner", "manager", "manager's manager", "manager's manager's manager", "top", "a", "olga"]


def team_of(policy: Policy, rng: Random) -> Policy:
    """Reps with managers anywhere (rings too), some gone, some away, with backups of any kind."""
    reps = {}
    for name in NAMES:
        manager = rng.choice([None, "nobody", *NAMES])
        backup = rng.choice([None, "nobody", *NAMES])
        leave = rng.choice([(), (), (PAST,), (AHEAD,), (replace(NOW, backup=backup),)])
        gone = rng.random() < 0.2
        reps[name] = Rep(name, calendar="office", manager=manager, leave=leave, active=not gone)
    return replace(policy, reps=reps)


def is_here(policy: Policy, name: str | None) -> bool:
    """Whether a rep is active and not on leave on this Tuesday."""
    rep = policy.reps.get(name or "")
    return rep is not None and rep.active and not any(one.first == NOW.first for one in rep.leave)


def reader_of(policy: Policy, name: str) -> str | None:
    """Who reads what is sent to a rep: himself, his backup where that one is here, or nobody."""
    rep = policy.reps.get(name)
    if rep is None or not rep.active:
        return None
    if is_here(policy, name):
        return name
    backup = rep.leave[0].backup
    return backup if is_here(policy, backup) else None


def above(policy: Policy, name: str) -> Iterator[str]:
    """One manager after the other; a ring ends where somebody would come a second time."""
    met = [name]
    while True:
        rep = policy.reps.get(met[-1])
        if rep is None or rep.manager is None or rep.manager in met:
            return
        met.append(rep.manager)
        yield rep.manager


def twin(policy: Policy, rep_id: str, word: str) -> str:
    if word == "top":
        return TOP
    if word in ("owner", "a", "olga"):
        name = rep_id if word == "owner" else word
        return reader_of(policy, name) or name
    levels = word.count("manager")
    for manager in list(above(policy, rep_id))[levels - 1 :]:
        reader = reader_of(policy, manager)
        if reader is not None and reader != rep_id:
            return reader
    return TOP


@settings(max_examples=300)
@given(seed=SEEDS, word=st.sampled_from(WORDS), rep=st.sampled_from(NAMES))
def test_a_word_means_whom_the_twin_says(policy: Policy, seed: int, word: str, rep: str) -> None:
    team = team_of(policy, Random(seed))
    assert told_by(team, rep, word, TUESDAY) == twin(team, rep, word)


@settings(max_examples=150)
@given(seed=SEEDS, rep=st.sampled_from(NAMES))
def test_of_a_lead_its_owner_is_never_told_as_his_own_manager(
    policy: Policy, seed: int, rep: str
) -> None:
    team = team_of(policy, Random(seed))
    for word in WORDS[1:4]:
        told = told_by(team, rep, word, TUESDAY)
        assert told != rep
        assert told == TOP or is_here(team, told), "whoever is told can read it"


@settings(max_examples=150)
@given(seed=SEEDS, rep=st.sampled_from(NAMES))
def test_managers_are_met_once_each_and_end(policy: Policy, seed: int, rep: str) -> None:
    team = team_of(policy, Random(seed))
    found = list(managers_above(team, rep))
    assert found == list(above(team, rep))
    assert len(set(found)) == len(found)
    assert rep not in found


@settings(max_examples=150)
@given(seed=SEEDS, rep=st.sampled_from(NAMES))
def test_what_is_meant_for_one_reaches_him_or_who_is_there(
    policy: Policy, seed: int, rep: str
) -> None:
    """He himself and, while he is away, who stands in for him; one who is gone has his manager
    told.
    """
    team = team_of(policy, Random(seed))
    found = addressees(team, rep, TUESDAY)
    if not team.reps[rep].active:
        assert found == (twin(team, rep, "manager"),)
        return
    stand_in = reader_of(team, rep)
    assert found == ((rep,) if stand_in in (None, rep) else (rep, stand_in))
    assert copied(team, rep, TUESDAY) == found
    assert stands_for(team, rep, TUESDAY) == stand_in


def test_a_mailbox_is_told_as_it_is(policy: Policy) -> None:
    assert addressees(policy, "olga", TUESDAY) == ("olga",)
    assert told_by(policy, "ann", "olga", TUESDAY) == "olga"


@pytest.mark.parametrize(
    ("word", "level"),
    [
        pytest.param("manager", 1, id="the manager is one above"),
        pytest.param("manager's manager", 2, id="his manager is two above"),
        pytest.param("manager's manager's manager's manager", 4, id="and so on"),
        pytest.param("managers", None, id="a mailbox whose name begins so is a name"),
        pytest.param("manager's", None, id="a word cut off is a name"),
        pytest.param("the manager", None, id="so is one with something before"),
        pytest.param("manager's managers", None, id="or behind"),
        pytest.param("", None, id="nothing is a name of nobody"),
    ],
)
def test_how_far_above_a_word_points(word: str, level: int | None) -> None:
    assert level_of(word) == level


@pytest.mark.parametrize(
    ("opens_in", "told"),
    [
        pytest.param(timedelta(hours=-3), "bob", id="before his hours of a day of leave"),
        pytest.param(timedelta(hours=2), "bob", id="in them"),
        pytest.param(timedelta(hours=8), "max", id="after them he reads it when he is back"),
    ],
)
def test_who_reads_it_is_asked_at_the_next_opening(
    policy: Policy, opens_in: timedelta, told: str
) -> None:
    """The last day of his leave is a Friday; the office is open from nine to five."""
    friday = datetime(2026, 4, 10, 10, 0, tzinfo=UTC)
    assert told_by(policy, "ann", "manager", friday + opens_in) == told


@pytest.mark.parametrize(
    ("queue", "pool", "answers"),
    [
        pytest.param("waiting", "sdr", "olga", id="the owner of the queue of its pool"),
        pytest.param("waiting", "gone", TOP, id="of a pool that is gone the top"),
        pytest.param("by-hand", None, TOP, id="of a queue that no route names the top"),
        pytest.param("intake", None, "sales-ops", id="of intake its owner"),
    ],
)
def test_who_answers_for_a_queue(
    policy: Policy, queue: str, pool: str | None, answers: str
) -> None:
    assert answers_for(policy, QueueOwner(queue), pool) == answers
    assert answers_for(policy, None, pool) == TOP, "what nobody owns is the top's"
    assert answers_for(policy, RepOwner("ann"), pool) == "ann"
    assert answers_for(policy, TrackOwner("not-now"), pool) == "marketing"


def test_a_queue_that_a_route_names_is_answered_for_by_its_owner(files: Mapping[str, str]) -> None:
    """Each route's queue by its own, intake by intake's, and one that nobody names by the top."""
    routing = """
routes:
  - {name: press, when: 'employees >= 5000', assign: {queue: press, owner: paul}}
  - {name: shops, when: 'employees >= 4000', assign: {queue: shops, owner: sue}}
otherwise: {pool: sdr}
"""
    intake = "intake: {queue: desk, owner: ida}\n" + files["lifecycle.yaml"]
    texts = {**files, "routing.yaml": routing, "lifecycle.yaml": intake}
    policy = load(source_of({name: text.encode() for name, text in texts.items()}))
    for queue, answers in (("press", "paul"), ("shops", "sue"), ("desk", "ida"), ("other", TOP)):
        assert answers_for(policy, QueueOwner(queue), None) == answers
