"""Whose fate is known before a replay, and that knowing it changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.domain.policy import Policy
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED
from scoring_service.workflows.diff.first_scores import first_arrivals
from scoring_service.workflows.diff.foreknown import Foreknown, comes_once, foreknown, met_first
from scoring_service.workflows.diff.past import Arrived, Moment, Past
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.results import Fate

PastOf = Callable[[int, int], tuple[Moment, ...]]
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LEAD = Lead(lead_id="one", email="one@firm.example", source="web", employees=5)


@pytest.fixture(scope="module")
def old(team_policy: Callable[..., Policy]) -> Policy:
    """The team's rules: small firms go to a track, others are drawn for."""
    return team_policy()


@pytest.fixture(scope="module")
def new(team_policy: Callable[..., Policy]) -> Policy:
    """The team's rules with all firms drawn for."""
    return team_policy([{"name": "all", "when": "employees >= 1", "assign": {"pool": "large"}}])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_what_is_known_before_changes_nothing(
    seed: int, old: Policy, new: Policy, past_of: PastOf
) -> None:
    past = Past(past_of(seed, 40))
    arrivals = list(first_arrivals(past))
    assert len({moment.lead.lead_id for moment in arrivals}) == len(arrivals)
    met = met_first((old, new), arrivals, comes_once(past))
    for nth, policy in enumerate((old, new)):
        known, unknowing = foreknown(met, nth), replay(policy, past)
        assert replay(policy, past, known) == unknowing
        assert replay(policy, past, Foreknown(fates=known.fates)) == unknowing


def test_time_passes_to_the_end_though_the_last_fates_are_known(
    old: Policy, past_of: PastOf
) -> None:
    moments = past_of(4, 60)
    last = as_small_firm(moments[0], moments[-1].at + timedelta(days=3))
    past = Past((*moments, last))
    known = foreknown(met_first((old,), first_arrivals(past), comes_once(past)))
    assert last.lead.lead_id in known.fates
    found = replay(old, past, known)
    assert found == replay(old, past)
    assert found.taken != replay(old, Past(moments)).taken


def as_small_firm(moment: Moment, at: datetime) -> Arrived:
    """Somebody whom no pool is asked for."""
    assert isinstance(moment, Arrived)
    lead = msgspec.structs.replace(moment.lead, lead_id="last", employees=3)
    return Arrived(at, lead)


def fates(policy: Policy, *moments: Moment) -> dict[str, Fate]:
    """Those that are known before."""
    past = Past(moments)
    return dict(foreknown(met_first((policy,), first_arrivals(past), comes_once(past))).fates)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"lead": {"employees": 50}}, id="a-pool-is-asked-for"),
        pytest.param({"lead": {"employees": None}}, id="a-queue-of-sales-has-it"),
        pytest.param({"pinned_rep": "ann"}, id="it-is-pinned-to-a-rep"),
        pytest.param({"asked": Asked.EVALUATE}, id="something-else-was-asked"),
        pytest.param({"asked": Asked.ASSIGN, "given_to": "ann"}, id="it-was-given-by-hand"),
    ],
)
def test_a_fate_in_which_others_have_a_part_is_not_known_before(
    old: Policy, changes: dict[str, Any]
) -> None:
    alone = Arrived(START, LEAD)
    assert fates(old, alone)["one"].route == "small firms"
    lead = msgspec.structs.replace(LEAD, **changes.pop("lead", {}))
    assert fates(old, msgspec.structs.replace(alone, lead=lead, **changes)) == {}


def test_a_lead_that_comes_again_has_no_fate_that_is_known_before(old: Policy) -> None:
    again = Arrived(START + timedelta(hours=1), LEAD, asked=Asked.EVALUATE)
    assert fates(old, Arrived(START, LEAD), again) == {}


def test_a_lead_that_must_not_be_contacted_is_known_to_be_suppressed(old: Policy) -> None:
    moment = Arrived(START, msgspec.structs.replace(LEAD, employees=50, do_not_contact=True))
    assert fates(old, moment)["one"].owner == SUPPRESSED
    assert replay(old, Past((moment,))).fates == tuple(fates(old, moment).values())


def test_a_score_is_kept_only_of_those_whose_fates_are_not_all_known(
    old: Policy, new: Policy
) -> None:
    small = Arrived(START, LEAD)
    large = Arrived(START, msgspec.structs.replace(LEAD, lead_id="two", employees=50))
    alone, drawn = met_first((old, old), (small, large), {"one", "two"})
    assert None not in alone.fates
    assert alone.score is None
    assert drawn.fates == (None, None)
    assert drawn.score is not None
    (either,) = met_first((old, new), (small,), {"one"})
    assert either.fates == (alone.fates[0], None)
    assert either.score is not None
