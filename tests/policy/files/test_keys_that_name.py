"""Keys that name something: none is empty, none is longer than 200, and a slip is told there."""

from collections.abc import Callable

import pytest

Refused = Callable[..., list[str]]

TRACKS = "tracks: {{welcome-nurture: {{owner: marketing}}, not-now: {{owner: marketing}}{0}}}\n"
SCORING = "mql: {{fit_min: 40, behaviour_min: 40}}\nbehaviour: {{groups: {{{0}}}, activities: {1}}}"
ACTIVITIES = (
    "{page_view: {points: 2, half_life: 7d},"
    " demo_request: {points: 60, half_life: 21d, high_intent: true}}"
)
OFFICE = "default: office\noffice: {weekly: {mon-fri: '09:00-17:00'}}\n"
EXPERIMENT = (
    "{0}: {{from: 2026-09-01, to: 2026-12-01, arms: {{control: {{}}, {1}: {{mql:"
    " {{behaviour_min: 70}}}}}}, outcome: {{stage: opportunity, within: 60d}}}}\n"
)

PLACES = [
    pytest.param("lifecycle", lambda name: TRACKS.format(f", {name}: {{owner: ben}}"),
                 "lifecycle.yaml:1: $.tracks{0}", id="a track"),
    pytest.param("lifecycle",
                 lambda name: TRACKS.format("") + f"reasons: {{{name}: {{then: disqualify}}}}",
                 "lifecycle.yaml:2: $.reasons{0}", id="a reason"),
    pytest.param("lifecycle", lambda name: TRACKS.format("") + f"slas: {{hot: 1h, {name}: 1h}}",
                 "lifecycle.yaml:2: $.slas{0}", id="an SLA"),
    pytest.param("scoring", lambda name: SCORING.format(f"{name}: {{points_max: 5}}", ACTIVITIES),
                 "scoring.yaml:2: $.behaviour.groups{0}", id="a group of activities"),
    pytest.param("calendars", lambda name: OFFICE + f"{name}: {{weekly: {{mon: '09:00-10:00'}}}}",
                 "calendars.yaml:3: ${0}", id="a calendar"),
    pytest.param("experiments", lambda name: EXPERIMENT.format(name, "lower"),
                 "experiments.yaml:1: ${0}", id="an experiment"),
    pytest.param("experiments", lambda name: EXPERIMENT.format("lower-bar", name),
                 "experiments.yaml:1: $.lower-bar.arms{0}", id="an arm"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "written", "place"), PLACES)
def test_an_empty_key_is_told_at_its_place(
    refused: Refused, file: str, written: Callable[[str], str], place: str
) -> None:
    told = place.format('[""]') + ": this is empty; write a name"
    assert refused(**{file: written("''")}, routing_test="") == [told]


@pytest.mark.parametrize(("file", "written", "place"), PLACES)
def test_a_key_may_be_200_letters_long_and_no_longer(
    refused: Refused, file: str, written: Callable[[str], str], place: str
) -> None:
    assert refused(**{file: written("n" * 200)}, routing_test="") == []
    long = "n" * 201
    told = f"{place.format('.' + long)}: this is longer than 200; write a name"
    assert refused(**{file: written(long)}, routing_test="") == [told]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "required: {mql: [budget]}",
            "$.required.mql: unknown value 'mql'; did you mean 'sql'?",
            id="a stage that asks for nothing",
        ),
        pytest.param(
            "required: {sqls: [budget]}",
            "$.required.sqls: unknown value 'sqls'; did you mean 'sql'?",
            id="a slip in a stage",
        ),
        pytest.param(
            "required: {sql: [7]}",
            "$.required.sql[0]: 7 is read as a whole number where a text is meant; put it in"
            " quotes: '7'",
            id="below a key that is right",
        ),
    ],
)
def test_a_key_that_is_none_of_a_few_is_told_at_its_place(
    refused: Refused, text: str, told: str
) -> None:
    found = refused(lifecycle=TRACKS.format("") + text, routing_test="")
    assert found == [f"lifecycle.yaml:2: {told}"]


def test_a_wrong_key_does_not_hide_what_is_wrong_below_it(refused: Refused) -> None:
    text = TRACKS.format(", '': {ownr: ben}")
    assert [line.split(": ")[1] for line in refused(lifecycle=text, routing_test="")] == [
        '$.tracks[""]',
        '$.tracks[""]',
        '$.tracks[""].ownr',
    ]
