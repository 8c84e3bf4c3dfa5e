"""territories.csv: how a table becomes rows, and what is said of one that cannot be read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType
from scoring_service.policy.decision_table import MISTAKES_MAX, TableRow, read_table, render
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.necessary import Between, OneOf

TYPES = {
    **TYPED_FIELDS,
    "account.owner": AttributeType.TEXT,
    "score.fit": AttributeType.NUMBER,
    "vip": AttributeType.BOOLEAN,
    "since": AttributeType.DATE,
}
SYMBOLS = {name: Attribute(name, kind) for name, kind in TYPES.items()} | {
    "industry": Attribute("industry", AttributeType.TEXT, values=frozenset({"software", "health"}))
}


def rows(text: str, results: tuple[str, ...] = ("pool",)) -> tuple[TableRow, ...]:
    return read_table("territories.csv", text.encode(), results, SYMBOLS)


def one(column: str, cell: str) -> TableRow:
    quoted = '"' + cell.replace('"', '""') + '"'
    (row,) = rows(f"{column},pool\n{quoted},p\n")
    return row


def said(text: str, results: tuple[str, ...] = ("pool",)) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        rows(text, results)
    return [str(mistake) for mistake in caught.value.mistakes]


def lead(column: str, value: Any) -> dict[str, Any]:
    """Symbols with this value, in a nested map where the column is dotted."""
    first, _, rest = column.partition(".")
    return {first: {rest: value} if rest else value}


@pytest.mark.parametrize(
    ("column", "cell", "held_by", "not_by"),
    [
        ("country", "DE", ["DE"], ["de", "AT", None, 5, True, ["DE"], {"DE": 1}]),
        ("country", " DE | AT ", ["DE", "AT"], ["DE | AT", "CH", None]),
        ("postal_code", "01234", ["01234"], [1234, "1234", 1234.0]),
        ("postal_code", "1", ["1"], [1, True, 1.0]),
        ("company_name", '"a|b"', ["a|b"], ["a", "b", '"a|b"']),
        ("company_name", '"a|b"|"say ""hi"""|c', ["a|b", 'say "hi"', "c"], ["a"]),
        ("company_name", '" padded "', [" padded "], ["padded"]),
        ("company_name", '">=100"', [">=100"], [100]),
        ("company_name", '5" disks', ['5" disks'], []),
        ("employees", "200..999", [200, 999, 500.5], [199, 1000, 199.9, None, "200", True, [200]]),
        ("employees", ">=1000", [1000, 10**9], [999, 999.9, None, True, "1000"]),
        ("employees", ">1000", [1001, 1000.0000001], [1000, 1000.0, None]),
        ("employees", "<= 10", [10, -5, 0], [11, 10.5, None]),
        ("employees", "< 10", [9, 9.999], [10, 10.0, "9", None]),
        ("employees", "-5 .. -1", [-5, -1], [0, -6]),
        ("employees", "1|2", [1, 2, 1.0], [True, 3, "1", None]),
        ("employees", "0", [0, 0.0, -0.0], [False, None, ""]),
        ("annual_revenue", "0.1", [0.1], [0.1000001, "0.1", None]),
        ("annual_revenue", "0.5..1.5", [0.5, 1, 1.5], [0.49, 1.51]),
        ("vip", "true", [True], [1, "true", False, None]),
        ("vip", "FALSE", [False], [0, None, True]),
        ("vip", "true|false", [True, False], [None, 1]),
        ("since", "2026-03-31", [datetime(2026, 3, 31, tzinfo=UTC)], ["2026-03-31", None, 5]),
        ("account.owner", "anna", ["anna"], ["ben", None]),
        ("score.fit", ">=0.5", [0.5, 80], [0.4, None]),
    ],
)  # fmt: skip
def test_a_cell_holds_for_these_values_and_not_for_those(
    column: str, cell: str, held_by: list[Any], not_by: list[Any]
) -> None:
    condition = one(column, cell).condition
    assert [value for value in held_by if not condition(lead(column, value))] == []
    assert [value for value in not_by if condition(lead(column, value))] == []


@pytest.mark.parametrize("symbols", [{}, {"account": None}, {"account": "x"}, {"account": {}}])
def test_a_missing_account_holds_for_no_cell(symbols: dict[str, Any]) -> None:
    assert not one("account.owner", "anna").condition(symbols)


def test_a_blank_cell_is_any_value() -> None:
    first, last = rows("country,employees,pool\nDE, ,a\n , ,b\n")
    assert first.condition({"country": "DE"})
    assert last.tests == ()
    assert last.condition({})


