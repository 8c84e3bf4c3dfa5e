"""How a decision table is laid out, and that it says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.policy.decision_table import read_table
from scoring_service.policy.layout.csv_file import csv_laid_out
from scoring_service.policy.mistake import Mistakes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("country , pool\n DE,a \n", "country,pool\nDE,a\n", id="cells are trimmed"),
        pytest.param('"country","pool"\n"DE","a"\n', "country,pool\nDE,a\n", id="few quotes"),
        pytest.param('country,pool\n"a,b",x\n', 'country,pool\n"a,b",x\n', id="quotes for a comma"),
        pytest.param('country,pool\n"a\rb",x\n', 'country,pool\n"a\rb",x\n', id="quotes for a CR"),
        pytest.param(
            'country,pool\n"""a|b""",x\n', 'country,pool\n"""a|b""",x\n', id="quotes of a cell"
        ),
        pytest.param("country,pool\r\nDE,a\r\n", "country,pool\nDE,a\n", id="line ends of Windows"),
        pytest.param("\ufeffcountry,pool\nDE,a", "country,pool\nDE,a\n", id="what Excel writes"),
        pytest.param("country,pool\nDE,a\n\n,\n\n", "country,pool\nDE,a\n", id="empty rows below"),
        pytest.param("\n,\ncountry,pool\nDE,a\n", "country,pool\nDE,a\n", id="empty rows above"),
        pytest.param(
            "country,pool\nDE,a\n,\n\nAT,a\n", "country,pool\nDE,a\n\nAT,a\n", id="one between rows"
        ),
        pytest.param("country,pool,,\nDE,a,,\n", "country,pool\nDE,a\n", id="empty columns"),
        pytest.param("country,pool\nDE| AT |DE,a\n", "country,pool\nDE|AT,a\n", id="tidy lists"),
        pytest.param(
            'country,pool\n"""D|E""|AT|""D|E""",a\n',
            'country,pool\n"""D|E""|AT",a\n',
            id="a list with a value in quotes",
        ),
        pytest.param("country,pool\nDE,a|b|a\n", "country,pool\nDE,a|b|a\n", id="results stay"),
        pytest.param("country,pool\nDE||DE,a\n", "country,pool\nDE||DE,a\n", id="no list"),
        pytest.param("country,pool\nZ|A|B,a\n", "country,pool\nZ|A|B,a\n", id="order is kept"),
        pytest.param("country,pool\nDE\n", "country,pool\nDE\n", id="a row too short"),
        pytest.param("country,pool\nDE,a,x\n", "country,pool\nDE,a,x\n", id="a row too long"),
        pytest.param("\n\n", "", id="nothing"),
    ],
)  # fmt: skip
def test_a_table_is_laid_out(before: str, after: str) -> None:
    assert csv_laid_out("t.csv", before.encode(), {"pool"}).decode() == after
    assert csv_laid_out("t.csv", after.encode(), {"pool"}).decode() == after


def test_lists_stay_where_nobody_knows_the_result_columns() -> None:
    assert csv_laid_out("t.csv", b"country,pool\nDE| DE , a\n") == b"country,pool\nDE| DE,a\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b'a,b\n1,2\n"x,1\n', "t.csv:3: $: this is not CSV", id="a quote without end"),
        pytest.param(b"a,b\n\xff,1\n", "t.csv:2: $: this is not UTF-8 text", id="no UTF-8"),
    ],
)
def test_what_is_no_table_is_said_with_its_place(content: bytes, message: str) -> None:
    with pytest.raises(Mistakes) as refused:
        csv_laid_out("t.csv", content, {"pool"})
    assert str(refused.value).startswith(message)


SYMBOLS = {
    "country": Attribute("country", AttributeType.TEXT),
    "employees": Attribute("employees", AttributeType.INTEGER),
}
TEXTS = st.sampled_from(["DE", " AT", "DE ", '"a|b"', '"x ""y"""', "it's", "a,b", "1..2 GmbH"])
COUNTRY = st.lists(TEXTS, max_size=4).map("|".join)
EMPLOYEES = st.sampled_from(["", " >=1000", "200..999", "5| 6|5 ", "<10"])
POOL = st.sampled_from(["sdr", " sdr", "a|b|a", "x, y", 'say "x"'])


@given(rows=st.lists(st.tuples(COUNTRY, EMPLOYEES, POOL), min_size=1, max_size=6))
def test_law_the_table_has_the_same_rows_and_is_laid_out_for_good(
    rows: list[tuple[str, str, str]],
) -> None:
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    text = "\r\n \r\n".join(["country, employees,pool ", *quoted]).encode()
    made = csv_laid_out("t.csv", text, {"pool"})
    assert csv_laid_out("t.csv", made, {"pool"}) == made
    before, after = (_told(content) for content in (text, made))
    assert before == after


def _told(content: bytes) -> object:
    """What a table says: tests and results of its rows, or the columns where something is wrong."""
    try:
        rows = read_table("t.csv", content, {"pool"}, SYMBOLS)
    except Mistakes as wrong:
        return {mistake.path for mistake in wrong.mistakes}
    return [(row.number, row.tests, dict(row.results)) for row in rows]
