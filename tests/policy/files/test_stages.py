"""`stages:` of lifecycle.yaml: no change of it leaves a lead without owner, clock or way out."""

from collections.abc import Callable

import pytest

from scoring_service.domain.lifecycle.lifecycle import StageRule
from scoring_service.policy.document import Document
from scoring_service.policy.files.lifecycle import lifecycle
from scoring_service.policy.files.lifecycle_stage_defaults import DEFAULT_STAGES
from scoring_service.policy.files.names import names_in
from scoring_service.values.stage import FINISHED, Stage

Reading = Callable[[str], Document]

LASTING = {
    "anonymous": "never_identified",
    "known": "incomplete",
    "nurture": "no_engagement",
    "mql": "not_worked",
    "sal": "no_contact",
    "sql": "stalled",
    "opportunity": "silent",
    "closed_lost": "disposition",
    "recycled": "no_engagement",
}
"""The clock of each stage that moves a lead when nobody does."""


def said(reading: Reading, stages: str) -> list[str]:
    document = reading(f"stages: {stages}")
    found = lifecycle(document, names_in({"lifecycle.yaml": document}))[1]
    return [f"{one.path.removeprefix('$.stages.')}: {one.what}; {one.remedy}" for one in found]


def test_each_stage_that_is_not_finished_has_a_clock_that_lasts() -> None:
    assert LASTING.keys() == {stage.value for stage in Stage} - {stage.value for stage in FINISHED}


@pytest.mark.parametrize("stage", [*Stage])
def test_the_defaults_may_be_written_out(document: Reading, stage: Stage) -> None:
    rule = DEFAULT_STAGES[stage]
    text = (
        f"{{{stage}: {{owner: [{', '.join(rule.owner)}], clocks: [{', '.join(rule.clocks)}],"
        f" entry: '{rule.entry}', exit: '{rule.exit}', exits: [{', '.join(rule.exits)}]}}}}"
    )
    assert said(document, text) == []


@pytest.mark.parametrize("stage", LASTING)
@pytest.mark.parametrize("clocks", ["[]", "{others}"], ids=["no clock", "all the others"])
def test_the_clock_that_lasts_cannot_be_left_out(
    document: Reading, stage: str, clocks: str
) -> None:
    others = [clock for clock in DEFAULT_STAGES[Stage(stage)].clocks if clock != LASTING[stage]]
    text = f"{{{stage}: {{clocks: {clocks.replace('{others}', '[' + ', '.join(others) + ']')}}}}}"
    assert said(document, text) == [
        f"{stage}.clocks: without the clock '{LASTING[stage]}' a lead could stay in '{stage}' for"
        f" ever; add '{LASTING[stage]}'"
    ]


@pytest.mark.parametrize("stage", LASTING)
def test_the_clock_that_lasts_is_enough(document: Reading, stage: str) -> None:
    assert said(document, f"{{{stage}: {{clocks: [{LASTING[stage]}]}}}}") == []


@pytest.mark.parametrize("stage", [*Stage])
def test_every_stage_has_an_owner(document: Reading, stage: Stage) -> None:
    known = ", ".join(DEFAULT_STAGES[stage].owner)
    assert said(document, f"{{{stage}: {{owner: []}}}}") == [
        f"{stage}.owner: nobody holds the leads of '{stage}'; give {known}"
    ]


@pytest.mark.parametrize("stage", LASTING)
def test_every_stage_that_is_not_finished_has_a_way_out(document: Reading, stage: str) -> None:
    ways = ", ".join(DEFAULT_STAGES[Stage(stage)].exits)
    assert said(document, f"{{{stage}: {{exits: []}}}}") == [
        f"{stage}.exits: there is no way out of '{stage}'; give some of {ways}"
    ]


