"""Exactly one assignment: whatever is retried, raced, killed or edited meanwhile.

Each run says every promise that broke; benchmarks/long/ has them at full length.
"""

from collections.abc import Callable

import pytest

from benchmarks.load import queue_runs, retry_runs, runs, timer_runs
from benchmarks.load.site import Site

NewSite = Callable[..., Site]
SEED = 20260302

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("engine", "calls", "replicas"),
    [
        pytest.param("sqlite", 2000, 1, id="one-server-on-sqlite"),
        pytest.param("postgresql", 300, 1, id="one-server-on-postgresql"),
        pytest.param("postgresql", 300, 2, id="two-replicas-on-one-postgresql"),
    ],
)
async def test_a_call_sent_three_times_has_one_answer_one_assignment_and_one_turn(
    new_site: NewSite, engine: str, calls: int, replicas: int
) -> None:
    outcome = await runs.load(new_site(engine, fresh=True), calls, SEED, replicas)

    assert outcome.broken == []


@pytest.mark.parametrize(
    ("engine", "kills", "replicas"),
    [
        pytest.param("sqlite", 3, 1, id="the-only-server-on-sqlite"),
        pytest.param("postgresql", 2, 2, id="one-of-two-replicas-on-postgresql"),
    ],
)
async def test_what_was_acknowledged_outlives_a_server_that_is_killed(
    new_site: NewSite, engine: str, kills: int, replicas: int
) -> None:
    outcome = await runs.killed(new_site(engine), 200, kills, SEED, replicas)

    assert outcome.broken == []
    assert outcome.figures["kills"] == kills


async def test_a_caller_who_gives_up_early_and_asks_again_has_one_answer(new_site: NewSite) -> None:
    outcome = await runs.hasty(new_site("sqlite"), 200, SEED)

    assert outcome.broken == []
    assert outcome.figures["given up"]


async def test_a_connection_that_breaks_around_commit_costs_no_answer_and_no_turn(
    new_site: NewSite,
) -> None:
    outcome = await runs.cut(new_site("postgresql"), 200, 6, SEED)

    assert outcome.broken == []
    assert outcome.figures["cut"] == 6


@pytest.mark.parametrize(
    ("engine", "replicas"),
    [
        pytest.param("sqlite", 1, id="one-server-on-sqlite"),
        pytest.param("postgresql", 2, id="two-replicas-on-postgresql"),
    ],
)
async def test_rules_edited_under_load_fail_no_call_and_a_careless_edit_changes_nothing(
    new_site: NewSite, engine: str, replicas: int
) -> None:
    outcome = await runs.edited(new_site(engine), 200, 3, SEED, replicas)

    assert outcome.broken == []
    assert (outcome.figures["revisions"], outcome.figures["broken edits"]) == (3, replicas)


async def test_a_retry_has_its_first_answer_although_one_of_its_attributes_was_removed(
    new_site: NewSite,
) -> None:
    outcome = await retry_runs.attribute_removed(new_site("sqlite"), 40, SEED)

    assert outcome.broken == []


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
async def test_weights_5_1_1_give_a_a_b_a_c_a_a(new_site: NewSite, engine: str) -> None:
    outcome = await queue_runs.weights(new_site(engine), 2, SEED)

    assert outcome.broken == []


async def test_leads_beyond_every_limit_wait_and_are_drained_oldest_first_when_it_is_raised(
    new_site: NewSite,
) -> None:
    outcome = await queue_runs.queue(new_site("sqlite", limit=3), 80, SEED)

    assert outcome.broken == []


async def test_timers_that_fall_due_while_a_replica_is_killed_fire_exactly_once(
    new_site: NewSite,
) -> None:
    outcome = await timer_runs.killed_while_due(new_site("postgresql"), 300, 1, SEED)

    assert outcome.broken == []
