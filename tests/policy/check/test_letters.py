"""Where a text that is not what it seems keeps every lead from being the same."""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]
LIKELY = "this compares with a text that no lead is likely to have: "


def route(when: str) -> str:
    return f"{{name: x, when: '{when}', assign: {{pool: sdr}}}}"


@pytest.mark.parametrize(
    ("when", "why"),
    [
        pytest.param('job_title == "dir\u0435ctor"', "the 'e' is a CYRILLIC SMALL LETTER IE",
                     id="a text that is equal to nothing"),
        pytest.param('job_title in ["cto", "c\u0435o"]', "the 'e' is a CYRILLIC SMALL LETTER IE",
                     id="one of a list"),
        pytest.param('job_title =~~ "c\u0435o"', "the 'e' is a CYRILLIC SMALL LETTER IE",
                     id="in a regex"),
        pytest.param('not (seats == 1 and job_title == "c\u00a0o")',
                     "there is a NO-BREAK SPACE in it", id="deep inside"),
    ],
)  # fmt: skip
def test_a_condition_with_such_a_text_is_told(routed: Said, when: str, why: str) -> None:
    assert routed(route(when)) == [f"routing.yaml:2: $.routes[0].when: {LIKELY}{why}; type it anew"]


@pytest.mark.parametrize(
    "when",
    [
        pytest.param('job_title == "\u0434\u0438\u0440\u0435\u043a\u0442\u043e\u0440"',
                     id="a text of another alphabet"),
        pytest.param('job_title == "g\u00e9rant"', id="accents"),
        pytest.param('job_title =~~ "[a-z\u0430-\u044f]+"', id="letters of two alphabets"),
    ],
)  # fmt: skip
def test_a_condition_in_any_one_alphabet_is_not_told(routed: Said, when: str) -> None:
    assert routed(route(when)) == []


def test_criteria_and_members_are_told_too(
    found: Said, rule_files: Callable[..., dict[str, bytes]]
) -> None:
    files = {name: text.decode() for name, text in rule_files().items()}
    scoring = files["scoring.yaml"].replace('"rival.example"', '"riv\u0430l.example"')
    team = files["team.yaml"].replace('in ["DE", "AT"]', '!= "D\u0415"')
    told = [line for line in found(scoring=scoring, team=team) if LIKELY in line]
    assert [line.split(f": {LIKELY}")[0] for line in told] == [
        "scoring.yaml:12: $.disqualify[0].when",
        "team.yaml:7: $.pools.sdr.members[1].when",
    ]


def test_each_cell_of_a_table_is_told_and_written_routes_are_not_told_as_rows(
    routed: Said,
) -> None:
    rows = "plan,job_title,pool\nfree,c\u0435o|cto,sdr\npro,\u200bcoo,sdr\n,Gesch\u00e4ft,sdr\n"
    assert routed(territories=rows) == [
        "territories.csv:2: row 1: job_title 'c\u0435o' only looks like 'ceo': the 'e' is a"
        " CYRILLIC SMALL LETTER IE; type it anew",
        "territories.csv:3: row 2: job_title '\u200bcoo' only looks like 'coo': there is a ZERO"
        " WIDTH SPACE in it; type it anew",
    ]


def test_a_value_that_leads_may_have_is_told_and_numbers_are_not(
    found: Said, rule_files: Callable[..., dict[str, bytes]]
) -> None:
    attributes = rule_files()["attributes.yaml"].decode()
    more = 'city: {type: text, values: ["Bern", "B\u0430sel", "100", "\u0411\u0435\u0440\u043d"]}\n'
    told = [line for line in found(attributes=attributes + more) if "only looks" in line]
    assert told == [
        "attributes.yaml:5: $.city.values[1]: 'B\u0430sel' only looks like 'Basel': the 'a' is a"
        " CYRILLIC SMALL LETTER A; type it anew"
    ]


def test_a_folder_without_attributes_of_its_own_has_no_values(found: Said) -> None:
    said = found(
        attributes="# none\n",
        scoring="mql: {fit_min: 0, behaviour_min: 0}\n",
        routing="routes: []\notherwise: {queue: triage, owner: sales-ops}\n",
        routing_test="- {it: x, lead: {}, expect: {queue: triage}}",
    )
    assert not [line for line in said if line.startswith("attributes.yaml")]