def test_rows_keep_their_order_line_number_and_results() -> None:
    text = 'pool,country,sla\nwest,"DE|\nAT",hot\n\n , , \neast,CH,accept\n'
    found = rows(text, ("pool", "sla"))
    assert [(row.number, row.line) for row in found] == [(1, 2), (2, 6)]
    assert [row.results for row in found] == [
        {"pool": "west", "sla": "hot"},
        {"pool": "east", "sla": "accept"},
    ]


def test_a_column_that_a_route_uses_is_a_result_even_where_a_symbol_has_its_name() -> None:
    (row,) = rows("country,region\nDE,emea\n", ("region",))
    assert row.results == {"region": "emea"}
    assert row.tests == (OneOf("country", frozenset({"DE"})),)


def test_a_spreadsheets_export_is_read() -> None:
    text = "\ufeffcountry,pool,,\r\nDE,west,,\r\n,,,\r\n"
    (row,) = rows(text)
    assert row.results == {"pool": "west"}


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("country", "DE", 'country == "DE"'),
        ("country", "DE|AT", 'country in ["AT", "DE"]'),
        ("company_name", '"a""b"', 'company_name == "a\\"b"'),
        ("company_name", "a\\b", 'company_name == "a\\\\b"'),
        ("company_name", "a\nb", 'company_name == "a\\nb"'),
        ("company_name", "a\x1b[2Jb", 'company_name == "a\\x1b[2Jb"'),
        ("annual_revenue", "1000000.50", "annual_revenue == 1000000.5"),
        (
            "annual_revenue",
            "5.0..9",
            "annual_revenue != null and annual_revenue >= 5 and annual_revenue <= 9",
        ),
        ("employees", "5", "employees == 5"),
        ("employees", "2|10", "employees in [10, 2]"),
        ("employees", ">1000", "employees != null and employees > 1000"),
        ("annual_revenue", "<0.00001", "annual_revenue != null and annual_revenue < 0.00001"),
        ("vip", "TRUE", "vip == true"),
        ("since", "2026-03-31", 'since == d"2026-03-31T00:00:00+00:00"'),
    ],
)
def test_a_row_is_rendered_in_the_language_of_conditions(column: str, cell: str, text: str) -> None:
    assert render(one(column, cell)) == text


def test_a_row_without_conditions_is_rendered_as_true() -> None:
    assert [render(row) for row in rows("country,pool\n,p\n")] == ["true"]


