"""The first sub-condition that failed, in words: by its text, with the lead's value."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.schema import TYPED_FIELDS, Attribute
from scoring_service.policy.failed.finding import Came, Finding, found_in, value_text
from scoring_service.policy.failed.parts import taken_apart
from scoring_service.policy.failed.sentences import said, values_said
from scoring_service.policy.language.symbols import scope, table_symbols

SEEN = scope(table_symbols({n: Attribute(n, kind) for n, kind in TYPED_FIELDS.items()}, ["demo"]))
LEAD: dict[str, Any] = {
    "country": "FR",
    "employees": 250,
    "technologies": ("sap", "excel"),
    "account": {"owner": None},
    "activity": {"demo": {"count": 0, "days_since": None}},
    "score": {"fit": 49.999999, "behaviour": 12.34567891},
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "employees >= 1000", "employees >= 1000 failed, employees is 250", id="a comparison"
        ),
        pytest.param(
            'employees >= 100 and country == "DE" and source == "web"',
            'country == "DE" failed, country is "FR"',
            id="of an and the first that failed",
        ),
        pytest.param(
            'country == "DE" or country == "AT" or source == "web"',
            'none of 3 alternatives held: country == "DE" failed, country is "FR";'
            ' country == "AT" failed; source == "web" failed, source is not known',
            id="of an or all, each value once",
        ),
        pytest.param(
            'employees > 1 and (country == "DE" or (employees > 9 and source == "web"))',
            'none of 2 alternatives held: country == "DE" failed, country is "FR";'
            ' source == "web" failed, source is not known',
            id="an and inside an or by what failed in it",
        ),
        pytest.param(
            " or ".join(f'region == "{i}"' for i in range(7)),
            'none of 7 alternatives held: region == "0" failed, region is not known;'
            ' region == "1" failed; region == "2" failed; region == "3" failed;'
            ' region == "4" failed and 2 more',
            id="of many alternatives some",
        ),
        pytest.param(
            'country not in ["FR", "BE"]',
            'not (country in ["FR", "BE"]) failed, country is "FR"',
            id="a not",
        ),
        pytest.param(
            'not (source == "web" or country == "FR")',
            'not (source == "web" or country == "FR") failed, because country == "FR" held,'
            ' country is "FR"',
            id="of a not what held inside",
        ),
        pytest.param(
            'not (employees > 9 and country == "FR")',
            'not (employees > 9 and country == "FR") failed, because all of this held:'
            ' employees > 9 held, employees is 250; country == "FR" held, country is "FR"',
            id="of a not all that held inside",
        ),
        pytest.param(
            "annual_revenue >= 5",
            "annual_revenue >= 5 could not be evaluated, annual_revenue is not known",
            id="a missing value in an ordering",
        ),
        pytest.param(
            'annual_revenue >= 5 or country == "FR"',
            "annual_revenue >= 5 could not be evaluated, annual_revenue is not known;"
            ' not asked after it: country == "FR"',
            id="what an error kept from being asked",
        ),
        pytest.param(
            'country == "FR" and not (annual_revenue >= 5)',
            "annual_revenue >= 5 could not be evaluated, annual_revenue is not known",
            id="an error inside a not",
        ),
        pytest.param(
            "activity.demo.days_since <= 2",
            "activity.demo.days_since <= 2 could not be evaluated, there was no demo",
            id="what was never done",
        ),
        pytest.param(
            "account.owner != null",
            "account.owner != null failed, account.owner is not known",
            id="nothing there",
        ),
        pytest.param(
            "score.behaviour >= 40",
            "score.behaviour >= 40 failed, score.behaviour is 12.3457",
            id="a number for people",
        ),
        pytest.param(
            "score.fit >= 50",
            "score.fit >= 50 failed, score.fit is 49.999999",
            id="never rounded to what it would have to be",
        ),
        pytest.param(
            '"crm" in technologies',
            '"crm" in technologies failed, technologies is ["sap", "excel"]',
            id="a list",
        ),
        pytest.param("false", "false never holds", id="what is written as false"),
    ],
)
def test_what_failed_is_told(text: str, told: str) -> None:
    found = found_in(taken_apart(text, SEEN), LEAD)
    assert found.came is not Came.HELD
    assert said(found) == told


def test_a_long_text_and_a_long_value_are_cut_for_people_and_whole_for_machines() -> None:
    text = f'campaign == "{"x" * 300}"'
    found = found_in(taken_apart(text, SEEN), {"campaign": "y" * 300})
    assert len(said(found)) < 260
    assert (found.condition, found.values) == (text, (("campaign", f'"{"y" * 300}"'),))


def test_of_an_or_that_held_the_alternative_is_told() -> None:
    found = found_in(taken_apart('source == "web" or employees > 9', SEEN), LEAD)
    assert (found.came, found.condition) == (Came.HELD, "employees > 9")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param("59.49999", "59.49999", id="to the bar it missed"),
        pytest.param("12345.67891", "12345.6789", id="to fewer digits because it is large"),
        pytest.param("-0.123456", "-0.1235", id="as it may be"),
    ],
)
def test_a_number_is_not_rounded(value: str, told: str) -> None:
    assert values_said([("score.fit", value)]) == f"score.fit is {told}"


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        pytest.param("score.win_probability >= 0.1234", 0.12338, "0.12338", id="the bar it missed"),
        pytest.param("score.win_probability >= 0.1234", 0.12332, "0.1233", id="below the bar"),
        pytest.param("score.win_probability < 0.1234", 0.12341, "0.12341", id="the bar it passed"),
        pytest.param("score.win_probability in [0.25, 0.1234]", 0.12344, "0.12344",
                     id="one of several numbers"),
        pytest.param("score.win_probability >= 0.5", 0.12338, "0.1234", id="any other number"),
    ],
)  # fmt: skip
def test_a_number_is_never_told_as_one_that_its_condition_names(
    text: str, value: float, told: str
) -> None:
    """Else the sentence would say that a number fails a condition which it meets."""
    found = found_in(taken_apart(text, SEEN), {"score": {"win_probability": value}})
    assert said(found) == f"{text} failed, score.win_probability is {told}"


@given(st.integers(0, 10_000), st.integers(-60, 60), st.sampled_from([">=", ">", "<", "<="]))
def test_whatever_is_told_of_a_number_fails_the_condition_as_the_number_does(
    bar: int, off: int, sign: str
) -> None:
    condition = f"score.win_probability {sign} {bar / 10_000}"
    value = bar / 10_000 + off / 1_000_000
    found = found_in(taken_apart(condition, SEEN), {"score": {"win_probability": value}})
    told = float(said(found).rsplit(" ", 1)[1])
    assert found_in(taken_apart(condition, SEEN), {"score": {"win_probability": told}}).came is (
        found.came
    )


def test_a_cell_does_not_tell_a_number_as_the_one_it_asks_for() -> None:
    cell = Finding(
        ">=0.1234", Came.FAILED, (("share", "0.12338"),), column="share", cell=">=0.1234"
    )
    assert said(cell) == "share has to be >=0.1234, and it is 0.12338"


def test_what_a_form_was_sent_does_not_steer_a_terminal() -> None:
    """The text as a condition writes it holds for the value: nothing of it is lost."""
    for sent in ("\x1b]0;gone\x07", "\u202eoof", "\u2028", "\U000e0001", 'a\n"b"\\'):
        text = value_text("country", {"country": sent})
        assert text.isprintable()
        found = found_in(taken_apart(f"country == {text}", SEEN), {"country": sent})
        assert (found.came, said(found)) == (
            Came.HELD,
            f"{found.condition} held, country is {text}",
        )
