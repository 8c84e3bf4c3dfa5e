"""What a batch is told that its units will read is read at once for all of them, and only once."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from scoring_service.store.batch import Batch
from scoring_service.store.connection import Connection
from scoring_service.store.session import Session
from scoring_service.values.account import Account
from scoring_service.values.stored import Keys
from tests.store.conftest import Counted

LEADS = tuple(f"l{n}" for n in range(1, 5))


@pytest.fixture
def engine() -> str:
    """What is asked for is the same on each engine; one will do."""
    return "sqlite"


class Opened:
    """A batch on a connection that counts."""

    def __init__(self, connection: Connection, desk: Any) -> None:
        self._counted = Counted(connection)
        self.session = Session(self._counted)
        self.session.begin()
        self.batch: Batch = self.session.batch(desk.now, desk.new_id)
        self._counted.read.clear()

    def prefetch(self, *keys: Keys) -> dict[str, int]:
        """How often each statement was called for these keys."""
        self.batch.prefetch(keys)
        return self.taken()

    def run(self, *units: Callable[[Any], Any]) -> list[Any]:
        """What the units come to, in one batch."""
        results = []
        for unit in units:
            tx = self.batch.transaction()
            results.append(unit(tx))
            self.batch.keep(tx)
        return results

    def taken(self) -> dict[str, int]:
        """What was read since somebody asked."""
        read = dict(self._counted.read)
        self._counted.read.clear()
        return read


@pytest.fixture
def opened(desk: Any, example: Any, connect: Callable[[], Connection]) -> Any:
    """A batch on a store with four leads of everything that keys can name."""

    def write(tx: Any) -> None:
        for n, lead_id in enumerate(LEADS):
            address = f"{lead_id}@firm.example"
            tx.save_lead(example.lead(lead_id, email=address, assignment_id=f"s{n}"))
            tx.record_assignment(example.assignment(f"s{n}", lead_id=lead_id))
            tx.add_activities((example.activity(f"a{n}", lead_id),))
            tx.keep_answer(example.answer(f"q{n}"))
            tx.save_account(Account(f"acc{n}", f"Firm{n} GmbH", (f"firm{n}.example",), None, "top"))
        tx.save_account(Account("top", "Kolossal Holding"))

    desk.do(write)
    made = Opened(connect(), desk)
    yield made
    made.session.rollback()
    made.session.close()


def keys_of(*numbers: int) -> tuple[Keys, ...]:
    return tuple(
        Keys(
            f"q{n}",
            f"l{n + 1}",
            f"l{n + 1}@firm.example",
            f"acc{n}",
            (f"firm{n}.example",),
            (f"a{n}",),
        )
        for n in numbers
    )


EVERYTHING = {
    "answers": 1,
    "leads": 1,
    "leads_by_email": 1,
    "assignments": 1,
    "activity_sets": 1,
    "account_domains": 1,
    "accounts_upwards": 1,
}


@pytest.mark.parametrize("numbers", [(0,), (0, 1), (0, 1, 2, 3), (2, 2, 2)], ids=repr)
def test_for_one_unit_and_for_many_each_table_is_asked_once(
    opened: Any, numbers: Sequence[int]
) -> None:
    assert opened.prefetch(*keys_of(*numbers)) == EVERYTHING


LOOKS: dict[str, Callable[[Any], Any]] = {
    "its answer": lambda tx: tx.answer("q1").request_id == "q1",
    "its lead": lambda tx: tx.lead("l2").lead.lead_id == "l2",
    "the lead of its address": lambda tx: tx.lead_by_email("l2@firm.example") == tx.lead("l2"),
    "the assignment that stands": lambda tx: tx.assignment("s1").lead_id == "l2",
    "its activities' digests": lambda tx: tx.activity_digests(("a1",)) == {"a1": ("l2", "d")},
    "its account": lambda tx: tx.account("acc1").account_id == "acc1",
    "the accounts above it": lambda tx: (
        [one.account_id for one in tx.ancestors("acc1")] == ["acc1", "top"]
    ),
    "the accounts on its domain": lambda tx: (
        [one.account_id for one in tx.accounts_on_domain("firm1.example")] == ["acc1"]
    ),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_what_was_fetched_is_asked_for_no_more(opened: Any, look: Callable[[Any], bool]) -> None:
    opened.prefetch(*keys_of(0, 1, 2))
    assert opened.run(look, look) == [True, True]
    assert opened.taken() == {}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_what_nobody_told_is_read_when_it_is_asked_for_and_kept(
    opened: Any, look: Callable[[Any], bool]
) -> None:
    opened.prefetch(Keys())
    assert opened.taken() == {}
    assert opened.run(look) == [True]
    assert opened.taken() != {}
    assert opened.run(look) == [True]
    assert opened.taken() == {}


ABSENT: dict[str, tuple[Keys, Callable[[Any], Any], Any]] = {
    "no answer": (Keys("q9"), lambda tx: tx.answer("q9"), None),
    "no lead": (Keys(lead_id="l9"), lambda tx: tx.lead("l9"), None),
    "no address": (Keys(email="x@y.example"), lambda tx: tx.lead_by_email("x@y.example"), None),
    "no activity": (Keys(activity_ids=("a9",)), lambda tx: tx.activity_digests(("a9",)), {}),
    "no account": (Keys(account_id="acc9"), lambda tx: tx.account("acc9"), None),
    "no domain": (Keys(domains=("y.example",)), lambda tx: tx.accounts_on_domain("y.example"), ()),
    "no name": (Keys(company="Nobody"), lambda tx: tx.accounts_named("nobody"), ()),
}


@pytest.mark.parametrize(("keys", "look", "nothing"), ABSENT.values(), ids=ABSENT.keys())
def test_that_something_is_not_there_is_known_too(
    opened: Any, keys: Keys, look: Callable[[Any], Any], nothing: Any
) -> None:
    assert sum(opened.prefetch(keys).values()) == 1
    assert opened.run(look, look) == [nothing, nothing]
    assert opened.taken() == {}


def test_keys_that_name_nothing_are_not_asked_for(opened: Any) -> None:
    assert opened.prefetch(Keys(), Keys(domains=("",), activity_ids=())) == {}
    assert opened.prefetch() == {}


def test_a_lead_that_this_batch_has_just_named_is_not_asked_for(opened: Any) -> None:
    def new(tx: Any) -> Any:
        lead_id = tx.new_id()
        return tx.lead(lead_id), tx.lead(lead_id)

    assert opened.run(new) == [(None, None)]
    assert opened.taken() == {}


def test_what_an_earlier_unit_wrote_needs_no_reading(opened: Any, example: Any) -> None:
    lead = example.lead("new", email="new@firm.example")

    def write(tx: Any) -> None:
        tx.save_lead(lead)
        tx.keep_answer(example.answer("q7"))
        tx.add_activities((example.activity("a7", "new"),))

    def look(tx: Any) -> Any:
        seen = tx.lead("new"), tx.lead_by_email("new@firm.example"), tx.answer("q7")
        return *seen, tx.activity_digests(("a7",))

    opened.prefetch(Keys("q7", "new", "new@firm.example", activity_ids=("a7",)))
    _, seen = opened.run(write, look)
    assert seen == (lead, lead, example.answer("q7"), {"a7": ("new", "d")})
    assert opened.taken() == {}


@pytest.mark.parametrize("kept", [True, False], ids=["a unit that is kept", "one that is dropped"])
def test_a_unit_that_is_over_cannot_go_on(opened: Any, example: Any, kept: bool) -> None:
    """What it would write afterwards would be nobody's."""
    tx = opened.batch.transaction()
    tx.save_lead(example.lead("late"))
    (opened.batch.keep if kept else opened.batch.drop)(tx)
    with pytest.raises(AttributeError):
        tx.save_lead(example.lead("later"))
    with pytest.raises(AttributeError):
        tx.lead("l1")
    assert (opened.run(lambda tx: tx.lead("late"))[0] is not None) is kept
