"""How alike two names are, and the evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.matching.candidates import SURE
from scoring_service.domain.matching.names import normal_name
from scoring_service.domain.matching.similarity import ALMOST, likeness

WORDS = ["acme", "zentrol", "philips", "filips", "muller", "mueller", "lumo", "lumotec", "bank"]
WORDS += ["technology", "technologies", "international", "america", "of", "lumo tec", "3m"]
names = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)


def score(left: str, right: str) -> float:
    return likeness(normal_name(left), normal_name(right)).score


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Philips N.V.", "PHILIPS", id="another-legal-form"),
        pytest.param(
            "Philips", "Koninklijke Philips Electronics N.V.", id="words-of-the-trade-more"
        ),
        pytest.param("Philips Electronics", "Philips Lighting", id="another-word-of-the-trade"),
        pytest.param("Philips Electronics", "Filips Elektroniks", id="spelt-as-it-sounds"),
        pytest.param("Philips Electroncis", "Philips Electronics", id="letters-turned"),
        pytest.param("Müller GmbH", "Mueller", id="an-umlaut-spelt-out"),
        pytest.param("GTXPro", "GTX Pro", id="a-space-more"),
        pytest.param("Robert Bosch", "Bosch Robert GmbH", id="another-order"),
        pytest.param("Acme Intl", "Acme International", id="an-abbreviation"),
        pytest.param("Acme Deutschland", "Acme", id="the-country-behind"),
        pytest.param("Texas Instruments", "Texas Instruments Holland", id="a-name-of-plain-words"),
    ],
)
def test_names_of_one_company(left: str, right: str) -> None:
    assert score(left, right) >= SURE


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Deutsche Bank AG", "Deutsche Bahn AG", id="one-common-word"),
        pytest.param("General Electric", "General Motors", id="the-trade-tells-them-apart"),
        pytest.param("Bank of America", "Bank of Ireland", id="the-country-tells-them-apart"),
        pytest.param("Smith Consulting", "Jones Consulting", id="the-same-trade"),
        pytest.param("Morgan Stanley", "JP Morgan", id="one-shared-word-of-two"),
        pytest.param("Ford", "Harrison Ford", id="a-word-of-its-own-more"),
        pytest.param("ABC Technologies", "ABD Technologies", id="short-words-are-not-misspelt"),
        pytest.param("Meyer", "Meier", id="nor-are-words-of-few-consonants"),
        pytest.param("IBM", "International Business Machines", id="initials-are-not-read"),
        pytest.param("Acme", "", id="no-name"),
    ],
)
def test_names_of_two_companies(left: str, right: str) -> None:
    assert score(left, right) < SURE


def test_the_evidence_is_the_words() -> None:
    found = likeness("koninklijke philips electronics", "filips lighting electronics")
    assert found.alike == (("electronics", "electronics"), ("philips", "filips"))
    assert (found.left, found.right) == (("koninklijke",), ("lighting",))


def test_words_run_together_are_told_as_one() -> None:
    assert likeness("lumo tec", "lumotec").alike == (("lumotec", "lumotec"),)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(("acme", "acme"), ("acme", "acme group"), id="the-same-is-best"),
        pytest.param(
            ("acme", "acme group"), ("acme", "acme zentrol"), id="a-word-of-the-trade-costs-less"
        ),
        pytest.param(
            ("acme", "acme berlin"), ("acme", "acme group"), id="a-place-costs-less-still"
        ),
        pytest.param(
            ("acme", "acme zentrol"),
            ("acme lumo", "acme zentrol"),
            id="a-word-each-costs-more-than-one-alone",
        ),
        pytest.param(("acme group", "acme group"), ("acme group", "acme groop"), id="a-slip-costs"),
    ],
)
def test_what_costs_more(better: tuple[str, str], worse: tuple[str, str]) -> None:
    assert likeness(*better).score > likeness(*worse).score


@given(names, names)
def test_from_right_to_left_it_is_the_same(left: str, right: str) -> None:
    one, other = likeness(left, right), likeness(right, left)
    assert one.score == other.score
    assert {(b, a) for a, b in one.alike} == set(other.alike)
    assert (set(one.left), set(one.right)) == (set(other.right), set(other.left))


@given(names, names)
def test_only_the_same_name_has_the_whole_score(left: str, right: str) -> None:
    found = likeness(left, right)
    assert 0.0 <= found.score <= 1.0
    assert (found.score == 1.0) == (left == right)
    assert found.score <= ALMOST or left == right


@given(names, names)
def test_every_word_is_told_of_once(left: str, right: str) -> None:
    found = likeness(left, right)
    lefts = [one for one, _ in found.alike] + list(found.left)
    assert sorted("".join(lefts)) == sorted("".join(_each_once(left, left == right)))


def _each_once(name: str, whole: bool) -> list[str]:
    return name.split() if whole else list(dict.fromkeys(name.split()))
