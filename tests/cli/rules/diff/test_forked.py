"""Work shared among processes: everything comes back, in its order, or it is said what did not."""

import gc
from functools import partial

import pytest

from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.diff.forked import at_once, processes, undisturbed


def squares(first: int, last: int) -> tuple[int, ...]:
    return tuple(n * n for n in range(first, last))


@pytest.mark.parametrize("parts", [pytest.param(1, id="one"), pytest.param(3, id="three")])
def test_each_gives_what_it_would_alone_in_its_place(parts: int) -> None:
    works = [partial(squares, 10 * n, 10 * n + 10) for n in range(parts)]
    assert at_once(works, tuple[int, ...]) == [work() for work in works]


def test_more_than_a_pipe_holds_comes_back_from_all_of_them() -> None:
    works = [partial(squares, 0, 100_000) for _ in range(2)]
    here, there = at_once(works, tuple[int, ...])
    assert here == there


def ended() -> tuple[int, ...]:
    raise SystemExit(3)


def test_a_process_that_ends_by_itself_is_told() -> None:
    with pytest.raises(Problem, match="ended by itself"):
        at_once([partial(squares, 0, 3), ended], tuple[int, ...])


def test_there_is_at_least_one_process() -> None:
    assert processes() >= 1


def test_the_collector_works_again_afterwards() -> None:
    assert gc.isenabled()
    with undisturbed():
        assert not gc.isenabled()
        with undisturbed():
            assert not gc.isenabled()
        assert not gc.isenabled(), "it was off when the inner one began"
    assert gc.isenabled()
