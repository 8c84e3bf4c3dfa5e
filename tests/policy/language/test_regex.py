"""Patterns: google-re2's, at the start of a text or anywhere in it."""

from collections.abc import Callable

import pytest
import re2  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.regex import matcher

Says = Callable[..., bool | None]

PATTERNS = (
    *("a", "^b", "c$", "[^a]", "(?i)A", "a|é", r"\d+", "", "(a)(b)?", ".", "(?s)a.b", r"\."),
    *(
        "^a$",
        "bc$",
        ".*c$",
        "^.*c$",
        ".*b",
        "^.*b",
        r"a\.b",
        r"^a[.]b$",
        ".*[.]a$",
        "é$",
        "é",
        ".*é$",
    ),
)
"""The second line has those that methods of texts stand in for."""


@settings(max_examples=2_000)
@given(st.sampled_from(PATTERNS), st.text("abc.é\nA1 ", max_size=6))
def test_a_matcher_says_what_google_re2_itself_says(pattern: str, text: str) -> None:
    plain = re2.compile(pattern)
    assert matcher(pattern, anchored=True)(text) == (plain.match(text) is not None)
    assert matcher(pattern, anchored=False)(text) == (plain.search(text) is not None)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        pytest.param(".*[.]edu$", "x.edu", True, id="the rule of the starter file"),
        pytest.param(".*[.]edu$", "x.edu.com", False, id="with more behind it"),
        pytest.param(".*[.]edu$", "a\nx.edu", False, id="a line before it"),
        pytest.param("^.*é$", "a\né", False, id="a line before it, beyond ASCII"),
        pytest.param("(?i)GMBH", "gmbh & co", True, id="in either case"),
        pytest.param("^Ä", "Ärzte", True, id="beyond ASCII"),
        pytest.param("a.b", "a\nb", False, id="a dot is no newline"),
        pytest.param("edu$", "edu\n", False, id="a newline at the end is not the end"),
        pytest.param("", "", True, id="the empty pattern in the empty text"),
        pytest.param(r"\pL", "é", True, id="a class of re2's own"),
    ],
)
def test_patterns_find_what_they_say(pattern: str, text: str, found: bool) -> None:
    assert matcher(pattern, anchored=True)(text) is found


def test_half_a_character_in_a_text_cannot_be_searched(says: Says) -> None:
    assert says('company_name =~ "a"', company_name="a\ud800") is None
    assert says('not (company_name !~~ "a")', company_name="a\ud800") is None


def test_a_pattern_of_half_a_character_is_refused() -> None:
    with pytest.raises(Refused, match="no regular expression"):
        matcher("\ud800", anchored=True)


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b"])
def test_control_characters_in_a_pattern_are_taken_for_a_slip(sign: str) -> None:
    with pytest.raises(Refused, match="control character"):
        matcher(f"a{sign}", anchored=False)


def test_tabs_and_newlines_in_a_pattern_are_meant() -> None:
    assert matcher("a\tb\nc", anchored=True)("a\tb\nc")


def test_a_pattern_takes_at_most_its_memory_which_is_less_than_re2_would_give_it() -> None:
    greedy = r"\pL{300}"
    assert re2.compile(greedy).fullmatch("é" * 300)
    with pytest.raises(Refused, match="no regular expression: pattern too large"):
        matcher(greedy, anchored=True)
    assert matcher(r"\pL{30}", anchored=True)("é" * 30)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("(a", id="an open bracket"),
        pytest.param("a)", id="a closed bracket"),
        pytest.param("[a", id="an open class"),
        pytest.param("*a", id="nothing to repeat"),
        pytest.param("a**", id="a repetition repeated"),
        pytest.param("a{1001}", id="more than a thousand times"),
        pytest.param(r"(a)\1", id="what was found before"),
        pytest.param(r"\pX", id="an unknown class"),
        pytest.param("a\\", id="a backslash at the end"),
    ],
)
def test_what_re2_does_not_read_is_refused_and_not_left_to_python(
    refused: Callable[[str], str], pattern: str
) -> None:
    with pytest.raises(Refused) as found:
        matcher(pattern, anchored=False)
    assert found.value.what.startswith("this is no regular expression: ")
    assert found.value.remedy.startswith("look for unpaired brackets")
    assert str(found.value) in refused(f"email =~~ r'{pattern}'") or pattern.endswith("\\")


@pytest.mark.parametrize("pattern", ["(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b"])
def test_looking_around_is_refused_with_what_to_write_instead(pattern: str) -> None:
    with pytest.raises(Refused, match=r"write two conditions with and, or !~~"):
        matcher(pattern, anchored=True)


@pytest.mark.parametrize("value", [5, True, ["a"], {"a": 1}, b"a"])
def test_what_is_no_text_cannot_be_searched(says: Says, value: object) -> None:
    assert says('account.name =~ "a"', account={"name": value}) is None
    assert says('company_name =~~ "a"', company_name=value) is None
