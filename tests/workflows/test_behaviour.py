"""What is kept of a lead's behaviour is what its events say, however they came and were scored."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.state import rebuild
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.behaviour import NO_ACTIVITIES, rebuilt, with_behaviour
from tests.workflows.conftest import FILES

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
TYPES = ("pricing_page_view", "demo_request", "unsubscribe", "unheard_of")


class Events:
    """What leads did, as a store has it."""

    def __init__(self, did: Sequence[Activity] = ()) -> None:
        self.did, self.asked = tuple(did), 0

    def activities(self, lead_id: str) -> Sequence[Activity]:
        """Everything the lead did, by time; and counts that it was asked for."""
        self.asked += 1
        return sorted(self.did, key=lambda one: one.occurred_at)


def a_lead(stage: Stage = Stage.MQL, recycled_at: datetime | None = None) -> StoredLead:
    return StoredLead(Lead("l1"), "p", stage, NOW, NOW, NOW, recycled_at=recycled_at)


def did(type_: str, hours_ago: float) -> Activity:
    return Activity(type_, NOW - hours_ago * HOUR, f"{type_}-{hours_ago}")


def facts(states: Sequence[BehaviourState]) -> dict[str, Any]:
    """What two ways to the same states must agree on."""
    return {
        state.type: (state.count, state.newest, pytest.approx(state.total, abs=1e-9))
        for state in states
        if state.count
    }


@pytest.fixture(scope="module")
def faster(policy_of: Callable[..., Policy]) -> Policy:
    """The rules with page views that fade in a day."""
    behaviour = FILES["scoring"]["behaviour"]
    view = {**behaviour["activities"]["pricing_page_view"], "half_life": "1d"}
    activities = {**behaviour["activities"], "pricing_page_view": view}
    return policy_of(
        scoring={**FILES["scoring"], "behaviour": {**behaviour, "activities": activities}}
    )


STEPS = st.lists(
    st.lists(st.tuples(st.sampled_from(TYPES), st.integers(0, 400)), max_size=4),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40)
@given(steps=STEPS, swaps=st.lists(st.booleans(), min_size=5, max_size=5))
def test_a_state_is_that_of_all_events_by_the_rules_of_today(
    policy: Policy,
    faster: Policy,
    steps: list[list[tuple[str, int]]],
    swaps: list[bool],
) -> None:
    """Taken in by any batches, in any order, with reloads of the scoring between them."""
    lead, events = a_lead(), Events()
    for step, swap in zip(steps, swaps, strict=False):
        judged_by = faster if swap else policy
        new = [did(type_, hours) for type_, hours in step]
        lead = with_behaviour(events, judged_by, lead, new, NOW)
        events.did += tuple(new)
        assert facts(lead.behaviour) == facts(rebuild(judged_by.scoring, events.did, NOW))
        assert lead.behaviour_since_recycling == ()


@settings(max_examples=40)
@given(
    steps=STEPS, swaps=st.lists(st.booleans(), min_size=5, max_size=5), since=st.integers(0, 400)
)
def test_of_a_recycled_lead_what_it_did_since_is_kept_apart(
    policy: Policy,
    faster: Policy,
    steps: list[list[tuple[str, int]]],
    swaps: list[bool],
    since: int,
) -> None:
    """Strictly after the instant: what happened at it is what it was recycled in spite of."""
    recycled_at = NOW - since * HOUR
    lead, events = a_lead(Stage.RECYCLED, recycled_at), Events()
    for step, swap in zip(steps, swaps, strict=False):
        judged_by = faster if swap else policy
        new = [did(type_, hours) for type_, hours in step]
        lead = with_behaviour(events, judged_by, lead, new, NOW)
        events.did += tuple(new)
        later = [one for one in events.did if one.occurred_at > recycled_at]
        apart = lead.behaviour_since_recycling
        assert facts(apart) == facts(rebuild(judged_by.scoring, later, NOW))
        assert facts(lead.behaviour) == facts(rebuild(judged_by.scoring, events.did, NOW))


def test_the_events_are_read_only_where_their_scoring_changed(
    policy: Policy, faster: Policy
) -> None:
    """It costs the same however much the lead did before."""
    events = Events([did("pricing_page_view", 30)])
    lead = with_behaviour(NO_ACTIVITIES, policy, a_lead(), events.did, NOW)
    lead = with_behaviour(events, policy, lead, [did("demo_request", 1)], NOW)
    assert events.asked == 0
    anew = with_behaviour(events, faster, lead, (), NOW)
    assert events.asked == 1
    again = with_behaviour(events, faster, anew, (), NOW)
    assert (events.asked, again.behaviour) == (1, anew.behaviour)


def test_a_reload_that_scores_another_type_otherwise_reads_nothing(
    policy: Policy, faster: Policy
) -> None:
    events = Events([did("demo_request", 5)])
    lead = with_behaviour(NO_ACTIVITIES, policy, a_lead(), events.did, NOW)
    after = with_behaviour(events, faster, lead, (), NOW)
    assert (events.asked, after.behaviour) == (0, lead.behaviour)


def test_what_was_never_done_is_nothing(policy: Policy) -> None:
    lead = with_behaviour(NO_ACTIVITIES, policy, a_lead(), (), NOW)
    assert (lead.behaviour, lead.behaviour_since_recycling, lead.model_behaviour) == ((), (), ())


@pytest.mark.parametrize(
    ("stage", "recycled", "since"),
    [
        pytest.param(Stage.NURTURE, False, 0, id="who never was recycled has nothing apart"),
        pytest.param(Stage.RECYCLED, True, 1, id="of who is, what came after it"),
        pytest.param(Stage.MQL, True, 1, id="of who came back too: it was what brought him"),
    ],
)
def test_made_anew_after_a_merge_it_is_that_of_both(
    policy: Policy, stage: Stage, recycled: bool, since: int
) -> None:
    both = [did("pricing_page_view", 50), did("pricing_page_view", 3), did("unsubscribe", 40)]
    lead = a_lead(stage, NOW - 10 * HOUR if recycled else None)
    half = with_behaviour(NO_ACTIVITIES, policy, lead, both[:1], NOW)
    made = rebuilt(Events(both), policy, half, NOW)
    assert facts(made.behaviour) == facts(rebuild(policy.scoring, both, NOW))
    assert sum(state.count for state in made.behaviour_since_recycling) == since


def test_made_anew_it_is_the_same_once_more(policy: Policy) -> None:
    both = [did("pricing_page_view", 50), did("demo_request", 3)]
    lead = a_lead(Stage.RECYCLED, NOW - 10 * HOUR)
    made = rebuilt(Events(both), policy, lead, NOW)
    assert rebuilt(Events(both), policy, made, NOW) == made
    assert msgspec.structs.replace(made, behaviour=(), behaviour_since_recycling=()) == lead
