"""What is recorded happened under the old rules: where a lead stands elsewhere by those that are
replayed, it means something else there, or nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.activity import Activity
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Rep
from scoring_service.workflows.diff.counts import Counts
from scoring_service.workflows.diff.past import Arrived, Left, Moment, Past
from scoring_service.workflows.diff.replaying import replay

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
TWO = {
    "pair": {
        "members": [{"rep": "ann"}, {"rep": "bob"}],
        "queue": {"name": "pair-waiting", "owner": "olu"},
    }
}
REPS: dict[str, Any] = {"ann": {}, "bob": {}, "eve": {"active": False}, "olu": {"role": "ops"}}
SMALL: dict[str, Any] = {"employees": 5}
LARGE: dict[str, Any] = {"employees": 500}


@pytest.fixture(scope="module")
def pair(policy_of: Callable[..., Policy]) -> Policy:
    """Ann and Bob share the large firms; small ones are nurtured."""
    routes = [
        {"name": "large", "when": "employees >= 200", "assign": {"pool": "pair"}},
        {"name": "small", "when": "employees < 200", "assign": {"track": "newsletter"}},
    ]
    return policy_of(
        team={"reps": REPS, "pools": TWO, "operators": ["sales-ops"]},
        routing={"routes": routes, "otherwise": {"queue": "triage", "owner": "sales-ops"}},
        lifecycle={
            "tracks": {"newsletter": {"owner": "marketing"}},
            "prefer_previous_owner": False,
        },
    )


def came(hours: float, asked: Asked = Asked.ROUTE, *, demo: bool = False, **fields: Any) -> Arrived:
    """Something happened to the lead; fields of the moment, others of the lead."""
    at = MONDAY + timedelta(hours=hours)
    given_to = fields.pop("given_to", "")
    lead_id = fields.pop("lead_id", "l1")
    lead = Lead(lead_id=lead_id, email=f"{lead_id}@firm.example", source="web", **fields)
    did = (Activity("demo_request", at, f"a{hours}"),) if demo else ()
    return Arrived(at, lead, did, asked=asked, given_to=given_to, changed=bool(did))


def went(hours: float, stage: Stage) -> Left:
    return Left(MONDAY + timedelta(hours=hours), "l1", stage)


@pytest.mark.parametrize(
    ("moments", "owner", "mql"),
    [
        pytest.param(
            [came(0, demo=True, **SMALL), came(1, Asked.REASSIGN, **LARGE)],
            RepOwner("ann"), "qualified",
            id="of a lead that nobody has here nothing is taken, what is new of it may qualify it",
        ),
        pytest.param(
            [came(0, Asked.EVALUATE, **LARGE), came(1, Asked.REASSIGN, **LARGE)],
            TrackOwner("welcome-nurture"), None,
            id="by being taken from somebody no lead becomes an mql that never met the bars",
        ),
        pytest.param(
            [came(0, demo=True, **LARGE), came(1, Asked.REASSIGN, **LARGE)],
            RepOwner("bob"), "qualified",
            id="what a rep has is taken from him",
        ),
        pytest.param(
            [came(0, demo=True, **LARGE), came(1, Asked.ASSIGN, given_to="bob", **LARGE)],
            RepOwner("bob"), "qualified",
            id="a lead given by hand is his who got it",
        ),
        pytest.param(
            [came(0, demo=True, **LARGE), came(1, Asked.ASSIGN, given_to="eve", **LARGE)],
            RepOwner("ann"), "qualified",
            id="to who is no longer active none is given: it stays",
        ),
        pytest.param(
            [came(0, demo=True, **LARGE), came(1, Asked.ASSIGN, given_to="zoe", **LARGE)],
            RepOwner("ann"), "qualified",
            id="nor to who is not in the team",
        ),
        pytest.param(
            [came(0, Asked.ASSIGN, given_to="zoe", **SMALL)],
            TrackOwner("newsletter"), None,
            id="one that is met so is evaluated",
        ),
        pytest.param(
            [came(0, demo=True, **LARGE), came(1, Asked.REASSIGN, **LARGE),
             came(1.5, demo=True, lead_id="l2", **LARGE), went(2, Stage.RECYCLED),
             came(3, Asked.RECYCLED, demo=True, **LARGE)],
            RepOwner("ann"), "qualified",
            id="who was excluded in one visit may be drawn in the next",
        ),
        pytest.param(
            [came(0, demo=True, **LARGE), went(1, Stage.RECYCLED),
             came(2, Asked.RECYCLED, demo=True, **SMALL)],
            TrackOwner("welcome-nurture"), "qualified",
            id="what came back does not where its fit does not hold here",
        ),
        pytest.param(
            [came(0, demo=True, **LARGE), went(1, Stage.RECYCLED),
             came(2, Asked.EVALUATE, demo=True, **LARGE)],
            RepOwner("bob"), "qualified",
            id="what did not come back by the record does by its intent where its fit holds here",
        ),
        pytest.param(
            [came(0, demo=True, **LARGE), went(1, Stage.RECYCLED),
             came(2, Asked.EVALUATE, **LARGE)],
            TrackOwner("welcome-nurture"), "qualified",
            id="by nothing it does not come back",
        ),
        pytest.param(
            [came(0, demo=True, **LARGE), went(1, Stage.RECYCLED),
             came(2, Asked.RECYCLED, **LARGE)],
            RepOwner("bob"), "qualified",
            id="what its date brought back comes back here",
        ),
    ],
)  # fmt: skip
def test_what_happened_to_a_lead_by_other_rules(
    pair: Policy, moments: list[Moment], owner: Owner, mql: str | None
) -> None:
    fate, *_ = replay(pair, Past(tuple(moments))).fates
    assert (fate.owner, fate.mql) == (owner, mql)


def test_a_queue_in_which_nobody_waits_is_not_counted(pair: Policy) -> None:
    found = replay(pair, Past((came(0, demo=True, **LARGE),)))
    assert (found.waiting, found.taken, found.drawn) == ({}, {"ann": 1}, {"pair": 1})
    assert QueueOwner("pair-waiting") not in {fate.owner for fate in found.fates}


@pytest.mark.parametrize(
    ("taken", "back", "counts"),
    [
        pytest.param([1, 2], 1, 1, id="what was given back counts no longer"),
        pytest.param([1, 2], 0, 2, id="what was given before the window takes nothing else away"),
        pytest.param([1, 2], 3, 2, id="nor does what is not known after it"),
        pytest.param([], 1, 0, id="of who was given nothing nothing is taken away"),
        pytest.param([1, 1], 1, 1, id="of two at once one"),
    ],
)
def test_a_lead_given_back_counts_to_no_limit(taken: list[int], back: int, counts: int) -> None:
    rep, found = Rep("ann", per_day_max=9), Counts()
    for hour in taken:
        found.take("ann", MONDAY + timedelta(hours=hour))
    found.give_back("ann", MONDAY + timedelta(hours=back))
    assert found.of(rep, MONDAY + timedelta(hours=5)) == (0, counts, 0)
