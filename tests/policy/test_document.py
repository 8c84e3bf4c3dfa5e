"""A rule file as safe YAML: what is read, what is refused, and the line of every path."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.policy.document import (
    DEPTH_MAX,
    REPEATED_MAX,
    YAML_BYTES_MAX,
    Document,
    compose,
    show,
)
from scoring_service.policy.mistake import Mistakes

Reading = Callable[[str], Document]

TEXT = """\
# a comment
reps:
  anna: {name: Anna,
    leave: [{from: 2025-03-03}]}

  ben:
    name: Ben
pools:
  - sdr
  - name: ae
    members: [anna,
              ben]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param((), 2, id="the file itself begins at its first key"),
        pytest.param(("reps",), 2, id="a map is at its key, not at its first entry"),
        pytest.param(("reps", "anna", "name"), 3, id="an entry in braces is on its line"),
        pytest.param(("reps", "anna", "leave", 0, "from"), 4, id="a brace may go over lines"),
        pytest.param(("reps", "ben"), 6, id="an entry after a blank line"),
        pytest.param(("pools", 1), 10, id="an item of a list is at its dash's content"),
        pytest.param(("pools", 1, "members", 1), 12, id="an item of a list in brackets"),
        pytest.param(("pools", 1, "queue", "owner"), 10, id="what is missing is where it would be"),
        pytest.param(("pools", 7), 8, id="an item that is not there is at its list"),
        pytest.param(("teams",), 2, id="a key that is not there is at its map"),
    ],
)
def test_every_path_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert compose("team.yaml", TEXT.encode()).line(path) == line


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param((), "$", id="the file is a dollar"),
        pytest.param(("routes", 2, "assign", "pool"), "$.routes[2].assign.pool", id="steps"),
        pytest.param(("reps", "Anna Weber"), '$.reps["Anna Weber"]', id="a name with a blank"),
        pytest.param(("reps", "mei-mei"), "$.reps.mei-mei", id="a name with a dash"),
        pytest.param((0, "it"), "$[0].it", id="a list at the top"),
    ],
)
def test_a_path_is_shown_as_people_read_it(path: tuple[str | int, ...], shown: str) -> None:
    assert show(path) == shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("", {}, id="an empty file is an empty map"),
        pytest.param("# nothing\n", {}, id="a file of comments is an empty map"),
        pytest.param("on: 1\n", {"on": 1}, id="a key that YAML would read as true stays a text"),
        pytest.param("NO: 1\n1: 2\n", {"NO": 1, "1": 2}, id="keys are always texts"),
        pytest.param("a: [1, 2.5, x]", {"a": [1, 2.5, "x"]}, id="a list"),
        pytest.param("a: 2025-03-03", {"a": date(2025, 3, 3)}, id="a date"),
        pytest.param("\ufeffa: 1", {"a": 1}, id="a byte order mark is dropped"),
        pytest.param("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}, id="an alias, within limits"),
        pytest.param("a: 'it''s'", {"a": "it's"}, id="quotes"),
        pytest.param("a: !!str 12", {"a": "12"}, id="a tag of YAML itself"),
        pytest.param("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}, id="a block of text"),
    ],
)
def test_what_is_read(document: Reading, text: str, value: Any) -> None:
    assert document(text).value == value


