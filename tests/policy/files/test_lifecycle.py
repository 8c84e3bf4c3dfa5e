"""lifecycle.yaml: tracks, reasons, SLAs and ladders; what it leaves out keeps its default."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scoring_service.domain.business_time.duration import BusinessDays, BusinessHours, Elapsed
from scoring_service.domain.lifecycle.lifecycle import (
    Holder,
    Lifecycle,
    Reason,
    Rung,
    Then,
    Track,
)
from scoring_service.policy.document import Document
from scoring_service.policy.files.lifecycle import defaults, lifecycle
from scoring_service.policy.files.names import names_in
from scoring_service.values.clock import ClockName
from scoring_service.values.stage import FINISHED, Stage

Reading = Callable[[str], Document]


def read_all(reading: Reading, text: str) -> tuple[Lifecycle, list[str]]:
    found = reading(text)
    names = names_in({"lifecycle.yaml": found})
    life, mistakes = lifecycle(found, names)
    return life, [f"{one.line}: {one.path}: {one.what}" for one in mistakes]


def read(reading: Reading, text: str) -> Lifecycle:
    life, mistakes = read_all(reading, text)
    assert mistakes == []
    return life


def hours(count: float) -> BusinessHours:
    return BusinessHours(timedelta(hours=count))


def days(count: int) -> Elapsed:
    return Elapsed(timedelta(days=count))


def test_an_empty_file_says_what_no_file_says(document: Reading) -> None:
    assert read(document, "") == defaults()


def test_the_defaults_are_those_of_the_documentation() -> None:
    life = defaults()
    assert set(life.tracks) == {"welcome-nurture", "competitive_recapture"}
    assert life.slas == {
        "accept": hours(4),
        "hot": hours(0.25),
        "first_contact": hours(1),
        "open_opportunity": BusinessDays(2),
        "disposition": BusinessDays(5),
    }
    assert life.ladder == (
        Rung(hours(4), "manager"),
        Rung(hours(8), "manager's manager"),
        Rung(hours(24), reassign=True),
    )
    assert (life.recycles_max, life.currency, life.prefer_previous_owner) == (3, "EUR", True)
    assert life.decisions_keep == timedelta(days=400)
    assert (life.intake_queue, life.intake_owner) == ("intake", "sales-ops")
    assert life.escalation_contact == "sales-ops"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("timing", Reason("timing", Then.RECYCLE, reevaluate=days(180))),
        ("budget", Reason("budget", Then.RECYCLE, reevaluate=days(90))),
        ("stakeholder_change", Reason("stakeholder_change", Then.RECYCLE, reevaluate=days(60))),
        ("not_worked", Reason("not_worked", Then.RECYCLE, reevaluate=days(30))),
        (
            "chose_competitor",
            Reason("chose_competitor", Then.RECYCLE, ("competitive_recapture",), days(365)),
        ),
        ("other", Reason("other", Then.RECYCLE, reevaluate=days(90))),
        ("wrong_owner", Reason("wrong_owner", Then.REROUTE, returns_turn=True)),
        ("wrong_icp", Reason("wrong_icp", Then.DISQUALIFY)),
        ("spam", Reason("spam", Then.DISQUALIFY, returns_turn=True)),
        ("duplicate", Reason("duplicate", Then.DISQUALIFY, returns_turn=True)),
        ("do_not_contact", Reason("do_not_contact", Then.DISQUALIFY)),
    ],
)
def test_a_reason_has_a_default(name: str, reason: Reason) -> None:
    assert defaults().reasons[name] == reason


def test_what_a_file_gives_stands_beside_the_defaults(document: Reading) -> None:
    life = read(
        document,
        "tracks: {not-now: {owner: marketing, calendar: always}}\n"
        "default_track: not-now\n"
        "intake: {queue: entry, owner: olga}\n"
        "reasons: {timing: {then: recycle, tracks: [not-now], reevaluate: 30d},"
        " moved: {then: reroute}}\n"
        "slas: {hot: 5m}\n"
        "recycles_max: 0\nescalation_contact: carla\ncurrency: USD\n"
        "prefer_previous_owner: false\ndecisions_keep: 30d\nrequired: {sql: [budget]}\n",
    )
    assert life.tracks["not-now"] == Track("not-now", "marketing", "always")
    assert "welcome-nurture" in life.tracks
    assert life.default_track == "not-now"
    assert (life.intake_queue, life.intake_owner) == ("entry", "olga")
    assert life.reasons["timing"] == Reason("timing", Then.RECYCLE, ("not-now",), days(30))
    assert life.reasons["moved"] == Reason("moved", Then.REROUTE)
    assert life.reasons["budget"] == defaults().reasons["budget"]
    assert life.slas["hot"] == Elapsed(timedelta(minutes=5))
    assert life.slas["accept"] == hours(4)
    assert (life.recycles_max, life.escalation_contact, life.currency) == (0, "carla", "USD")
    assert not life.prefer_previous_owner
    assert life.decisions_keep == timedelta(days=30)
    assert life.required == {"sql": ("budget",)}


def test_a_ladder_takes_the_place_of_the_default(document: Reading) -> None:
    life = read(
        document,
        "slas: {accept: 1bh}\n"
        "ladder: [{after: 1bh, tell: manager}, {after: 2bh, do: reassign}]\n"
        "sla_ladders: {hot: [{after: 5m, tell: manager}]}\n",
    )
    assert life.ladder == (Rung(hours(1), "manager"), Rung(hours(2), reassign=True))
    assert life.sla_ladders == {"hot": (Rung(Elapsed(timedelta(minutes=5)), "manager"),)}


def test_an_sla_with_a_ladder_of_its_own_may_be_longer_than_the_default_one(
    document: Reading,
) -> None:
    own = "sla_ladders: {slow: [{after: 30bh, tell: manager}, {after: 40bh, do: reassign}]}"
    life = read(document, f"slas: {{slow: 30bh, quick: 90m}}\n{own}\n")
    assert life.slas["slow"] == hours(30)
    _, mistakes = read_all(document, "slas: {slow: 8bh}")
    assert mistakes == [
        "1: $.slas.slow: the SLA 'slow' is not over before the second rung of its ladder"
    ]


@pytest.mark.parametrize(
    ("word", "known"),
    [
        pytest.param("manager's manager's manager", True, id="a manager however far up"),
        pytest.param("owner", True, id="the owner himself"),
        pytest.param("sales-ops", True, id="a mailbox"),
        pytest.param("managers", False, id="one letter too many"),
        pytest.param("manager\u2019s manager", False, id="a curly apostrophe"),
    ],
)
def test_a_rung_tells_whom_there_is(document: Reading, word: str, known: bool) -> None:
    _, mistakes = read_all(document, f'ladder: [{{after: 4bh, tell: "{word}"}}]')
    said = f"1: $.ladder[0].tell: nobody is called '{word}'"
    assert mistakes == ([] if known else [said])


def test_the_ladder_is_blamed_where_no_sla_was_written(document: Reading) -> None:
    _, mistakes = read_all(document, "ladder: [{after: 1bh, tell: manager}, {after: 2bh, tell: a}]")
    assert mistakes == [
        "1: $.ladder: the SLA 'accept' is not over before the second rung of its ladder"
    ]


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        pytest.param("", ("budget", "authority", "need", "timeline"), id="BANT is the default"),
        pytest.param("questions: bant", defaults().questions, id="and may be said"),
        pytest.param(
            "questions: meddic",
            (
                "metrics",
                "economic_buyer",
                "decision_criteria",
                "decision_process",
                "identified_pain",
                "champion",
            ),
            id="MEDDIC has six letters",
        ),
        pytest.param("questions: [seats, go_live]", ("seats", "go_live"), id="or a list of one's"),
    ],
)
def test_sales_has_questions(document: Reading, text: str, questions: tuple[str, ...]) -> None:
    assert read(document, text).questions == questions


def test_every_stage_has_an_owner_clocks_criteria_and_a_way_out() -> None:
    for stage in Stage:
        rule = defaults().stages[stage]
        assert rule.owner
        assert rule.entry
        assert rule.exit
        assert bool(rule.clocks) == bool(rule.exits) == (stage not in FINISHED)


def test_a_stage_is_changed_in_parts(document: Reading) -> None:
    life = read(
        document,
        "stages: {mql: {owner: [rep], clocks: [accept, not_worked], entry: ready for sales},"
        " sal: {exits: [sql, recycled, disqualified]}}\n"
        "top_again: 1bd\n",
    )
    mql = life.stages[Stage.MQL]
    assert mql.owner == (Holder.REP,)
    assert mql.clocks == (ClockName.ACCEPT, ClockName.NOT_WORKED)
    assert mql.entry == "ready for sales"
    assert mql.exit == defaults().stages[Stage.MQL].exit
    assert life.stages[Stage.SQL] == defaults().stages[Stage.SQL]
    assert life.top_again == BusinessDays(1)


def test_no_ladder_at_all_may_be_written(document: Reading) -> None:
    assert read(document, "ladder: []").ladder == ()


def test_a_time_limit_is_changed_alone(document: Reading) -> None:
    life = read(document, "stale: {mql: {recycle: 10bd}, sal: {reassign: 5bd}}")
    assert life.stale["mql"] == {"escalate": BusinessDays(5), "recycle": BusinessDays(10)}
    assert life.stale["sal"] == {"reassign": BusinessDays(5)}
    assert life.stale["sql"] == {"recycle": BusinessDays(20)}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("tracks: {suppressed: {owner: a}}", "1: $.tracks.suppressed: the track "
                     "'suppressed' is built in, for leads that must not be contacted",
                     id="a track that is built in"),
        pytest.param("tracks: {a: {owner: b, calendar: c}}",
                     "1: $.tracks.a.calendar: unknown calendar 'c'", id="an unknown calendar"),
        pytest.param("tracks: {a: {}}", "1: $.tracks.a: the key 'owner' is missing",
                     id="a track that nobody answers for"),
        pytest.param("default_track: a", "1: $.default_track: unknown track 'a'",
                     id="an unknown track"),
        pytest.param("reasons: {a: {then: recycle}}",
                     "1: $.reasons.a: a reason that recycles needs a time to look again",
                     id="no time to look again"),
        pytest.param("reasons: {a: {then: disqualify, reevaluate: 3d}}",
                     "1: $.reasons.a: a reason that leads to disqualify has no tracks and no time "
                     "to look again", id="a time to look again at what is over"),
        pytest.param("reasons: {a: {then: reroute, tracks: [welcome-nurture]}}",
                     "1: $.reasons.a: a reason that leads to reroute has no tracks and no time to "
                     "look again", id="a track for what goes on"),
        pytest.param("reasons: {a: {then: recycle, reevaluate: 3bd}}", "1: $.reasons.a.reevaluate: "
                     "3bd is business time", id="business days to look again"),
        pytest.param("reasons: {a: {then: close}}", "1: $.reasons.a.then: unknown value 'close'",
                     id="nothing that follows"),
        pytest.param("slas: {hot: 4}", "1: $.slas.hot: 4 has no unit", id="a bare number"),
        pytest.param("ladder: [{after: 2bh, tell: a}, {after: 2bh, tell: b}]",
                     "1: $.ladder[1].after: this rung is not later than the one before",
                     id="rungs at one time"),
        pytest.param("ladder: [{after: 2bh, tell: a}, {after: 1bd, tell: b}]",
                     "1: $.ladder[1].after: this rung counts in another unit than the one before",
                     id="rungs of two units"),
        pytest.param("ladder: [{after: 2bh}]", "1: $.ladder[0]: a rung does one thing",
                     id="a rung that does nothing"),
        pytest.param("ladder: [{after: 2bh, do: sing}]", "1: $.ladder[0].do: unknown value 'sing'",
                     id="a rung that does something else"),
        pytest.param("reasons: {a: {then: recycle, reevaluate: 3d, tracks: [welcome-nurture, b]}}",
                     "1: $.reasons.a.tracks[1]: unknown track 'b'", id="a track there is not"),
        pytest.param("sla_ladders: {hot: [{after: 2bh, tell: a}, {after: 2bh, tell: b}]}",
                     "1: $.sla_ladders.hot[1].after: this rung is not later than the one before",
                     id="rungs of an SLA at one time"),
        pytest.param("sla_ladders: {hot: [{after: 2bh, tell: managers}]}",
                     "1: $.sla_ladders.hot[0].tell: nobody is called 'managers'",
                     id="a rung of an SLA that tells nobody"),
        pytest.param("sla_ladders: {accept: [{after: 1bh, tell: a}, {after: 4bh, tell: b}]}",
                     "1: $.sla_ladders.accept: the SLA 'accept' is not over before the second rung"
                     " of its ladder", id="a ladder that is over with its SLA"),
        pytest.param("sla_ladders: {ho: []}", "1: $.sla_ladders.ho: unknown SLA 'ho'",
                     id="a ladder of no SLA"),
        pytest.param("recycles_max: -1", "1: $.recycles_max: -1 is not allowed here",
                     id="less than no recycling"),
        pytest.param("decisions_keep: 0d", "1: $.decisions_keep: 0d is not longer than zero",
                     id="decisions that are not kept"),
        pytest.param("currency: eur", "1: $.currency: 'eur' is no currency", id="small letters"),
        pytest.param("stale: {customer: {a: 1d}}",
                     "1: $.stale.customer: no time limit of its own is known for 'customer'",
                     id="a stage without a limit"),
        pytest.param("stale: {mql: {a: 1d}}",
                     "1: $.stale.mql.a: 'a' is nothing that happens to a stale mql",
                     id="nothing that happens"),
        pytest.param("required: {mql: [a]}", None, id="a stage that asks for nothing"),
        pytest.param("tracs: {}", "1: $.tracs: unknown key 'tracs'", id="a slip in a key"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(document: Reading, text: str, what: str | None) -> None:
    found = read_all(document, text)[1]
    assert len(found) == 1
    assert what is None or found == [what]
