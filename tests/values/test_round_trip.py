"""What is stored as JSON comes back equal: facts and decisions are replayed from it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.values.account import Account, AccountMatch, MatchedBy, NamedAccount
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.decision import Cause, Considered, Decision, Draw, Passed, RouteError
from scoring_service.values.facts import Asked, Facts, MemberFacts, PoolFacts, Waiting
from scoring_service.values.instant import micros
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import (
    Bar,
    Contribution,
    Dimension,
    HeldBar,
    Quadrant,
    Score,
    WinProbability,
)
from scoring_service.values.stage import Stage

NOW = datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC)
LEAD = Lead(
    lead_id="l-1",
    email="ann@example.com",
    employees=250,
    annual_revenue=1.5e6,
    technologies=("go", "rust"),
    do_not_contact=False,
    attributes={"plan": "pro", "seats": 3, "ratio": 0.1, "trial": True, "tags": ("a",)},
)
SCORE = Score(
    fit=60.0,
    behaviour=0.1 + 0.2,
    fit_grade="B",
    behaviour_level=2,
    quadrant=Quadrant.NURTURE,
    mql_ready=False,
    bars=(Bar("fit", 60.0, 40.0, met=True),),
    contributions=(
        Contribution(Dimension.FIT, "size", 60.0),
        Contribution(Dimension.BEHAVIOUR, "visit", 0.3, micros(NOW), 0.5),
        Contribution(Dimension.BEHAVIOUR, "call", 0.0, count=3),
    ),
    as_of=NOW,
    policy_revision="r1",
    qualified_until=NOW + timedelta(days=3),
    win_probability=WinProbability(0.12, 0.0001, 0.9999),
    sql_ready=False,
    model_version="m1",
)
STATE = BehaviourState("visit", 1 / 3, NOW, 2, NOW, "v1", (NOW - timedelta(days=1), NOW))
ACCOUNT = Account("acme", "Acme", ("acme.de",), "DE", None, "ann", {"tier": "gold"})
MATCH = AccountMatch(ACCOUNT, MatchedBy.DOMAIN, "ann", "acme", ("acme", "acme-us"))
NAMED = AccountMatch(
    ACCOUNT,
    MatchedBy.NAME,
    "ann",
    "acme",
    ("acme",),
    named=(
        NamedAccount("acme", "acme", 0.1 + 0.2, ("akme ~ acme",), ("paris",), ("group",)),
        NamedAccount("b", "acme tools", 0.7),
    ),
)
POOL = PoolFacts(
    "sdr",
    (MemberFacts("ann", -333_333_333_333, 7, 3, 1, 2), MemberFacts("bob")),
    8,
    (Waiting("l-0", NOW, ("bob",)),),
    1,
)
FACTS = Facts(
    lead=LEAD,
    now=NOW,
    policy_revision="r1",
    asked=Asked.REASSIGN,
    stage=Stage.MQL,
    is_new=False,
    behaviour=(STATE,),
    held_bars=(HeldBar("fit", 40.0), HeldBar("behaviour", 40.0, NOW)),
    visit_bars=(40.0, 35.0),
    account=MATCH,
    owner=RepOwner("ann"),
    excluded=("ann",),
    arms={"lower-bar": "control"},
    pools=(POOL,),
)
DECISION = Decision(
    owner=RepOwner("bob"),
    cause=Cause.REASSIGNED,
    score=SCORE,
    stage=Stage.MQL,
    route="everybody",
    row=17,
    pool="sdr",
    considered=(
        Considered("ann", Passed.EXCLUDED, "had it", "sdr"),
        Considered("bob", Passed.CHOSEN),
    ),
    draw=Draw("sdr", 8, "bob", (("bob", 10**12),), 10**12),
    errors=(RouteError("emea", "region is null"),),
    respond_by=NOW,
)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(LEAD, id="a lead with attributes of every type"),
        pytest.param(Lead(), id="a lead of whom nothing is known"),
        pytest.param(Activity("visit", NOW, "a-1", source="mail"), id="an activity"),
        pytest.param(STATE, id="a behaviour state"),
        pytest.param(ACCOUNT, id="an account"),
        pytest.param(MATCH, id="an account match"),
        pytest.param(NAMED, id="an account match by name"),
        pytest.param(AccountMatch(candidates=("a", "b"), ambiguous=True), id="an ambiguous one"),
        pytest.param(SCORE, id="a whole score"),
        pytest.param(POOL, id="a pool as the store knew it"),
        pytest.param(FACTS, id="the facts of a decision"),
        pytest.param(Facts(Lead(), NOW, "r1"), id="the least facts"),
        pytest.param(DECISION, id="a decision"),
    ],
)
def test_a_value_comes_back_from_json_equal(value: msgspec.Struct) -> None:
    written = msgspec.json.encode(value)
    again = msgspec.json.decode(written, type=type(value))
    assert again == value
    assert msgspec.json.encode(again) == written, "and is written the same way again"


@pytest.mark.parametrize("owner", [RepOwner("ann"), QueueOwner("triage"), TrackOwner("welcome")])
def test_an_owner_comes_back_as_what_it_was(owner: Owner) -> None:
    assert msgspec.json.decode(msgspec.json.encode(owner), type=Owner) == owner


def test_what_is_not_known_is_not_written() -> None:
    assert msgspec.json.encode(Lead(lead_id="l-1")) == b'{"lead_id":"l-1"}'


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda: setattr(LEAD, "country", "DE"), id="a lead"),
        pytest.param(lambda: setattr(SCORE, "fit", 0.0), id="a score"),
        pytest.param(lambda: setattr(STATE, "count", 0), id="a state"),
    ],
)
def test_values_do_not_change(change: Callable[[], Any]) -> None:
    with pytest.raises(AttributeError):
        change()


instants = st.datetimes(timezones=st.just(UTC))
numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.builds(
        BehaviourState,
        st.text(max_size=20),
        numbers,
        instants,
        st.integers(0, 10**9),
        instants,
        st.text(max_size=12),
        st.lists(instants, max_size=4).map(tuple),
    )
)
def test_no_bit_of_a_state_is_lost(state: BehaviourState) -> None:
    assert msgspec.json.decode(msgspec.json.encode(state), type=BehaviourState) == state


attributes = st.dictionaries(
    st.text(max_size=8),
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | numbers
    | st.text(max_size=12)
    | st.lists(st.text(max_size=5), max_size=3).map(tuple),
    max_size=5,
)


@given(st.builds(Lead, st.text(max_size=8), attributes=attributes))
def test_attributes_keep_value_and_type(lead: Lead) -> None:
    again = msgspec.json.decode(msgspec.json.encode(lead), type=Lead)
    assert again == lead
    assert [type(v) for v in again.attributes.values()] == [
        type(v) for v in lead.attributes.values()
    ]
