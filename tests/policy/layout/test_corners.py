"""Corners of the layout: comments between things, anchors, widths at the limit and one beyond."""

import pytest

from scoring_service.policy.layout.flow import WIDTH
from scoring_service.policy.layout.yaml_file import yaml_laid_out


def laid_out(text: str) -> str:
    """The layout, which must be laid out itself."""
    made = yaml_laid_out("team.yaml", text.encode()).decode()
    assert yaml_laid_out("team.yaml", made.encode()).decode() == made
    return made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("- # why\n  a: 1\n  b: 2\n", "-  # why\n  a: 1\n  b: 2\n",
                     id="beside a dash, before the map of its entry"),
        pytest.param("a: # one\n    # two\n    1\n", "a:  # one\n  # two\n  1\n",
                     id="two between a key and its value"),
        pytest.param("a: # one\n    # two\n    [1, 2]\n", "a:  # one\n  # two\n  [1, 2]\n",
                     id="two between a key and its list"),
        pytest.param("a: # nothing\nb: 1\n", "a:  # nothing\nb: 1\n", id="beside a key of nothing"),
        pytest.param("a: [1,\n  2] # why\nb: 1\n", "a: [1, 2]  # why\nb: 1\n",
                     id="beside the end of brackets that are joined"),
        pytest.param("a: [1,\n  2] # why", "a: [1, 2]  # why\n", id="at the end of the file"),
        pytest.param("a: 'one\n  two' # why\nb: 1", "a: 'one\n  two'  # why\nb: 1\n",
                     id="beside the last line of a text in quotes"),
        pytest.param("- one\n  two # why\n- 1", "- one\n  two  # why\n- 1\n",
                     id="beside the last line of a plain text"),
        pytest.param("a: | # why\n  text\nb: 1\n", "a: |  # why\n  text\nb: 1\n",
                     id="beside the head of a text in block style"),
        pytest.param("# x\n# y\n{a: 1}  # z\n# end", "# x\n# y\n{a: 1}  # z\n# end\n",
                     id="around a file in brackets"),
        pytest.param("a: {x: 1, # one\n    y: 2} # two\n", "a: {x: 1,  # one\n    y: 2}  # two\n",
                     id="behind a comma and behind the end"),
        pytest.param("a: [1 # one\n  , 2]\n", "a: [1,  # one\n    2]\n", id="before a comma"),
        pytest.param("a: [\n  # first\n  1,\n\n  2\n]\n", "a: [\n    # first\n    1,\n    2]\n",
                     id="above the first in brackets"),
        pytest.param("a:\n  b:\n    c: 1\n    # of c\n  # of b\n# of a\nd: 1\n",
                     "a:\n  b:\n    c: 1\n    # of c\n  # of b\n# of a\nd: 1\n",
                     id="below the last, each as deep as what it is of"),
        pytest.param("a:\n  - 1\n      # deep\n  - 2\n", "a:\n  - 1\n  # deep\n  - 2\n",
                     id="deeper than anything, above the next entry"),
        pytest.param("a:\n  b: 1\n  # last\n", "a:\n  b: 1\n  # last\n", id="the last line"),
        pytest.param("# head\n\na: 1\n\n# about b\nb: 2\n", "# head\n\na: 1\n\n# about b\nb: 2\n",
                     id="apart by an empty line, and not"),
    ],
)  # fmt: skip
def test_a_comment_stays_where_it_belongs(before: str, after: str) -> None:
    assert laid_out(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("&x\n# why\na: 1\n", "# why\n&x\na: 1\n", id="an anchor of the whole file"),
        pytest.param("- &x\n  a: 1\n- *x\n", "- &x\n  a: 1\n- *x\n", id="of a map behind a dash"),
        pytest.param("a:   &x\n    b: 1\nc: *x\n", "a: &x\n  b: 1\nc: *x\n", id="below a key"),
        pytest.param("a: &x # why\n  b: 1\nc: *x\n", "a: &x  # why\n  b: 1\nc: *x\n",
                     id="with a comment"),
        pytest.param("a: &y z\n*y : 1\n", "a: &y z\n*y : 1\n", id="an alias as a key"),
        pytest.param("a: &y z\nb: {*y :  1}\n", "a: &y z\nb: {*y : 1}\n",
                     id="an alias as a key in brackets"),
    ],
)  # fmt: skip
def test_an_anchor_stays_with_what_it_names(before: str, after: str) -> None:
    assert laid_out(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a: >\n   one\n\n   two\nb: 1\n", "a: >\n  one\n\n  two\nb: 1\n",
                     id="a folded text with an empty line"),
        pytest.param("- |\n  x\n- a: >-\n    y\n  b: 1\n", "- |\n  x\n- a: >-\n    y\n  b: 1\n",
                     id="in a list, and in a map in a list"),
        pytest.param("a: |\n\n  x\n", "a: |\n\n  x\n", id="an empty line first"),
        pytest.param("a: [1, 'one\n   two', 3]\n", "a: [1,\n    'one\n      two', 3]\n",
                     id="over two lines in a list"),
        pytest.param("a: {x: 'one\n   two', y: 3}\n", "a: {x: 'one\n         two', y: 3}\n",
                     id="over two lines in a map"),
        pytest.param('a: "x \\\n   y"\n', 'a: "x \\\n  y"\n', id="a blank that is escaped"),
        pytest.param('a: "x\\u0007"\nb: "\\u00e9"\n', "a: \"x\\u0007\"\nb: 'é'\n",
                     id="escaped where it could not be seen, and only there"),
        pytest.param('a: "it\'s \\"x\\""\n', "a: 'it''s \"x\"'\n", id="both kinds of quotes in it"),
        pytest.param("a: 'it''s \\ x'\n", "a: 'it''s \\ x'\n", id="a backslash in it"),
        pytest.param("a: [{x: }, {y}]\n", "a: [{x: null}, {y: null}]\n", id="nothing in maps"),
    ],
)  # fmt: skip
def test_a_text_keeps_its_lines(before: str, after: str) -> None:
    assert laid_out(before) == after


