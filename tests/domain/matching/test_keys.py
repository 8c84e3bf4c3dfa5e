"""By which keys names find each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.matching.keys import KEYS_MAX, keys_of, sound
from scoring_service.domain.matching.names import normal_name


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("philips", "filips", id="ph-and-f"),
        pytest.param("electronics", "elektroniks", id="c-and-k"),
        pytest.param("schell", "shel", id="sch-and-sh-and-letters-doubled"),
        pytest.param("axel", "aksel", id="x-and-ks"),
        pytest.param("xerxes", "kserkses", id="x-in-front-too"),
        pytest.param("wolvo", "volvo", id="w-and-v"),
        pytest.param("muller", "mueller", id="vowels"),
        pytest.param("cisco", "sisko", id="a-soft-c"),
        pytest.param("quantum", "kuantum", id="q-and-k"),
    ],
)
def test_what_sounds_the_same(left: str, right: str) -> None:
    assert sound(left) == sound(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("acme", "acme zentrol group", id="a-word-that-tells-something"),
        pytest.param("filips group", "koninklijke philips", id="as-it-sounds"),
        pytest.param("gist brocades", "gistbrocades", id="run-together"),
        pytest.param("philipslampen", "philips lampenfabriek", id="the-beginning-run-together"),
        pytest.param(
            "general electric", "general electric europe", id="plain-words-by-the-first-two"
        ),
    ],
)
def test_names_that_find_each_other(left: str, right: str) -> None:
    assert set(keys_of(left)) & set(keys_of(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("acme technologies", "zentrol technologies", id="the-trade-alone"),
        pytest.param("acme berlin", "zentrol berlin", id="the-place-alone"),
        pytest.param("general electric", "general motors", id="the-first-of-plain-words-alone"),
    ],
)
def test_names_that_do_not_find_each_other(left: str, right: str) -> None:
    assert not set(keys_of(left)) & set(keys_of(right))


def test_the_keys_of_a_name_are_few_and_each_is_there_once() -> None:
    assert keys_of("") == ()
    assert keys_of("acme group") == ("*akmgrp", "^akmgrp", "=acme", "~akm")
    many = keys_of("acme zentrol lumo tarvis ordana")
    assert len(many) == KEYS_MAX == len(set(many))


@given(st.text(max_size=60))
def test_every_name_of_a_word_has_a_key(name: str) -> None:
    normal = normal_name(name)
    assert bool(keys_of(normal)) == bool(normal)
