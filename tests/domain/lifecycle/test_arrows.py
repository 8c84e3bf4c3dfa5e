"""Every arrow between stages, written out: what automation does by itself, what sales may do, and
what only somebody authorised may.

Path: anonymous < known < nurture < mql < sal < sql < opportunity < customer. Automation moves
forward only, and beside it only: the arrows of the stage table, recycled -> mql, closed_lost ->
recycled or disqualified, and to disqualified.
"""

from itertools import product

import pytest

from scoring_service.domain.lifecycle.moves import IllegalMove, Mover, allowed, check
from scoring_service.domain.lifecycle.path import (
    BEFORE_MQL,
    BEFORE_OPPORTUNITY,
    UP_TO_MQL,
    moved,
)
from scoring_service.values.stage import FINISHED, PATH, Stage

_S = Stage

# One row a stage that is left, one column a stage that is entered: "a" automation does it, "s"
# sales may, "." only who is authorised, "-" is no move.
#            anonymous known nurture mql sal sql opportunity customer closed_lost recycled disq.
ARROWS = """
anonymous    -         a     a       a   .   .   .           .        .           .        a
known        .         -     a       a   .   .   .           .        .           .        a
nurture      .         .     -       a   .   .   .           .        .           .        a
mql          .         .     .       -   s   .   .           .        .           as       as
sal          .         .     .       .   -   s   .           .        .           s        as
sql          .         .     .       .   .   -   s           .        .           as       as
opportunity  .         .     .       .   .   .   -           s        s           .        .
customer     .         .     .       .   .   .   .           -        .           .        .
closed_lost  .         .     .       .   .   .   .           .        -           as       as
recycled     .         .     .       a   .   .   .           .        .           -        a
disqualified .         .     .       .   .   .   .           .        .           .        -
"""
TABLE = {
    (Stage(row.split()[0]), to): mark
    for row in ARROWS.strip().splitlines()
    for to, mark in zip(Stage, row.split()[1:], strict=True)
}


def may(stage: Stage, to: Stage, mover: Mover) -> bool:
    """What the table says."""
    mark = TABLE[stage, to]
    if mover is Mover.AUTHORISED:
        return mark != "-"
    return ("a" if mover is Mover.AUTOMATION else "s") in mark


@pytest.mark.parametrize("mover", Mover)
@pytest.mark.parametrize("stage", Stage)
def test_a_stage_is_left_by_the_arrows_of_the_table(stage: Stage, mover: Mover) -> None:
    assert allowed(stage, mover) == {to for to in Stage if may(stage, to, mover)}


@pytest.mark.parametrize("mover", Mover)
@pytest.mark.parametrize("stage", Stage)
def test_what_is_no_arrow_is_refused_and_the_refusal_names_the_arrows(
    stage: Stage, mover: Mover
) -> None:
    ways = sorted(to.value for to in Stage if may(stage, to, mover))
    for to in Stage:
        if may(stage, to, mover):
            check(stage, to, mover)
            continue
        with pytest.raises(IllegalMove) as refused:
            check(stage, to, mover)
        assert str(refused.value) == (
            f"{stage} -> {to} is no move of {mover}; allowed from {stage}: "
            + (", ".join(ways) or "none")
        )
        assert (refused.value.stage, refused.value.to, refused.value.mover) == (stage, to, mover)


def test_a_customer_and_an_opportunity_are_moved_by_people_only() -> None:
    for stage in (_S.OPPORTUNITY, _S.CUSTOMER, _S.DISQUALIFIED):
        assert not allowed(stage, Mover.AUTOMATION)


@pytest.mark.parametrize(("stage", "to"), list(product(PATH, PATH)))
def test_where_routing_moves_a_lead_automation_may(stage: Stage, to: Stage) -> None:
    """Whatever routing asks for: it stays, or goes by an arrow of automation up to mql."""
    if to not in (_S.KNOWN, _S.NURTURE, _S.MQL):
        return
    after = moved(stage, to)
    assert after is stage or may(stage, after, Mover.AUTOMATION)


@pytest.mark.parametrize("stage", Stage)
def test_do_not_contact_ends_what_is_before_opportunity(stage: Stage) -> None:
    """Anything before opportunity -> disqualified; from opportunity on it stays a flag."""
    before = stage in (*PATH[:6], _S.RECYCLED)
    assert (stage in BEFORE_OPPORTUNITY) is before
    if before:
        assert may(stage, _S.DISQUALIFIED, Mover.AUTOMATION)


@pytest.mark.parametrize("stage", Stage)
def test_a_rule_ends_what_is_up_to_mql(stage: Stage) -> None:
    """Anything up to mql by a `disqualify:` rule; later the owner is told."""
    assert (stage in UP_TO_MQL) is (stage in (*PATH[:4], _S.RECYCLED))
    assert (stage in BEFORE_MQL) is (stage in (*PATH[:3], _S.RECYCLED))


def test_from_every_unfinished_stage_there_is_a_way_to_an_end() -> None:
    """By people and automation together, without anybody authorised."""
    for stage in Stage:
        reached, further = {stage}, {stage}
        while further:
            further = {
                to
                for one in further
                for to in Stage
                if may(one, to, Mover.SALES) or may(one, to, Mover.AUTOMATION)
            } - reached
            reached |= further
        assert reached & FINISHED, stage


@pytest.mark.parametrize("stage", Stage)
def test_rules_that_leave_sales_no_way_leave_none(stage: Stage) -> None:
    """The rules narrow what sales does, one way at a time; automation and who is authorised keep
    theirs.
    """
    assert allowed(stage, Mover.SALES, ()) == frozenset()
    for way in allowed(stage, Mover.SALES):
        assert allowed(stage, Mover.SALES, (way,)) == {way}
    for mover in (Mover.AUTOMATION, Mover.AUTHORISED):
        assert allowed(stage, mover, ()) == allowed(stage, mover)