@pytest.mark.parametrize("stage", sorted(FINISHED))
def test_what_is_finished_needs_no_clock_and_no_way_out(document: Reading, stage: str) -> None:
    assert said(document, f"{{{stage}: {{clocks: [], exits: []}}}}") == []


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        pytest.param("{mqls: {entry: x}}",
                     ["mqls: unknown stage 'mqls'; did you mean 'mql'?"], id="a slip in a name"),
        pytest.param("{mql: {owner: [track]}}",
                     ["mql.owner[0]: a track cannot hold the leads of 'mql'; give rep, queue"],
                     id="a track for what sales works"),
        pytest.param("{sal: {owner: [rep, queue]}}",
                     ["sal.owner[1]: a queue cannot hold the leads of 'sal'; give rep"],
                     id="a queue for what somebody accepted"),
        pytest.param("{mql: {owner: [queue]}}", [], id="queues only, where both are possible"),
        pytest.param("{mql: {clocks: [not_worked, silent]}}",
                     ["mql.clocks[1]: 'mql' has no clock 'silent'; known are: accept, escalate,"
                      " not_worked"], id="a clock of another stage"),
        pytest.param("{customer: {clocks: [silent]}}",
                     ["customer.clocks[0]: 'customer' has no clock 'silent'; it is finished:"
                      " remove it"], id="a clock of what is finished"),
        pytest.param("{mql: {clocks: [silnt, not_worked]}}",
                     ["mql.clocks[0]: unknown value 'silnt'; did you mean 'silent'?"],
                     id="a clock there is not"),
        pytest.param("{mql: {entry: ' '}}",
                     ["mql.entry: 'mql' has no entry criterion; say in a sentence what must be"
                      " true"], id="blanks for a criterion"),
        pytest.param("{mql: {exit: ''}}",
                     ["mql.exit: 'mql' has no exit criterion; say in a sentence what must be true"],
                     id="nothing for a criterion"),
        pytest.param("{mql: {exits: [sal, recycled, disqualified, customer]}}",
                     ["mql.exits[3]: no lead goes from 'mql' to 'customer'; give some of"
                      " disqualified, recycled, sal"], id="a way that skips stages"),
        pytest.param("{disqualified: {exits: [mql]}}",
                     ["disqualified.exits[0]: no lead goes from 'disqualified' to 'mql'; it is"
                      " finished: remove it"], id="a way back from the end"),
        pytest.param("{mql: {exits: [sal, recycled]}}",
                     ["mql.exits: time and events take leads from 'mql' to 'disqualified'; add"
                      " 'disqualified'"], id="without a way that time takes"),
        pytest.param("{mql: {exits: [sal]}}",
                     ["mql.exits: time and events take leads from 'mql' to 'disqualified'; add"
                      " 'disqualified'",
                      "mql.exits: time and events take leads from 'mql' to 'recycled'; add"
                      " 'recycled'"], id="without two of them, each told"),
        pytest.param("{mql: {exits: [recycled, disqualified]}}", [],
                     id="sales may be left without a way that only sales takes"),
        pytest.param("{opportunity: {exits: [customer]}}", [],
                     id="where only sales moves a lead, one way is enough"),
        pytest.param("{mql: {owner: [], entry: '', exits: []}}",
                     ["mql.owner: nobody holds the leads of 'mql'; give rep, queue",
                      "mql.entry: 'mql' has no entry criterion; say in a sentence what must be"
                      " true",
                      "mql.exits: there is no way out of 'mql'; give some of disqualified,"
                      " recycled, sal"], id="everything that is wrong with a stage"),
    ],
)  # fmt: skip
def test_what_a_stage_cannot_be_is_told_with_what_it_can(
    document: Reading, stages: str, told: list[str]
) -> None:
    assert said(document, stages) == told


@pytest.mark.parametrize(
    ("written", "field"),
    [
        pytest.param("owner: [queue]", "owner", id="its owner"),
        pytest.param("clocks: [not_worked]", "clocks", id="its clocks"),
        pytest.param("entry: it may be sold to", "entry", id="when it begins"),
        pytest.param("exit: it is not", "exit", id="when it ends"),
        pytest.param("exits: [recycled, disqualified]", "exits", id="where it goes"),
    ],
)
def test_what_a_stage_leaves_out_keeps_its_default(
    document: Reading, written: str, field: str
) -> None:
    found = document(f"stages: {{mql: {{{written}}}}}")
    rules = lifecycle(found, names_in({"lifecycle.yaml": found}))[0].stages
    default = DEFAULT_STAGES[Stage.MQL]
    changed = {
        name for name in StageRule.__slots__
        if getattr(rules[Stage.MQL], name) != getattr(default, name)
    }  # fmt: skip
    assert changed == {field}
    assert {**rules, Stage.MQL: default} == DEFAULT_STAGES


@pytest.mark.parametrize(
    ("slas", "ladder", "wrong"),
    [
        pytest.param("3bh", "4bh, 8bh", False, id="an SLA before the first rung"),
        pytest.param("7.9bh", "4bh, 8bh", False, id="just before the second rung"),
        pytest.param("8bh", "4bh, 8bh", True, id="at the second rung"),
        pytest.param("9bh", "4bh, 8bh", True, id="after it"),
        pytest.param("9bh", "4bh", False, id="a ladder of one rung"),
        pytest.param("9h", "4bh, 8bh", False, id="another unit is not compared"),
        pytest.param("2bd", "1bd, 2bd", True, id="business days"),
        pytest.param("2h", "1h, 2h", True, id="elapsed time"),
    ],
)
def test_an_sla_is_over_before_the_second_rung_of_its_ladder(
    document: Reading, slas: str, ladder: str, wrong: bool
) -> None:
    """The first rung is the SLA itself; told later, nobody could take the lead in time."""
    rungs = ", ".join(f"{{after: {after}, tell: a}}" for after in ladder.split(", "))
    found = document(f"slas: {{slow: {slas}}}\nsla_ladders: {{slow: [{rungs}]}}\n")
    mistakes = lifecycle(found, names_in({"lifecycle.yaml": found}))[1]
    assert [(one.line, one.path) for one in mistakes] == ([(1, "$.slas.slow")] if wrong else [])


@pytest.mark.parametrize("sla", ["first_contact", "open_opportunity", "disposition"])
def test_slas_of_later_stages_have_no_ladder_to_be_held_against(
    document: Reading, sla: str
) -> None:
    found = document(f"slas: {{{sla}: 90bh}}\n")
    assert lifecycle(found, names_in({"lifecycle.yaml": found}))[1] == []