HEADER = "country,employees,postal_code,industry,vip,since,pool\n"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("contry,pool\nDE,p\n", "territories.csv:1: contry: the column 'contry' is no symbol, and "
         "no route uses {contry}; did you mean 'country'?"),
        ("country\nDE\n", "territories.csv:1: pool: a route uses {pool}, and the table has no such "
         "column; add a column 'pool'"),
        ("country,country,pool\nDE,AT,p\n", "territories.csv:1: country: the column 'country' is "
         "there twice; remove one of them"),
        ("country;pool\nDE;p\n", "territories.csv:1: country;pool: the column 'country;pool' is no "
         "symbol, and no route uses {country;pool}; save the file with commas between the cells"),
        ("technologies,pool\njava,p\n", "territories.csv:1: technologies: technologies holds "
         "several texts, which no cell can equal; write a route with "
         "when: '\"...\" in technologies'"),
        ("country,pool\n", "territories.csv:1: $: the table has no rows; add one, or remove the "
         "routes that use it"),
        ("country,pool\nDE,p\nAT\n", "territories.csv:3: $: the row has 1 cells, and the header 2; "
         "leave a cell blank, or quote one that has a comma"),
        ("country,pool\nDE,p,q\n", "territories.csv:2: $: the row has 3 cells, and the header 2; "
         "leave a cell blank, or quote one that has a comma"),
        ("country,pool\nDE,\n", "territories.csv:2: pool: the row gives no pool; fill the cell in "
         "every row"),
        ('country,pool\n"DE,p\n', "territories.csv:2: $: this is not CSV: unexpected end of data; "
         "look at the quotes from this row on"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_says_where_what_and_how_to_mend_it(
    text: str, mistake: str
) -> None:
    assert mistake in said(text)


@pytest.mark.parametrize(
    ("column", "cell", "mistake"),
    [
        ("country", "DE|", "'DE|' has an empty value; remove the '|' that is too many"),
        ("country", '"DE', 'the quotes in "DE are not around a whole value; write "a|b"'),
        ("country", '"DE"x', 'the quotes in "DE"x are not around a whole value; write "a|b"'),
        ("postal_code", "10000..19999", "'10000..19999' is a range, and postal_code is of type "
         "text; ranges go with numbers only: list the values, or quote the text: "
         '"""10000..19999"""'),
        ("vip", ">=1", "'>=1' is a range, and vip is of type boolean; ranges go with numbers only: "
         'list the values, or quote the text: """>=1"""'),
        ("employees", "many", "'many' is no number, and employees is one; write digits only, such "
         "as 1000 or 0.5, or a range such as 200..999 or >=1000"),
        ("employees", "1,000", "'1,000' is no number, and employees is one; write digits only, "
         "such as 1000 or 0.5, or a range such as 200..999 or >=1000"),
        ("employees", "1.5", "'1.5' is no whole number; employees is an integer: round it"),
        ("employees", "999..200", "the range 999..200 is empty; exchange its bounds"),
        ("employees", ">=NaN", "'NaN' is no number, and employees is one; write digits only, such "
         "as 1000 or 0.5, or a range such as 200..999 or >=1000"),
        ("annual_revenue", "1234567890.1234567", "'1234567890.1234567' has more than 15 digits; "
         "round it"),
        ("industry", "sofware", "industry is never 'sofware'; did you mean 'software'?"),
        ("vip", "yes", "'yes' is neither true nor false; write true or false"),
        ("since", "31.3.2026", "'31.3.2026' is no date; write it as 2026-03-31"),
        ("country", "|".join(f"c{n}" for n in range(1001)), "1,001 values in one cell; write at "
         "most 1000 a row"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_named_with_its_column(
    column: str, cell: str, mistake: str
) -> None:
    quoted = cell.replace('"', '""')
    assert said(f'pool,{column}\np,"{quoted}"\n') == [f"territories.csv:2: {column}: {mistake}"]


@pytest.mark.parametrize(
    "cell", ["." * 100_000 + " x y", '"' * 100_001, "<" + " " * 100_000 + "x y"]
)
@pytest.mark.parametrize("column", ["employees", "country"])
def test_a_monstrous_cell_is_refused_without_delay(column: str, cell: str) -> None:
    quoted = cell.replace('"', '""')
    text = f'{column},pool\n"{quoted}",p\n'
    if column == "country" and '"' not in cell:
        assert one(column, cell).condition({"country": cell})
    else:
        assert len(said(text)) == 1


def test_every_mistake_is_named_at_once_up_to_a_limit() -> None:
    found = said("employees,vip,pool\nx,y,p\n5,true,\n")
    assert [line.split(": ")[1] for line in found] == ["employees", "vip", "pool"]
    many = said("employees,pool\n" + "x,p\n" * 1_000)
    assert len(many) == MISTAKES_MAX + 1
    assert "the rest is not looked at" in many[-1]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Mistakes, match=r"territories.csv:2: \$: this is not UTF-8 text"):
        read_table("territories.csv", b"country,pool\n\xff\xfe,p\n", ("pool",), SYMBOLS)


def test_equal_cells_share_one_test_so_that_many_rows_stay_small() -> None:
    first, second = rows("country,employees,pool\nDE|AT,1..5,p\nDE|AT,1..5,p\n")
    assert all(a is b for a, b in zip(first.tests, second.tests, strict=True))
    assert first.results is second.results
    assert first.tests == (
        OneOf("country", frozenset({"DE", "AT"})),
        Between("employees", 1, 5),
    )


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8)


@given(st.lists(texts, min_size=1, max_size=4, unique=True), texts)
def test_any_text_in_quotes_is_that_text(wanted: list[str], other: str) -> None:
    cell = "|".join('"' + text.replace('"', '""') + '"' for text in wanted)
    condition = one("company_name", cell).condition
    assert all(condition({"company_name": text}) for text in wanted)
    assert condition({"company_name": other}) == (other in wanted)


digits = st.decimals(-9999, 9999, places=3)


@given(digits, digits, digits)
def test_ranges_and_equality_agree_with_decimal_arithmetic(low: Any, high: Any, value: Any) -> None:
    low, high = sorted((low, high))
    symbols = {"annual_revenue": float(value)}
    assert one("annual_revenue", f"{low}..{high}").condition(symbols) == (low <= value <= high)
    assert one("annual_revenue", f">{low}").condition(symbols) == (value > low)
    assert one("annual_revenue", f"<{low}").condition(symbols) == (value < low)
    assert one("annual_revenue", f"{low}").condition(symbols) == (value == low)


@given(st.binary(max_size=200))
def test_no_bytes_bring_it_down(content: bytes) -> None:
    file = b"country,employees,pool\n" + content
    try:
        found = read_table("territories.csv", file, ("pool",), SYMBOLS)
    except Mistakes as refused:
        told = [str(mistake).partition(":")[0] for mistake in refused.mistakes]
    else:
        told = ["territories.csv" for row in found if row.results["pool"]]
    assert set(told) == {"territories.csv"}
