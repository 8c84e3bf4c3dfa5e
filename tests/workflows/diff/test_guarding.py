"""What the guard finds: of the latest leads in a store, how many other rules give another owner."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.guard import Guard
from scoring_service.values.lead import Lead
from scoring_service.workflows.diff.guarding import Judged, guard_between, judged, told
from scoring_service.workflows.diff.latest import latest_leads
from scoring_service.workflows.diff.past import Arrived

REPS = {"ann": {}, "bob": {}, "cat": {"open_leads_max": 2}, "olu": {"role": "ops"}}
POOLS = {
    "west": {"members": [{"rep": "ann"}, {"rep": "bob"}], "queue": {"name": "w", "owner": "olu"}},
    "east": {"members": [{"rep": "cat"}], "queue": {"name": "e", "owner": "olu"}},
}
TEAM = {"reps": REPS, "pools": POOLS, "operators": ["sales-ops"]}
WEST = {"name": "everybody", "when": "employees >= 10", "assign": {"pool": "west"}}
EAST = {"name": "german", "when": 'country == "DE"', "assign": {"pool": "east"}}
FRENCH = {"name": "french", "when": 'country == "FR"', "assign": {"track": "newsletter"}}
ALWAYS = {"owners_changed_max": "20%", "leads": 10}


@pytest.fixture(scope="module")
def rules(policy_of: Callable[..., Policy]) -> Callable[..., Policy]:
    """The team's rules with these routes and this guard."""

    def make(*routes: Any, guard: Any = None, **team: Any) -> Policy:
        otherwise = {"queue": "triage", "owner": "sales-ops"}
        file = {"routes": list(routes), "otherwise": otherwise}
        file |= {"guard": guard} if guard else {}
        return policy_of(team={**TEAM, **team}, routing=file)

    return make


async def come(desk: Any, clock: Any, *countries: str, first: int = 0) -> None:
    """A lead an hour from each country."""
    for n, country in enumerate(countries, first):
        clock.advance(hours=1)
        await desk.route(Lead(f"l{n}", country=country, employees=50))


async def found(desk: Any, new: Policy, guard: Guard) -> Judged:
    active, at = desk.policy, desk.clock.now
    told: Judged = await desk.store.read(lambda reader: judged(reader, guard, active, new, at))
    return told


@pytest.mark.parametrize(
    ("most", "refused"),
    [
        pytest.param(0.1, True, id="more-than-allowed-is-refused"),
        pytest.param(0.2, False, id="as-many-as-allowed-pass"),
        pytest.param(1.0, False, id="all-may-change"),
    ],
)
async def test_the_leads_that_change_owner_are_counted_among_the_latest(
    most: float, refused: bool, rules: Any, open_desk: Any, clock: Any
) -> None:
    desk = open_desk("desk", rules(WEST))
    await come(desk, clock, *["GB"] * 5, *["FR", "GB", "GB", "GB", "GB"])
    found_here = await found(desk, rules(FRENCH, WEST), Guard(most, 5))
    assert (found_here.leads, found_here.changed) == (5, 5), "one goes, the turns of all shift"
    assert found_here.swapped == 4
    only_moves = Guard(most, 5, swaps_count=False)
    spared = await found(desk, rules(FRENCH, WEST), only_moves)
    assert (spared.counted, spared.refused) == (1, refused)
    assert found_here.refused == (most < 1)
    assert dict(found_here.loads)["track welcome-nurture"].new == 1


async def test_of_fewer_leads_than_asked_all_are_looked_at(
    rules: Any, open_desk: Any, clock: Any
) -> None:
    desk = open_desk("desk", rules(WEST))
    await come(desk, clock, "FR", "GB", "GB")
    found_here = await found(desk, rules(FRENCH, WEST), Guard(0.1, 500))
    assert (found_here.leads, found_here.refused) == (3, True)


async def test_without_a_lead_nothing_is_refused(rules: Any, open_desk: Any, clock: Any) -> None:
    desk = open_desk("desk", rules(WEST))
    await desk.run(lambda tx, policy, now: None)
    found_here = await found(desk, rules(FRENCH), Guard(0.0, 10))
    assert (found_here.leads, found_here.refused) == (0, False)


async def test_the_same_rules_change_no_owner_whatever_happened_before_the_window(
    rules: Any, open_desk: Any, clock: Any
) -> None:
    desk = open_desk("desk", rules(EAST, WEST))
    await come(desk, clock, "DE", "GB", "GB", "GB", "DE", "DE", "GB", "DE", "GB")
    past = await desk.store.read(lambda reader: latest_leads(reader, 4, desk.policy.reps))
    assert [moment.lead.lead_id for moment in past.moments if isinstance(moment, Arrived)] == [
        "l5",
        "l6",
        "l7",
        "l8",
    ]
    assert dict(past.held)["cat"] == 2, "what reps hold of earlier leads counts to their limits"
    assert dict(past.held)["ann"] + dict(past.held)["bob"] == 3
    found_here = await found(desk, rules(EAST, WEST, guard=ALWAYS), Guard(0.0, 4))
    assert (found_here.leads, found_here.changed) == (4, 0)


async def test_the_window_begins_with_the_rotation_of_then(
    rules: Any, open_desk: Any, clock: Any
) -> None:
    desk = open_desk("desk", rules(WEST))
    await come(desk, clock, *["GB"] * 3)
    then = await desk.run(lambda tx, policy, now: tx.rotation("west"))
    await come(desk, clock, *["GB"] * 4, first=3)
    past = await desk.store.read(lambda reader: latest_leads(reader, 4, desk.policy.reps))
    (rotation,) = past.rotations
    assert {c.rep_id: c.credit for c in rotation.credits} == {
        c.rep_id: c.credit for c in then.credits
    }


async def test_a_lead_that_comes_again_is_one_lead(rules: Any, open_desk: Any, clock: Any) -> None:
    desk = open_desk("desk", rules(WEST))
    await come(desk, clock, "GB", "FR", "GB")
    clock.advance(hours=1)
    again = Lead("l0", country="FR", employees=50)
    await desk.route(again)
    past = await desk.store.read(lambda reader: latest_leads(reader, 2, desk.policy.reps))
    assert {m.lead.lead_id for m in past.moments if isinstance(m, Arrived)} == {"l0", "l2"}


def test_the_guard_is_that_of_the_rules_that_decide_else_the_new_ones_own(rules: Any) -> None:
    strict, loose = rules(WEST, guard=ALWAYS), rules(WEST, guard={"owners_changed_max": "50 %"})
    assert guard_between(strict, loose) == Guard(0.2, 10), "an edit does not lift its own guard"
    assert guard_between(rules(WEST), loose) == Guard(0.5, 500)
    assert guard_between(rules(WEST), rules(EAST, WEST)) is None


async def test_a_refusal_names_the_figures_and_what_to_do(
    rules: Any, open_desk: Any, clock: Any
) -> None:
    desk = open_desk("desk", rules(WEST))
    await come(desk, clock, "FR", "GB", "FR", "GB")
    found_here = await found(desk, rules(FRENCH, WEST), Guard(0.1, 500))
    said = told(found_here, "abc", "rules-next", clock.now)
    assert "revision abc would change the owner of 3 of the last 4 leads (75%" in said
    assert "guard of routing.yaml allows 10%" in said
    assert "pool west 4 -> 2, track welcome-nurture 0 -> 2" in said
    assert "leadscoring rules diff active rules-next --store URL --since 4h" in said
    assert "leadscoring rules force abc --actor YOU --reason WHY" in said
