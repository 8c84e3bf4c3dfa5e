"""How pools share: reps in several pools, pools that fall back to pools, by role and team, members
with a condition, newcomers; and queues drained oldest first.
"""

from collections import Counter
from typing import Any

import pytest

from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from tests.workflows.firing.conftest import CALENDARS, TEAM, demo, is_whole, wants

ROUTES = [
    {"name": "german", "when": 'country == "DE"', "assign": {"pool": "first"}, "below_bar": True},
    {"name": "others", "when": "employees >= 10", "assign": {"pool": "second"}, "below_bar": True},
]
OTHERWISE = {"queue": "triage", "owner": "sales-ops"}
REPS = {name: {"calendar": "office"} for name in ("ann", "bob", "cat", "dan")}


@pytest.fixture
def sharing(policy_of: Any, open_desk: Any) -> Any:
    """Opens a desk of a team with these pools and reps; German leads go to the pool first, others
    to second.
    """

    def make(pools: dict[str, Any], name: str = "sharing", **reps: dict[str, Any]) -> Any:
        return open_desk(name, rules(policy_of, pools, **reps))

    return make


def rules(policy_of: Any, pools: dict[str, Any], **reps: dict[str, Any]) -> Any:
    """The policy of a team with these pools and changes of its reps."""
    team = {"reps": {**REPS, **reps}, "pools": pools, "operators": TEAM["operators"]}
    routing = {"routes": ROUTES, "otherwise": OTHERWISE}
    return policy_of(team=team, calendars=CALENDARS, routing=routing)


async def come(desk: Any, count: int, start: int = 0, **fields: Any) -> list[Any]:
    """Leads arrive a second apart; who has each."""
    owners = []
    for i in range(start, start + count):
        desk.clock.advance(seconds=1)
        await desk.route(wants(i, **fields), activities=(demo(i, desk.clock.now),))
        owners.append((await desk.lead(f"l{i}")).owner)
    return owners


def members(*reps: str) -> list[dict[str, str]]:
    """Members of a pool."""
    return [{"rep": rep} for rep in reps]


async def test_a_rep_in_two_pools_has_a_turn_of_his_own_in_each(sharing: Any) -> None:
    pools = {"first": {"members": members("ann", "bob")}, "second": {"members": members("ann")}}
    desk = sharing(pools)
    assert Counter(await come(desk, 4, country="DE")) == {RepOwner("ann"): 2, RepOwner("bob"): 2}
    assert await come(desk, 3, 10) == [RepOwner("ann")] * 3, "others take no turn in the first"
    after = Counter(await come(desk, 4, 20, country="DE"))
    assert after == {RepOwner("ann"): 2, RepOwner("bob"): 2}
    assert await is_whole(desk)


async def test_a_rep_in_two_pools_has_one_limit_over_both(sharing: Any) -> None:
    pools = {"first": {"members": members("ann")}, "second": {"members": members("ann")}}
    desk = sharing(pools, ann={"calendar": "office", "open_leads_max": 2})
    assert await come(desk, 1, country="DE") == [RepOwner("ann")]
    assert await come(desk, 2, 10) == [RepOwner("ann"), QueueOwner("second")]
    assert await come(desk, 1, 20, country="DE") == [QueueOwner("first")]


NESTED = {
    "first": {"members": members("ann"), "fallback": ["second"]},
    "second": {"members": members("bob"), "fallback": ["third"]},
    "third": {"members": members("cat")},
}


async def test_a_pool_falls_back_to_the_fallbacks_of_its_fallbacks(sharing: Any) -> None:
    full = {"calendar": "office", "open_leads_max": 1}
    desk = sharing(NESTED, ann=full, bob=full, cat=full)
    owners = await come(desk, 4, country="DE")
    assert owners == [RepOwner("ann"), RepOwner("bob"), RepOwner("cat"), QueueOwner("first")]
    assert await is_whole(desk)


async def test_who_is_freed_deep_in_the_fallbacks_takes_the_one_that_waits_longest(
    sharing: Any, policy_of: Any
) -> None:
    none = {"calendar": "office", "open_leads_max": 0}
    desk = sharing(NESTED, ann=none, bob=none, cat=none)
    await come(desk, 2, country="DE")
    await come(desk, 1, 10)
    await come(desk, 1, 20, country="DE")
    two = {"calendar": "office", "open_leads_max": 2}
    await desk.activate(rules(policy_of, NESTED, ann=none, bob=none, cat=two))
    await desk.drain()
    has = {f"l{i}": (await desk.lead(f"l{i}")).owner for i in (0, 1, 10, 20)}
    assert has["l0"] == has["l1"] == RepOwner("cat"), "oldest first, whichever pool they wait for"
    assert (has["l10"], has["l20"]) == (QueueOwner("second"), QueueOwner("first"))
    assert await is_whole(desk)


async def test_a_pool_of_a_role_and_a_team_loses_its_leavers_and_gains_who_joins(
    sharing: Any, policy_of: Any
) -> None:
    pools = {"first": {"role": "sdr", "team": "west"}, "second": {"role": "sdr"}}
    west = {"calendar": "office", "role": "sdr", "team": "west", "manager": "dan"}
    desk = sharing(pools, ann=west, bob=west, cat={**west, "team": "east"})
    owners = await come(desk, 4, country="DE")
    assert Counter(owners) == {RepOwner("ann"): 2, RepOwner("bob"): 2}
    gone = {**west, "active": False}
    await desk.activate(rules(policy_of, pools, ann=gone, bob=west, cat=west))
    await desk.drain()
    assert RepOwner("ann") not in await come(desk, 4, 10, country="DE")
    held = [(await desk.lead(f"l{i}")).owner for i in range(4)]
    assert RepOwner("ann") not in held, "his book is handed over"
    assert await is_whole(desk)


async def test_one_who_joins_begins_without_a_debt_and_is_not_flooded(
    sharing: Any, policy_of: Any
) -> None:
    pools = {"first": {"members": members("ann", "bob")}, "second": {"members": members("ann")}}
    desk = sharing(pools)
    await come(desk, 20, country="DE")
    more = {**pools, "first": {"members": members("ann", "bob", "cat")}}
    await desk.activate(rules(policy_of, more))
    after = await come(desk, 6, 30, country="DE")
    assert Counter(after) == dict.fromkeys(map(RepOwner, ("ann", "bob", "cat")), 2)


async def test_a_member_with_a_condition_is_drawn_for_what_he_takes_only(sharing: Any) -> None:
    takes = [{"rep": "ann", "when": 'industry == "software"'}, {"rep": "bob"}]
    desk = sharing({"first": {"members": takes}, "second": {"members": members("bob")}})
    assert await come(desk, 3, country="DE") == [RepOwner("bob")] * 3
    both = Counter(await come(desk, 4, 10, country="DE", industry="software"))
    assert both == {RepOwner("ann"): 2, RepOwner("bob"): 2}, "his credit is frozen meanwhile"


async def test_a_weight_of_two_has_twice_the_leads_at_every_third(sharing: Any) -> None:
    weighed = [{"rep": "ann", "weight": 2}, {"rep": "bob"}]
    desk = sharing({"first": {"members": weighed}, "second": {"members": members("bob")}})
    owners = [owner.id for owner in await come(desk, 9, country="DE")]
    assert [owners[i : i + 3].count("ann") for i in (0, 3, 6)] == [2, 2, 2]
    assert (await desk.lead("l0")).stage is Stage.MQL
