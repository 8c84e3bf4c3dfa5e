"""A change of what is current stops between its two files: nothing that never was comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.registry.current import (
    CURRENT,
    HISTORY,
    NONE,
    current_version,
    history,
    previous,
    promote,
    rollback,
)
from scoring_service.registry.problem import RegistryProblem

Add = Callable[..., str]


def written(models: Path, now: str, *past: str) -> None:
    """The two files as a stop may leave them."""
    models.mkdir(exist_ok=True)
    (models / HISTORY).write_text("".join(f"{line or NONE}\n" for line in past))
    (models / CURRENT).unlink(missing_ok=True)
    if now:
        (models / CURRENT).write_text(f"{now}\n")


def test_a_promotion_that_stopped_half_way_was_none(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    written(models, first, "", first, second)
    assert current_version(models) == first
    assert history(models) == ("", first)
    assert previous(models) == ""


def test_after_it_another_may_be_promoted_and_taken_back(models: Path, add: Add) -> None:
    first, second, third = add(), add(-1.0), add(-0.5)
    written(models, first, "", first, second)
    promote(models, third)
    assert history(models) == ("", first, third)
    assert rollback(models) == first


def test_after_it_the_same_may_be_promoted_and_taken_back(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    written(models, first, "", first, second)
    promote(models, second)
    assert history(models) == ("", first, second)
    assert rollback(models) == first


def test_a_rollback_that_stopped_half_way_goes_on_from_there(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    written(models, first, "", first, second)
    assert rollback(models) == ""
    assert current_version(models) == ""
    assert history(models) == ("",)
    with pytest.raises(RegistryProblem, match="there is no way back"):
        previous(models)


def test_the_first_promotion_that_stopped_half_way_was_none(models: Path, add: Add) -> None:
    first = add()
    written(models, "", "", first)
    assert history(models) == ("",)
    promote(models, first)
    assert history(models) == ("", first)


@pytest.mark.parametrize("stopped", [False, True])
def test_only_the_last_line_of_a_long_past_is_in_doubt(
    models: Path, add: Add, stopped: bool
) -> None:
    past = ["", add(), add(-1.0), add(-0.5), add(-0.25)]
    written(models, past[-2] if stopped else past[-1], *past)
    now = past[:-1] if stopped else past
    assert history(models) == tuple(now)
    assert previous(models) == now[-2]
    assert rollback(models) == now[-2]
    assert history(models) == tuple(now[:-1])


@pytest.mark.parametrize("twice", [0, 1, 2])
def test_a_line_that_people_wrote_twice_is_no_step_on_the_way_back(
    models: Path, add: Add, twice: int
) -> None:
    past = ["", add(), add(-1.0)]
    first, now = past[1], past[2]
    past.insert(twice, past[twice])
    written(models, now, *past)
    assert previous(models) == first


def test_a_current_that_people_wrote_is_what_is_come_back_to(models: Path, add: Add) -> None:
    first, second, third = add(), add(-1.0), add(-0.5)
    written(models, third, "", first)
    promote(models, second)
    assert history(models) == ("", first, third, second)
    assert rollback(models) == third


def test_a_current_that_is_broken_is_mended_by_a_rollback(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    written(models, "what", "", first, second)
    assert history(models) == ("", first, second)
    assert rollback(models) == first
    assert current_version(models) == first


def test_a_history_that_cannot_be_read_is_told(models: Path, add: Add) -> None:
    add()
    (models / HISTORY).write_bytes("modèle\n".encode())
    with pytest.raises(RegistryProblem, match="HISTORY cannot be read"):
        history(models)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(moves=st.lists(st.sampled_from([-2.0, -1.0, -0.5, None]), max_size=8))
def test_the_way_back_is_a_stack_of_what_was_current(
    models: Path, add: Add, moves: list[float | None]
) -> None:
    """A number is promoted, None is a rollback; the slow twin keeps a list."""
    written(models, "")
    (models / HISTORY).unlink()
    stack = [""]
    for move in moves:
        if move is not None:
            version = add(move)
            promote(models, version)
            stack += [] if stack[-1] == version else [version]
        elif len(stack) > 1:
            stack.pop()
            assert previous(models) == stack[-1]
            assert rollback(models) == stack[-1]
    assert current_version(models) == stack[-1]
    assert history(models) in ((), tuple(stack))
