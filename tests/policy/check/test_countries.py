"""Country codes that no lead has, wherever rules compare them."""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("when", "why"),
    [
        pytest.param('country == "UK"', "country is never 'UK', which is no country code;"
                     " did you mean 'GB'?", id="a code that is in use and was never assigned"),
        pytest.param('country in ["DE", "at"]', "country is never 'at', which is no country code;"
                     " did you mean 'AT'?", id="lower case in a list"),
        pytest.param('not ("XX" != country and employees > 3)',
                     "country is never 'XX', which is no country code; write ISO 3166-1 alpha-2,"
                     " such as DE", id="no country, and inside not and and"),
        pytest.param('employees > 3 and country == "UK"', "country is never 'UK', which is no"
                     " country code; did you mean 'GB'?", id="behind an and"),
        pytest.param('country == "DE" or country == "UK"', "country is never 'UK', which is no"
                     " country code; did you mean 'GB'?", id="behind an or"),
        pytest.param('account.country == "Germany"', "account.country is never 'Germany', which is"
                     " no country code; write ISO 3166-1 alpha-2, such as DE",
                     id="a name in place of a code, of an account"),
    ],
)  # fmt: skip
def test_a_condition_on_a_country_that_is_none_is_told(routed: Said, when: str, why: str) -> None:
    assert f"routing.yaml:2: $.routes[0].when: {why}" in routed(
        f"{{name: x, when: '{when}', assign: {{pool: sdr}}}}"
    )


@pytest.mark.parametrize(
    "when",
    [
        pytest.param('country in ["DE", "NO"]', id="countries"),
        pytest.param('country.as_lower == "de"', id="a country in lower case"),
        pytest.param('region == "UK"', id="a region is free text"),
        pytest.param("country == null", id="no country"),
        pytest.param('country =~ "D"', id="the beginning of one"),
    ],
)
def test_what_some_country_meets_is_not_told(routed: Said, when: str) -> None:
    assert routed(f"{{name: x, when: '{when}', assign: {{pool: sdr}}}}") == []


def test_each_row_of_a_table_with_such_a_code_is_told(routed: Said) -> None:
    assert routed(territories="country,pool\nDE|uk,sdr\nJP,sdr\nEL,sdr\n") == [
        "territories.csv:2: row 1: country is never 'uk', which is no country code;"
        " did you mean 'GB'?",
        "territories.csv:4: row 3: country is never 'EL', which is no country code;"
        " did you mean 'GR'?",
    ]


def test_who_takes_only_leads_of_such_a_country_is_told(
    found: Said, rule_files: Callable[..., dict[str, bytes]]
) -> None:
    team = rule_files()["team.yaml"].decode()
    asked = team.replace('"AT"]', '"UK"]')
    assert asked != team
    (told,) = (line for line in found(team=asked) if line.startswith("team.yaml"))
    assert "members[1].when: country is never 'UK'" in told
