"""Days away that people enter, and hand-overs, as units write and read them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.handover import Handover
from scoring_service.values.stored import FieldChange, Timer
from tests.store.conftest import MONDAY, Desk

ANN = Absence("ann", date(2026, 3, 2), date(2026, 3, 6), "bob")
BOB = Absence("bob", date(2026, 3, 4), date(2026, 3, 4))
HOUR = timedelta(hours=1)


def entered(*absences: Absence) -> tuple[EnteredAbsence, ...]:
    """As Mia entered them this Monday."""
    return tuple(EnteredAbsence(one, MONDAY, "mia") for one in absences)


def away(desk: Any) -> tuple[Absence, ...]:
    """Who is away, as the next batch finds it."""
    desk.session.begin()
    found = desk.session.batch(desk.now, desk.new_id).away
    desk.session.rollback()
    return tuple(found)


def test_what_is_entered_is_read_by_every_later_batch(desk: Any) -> None:
    assert away(desk) == ()
    desk.do(lambda tx: tx.save_absences("bob", entered(BOB)))
    desk.do(lambda tx: tx.save_absences("ann", entered(ANN)))
    assert away(desk) == (ANN, BOB)
    assert desk.do(lambda tx: tx.absences_of("ann")) == entered(ANN)
    assert desk.reader.absences(desk.now) == entered(ANN, BOB)


def test_later_units_of_the_batch_see_it_and_a_unit_that_fails_leaves_none(desk: Any) -> None:
    def fails(tx: Any) -> None:
        tx.save_absences("ann", entered(ANN))
        raise ValueError

    first, none, _, one = desk.run(
        fails,
        lambda tx: tx.absences_of("ann"),
        lambda tx: tx.save_absences("ann", entered(ANN)),
        lambda tx: tx.absences_of("ann"),
    )
    assert isinstance(first, ValueError)
    assert (none, one) == ((), entered(ANN))


def test_who_enters_something_changes_nothing_of_others(desk: Any) -> None:
    later = Absence("ann", date(2026, 3, 9), date(2026, 3, 10))
    desk.do(lambda tx: (tx.save_absences("bob", entered(BOB)), tx.save_absences("ann", ())))

    def seen(tx: Any) -> Any:
        return tx.absences_of("ann"), tx.absences_of("bob"), tx.absences_of("cat")

    *_, both, one, none = desk.run(
        lambda tx: tx.save_absences("ann", entered(later, ANN)),
        seen,
        lambda tx: tx.save_absences("ann", entered(ANN)),
        seen,
        lambda tx: tx.save_absences("bob", ()),
        seen,
    )[1::2]
    assert both == (entered(ANN, later), entered(BOB), ()), "by day, whatever the order told"
    assert one == (entered(ANN), entered(BOB), ())
    assert none == (entered(ANN), (), ())
    assert away(desk) == (ANN,)


def test_what_is_over_when_it_is_entered_is_nobodys_absence(desk: Any) -> None:
    over = Absence("ann", date(2026, 2, 2), date(2026, 2, 28))
    desk.run(lambda tx: tx.save_absences("ann", entered(over, ANN)))
    assert away(desk) == (ANN,)
    desk.later(days=60)
    assert away(desk) == ()


def test_a_batch_that_does_not_stand_is_not_remembered(desk: Any) -> None:
    desk.session.begin()
    batch = desk.session.batch(desk.now, desk.new_id)
    tx = batch.transaction()
    tx.save_absences("ann", entered(ANN))
    batch.keep(tx)
    batch.flush()
    assert batch.away == (ANN,)
    desk.session.rollback()
    assert away(desk) == ()
    desk.do(lambda tx: tx.save_absences("bob", entered(BOB)))
    assert away(desk) == (BOB,)


def test_what_another_session_entered_is_seen_by_the_next_batch(desk: Any) -> None:
    assert away(desk) == ()
    other = Desk(desk.database)
    other.do(lambda tx: tx.save_absences("ann", entered(ANN)))
    assert away(desk) == (ANN,)
    other.do(lambda tx: tx.save_absences("ann", ()))
    assert away(desk) == ()
    other.close()


def test_what_is_over_everywhere_is_read_no_more_and_stays_recorded(desk: Any) -> None:
    desk.do(lambda tx: tx.save_absences("ann", entered(ANN)))
    desk.now = datetime(2026, 3, 7, 11, 59, tzinfo=UTC)
    assert away(desk) == (ANN,), "it is still Friday far in the west"
    desk.now += HOUR
    assert away(desk) == ()
    desk.do(lambda tx: tx.save_absences("ann", ()))
    assert desk.reader.absences(MONDAY) == entered(ANN)


def test_what_was_entered_since_an_instant(desk: Any) -> None:
    change = FieldChange("away", None, "[]")
    desk.do(lambda tx: tx.record_changes("rep", "ann", (change,), "mia"))
    desk.now += HOUR
    other = FieldChange("away", "[]", '[["ann","2026-03-02","2026-03-06","bob"]]')
    desk.do(lambda tx: tx.record_changes("rep", "ann", (other, change), "mia"))
    desk.do(lambda tx: tx.record_changes("rep", "ann", (FieldChange("email", None, "1"),), "mia"))
    since = [row[1:] for row in desk.reader.absences_changed(desk.now)]
    assert since == [("ann", "[]", other.new), ("ann", "[]", "[]")]
    assert len(desk.reader.absences_changed(MONDAY)) == 3


def test_a_hand_over_is_kept_with_how_far_it_has_come(desk: Any) -> None:
    book = Handover("o1", "ann", "bob", "new territory", "mia", MONDAY, leads=3)
    desk.run(
        lambda tx: tx.save_handover(book), lambda tx: tx.set_timer(Timer("book", "o1", MONDAY, ""))
    )
    assert desk.do(lambda tx: tx.handover_of("ann")) == book
    assert desk.do(lambda tx: tx.handover_of("bob")) is None
    assert desk.reader.handovers_under_way() == (book,)
    assert desk.reader.handovers_that_stand_still() == ()
    ended = Handover(
        "o1", "ann", "bob", "new territory", "mia", MONDAY, 3, moved=3, ended_at=MONDAY
    )
    desk.run(
        lambda tx: tx.save_handover(ended), lambda tx: tx.set_timer(Timer("book", "o2", MONDAY, ""))
    )
    assert desk.reader.handover("o1") == ended
    assert desk.reader.handovers_under_way() == ()
    again = Handover("o0", "ann", "", "again", "mia", MONDAY)
    desk.do(lambda tx: tx.save_handover(again))
    assert desk.reader.handovers_that_stand_still() == (again,)
    desk.do(lambda tx: tx.set_timer(Timer("book", "o0|lead", MONDAY, "")))
    assert desk.reader.handovers_that_stand_still() == ()