def of_width(width: int) -> str:
    """A list on one line of so many characters."""
    first = "v" * 60
    return f"a: [{first}, {'w' * (width - len(first) - 7)}]"


def test_a_line_may_be_140_wide_and_no_wider() -> None:
    fits, wide = of_width(WIDTH), of_width(WIDTH + 1)
    assert len(fits) == 140
    assert laid_out(f"{fits}\n") == f"{fits}\n"
    assert laid_out(f"{wide}\n") == wide.replace(", ", ",\n    ") + "\n"


def test_what_stands_behind_the_brackets_counts_too() -> None:
    """The end of the outer map has no room behind a list that fills the line."""
    inner = of_width(WIDTH - 1).removeprefix("a: ")
    assert laid_out(f"a: {{k: {inner}}}\n") == f"a: {{k: {inner}}}\n".replace(", w", ",\n        w")


def test_a_list_is_filled_up_to_the_width() -> None:
    words = ["v" * 20] * 8
    assert laid_out(f"a: [{', '.join(words)}]\n") == (
        f"a: [{', '.join(words[:6])},\n    {', '.join(words[6:])}]\n"
    )


def test_a_list_in_a_map_in_a_list_is_filled_from_where_it_begins() -> None:
    words = ["v" * 20] * 8
    made = laid_out(f"aa: [x, {{k: [{', '.join(words)}], z: 1}}, {{y: 2}}]\n")
    assert made == (
        f"aa: [x,\n     {{k: [{', '.join(words[:5])},\n"
        f"          {', '.join(words[5:])}], z: 1}}, {{y: 2}}]\n"
    )
    assert max(map(len, made.splitlines())) <= WIDTH


def test_an_entry_that_is_wider_than_a_line_stays_whole() -> None:
    word = "v" * 150
    assert laid_out(f"a: [{word}, 1]\n") == f"a: [{word},\n    1]\n"


@pytest.mark.parametrize(
    ("letters", "gap"),
    [
        pytest.param(57, "  ", id="a cell of 64 is aligned"),
        pytest.param(58, " ", id="a cell of 65 is not"),
    ],
)
def test_how_wide_a_cell_of_a_column_may_be(letters: int, gap: str) -> None:
    wide = f"- {{a: {'v' * letters},"
    text = f"{wide}  b: 1}}\n- {{a: x, b: 2}}\n"
    narrow = "- {a: x,".ljust(len(wide)) if gap == "  " else "- {a: x,"
    assert laid_out(text) == f"{wide} b: 1}}\n{narrow} b: 2}}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a:\t\t1\nbcd: 2\n", "a:   1\nbcd: 2\n", id="by tabs"),
        pytest.param("'a b':   1\nc: 2\n", "'a b': 1\nc:     2\n", id="with keys in quotes"),
        pytest.param("a:\t1\nbcd: 2\n", "a:   1\nbcd: 2\n", id="by one tab"),
        pytest.param("- {a: 1,   b: 2,  c: 3}\n- {a: 10}\n- {a: 5,  b: 20, c: 3}\n",
                     "- {a: 1, b: 2,  c: 3}\n- {a: 10}\n- {a: 5, b: 20, c: 3}\n",
                     id="a row that ends before the column says nothing of its width"),
        pytest.param("-   {a: 1,  b: 2}\n-   {a: 10, b: 2}\n",
                     "- {a: 1,  b: 2}\n- {a: 10, b: 2}\n", id="but not behind dashes"),
    ],
)  # fmt: skip
def test_columns_that_somebody_aligned_stay_aligned(before: str, after: str) -> None:
    assert laid_out(before) == after
