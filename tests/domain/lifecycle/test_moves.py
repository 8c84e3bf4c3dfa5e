"""The stage table: every stage against every other, by whoever moves a lead."""

from itertools import product

import pytest

from scoring_service.domain.lifecycle.moves import IllegalMove, Mover, allowed, check
from scoring_service.values.stage import FINISHED, PATH, Stage


@pytest.mark.parametrize("mover", Mover)
@pytest.mark.parametrize(("stage", "to"), list(product(Stage, Stage)))
def test_a_move_is_made_or_refused_naming_those_there_are(
    stage: Stage, to: Stage, mover: Mover
) -> None:
    ways = allowed(stage, mover)
    if to in ways:
        check(stage, to, mover)
        return
    with pytest.raises(IllegalMove) as refused:
        check(stage, to, mover)
    assert str(refused.value).endswith(": " + (", ".join(sorted(ways)) or "none"))


def test_a_stage_is_never_left_for_itself() -> None:
    assert not [s for s, mover in product(Stage, Mover) if s in allowed(s, mover)]


def test_on_the_path_only_who_is_authorised_goes_back() -> None:
    for stage, mover in product(PATH, (Mover.AUTOMATION, Mover.SALES)):
        ahead = PATH[PATH.index(stage) + 1 :]
        assert not allowed(stage, mover) & set(PATH) - set(ahead)
    assert allowed(Stage.SQL, Mover.AUTHORISED) == frozenset(Stage) - {Stage.SQL}


def test_what_is_finished_is_left_by_who_is_authorised_only() -> None:
    for stage, mover in product(FINISHED, (Mover.AUTOMATION, Mover.SALES)):
        assert not allowed(stage, mover)


def test_the_rules_may_narrow_what_sales_does_and_nothing_else() -> None:
    exits = (Stage.SQL, Stage.DISQUALIFIED, Stage.NURTURE)
    assert allowed(Stage.SAL, Mover.SALES, exits) == {Stage.SQL, Stage.DISQUALIFIED}
    assert allowed(Stage.MQL, Mover.AUTOMATION, ()) == allowed(Stage.MQL, Mover.AUTOMATION)
    with pytest.raises(IllegalMove, match="allowed from sal: disqualified, sql"):
        check(Stage.SAL, Stage.RECYCLED, Mover.SALES, exits)
