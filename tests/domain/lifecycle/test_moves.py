"""What holds of the arrows between stages; `test_arrows` has each of them."""

from itertools import product

import pytest

from scoring_service.domain.lifecycle.moves import IllegalMove, Mover, allowed, check
from scoring_service.values.stage import FINISHED, PATH, Stage


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
