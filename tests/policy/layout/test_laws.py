"""Whatever is laid out says the same, keeps its comments in order, and is laid out for good."""

import re
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.policy.document import compose
from scoring_service.policy.layout.comments import comment_texts
from scoring_service.policy.layout.yaml_file import yaml_laid_out

BLOCK_STYLE = r"[|>][+-]?( +#[^\n]*)?\n"
"""Texts whose lines are their own."""

RANDOM = st.randoms(use_true_random=False)


@settings(max_examples=150, deadline=None)
@given(random=RANDOM)
def test_law_values_comments_and_the_layout_itself_stay(scribbled: Any, random: Random) -> None:
    text = scribbled(random).text()
    made = yaml_laid_out("x", text.encode())
    assert repr(compose("x", made).value) == repr(compose("x", text.encode()).value)
    unix = text.replace("\r\n", "\n")
    assert comment_texts(made.decode()) == comment_texts(unix)
    assert yaml_laid_out("x", made) == made


@settings(max_examples=60, deadline=None)
@given(random=RANDOM)
def test_law_no_line_has_blanks_at_its_end_and_no_two_empty_lines_follow(
    scribbled: Any, random: Random
) -> None:
    made = yaml_laid_out("x", scribbled(random).text().encode()).decode()
    assert made.endswith("\n")
    assert not made.startswith("\n")
    if not re.search(BLOCK_STYLE, made):
        assert re.search(r"[ \t]\n", made) is None
        assert "\n\n\n" not in made


@settings(max_examples=60, deadline=None)
@given(random=RANDOM)
def test_law_blanks_and_carriage_returns_at_the_end_of_a_line_make_no_difference(
    scribbled: Any, random: Random
) -> None:
    made = yaml_laid_out("x", scribbled(random).text().encode()).decode()
    if not re.search(BLOCK_STYLE, made):
        assert yaml_laid_out("x", made.replace("\n", "  \r\n").encode()).decode() == made
