"""The writing connection: what stands after a commit, and what after anything else."""

from typing import Any

from scoring_service.values.stored import Timer


def test_nothing_stands_before_the_commit(desk: Any) -> None:
    desk.session.begin()
    batch = desk.session.batch(desk.now, desk.new_id)
    tx = batch.transaction()
    tx.set_timer(Timer("drain", "west", desk.now, "r1"))
    batch.keep(tx)
    batch.flush()
    assert desk.session.in_transaction()
    assert desk.reader.next_due() is None
    desk.session.commit()
    assert not desk.session.in_transaction()
    assert desk.reader.next_due() == desk.now


def test_the_last_instant_is_that_of_the_last_batch_that_wrote(desk: Any) -> None:
    assert desk.session.last_instant() is None
    desk.do(lambda tx: tx.set_timer(Timer("drain", "west", desk.now, "r1")))
    wrote = desk.now
    desk.later(hours=1)
    desk.do(lambda tx: tx.timer("drain", "west"))
    desk.session.begin()
    assert desk.session.last_instant() == wrote
    desk.session.rollback()
