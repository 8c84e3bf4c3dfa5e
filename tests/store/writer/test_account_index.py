"""Accounts at hand for Score: so many at most, hardly behind the store, never waited for long."""

from collections.abc import Iterator
from typing import Any

import pytest

from scoring_service.store.account_index import ENTRIES_MAX, FRESH, AccountIndex, Recent
from scoring_service.store.database import Database
from scoring_service.store.problems import StoreProblem
from scoring_service.store.store_readers import Readers
from scoring_service.values.account import Account
from scoring_service.values.errors import Unavailable

PARENT = Account("parent", domains=("parent.example",))
CHILD = Account("child", domains=("child.example",), parent_id="parent")


class Counting:
    """Opens readers, and counts the questions they are asked; none can be opened while `away`."""

    def __init__(self, database: Database) -> None:
        self.readers = Readers(self._open)
        self._database = database
        self.away, self.asked = False, 0

    def _open(self) -> Any:
        if self.away:
            raise StoreProblem("the store cannot be opened: nobody listens there.")
        return self._database.reading()

    def ask(self, question: Any) -> Any:
        self.asked += 1
        return self.readers.ask(question)


@pytest.fixture
def counting(database: Database) -> Iterator[Counting]:
    """Readers of the store at hand."""
    counting = Counting(database)
    yield counting
    counting.readers.close()


def index_of(counting: Any, **options: Any) -> AccountIndex:
    return AccountIndex(counting, **options)


def saved(desk: Any, *accounts: Account) -> Any:
    return desk.run(lambda tx, policy, now: [tx.save_account(account) for account in accounts])


async def test_it_answers_what_the_store_would(desk: Any, counting: Any) -> None:
    await saved(desk, PARENT, CHILD)
    index = index_of(counting)
    assert index.account("child") == CHILD
    assert index.accounts_on_domain("child.example") == (CHILD,)
    assert index.ancestors("child") == (CHILD, PARENT)
    assert (index.account("nobody"), index.accounts_on_domain("no.example")) == (None, ())


async def test_what_was_read_is_not_read_again(desk: Any, counting: Any) -> None:
    await saved(desk, PARENT)
    index = index_of(counting)
    for _ in range(5):
        index.account("parent")
        index.account("nobody")
    assert counting.asked == 3, "whether there are any, and each account once"


async def test_a_store_without_accounts_is_asked_once_for_all(desk: Any, counting: Any) -> None:
    index = index_of(counting)
    for i in range(50):
        assert index.account(f"a{i}") is None
        assert index.accounts_on_domain(f"d{i}.example") == ()
        assert index.ancestors(f"a{i}") == ()
    assert counting.asked == 1


async def test_a_change_is_seen_once_what_was_read_is_no_longer_fresh(
    desk: Any, counting: Any
) -> None:
    index, stale = index_of(counting, fresh=0.0), index_of(counting, fresh=600.0)
    await saved(desk, PARENT)
    assert index.account("parent") == stale.account("parent") == PARENT
    owned = Account("parent", owner_rep_id="ann")
    await saved(desk, owned)
    assert (index.account("parent"), stale.account("parent")) == (owned, PARENT)


def test_it_is_at_most_five_seconds_behind_and_of_bounded_size() -> None:
    assert (FRESH, ENTRIES_MAX) == (5.0, 20_000)


def test_of_many_entries_the_oldest_make_room() -> None:
    recent: Recent[str] = Recent(entries_max=3, fresh=600.0)
    read: list[str] = []

    def reading(key: str) -> str:
        read.append(key)
        return key.upper()

    assert [recent.get(key, reading) for key in "abcd"] == list("ABCD")
    assert len(recent) == 3
    assert recent.get("d", reading) == "D"
    assert read == list("abcd"), "the newest is at hand"
    recent.get("a", reading)
    assert read == list("abcda"), "the oldest is not"


async def test_a_database_that_is_away_is_not_asked_at_every_score(
    desk: Any, counting: Any
) -> None:
    await saved(desk, PARENT)
    index = index_of(counting)
    counting.away = True
    for _ in range(10):
        with pytest.raises(Unavailable):
            index.account("parent")
    assert counting.asked == 1


async def test_what_is_fresh_is_answered_while_the_database_is_away(
    desk: Any, counting: Any
) -> None:
    await saved(desk, PARENT)
    index = index_of(counting)
    assert index.account("parent") == PARENT
    counting.away = True
    counting.readers.close()
    assert index.account("parent") == PARENT


async def test_names_are_at_hand_like_everything_else(desk: Any, counting: Any) -> None:
    await saved(desk, Account("acme", "Acme GmbH"))
    index = index_of(counting)
    for _ in range(5):
        assert [one.account_id for one in index.accounts_named("acme")] == ["acme"]
        assert index.accounts_named("zentrol") == index.accounts_named("") == ()
    assert counting.asked == 3, "whether there are any, and each name once"


async def test_a_name_anew_is_seen_once_what_was_read_is_no_longer_fresh(
    desk: Any, counting: Any
) -> None:
    index = index_of(counting, fresh=0.0)
    await saved(desk, Account("acme", "Acme"))
    assert len(index.accounts_named("acme")) == 1
    await saved(desk, Account("acme", "Zentrol"))
    assert index.accounts_named("acme") == ()
