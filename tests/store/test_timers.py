"""What is due: by kind and in order, some at a time, and as the units of a batch leave it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from scoring_service.store.batch_known import DRAIN, DUE_AT_ONCE
from scoring_service.values.stored import Timer
from tests.store.conftest import MONDAY

MINUTE = timedelta(minutes=1)
LEAD, NOTICE = "lead", "notice"


@pytest.fixture
def engine() -> str:
    """What a batch makes of timers is the same on each engine; one will do."""
    return "sqlite"


def timer(subject: str, minutes: float = -1, kind: str = LEAD, revision: str = "r1") -> Timer:
    """A timer, by default one that has been due for a minute."""
    return Timer(kind, subject, MONDAY + minutes * MINUTE, revision)


def arm(*timers: Timer) -> Any:
    def unit(tx: Any) -> None:
        for one in timers:
            tx.set_timer(one)

    return unit


def first(*kinds: str) -> Any:
    return lambda tx: found.subject if (found := tx.next_due(kinds or (LEAD,))) else None


def done(tx: Any) -> str | None:
    """Does what is due first, as a slice does: the timer ends."""
    found = tx.next_due((LEAD, NOTICE))
    if found is None:
        return None
    tx.clear_timer(found.kind, found.subject)
    return f"{found.kind} {found.subject}"


@pytest.mark.parametrize(
    ("armed", "kinds", "subject"),
    [
        pytest.param([], (LEAD,), None, id="nothing is armed"),
        pytest.param([timer("a", 1)], (LEAD,), None, id="its instant has not come"),
        pytest.param([timer("a", 0)], (LEAD,), "a", id="its instant is this very one"),
        pytest.param([timer("a", -1), timer("b", -2)], (LEAD,), "b", id="the earliest first"),
        pytest.param([timer("b"), timer("a")], (LEAD,), "a", id="of one instant by subject"),
        pytest.param(
            [timer("a", kind=NOTICE), timer("b")], (LEAD, NOTICE), "b", id="and by kind before that"
        ),
        pytest.param(
            [timer("a", -9, "of tomorrow")], (LEAD,), None, id="of a kind nobody asks for"
        ),
        pytest.param([timer("a")], (NOTICE, LEAD), "a", id="of one of several kinds"),
        pytest.param([timer("a")], (), None, id="of no kind"),
    ],
)
def test_what_is_due_first(
    desk: Any, armed: Sequence[Timer], kinds: tuple[str, ...], subject: str | None
) -> None:
    desk.do(arm(*armed))
    assert desk.do(lambda tx: found.subject if (found := tx.next_due(kinds)) else None) == subject


def test_each_that_is_due_is_done_once_in_its_order(desk: Any) -> None:
    armed = [timer("c", -1), timer("a", -3), timer("b", -2, NOTICE), timer("d", 5)]
    desk.do(arm(*armed))
    wanted = ["lead a", "notice b", "lead c", None, None]
    assert desk.run(*[done] * 5) == wanted
    assert desk.do(done) is None
    assert desk.reader.next_due() == MONDAY + 5 * MINUTE


@pytest.mark.parametrize("count", [DUE_AT_ONCE - 1, DUE_AT_ONCE, DUE_AT_ONCE + 1, 2 * DUE_AT_ONCE])
def test_more_than_are_read_at_once_are_done_in_one_batch_too(desk: Any, count: int) -> None:
    desk.do(arm(*(timer(f"{n:04}", -1 - n % 7) for n in range(count))))
    found = desk.run(*[done] * (count + 1))
    order = sorted(range(count), key=lambda n: (-(n % 7), n))
    assert found == [*(f"lead {n:04}" for n in order), None]


@pytest.mark.parametrize(
    ("change", "then"),
    [
        pytest.param(arm(), "a", id="nothing"),
        pytest.param(lambda tx: tx.clear_timer(LEAD, "a"), "b", id="the first is ended"),
        pytest.param(arm(timer("a", 9)), "b", id="the first is put off"),
        pytest.param(arm(timer("b", 9)), "a", id="another is put off"),
        pytest.param(arm(timer("new", -5)), "new", id="an earlier one is set"),
        pytest.param(arm(timer("new", 0)), "a", id="one is set that is due now, the last"),
        pytest.param(arm(timer("new", 1)), "a", id="one is set that is not due"),
        pytest.param(arm(timer("b", -9)), "b", id="one that is due is due sooner"),
    ],
)
@pytest.mark.parametrize("looked", [True, False], ids=["looked at before", "not looked at"])
def test_what_a_unit_changes_is_due_or_not_for_the_next_one(
    desk: Any, change: Any, then: str, looked: bool
) -> None:
    desk.do(arm(timer("a", -2), timer("b", -1)))
    before = [first()] if looked else []
    assert desk.run(*before, change, first())[-1] == then
    assert desk.do(first()) == then


def test_what_a_dropped_unit_ended_is_still_due(desk: Any) -> None:
    desk.do(arm(timer("a")))

    def fails(tx: Any) -> None:
        done(tx)
        arm(timer("b", -9))(tx)
        raise ValueError

    assert desk.run(first(), fails, first())[-1] == "a"


def test_a_drain_is_due_by_its_pool_and_found_among_what_is_asked_for(desk: Any) -> None:
    """A unit that frees somebody sets it for now, and drains are looked for apart."""
    desk.do(arm(timer("a", -2)))
    seen = desk.run(first(), arm(timer("west", 0, DRAIN)), first(), first(LEAD, DRAIN))
    assert seen == ["a", None, "a", "a"]
    assert desk.do(first(DRAIN)) == "west"


def test_a_unit_blames_the_first_due_timer_it_looked_at(desk: Any) -> None:
    desk.do(arm(timer("a", -1), timer("b", -2), timer("later", 5)))

    def look(tx: Any) -> Any:
        tx.timer(LEAD, "later")
        tx.timer(LEAD, "nobody")
        none = tx.due
        tx.timer(LEAD, "a")
        tx.next_due((LEAD,))
        return none, tx.due

    assert desk.do(look) == (None, timer("a", -1))
    assert desk.do(lambda tx: (tx.next_due((LEAD,)), tx.timer(LEAD, "a"), tx.due))[2] == timer(
        "b", -2
    )


def test_the_earliest_timer_that_a_unit_set_is_what_it_armed(desk: Any) -> None:
    def armed(*timers: Timer) -> datetime | None:
        def unit(tx: Any) -> Any:
            arm(*timers)(tx)
            return tx.armed

        found: datetime | None = desk.do(unit)
        return found

    assert armed() is None
    assert armed(timer("a", 3), timer("b", 1), timer("c", 2)) == MONDAY + MINUTE
    assert armed(timer("a", -3)) == MONDAY - 3 * MINUTE


def test_timers_of_another_policy_are_told_by_subject_some_at_a_time(desk: Any) -> None:
    old = [timer(subject, 5, revision="r1") for subject in "dbca"]
    others = [timer("e", 5, revision="r2"), timer("f", 5, NOTICE), timer("aa", -5, revision="")]
    desk.do(lambda tx: tx.activate("r2", b"", "ops"))
    desk.do(arm(*old, *others))

    def laid(after: str, at_most: int) -> Any:
        return lambda tx: tx.timers_laid_before(LEAD, after, at_most)

    assert desk.do(laid("", 9)) == ("a", "aa", "b", "c", "d")
    assert desk.do(laid("", 2)) == ("a", "aa")
    assert desk.do(laid("aa", 2)) == ("b", "c")
    assert desk.do(laid("d", 2)) == ()
    relaid = arm(timer("b", 5, revision="r2"))
    assert desk.run(relaid, laid("", 9))[-1] == ("a", "aa", "c", "d")


def test_before_any_policy_is_active_every_timer_is_of_another(desk: Any) -> None:
    desk.do(arm(timer("a")))
    assert desk.do(lambda tx: tx.timers_laid_before(LEAD, "", 9)) == ("a",)


def test_what_failed_is_told_in_due_order_and_what_is_due_up_to_a_limit(desk: Any) -> None:
    failed = [Timer(LEAD, subject, MONDAY + minutes * MINUTE, "r1", 2)
              for subject, minutes in (("a", 9), ("b", 3))]  # fmt: skip
    desk.do(arm(*failed, timer("c", -1), timer("d", -2), timer("e", 0)))
    assert desk.reader.failed_timers() == (failed[1], failed[0])
    assert [one.subject for one in desk.reader.due_timers(MONDAY)] == ["d", "c", "e"]
    assert [one.subject for one in desk.reader.due_timers(MONDAY, limit=2)] == ["d", "c"]
    assert desk.reader.due_timers(MONDAY - 3 * MINUTE) == ()


def test_a_timer_of_a_lead_that_is_not_stored_is_found(desk: Any, example: Any) -> None:
    def write(tx: Any) -> None:
        tx.save_lead(example.lead("l1"))
        arm(timer("l1"), timer("gone"), timer("west", kind=DRAIN))(tx)

    desk.do(write)
    assert desk.reader.stray_timers() == (timer("gone"),)


@pytest.mark.parametrize("kept", [None, 0, 7])
def test_a_number_is_kept_by_its_name(desk: Any, kept: int | None) -> None:
    """A number of nothing is not none."""

    def keep(tx: Any) -> Any:
        before = tx.mark("seen")
        if kept is not None:
            tx.keep_mark("seen", kept)
        return before, tx.mark("seen")

    assert desk.run(keep, lambda tx: tx.mark("seen")) == [(None, kept), kept]
    assert desk.do(lambda tx: tx.mark("seen")) == kept
    assert desk.do(lambda tx: tx.mark("unseen")) is None
