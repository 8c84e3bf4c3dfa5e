"""Golden expectations: what came out is written into the tests, and nothing else changes."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.policy.document import compose
from scoring_service.policy.expected_text import written
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.rule_tests import run
from scoring_service.policy.rule_tests_updated import ByHandError, updated
from scoring_service.policy.source import Source, source_of

Files = Callable[..., Source]
FILE = "routing_test.yaml"


def made(source: Files, text: str) -> str:
    """The test file as it is after an update."""
    folder = source(routing_test=text)
    return updated(folder).get(FILE, folder.files[FILE]).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("{pool: sdr, row: 1}", "{pool: executives, row: 3}", id="what differs"),
        pytest.param(
            "{ pool:   'sdr' , row: 3 }",
            "{ pool:   'executives' , row: 3 }",
            id="what differs, in the layout and the quotes it stood in",
        ),
        pytest.param('{owner: "ben"}', '{owner: "carla"}', id="double quotes stay"),
        pytest.param("{queue: triage}", "{owner: carla}", id="who has it is of another kind"),
        pytest.param(
            "{owner: carla, track: not-now}", "{owner: carla}", id="what did not come, at the end"
        ),
        pytest.param(
            "{track: not-now, owner: carla}", "{owner: carla}", id="what did not come, at the start"
        ),
        pytest.param(
            "{queue: a, track: not-now, fit: 0, disqualified: spam, pool: executives}",
            "{owner: carla, fit: 0, pool: executives}",
            id="several that did not come, one after another",
        ),
        pytest.param(
            "{disqualified: spam}",
            "{route: by territory, row: 3, pool: executives, owner: carla,"
            " quadrant: deprioritise, mql_ready: false}",
            id="nothing of it came: the usual",
        ),
        pytest.param("{fit: 10.5, mql_ready: true}", "{fit: 0, mql_ready: false}", id="numbers"),
        pytest.param(
            "{}",
            "{route: by territory, row: 3, pool: executives, owner: carla,"
            " quadrant: deprioritise, mql_ready: false}",
            id="an empty one is filled",
        ),
    ],
)
def test_an_expectation_becomes(source: Files, before: str, after: str) -> None:
    text = f"# one\n- it: a test   # why\n  lead:  {{country: US}}\n  expect: {before}  # end\n"
    assert made(source, text) == text.replace(before, after)


@pytest.mark.parametrize(
    "empty",
    [
        pytest.param("expect:", id="nothing behind the colon"),
        pytest.param("expect:   # to be filled", id="a comment only"),
        pytest.param("expect: null", id="null"),
        pytest.param("expect: {}", id="an empty map"),
    ],
)
def test_an_empty_expectation_is_filled_however_it_is_written(source: Files, empty: str) -> None:
    second = "- it: y\n  lead: {}\n  expect: {fit: 0}\n"
    text = f"- it: x\n  {empty}\n  lead: {{country: JP}}\n{second}"
    usual = "{route: otherwise, queue: triage, quadrant: deprioritise, mql_ready: false}"
    after = made(source, text)
    assert f"expect: {usual}" in after
    assert after.endswith(second)
    assert ("# to be filled" in after) == ("# to be filled" in empty)


def test_a_block_loses_the_lines_of_what_did_not_come(source: Files) -> None:
    text = (
        "- it: x\n  lead: {country: US}\n  expect:\n    # the pool\n    pool: sdr  # not anna's\n"
        "    track: not-now\n    disqualified: spam\n"
    )
    assert made(source, text) == (
        "- it: x\n  lead: {country: US}\n  expect:\n    # the pool\n"
        "    pool: executives  # not anna's\n    owner: carla\n"
    )


def test_windows_line_ends_stay(source: Files) -> None:
    text = "- it: x\r\n  lead: {country: US}\r\n  expect: {row: 1}\r\n"
    assert made(source, text) == text.replace("row: 1", "row: 3")


def test_nothing_is_written_where_nothing_differs(source: Files) -> None:
    assert updated(source()) == {}
    assert updated(source(routing_test="# none yet\n")) == {}


def test_only_the_files_in_which_something_differs_are_written(source: Files) -> None:
    wrong = "- {it: x, lead: {country: US}, expect: {row: 1}}\n"
    assert updated(source(a_test=wrong)).keys() == {"a_test.yaml"}


def test_a_folder_that_does_not_load_is_refused(source: Files) -> None:
    with pytest.raises(Mistakes, match="unknown rep 'nobody'"):
        updated(source(routing_test="- {it: x, lead: {}, expect: {owner: nobody}}\n"))
    with pytest.raises(Mistakes, match="no rule file has this name"):
        updated(source(rooting="{}"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "- {it: x, lead: {country: US}, expect: &e {row: 1}}\n"
            "- {it: y, lead: {country: DE, employees: 300}, expect: *e}\n",
            id="two tests share an expectation, and only one of them should change",
        ),
        pytest.param(
            "- it: x\n  lead: {country: US}\n  expect:\n    row: 3\n    track: not-now  # why\n"
            "    disqualified: spam\n",
            id="a comment would go with the line of what did not come",
        ),
    ],
)
def test_what_cannot_be_edited_without_touching_more_is_left_to_people(
    source: Files, text: str
) -> None:
    folder = source(routing_test=text)
    if "# why" in text:
        folder = source(routing_test=text.replace("    row: 3\n", "    row: 3\n    owner: carla\n"))
    with pytest.raises(ByHandError, match=r"routing_test\.yaml.*edit it by hand"):
        updated(folder)


LEADS = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["US", "DE", "AT", "JP"]),
        "employees": st.sampled_from([3, 250, 2000]),
        "email": st.sampled_from(["a@firm.example", "a@rival.example"]),
    },
)
EXPECTED = st.fixed_dictionaries(
    {},
    optional={
        "route": st.sampled_from(["small", "by territory", "asked"]),
        "owner": st.sampled_from(["anna", "'ben'", '"carla"']),
        "track": st.just("welcome-nurture"),
        "pool": st.sampled_from(["sdr", "executives"]),
        "fit": st.sampled_from([0, 40.5]),
        "disqualified": st.just("is_competitor"),
        "mql_ready": st.booleans().map(lambda value: str(value).lower()),
    },
)


def _flow(values: dict[str, object]) -> str:
    return "{" + ",  ".join(f"{key}: {value}" for key, value in values.items()) + "}"


def _block(values: dict[str, object]) -> str:
    return "".join(f"\n    {key}:  {value}" for key, value in values.items())


@settings(max_examples=25, deadline=None)
@given(
    tests=st.lists(
        st.tuples(LEADS, EXPECTED, st.sampled_from([_flow, _block])), min_size=1, max_size=4
    )
)
def test_law_after_an_update_every_test_passes_and_only_expectations_changed(
    source: Files, tests: list[tuple[dict[str, object], dict[str, object], Callable[..., str]]]
) -> None:
    text = "".join(
        f"# {number}\n- it: 'test {number}'   # said\n"
        f"  lead: {_flow(lead)}\n  expect: {how(wanted)}\n"
        for number, (lead, wanted, how) in enumerate(tests)
    )
    after = made(source, text)
    folder = source(routing_test=after)
    assert all(outcome.passed for outcome in run(load(folder), folder))
    assert updated(folder) == {}
    before, now = (compose(FILE, each.encode()).value for each in (text, after))
    assert [entry | {"expect": 0} for entry in now] == [entry | {"expect": 0} for entry in before]
    assert [line for line in after.splitlines() if "#" in line] == [
        line for line in text.splitlines() if "#" in line
    ]


@given(
    value=st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1),
    style=st.sampled_from([None, "'", '"']),
)
def test_law_a_text_is_read_back_as_it_was_written(value: str, style: str | None) -> None:
    if "\ufeff" in value or not value.isprintable():
        return
    text = written(value, style)
    assert compose("x", f"{{a: {text}}}".encode()).value == {"a": value}


def test_the_folder_is_the_files_given(source: Files) -> None:
    folder = source(routing_test="- {it: x, lead: {country: US}, expect: {row: 1}}\n")
    files = {**folder.files, **updated(folder)}
    assert all(outcome.passed for outcome in run(load(source_of(files)), source_of(files)))
