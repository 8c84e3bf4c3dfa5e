"""What the page on the rotation says beside its two laws, sentence by sentence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.routing.decide import decide
from scoring_service.domain.routing.rotation import TURN, apply
from scoring_service.domain.routing.routes import ToPool
from scoring_service.values.facts import Facts, MemberFacts, PoolFacts
from scoring_service.values.lead import Lead
from scoring_service.values.stored import Credit, Rotation
from scoring_service.values.team import Rep

NewRota = Callable[[], Any]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize("undone", [3, 10])
@pytest.mark.parametrize("reps", [2, 3, 5])
def test_turns_given_back_may_exceed_the_bound_until_later_draws_even_it_out(
    new_rota: NewRota, reps: int, undone: int
) -> None:
    rota, members = new_rota(), {f"r{i}": 1 for i in range(reps)}
    for _ in range(10 * reps):
        rota.turn(members)
    for _ in range(undone):
        rota.undo(next(at for at, made in enumerate(rota.made) if made.winner == "r0"))
    owed = rota.shares["r0"] - rota.turns["r0"]
    assert owed == undone - Fraction(undone, reps)
    later = [rota.turn(members) for _ in range(undone)]
    assert later.count("r0") >= undone - 1, "what was given back comes to who gave it back"
    rota.check_first_law()
    rota.check_second_law()


def test_ten_turns_of_two_given_back_are_beyond_the_bound(new_rota: NewRota) -> None:
    rota, members = new_rota(), {"a": 1, "b": 1}
    for _ in range(20):
        rota.turn(members)
    for _ in range(10):
        rota.undo(next(at for at, made in enumerate(rota.made) if made.winner == "a"))
    with pytest.raises(AssertionError):
        rota.check_second_law()


@pytest.mark.parametrize(
    ("weight", "share"),
    [
        pytest.param(1, Fraction(1, 2), id="the same weight"),
        pytest.param(3, Fraction(3, 4), id="a larger one"),
    ],
)
def test_a_credit_is_resumed_at_whatever_weight_its_rep_then_has(
    new_rota: NewRota, weight: int, share: Fraction
) -> None:
    rota = new_rota()
    for _ in range(3):
        rota.turn({"a": 1, "b": 2})
    rota.turn({"a": 1, "b": 1})
    frozen = rota.credit("b")
    rota.turn({"a": 1})
    assert rota.credit("b") == frozen != 0
    won = rota.turn({"a": 1, "b": weight})
    assert rota.credit("b") == frozen + TURN * share - (TURN if won == "b" else 0)


def winners(
    new_office: Any, new_pool: Any, held: list[list[int]], instants: list[datetime]
) -> list[str]:
    """Who gets leads that come at these instants, while the reps hold so many others each time."""
    policy = new_office(
        new_pool("p", "a b c"),
        reps=[Rep("a", calendar="always"), Rep("b", open_leads_max=99), Rep("c")],
        routes=[("all", lambda s: True, ToPool("p"))],
    ).policy
    rotation, found = Rotation("p"), []
    for open_leads, at in zip(held, instants, strict=True):
        places = {place.rep_id: place for place in rotation.credits}
        members = tuple(
            MemberFacts(rep, place.credit, place.last_draw, count)
            for rep, count in zip("abc", open_leads, strict=True)
            for place in [places.get(rep) or Credit(rep)]
        )
        pool = PoolFacts("p", members, rotation.draws + 1)
        made = decide(policy, Facts(Lead("l"), at, "r1", pools=(pool,)))
        assert made.draw is not None
        rotation = apply(rotation, made.draw)
        found.append(made.draw.winner)
    return found


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 98), min_size=3, max_size=3), st.integers(0, 60 * 24 * 400)
        ),
        min_size=1,
        max_size=12,
    )
)
def test_neither_open_leads_nor_a_new_day_week_or_year_change_whose_turn_it_is(
    new_office: Any, new_pool: Any, leads: list[tuple[list[int], int]]
) -> None:
    """No balancing by open leads, no period resets: strict turns, whatever they hold and when."""
    at, instants = MONDAY, []
    for _, minutes in leads:
        at += timedelta(minutes=minutes)
        instants.append(at)
    found = winners(new_office, new_pool, [held for held, _ in leads], instants)
    assert found == [("a", "b", "c")[i % 3] for i in range(len(leads))]
