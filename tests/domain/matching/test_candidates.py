"""Which accounts a name could mean, and which of them are as good as the best."""

import pytest

from scoring_service.domain.matching.candidates import (
    COMPARED_MAX,
    HAIR,
    SURE,
    TOLD_MAX,
    as_good_as_the_best,
    ranked,
)
from scoring_service.values.account import NamedAccount


def ids(found: tuple[NamedAccount, ...]) -> list[str]:
    return [one.account_id for one in found]


def scored(*scores: float) -> tuple[NamedAccount, ...]:
    return tuple(NamedAccount(f"a{i}", "acme", score) for i, score in enumerate(scores))


def test_the_best_comes_first_and_what_is_not_alike_is_left_out() -> None:
    names = {"a": "acme zentrol lumo", "b": "acme group", "c": "acme"}
    assert ids(ranked("acme", names)) == ["c", "b"]


def test_each_is_told_with_its_evidence() -> None:
    (found,) = ranked("filips lighting", {"a": "philips group"})
    assert found == NamedAccount(
        "a", "philips group", found.score, ("filips ~ philips",), ("lighting",), ("group",)
    )
    assert SURE <= found.score < 1.0


def test_in_which_order_accounts_come_changes_nothing() -> None:
    names = {f"a{i}": f"acme {'group' if i % 2 else 'holding'}" for i in range(2 * COMPARED_MAX)}
    forwards, backwards = ranked("acme", names), ranked("acme", dict(reversed(names.items())))
    assert forwards == backwards
    assert len(forwards) == TOLD_MAX


def test_of_many_names_the_same_one_is_found() -> None:
    names = {f"a{i}": f"acme {i} zentrol" for i in range(10 * COMPARED_MAX)}
    assert ids(ranked("acme 77 zentrol", names))[0] == "a77"


@pytest.mark.parametrize(
    ("scores", "as_good"),
    [
        pytest.param((), 0, id="none"),
        pytest.param((0.8,), 1, id="one"),
        pytest.param((0.8, 0.8 - HAIR - 0.01), 1, id="one-clearly-better"),
        pytest.param((0.8, 0.8), 2, id="two-alike"),
        pytest.param((0.8, 0.8 - HAIR / 2, 0.7), 2, id="two-within-a-hair-and-a-third-one"),
        pytest.param((1.0, 0.99), 1, id="the-very-same-name-is-better-than-any"),
        pytest.param((1.0, 1.0, 0.99), 2, id="two-of-the-very-same-name"),
    ],
)
def test_those_as_good_as_the_best(scores: tuple[float, ...], as_good: int) -> None:
    found = scored(*scores)
    assert as_good_as_the_best(found) == found[:as_good]


def test_no_name_means_nobody() -> None:
    assert ranked("", {"a": "acme"}) == ranked("acme", {}) == ()
