"""What an earlier version wrote is read for ever: a field it did not know has its plain meaning."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from scoring_service.values.account import Account, AccountMatch, MatchedBy
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.decision import Cause, Considered, Decision, Draw, Passed
from scoring_service.values.facts import (
    MEMBERS_MAX,
    SEMANTICS_VERSION,
    WAITING_LOOKED_AT_MAX,
    Asked,
    Facts,
    MemberFacts,
    PoolFacts,
    Waiting,
)
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import Contribution, Dimension, HeldBar, Quadrant, Score
from scoring_service.values.stage import FINISHED, PATH, Stage
from scoring_service.values.team import Counts, Hours, Member, Order, Pool, Queue, Rep

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
AT = '"2026-03-02T10:00:00Z"'
SCORE = (
    '{"fit":60.0,"behaviour":0.5,"fit_grade":"B","behaviour_level":4,"quadrant":"nurture",'
    f'"mql_ready":false,"bars":[],"contributions":[],"as_of":{AT},"policy_revision":"r1"}}'
)


def read(text: str, kind: Any) -> Any:
    """The value that a stored text is."""
    return msgspec.json.decode(text, type=kind)


OLD_FACTS = read(f'{{"lead":{{}},"now":{AT},"policy_revision":"r1"}}', Facts)


@pytest.mark.parametrize(
    ("field", "meaning"),
    [
        pytest.param("asked", Asked.ROUTE, id="a record that does not say was a Route"),
        pytest.param("semantics_version", 1, id="what does not say is of the first"),
        pytest.param("model_version", "", id="no model decided"),
        pytest.param("stage", Stage.ANONYMOUS, id="a lead begins anonymous"),
        pytest.param("visit", 0, id="it had made no visit"),
        pytest.param("do_not_contact", False, id="it may be contacted"),
        pytest.param("is_new", True, id="it was new"),
        pytest.param("behaviour", (), id="it had done nothing"),
        pytest.param("behaviour_since_recycling", (), id="nor since it was recycled"),
        pytest.param("model_behaviour", (), id="nor anything a model reads"),
        pytest.param("held_bars", (), id="it held no bar"),
        pytest.param("visit_bars", None, id="its visit has the bars of the policy"),
        pytest.param("account", AccountMatch(), id="it was matched to no account"),
        pytest.param("owner", None, id="nobody owned it"),
        pytest.param("previous_owner", None, id="nobody had before"),
        pytest.param("last_pool", None, id="no pool had it"),
        pytest.param("route", "", id="no assignment stood"),
        pytest.param("sla", "", id="nor a time to respond"),
        pytest.param("pinned_rep", None, id="it was pinned to nobody"),
        pytest.param("excluded", (), id="nobody was excluded"),
        pytest.param("waiting_in", None, id="it waited nowhere"),
        pytest.param("enqueued_at", None, id="and since never"),
        pytest.param("tracks", (), id="it was on no track"),
        pytest.param("recycled_at", None, id="it was never recycled"),
        pytest.param("reevaluate_at", None, id="nor to be looked at again"),
        pytest.param("arms", {}, id="it was in no experiment"),
        pytest.param("pools", (), id="no pool was looked at"),
    ],
)
def test_facts_that_do_not_tell_a_field_mean_by_it(field: str, meaning: object) -> None:
    assert getattr(OLD_FACTS, field) == meaning
    assert field in Facts.__struct_fields__


def test_every_field_of_the_facts_but_three_has_a_meaning_when_it_is_missing() -> None:
    needed = len(Facts.__struct_fields__) - len(Facts.__struct_defaults__)
    assert Facts.__struct_fields__[:needed] == ("lead", "now", "policy_revision")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param(
            f'{{"owner":{{"kind":"rep","id":"ann"}},"cause":"routed","score":{SCORE},"stage":"mql"}}',
            Decision,
            Decision(RepOwner("ann"), Cause.ROUTED, read(SCORE, Score), Stage.MQL),
            id="a decision that tells who and why, and no more",
        ),
        pytest.param(
            '{"rep_id":"ann","outcome":"chosen"}',
            Considered,
            Considered("ann", Passed.CHOSEN, "", ""),
            id="a candidate without a reason, in no pool",
        ),
        pytest.param(
            '{"name":"fit","threshold":40.0}',
            HeldBar,
            HeldBar("fit", 40.0, None),
            id="a held bar that is held for ever",
        ),
        pytest.param(
            '{"dimension":"fit","name":"size","points":5}',
            Contribution,
            Contribution(Dimension.FIT, "size", 5.0, None, None, None),
            id="points of no activity",
        ),
        pytest.param(
            '["ann"]', MemberFacts, MemberFacts("ann", 0, 0, 0, 0, 0), id="a rep who never drew"
        ),
        pytest.param(
            '["ann",-3,7]',
            MemberFacts,
            MemberFacts("ann", credit=-3, last_draw=7, open_leads=0),
            id="a rep whose load was not kept yet",
        ),
        pytest.param(
            f'["l-1",{AT}]', Waiting, Waiting("l-1", MONDAY, ()), id="one who waits for anybody"
        ),
        pytest.param(
            '{"pool":"west","members":[],"next_draw":1}',
            PoolFacts,
            PoolFacts("west", (), 1, (), 0),
            id="a pool for which nobody waits",
        ),
        pytest.param(
            f'["visit",1.5,{AT},2,{AT},"h"]',
            BehaviourState,
            BehaviourState("visit", 1.5, MONDAY, 2, MONDAY, "h", ()),
            id="a state of a type that does not expire",
        ),
        pytest.param(
            f'{{"type":"visit","occurred_at":{AT}}}',
            Activity,
            Activity("visit", MONDAY, "", None, None, None, None),
            id="an activity without an id, from nowhere",
        ),
        pytest.param(
            '{"account_id":"acme"}',
            Account,
            Account("acme", "", (), None, None, None, {}),
            id="an account of which the id is known",
        ),
        pytest.param(
            "{}",
            AccountMatch,
            AccountMatch(None, MatchedBy.NONE, None, None, (), False, ""),
            id="no match",
        ),
        pytest.param("{}", Lead, Lead(lead_id="", employees=None), id="a lead of nothing"),
    ],
)
def test_a_short_text_of_an_earlier_version_is_read(text: str, kind: Any, expected: Any) -> None:
    assert read(text, kind) == expected


@pytest.mark.parametrize(
    ("field", "meaning"),
    [
        pytest.param("qualified_until", None, id="nothing would end it"),
        pytest.param("win_probability", None, id="P(won) is unknown, never 0"),
        pytest.param("sql_ready", None, id="so is readiness for SQL"),
        pytest.param("model_version", "", id="no model was asked"),
        pytest.param("model_contributions", (), id="and nothing explains its P"),
    ],
)
def test_a_score_from_before_models_says_of(field: str, meaning: object) -> None:
    assert getattr(read(SCORE, Score), field) == meaning


@pytest.mark.parametrize(
    "kind",
    [Facts, Decision, Score, Lead, Account, AccountMatch, Activity, Considered, Contribution],
)
def test_a_field_of_a_later_version_is_passed_over(kind: Any) -> None:
    """Two versions share a store while servers are replaced one after another."""
    least = {
        Facts: f'{{"lead":{{}},"now":{AT},"policy_revision":"r1"',
        Decision: (
            f'{{"owner":{{"kind":"rep","id":"a"}},"cause":"kept","score":{SCORE},"stage":"mql"'
        ),
        Score: SCORE[:-1],
        Lead: '{"lead_id":"l-1"',
        Account: '{"account_id":"acme"',
        AccountMatch: '{"note":"x"',
        Activity: f'{{"type":"visit","occurred_at":{AT}',
        Considered: '{"rep_id":"ann","outcome":"chosen"',
        Contribution: '{"dimension":"fit","name":"size","points":1',
    }[kind]
    assert read(least + ',"of_tomorrow":[1]}', kind) == read(least + "}", kind)


@pytest.mark.parametrize(
    ("owner", "text"),
    [
        pytest.param(RepOwner("ann"), '{"kind":"rep","id":"ann"}', id="a rep"),
        pytest.param(QueueOwner("triage"), '{"kind":"queue","id":"triage"}', id="a queue"),
        pytest.param(TrackOwner("welcome"), '{"kind":"track","id":"welcome"}', id="a track"),
        pytest.param(SUPPRESSED, '{"kind":"track","id":"suppressed"}', id="the built-in track"),
    ],
)
def test_an_owner_is_written_with_its_kind(owner: Owner, text: str) -> None:
    assert msgspec.json.encode(owner).decode() == text
    assert read(text, Owner) == owner


def test_owners_of_one_name_and_different_kinds_are_not_the_same() -> None:
    assert len({RepOwner("x"), QueueOwner("x"), TrackOwner("x")}) == 3


@pytest.mark.parametrize("text", ['{"kind":"team","id":"x"}', '{"id":"x"}', '{"kind":"rep"}'])
def test_what_is_no_owner_is_not_read_as_one(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(text, Owner)


WORDS = {
    Stage: (
        "anonymous known nurture mql sal sql opportunity customer closed_lost recycled disqualified"
    ),
    Cause: "qualified routed kept reassigned manual imported",
    Passed: (
        "chosen other_turn inactive excluded condition closed on_leave open_leads_max"
        " per_day_max per_week_max queue_first"
    ),
    Asked: "route reassign drain evaluate recycled cycle assign move",
    MatchedBy: "account_id domain name none",
    Dimension: "fit behaviour",
    Quadrant: "sales_ready nurture qualify_carefully deprioritise",
    Hours: "any working",
    Order: "oldest win_probability",
    Counts: "drawn all",
}


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_words_that_stand_in_records_and_rule_files_stay(kind: Any) -> None:
    assert [member.value for member in kind] == WORDS[kind].split()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (Stage.ANONYMOUS, Stage.KNOWN),
        (Stage.KNOWN, Stage.NURTURE),
        (Stage.NURTURE, Stage.MQL),
        (Stage.MQL, Stage.SAL),
        (Stage.SAL, Stage.SQL),
        (Stage.SQL, Stage.OPPORTUNITY),
        (Stage.OPPORTUNITY, Stage.CUSTOMER),
    ],
)
def test_the_path_leads_from_one_stage_to_the_next(earlier: Stage, later: Stage) -> None:
    assert PATH.index(later) == PATH.index(earlier) + 1


def test_what_is_beside_the_path_and_what_is_finished() -> None:
    assert set(Stage) - set(PATH) == {Stage.CLOSED_LOST, Stage.RECYCLED, Stage.DISQUALIFIED}
    assert {Stage.CUSTOMER, Stage.DISQUALIFIED} == FINISHED


def test_a_rep_of_whom_only_the_id_is_told_works_always_without_a_limit() -> None:
    rep = Rep("ann")
    assert (rep.zone, rep.calendar, rep.active, rep.manager) == ("UTC", "always", True, None)
    assert (rep.open_leads_max, rep.per_day_max, rep.per_week_max) == (None, None, None)
    assert rep.leave == ()


def test_a_member_has_one_turn_and_the_middle_priority_and_takes_any_lead() -> None:
    member = Member("ann")
    assert (member.weight, member.priority, member.condition) == (1, 2, None)


def test_a_pool_asks_at_any_hour_and_hands_out_the_oldest_first() -> None:
    pool = Pool("west", (Member("ann"),), Queue("west", "ops"))
    assert (pool.hours, pool.order, pool.counts) == (Hours.ANY, Order.OLDEST, Counts.DRAWN)
    assert (pool.fallback, pool.queue.calendar) == ((), "always")


def test_limits_that_records_rely_on() -> None:
    assert (SEMANTICS_VERSION, MEMBERS_MAX, WAITING_LOOKED_AT_MAX) == (2, 500, 64)


def test_a_draw_is_written_whole() -> None:
    draw = Draw("west", 1, "ann", (("ann", 2), ("bob", 1)), 3)
    text = '{"pool":"west","number":1,"winner":"ann","gains":[["ann",2],["bob",1]],"paid":3}'
    assert msgspec.json.encode(draw).decode() == text
