"""Every limit of the matching of names: what is still compared, and what no longer is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.matching.abbreviations import FULL
from scoring_service.domain.matching.candidates import (
    COMPARED_MAX,
    HELD_MAX,
    SURE,
    TOLD_MAX,
    ranked,
)
from scoring_service.domain.matching.keys import BEGINNING, KEYS_MAX, keys_of, sound
from scoring_service.domain.matching.legal_forms import (
    ANYWHERE,
    BEGINNINGS,
    FIRST,
    LAST,
    UNSPACED,
    WORDS_MAX,
)
from scoring_service.domain.matching.name_index import NameIndex
from scoring_service.domain.matching.names import LETTERS_KEPT, WORDS_KEPT, normal_name
from scoring_service.domain.matching.records import SAME, BusinessRecord, record_likeness
from scoring_service.domain.matching.similarity import ALMOST, Likeness, likeness
from scoring_service.domain.matching.weights import COMPOUND, PLAIN, TOLD, weight

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

WORDS = st.sampled_from(
    ["acme", "philips", "filips", "bank", "of", "group", "berlin", "zentrol", "lumo", "tarvis"]
)
NAMES = st.lists(WORDS, max_size=5).map(" ".join)


def test_the_limits_are_those_of_the_documentation() -> None:
    assert (KEYS_MAX, BEGINNING, HELD_MAX, COMPARED_MAX, TOLD_MAX) == (8, 6, 500, 16, 5)
    assert (WORDS_KEPT, LETTERS_KEPT, WORDS_MAX) == (12, 40, 6)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        pytest.param("", (), id="no name has none"),
        pytest.param("acme", ("*akm", "^akm", "=acme", "~akm"), id="a word that tells something"),
        pytest.param(
            "zentrolbark", ("*sntrlbrk", "^sntrlb", "=zentrolbark", "~sntrlbrk"),
            id="six letters are the beginning",
        ),
        pytest.param("bank of america", ("*bnkfmrk", "^bnkfmr", "+bnkf"), id="plain words"),
        pytest.param("bank", ("*bnk", "^bnk", "+bnk"), id="one plain word"),
        pytest.param(
            "bank group berlin", ("*bnkgrpbrln", "^bnkgrp", "+bnkgrp"),
            id="of plain words the first two alone",
        ),
        pytest.param(
            "maschinenfabrik group",
            ("*msnfbrkgrp", "^msnfbr", "=maschinenfabrik", "~msnfbrk"),
            id="a trade made of several tells just enough",
        ),
    ],
)  # fmt: skip
def test_the_keys_of_a_name(name: str, keys: tuple[str, ...]) -> None:
    assert keys_of(name) == keys


def test_a_name_of_many_telling_words_has_the_first_keys() -> None:
    many = "acme zentrol lumo tarvis ordana"
    told = [key for word in many.split() for key in ("=" + word, "~" + sound(word))]
    assert keys_of(many)[2:] == tuple(told[: KEYS_MAX - 2])


@FEW
@given(NAMES)
def test_a_name_that_tells_nothing_has_three_keys_at_most(name: str) -> None:
    telling = [word for word in name.split() if weight(word) >= TOLD]
    keys = keys_of(name)
    assert len(keys) == len(set(keys)) <= KEYS_MAX
    assert any(key.startswith("+") for key in keys) == bool(name and not telling)
    assert {key[1:] for key in keys if key.startswith("=")} <= set(telling)


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("aeiou", "a", id="a vowel stays at the beginning"),
        pytest.param("cello", "sl", id="a c before e"),
        pytest.param("cat", "kt", id="a c before a"),
        pytest.param("cyber", "sbr", id="a c before y"),
        pytest.param("back", "bk", id="ck is one"),
        pytest.param("schach", "sk", id="sch is s, and ch is k"),
        pytest.param("xerox", "ksrks", id="an x is two"),
        pytest.param("jahja", "j", id="a j and an h are silent behind the first letter"),
        pytest.param("quiz", "ks", id="q and z"),
    ],
)
def test_how_a_word_sounds(word: str, sounds: str) -> None:
    assert sound(word) == sounds


@pytest.mark.parametrize(
    ("count", "found"),
    [
        pytest.param(HELD_MAX, True, id="as many as may"),
        pytest.param(HELD_MAX + 1, False, id="one more"),
    ],
)
def test_a_key_that_too_many_hold_tells_nothing(count: int, found: bool) -> None:
    index = NameIndex.of((f"a{n}", "Acme") for n in range(count))
    assert bool(index.sharing(keys_of("acme"))) is found


def test_no_more_than_five_are_told_of_and_none_that_is_not_sure() -> None:
    names = {f"a{n}": "acme" for n in range(TOLD_MAX + 1)} | {"z": "zentrol"}
    found = ranked("acme", names)
    assert [one.account_id for one in found] == [f"a{n}" for n in range(TOLD_MAX)]
    assert all(one.score >= SURE for one in found)


@FEW
@given(NAMES, NAMES)
def test_likeness_is_the_same_from_right_to_left_and_one_only_of_the_same(
    left: str, right: str
) -> None:
    forth, back = likeness(left, right), likeness(right, left)
    assert forth.score == back.score
    assert (forth.left, forth.right) == (back.right, back.left)
    assert 0 <= forth.score <= (1.0 if left == right else ALMOST)
    if left == right:
        assert forth == Likeness(1.0, tuple((word, word) for word in left.split()))


@pytest.mark.parametrize(
    ("word", "weighs"),
    [
        pytest.param("capitalx", 0.25, id="a letter too many of seven and more"),
        pytest.param("capita", PLAIN, id="six letters are not misspelt"),
        pytest.param("capitax", 0.25, id="seven are"),
        pytest.param("belgiun", 0.15, id="a place of seven"),
        pytest.param("zentrolbank", COMPOUND, id="a name that ends in a trade"),
        pytest.param("zenbau", PLAIN, id="one that is too short for that"),
    ],
)
def test_from_seven_letters_on_a_word_may_be_misspelt(word: str, weighs: float) -> None:
    assert weight(word) == weighs


def test_names_are_read_within_bounds() -> None:
    letters = "abcdefghijklmnop"
    words = [f"w{a}{b}" for a in letters for b in letters]
    assert normal_name(" ".join(words)).split() == words[:WORDS_KEPT]
    assert normal_name("x" * 41) == "x" * LETTERS_KEPT
    assert normal_name(", " * 255 + "acme") == "ac"


@FEW
@given(st.text(max_size=40))
def test_normalising_twice_is_normalising_once(name: str) -> None:
    once = normal_name(name)
    assert normal_name(once) == once
    assert once == " ".join(once.split())


def test_no_full_word_is_itself_abbreviated() -> None:
    assert not set(FULL.values()) & set(FULL)
    assert all(short.isalpha() and short.islower() for short in FULL)


def test_legal_forms_are_written_without_blanks_and_the_longest_first() -> None:
    assert ANYWHERE < LAST
    assert ANYWHERE < FIRST
    assert not any(" " in form or not form for form in LAST | FIRST)
    assert list(UNSPACED) == sorted(UNSPACED, key=len, reverse=True)
    assert {"gmbh", "private", "s", "a"} <= BEGINNINGS


FULL_RECORD = BusinessRecord("Acme", "1 Main St", "+1 (212) 555-0100")


@pytest.mark.parametrize(
    ("other", "phone"),
    [
        pytest.param("2125550100", 1.0, id="without the code of the country"),
        pytest.param("555-0100", 1.0, id="seven digits are a number"),
        pytest.param("55-0100", 0.0, id="six are none"),
        pytest.param("555-0101", 0.0, id="another"),
        pytest.param("none", None, id="no digits"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_telephone_numbers(other: str, phone: float | None) -> None:
    found = record_likeness(FULL_RECORD, BusinessRecord("Acme", "1 Main St", other))
    assert found.phone == phone
    assert (found.name, found.address) == (1.0, 1.0)
    assert found.score == (0.75 if phone == 0.0 else 1.0)


@pytest.mark.parametrize(
    ("other", "address"),
    [
        pytest.param("Main St 1", 1.0, id="in another order"),
        pytest.param("1, MAIN ST.", 1.0, id="in other letters"),
        pytest.param("Main St", None, id="no house number"),
        pytest.param("2 Main St", None, id="another house number"),
    ],
)
def test_addresses(other: str, address: float | None) -> None:
    found = record_likeness(FULL_RECORD, BusinessRecord("Acme", other, ""))
    assert found.phone is None
    assert found.address is not None
    assert found.address == address if address else found.address <= 0.5


@pytest.mark.parametrize(
    ("left", "right", "score"),
    [
        pytest.param(BusinessRecord(""), FULL_RECORD, 0.0, id="nothing in common is known"),
        pytest.param(BusinessRecord("Acme"), FULL_RECORD, 1.0, id="the name alone decides"),
        pytest.param(
            BusinessRecord("", "1 Main St", "212 555 0100"), FULL_RECORD, 1.0, id="or all the rest"
        ),
        pytest.param(
            BusinessRecord("Zentrol", "", "2125550100"), FULL_RECORD, None, id="a name weighs more"
        ),
    ],
)
def test_what_is_not_known_does_not_count(
    left: BusinessRecord, right: BusinessRecord, score: float | None
) -> None:
    found, back = record_likeness(left, right), record_likeness(right, left)
    assert found == back
    assert found.score == score if score is not None else found.score < SAME