def said(reading: Reading, text: str) -> str:
    with pytest.raises(Mistakes) as refused:
        reading(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        pytest.param("a: 1\na: 2\n", "2: $", "the key 'a' is there twice", id="a key twice"),
        pytest.param("a:\n  b: 1\n  b: 2", "3: $.a", "the key 'b' is there twice", id="below"),
        pytest.param("a: !x y", "1: $.a", "the tag !x is not read", id="a tag of somebody's"),
        pytest.param("a: !!python/name:os.system x", "1: $.a", "is not read", id="a Python tag"),
        pytest.param("a: !x {b: 1}", "1: $.a", "the tag !x is not read", id="a tagged map"),
        pytest.param("a: {<<: {b: 1}}", "1: $.a", "merge keys (<<) are not read", id="a merge"),
        pytest.param("? [a, b]\n: 1", "1: $", "a key must be a text", id="a list as a key"),
        pytest.param("a: .inf", "1: $.a", ".inf is not a finite number", id="infinity"),
        pytest.param("a: ]", "1: $", "this is not YAML", id="a bracket too many"),
        pytest.param("a: [1,\nb: 2", "2: $", "this is not YAML", id="a bracket that is not closed"),
        pytest.param("a: \x07", "1: $", "this is not YAML", id="a control character"),
        pytest.param("a: 1\n---\nb: 2", "2: $", "this is not YAML", id="a second document"),
        pytest.param("a: *b", "1: $", "this is not YAML", id="an alias of nothing"),
    ],
)
def test_what_is_refused(document: Reading, text: str, place: str, what: str) -> None:
    message = said(document, text)
    assert message.startswith(f"rules.yaml:{place}: ")
    assert what in message


def test_every_mistake_of_a_file_is_told(document: Reading) -> None:
    message = said(document, "a: .nan\nb: {c: 1, c: 2}\nd: 2025-02-30\n")
    assert [line.split(": ")[0] for line in message.splitlines()] == [
        "rules.yaml:1", "rules.yaml:2", "rules.yaml:3",
    ]  # fmt: skip


def test_a_file_of_just_the_size_allowed_is_read_and_one_byte_more_is_not() -> None:
    padded = b"a: 1\n#" + b"x" * (YAML_BYTES_MAX - 6)
    assert compose("x.yaml", padded).value == {"a": 1}
    with pytest.raises(Mistakes, match="more than 4,194,304"):
        compose("x.yaml", padded + b"x")


def test_a_file_may_be_nested_to_the_limit_and_no_deeper(document: Reading) -> None:
    fits = "[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1)
    assert document(fits).value
    assert "nested deeper than 50" in said(document, f"[{fits}]")


def test_an_alias_of_itself_ends(document: Reading) -> None:
    assert "nested deeper than" in said(document, "a: &a [*a]")


def test_aliases_may_repeat_some_values_and_no_more(document: Reading) -> None:
    shared = "a: &a [" + "x, " * 99 + "x]\nb: ["
    fits = REPEATED_MAX // 100
    assert document(shared + "*a, " * fits + "]").value["b"][-1] == ["x"] * 100
    assert "aliases repeat" in said(document, shared + "*a, " * (fits + 1) + "]")


def test_a_bomb_of_aliases_is_refused_without_delay(document: Reading) -> None:
    levels = [f"l{at}: &l{at} [{', '.join([f'*l{at - 1}'] * 10)}]" for at in range(1, 30)]
    assert "aliases repeat" in said(document, "\n".join(["l0: &l0 [x, x]", *levels]))


def test_a_scalar_is_known_as_it_was_written(document: Reading) -> None:
    found = document("a: NO\nb: 007\nc: [1]\n")
    assert found.written(("a",)) == "NO"
    assert found.written(("b",)) == "007"
    assert found.written(("c",)) is None


values = st.recursive(
    st.text(alphabet="abz01 -_'\"#:é\n", max_size=8)
    | st.integers(-1000, 1000)
    | st.booleans()
    | st.none()
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(alphabet="abcxyz_", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), values), st.booleans())
def test_whatever_a_careful_writer_dumps_is_read_as_it_was(value: Any, flow: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    assert compose("x.yaml", text.encode()).value == value


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(), min_size=1), min_size=1))
def test_each_key_of_a_block_has_a_line_of_its_own(entries: list[dict[str, int]]) -> None:
    found = compose("x.yaml", yaml.safe_dump(entries, sort_keys=False).encode())
    paths = [(at, key) for at, entry in enumerate(entries) for key in entry]
    assert [found.line(path) for path in paths] == list(range(1, len(paths) + 1))
