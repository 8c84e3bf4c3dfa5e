"""What a word of a name tells."""

import pytest

from scoring_service.domain.matching.weights import (
    COMPOUND,
    GENERIC,
    JOINING,
    PLACE,
    PLAIN,
    TOLD,
    weight,
)


@pytest.mark.parametrize(
    ("word", "weighs"),
    [
        pytest.param("philips", PLAIN, id="a-name"),
        pytest.param("of", JOINING, id="a-word-that-joins"),
        pytest.param("x", JOINING, id="a-single-letter"),
        pytest.param("berlin", PLACE, id="a-place"),
        pytest.param("technologies", GENERIC, id="a-word-of-the-trade"),
        pytest.param("technologes", GENERIC, id="with-a-letter-missing"),
        pytest.param("technologiess", GENERIC, id="with-a-letter-too-many"),
        pytest.param("technolagies", GENERIC, id="with-a-wrong-letter"),
        pytest.param("wtechnologies", GENERIC, id="with-a-letter-in-front"),
        pytest.param("wechnologies", GENERIC, id="with-the-first-one-wrong"),
        pytest.param("echnologies", GENERIC, id="without-the-first-one"),
        pytest.param("tecwhnologies", GENERIC, id="with-one-among-the-first"),
        pytest.param("netherlnds", PLACE, id="a-place-misspelt"),
        pytest.param("grupp", PLAIN, id="short-words-are-not-misspelt"),
        pytest.param("maschinenfabrik", COMPOUND, id="a-trade-made-of-words"),
        pytest.param("bank", GENERIC, id="its-last-part-alone"),
    ],
)
def test_what_a_word_weighs(word: str, weighs: float) -> None:
    assert weight(word) == weighs


def test_the_more_a_word_tells_the_more_it_weighs() -> None:
    assert JOINING < PLACE < GENERIC < COMPOUND < PLAIN
    assert GENERIC < TOLD <= COMPOUND
