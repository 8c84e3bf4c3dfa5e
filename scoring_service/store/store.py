"""The store of a running server: one writer, some readers, the policies and accounts at hand."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from scoring_service.domain.policy import Policy
from scoring_service.store.account_index import AccountIndex
from scoring_service.store.database import Database, open_database
from scoring_service.store.news import News
from scoring_service.store.policies import Policies
from scoring_service.store.reader import Reader
from scoring_service.store.store_readers import Readers
from scoring_service.store.writer import Writer
from scoring_service.store.writer_due import DueWork

T = TypeVar("T")

READING_THREADS = 2


class Store:
    """What the edges use of a store. `accounts` is an AccountLookup for Score; `news` tells of what
    this process commits.
    """

    def __init__(
        self, database: Database, readers: Readers, policies: Policies, writer: Writer, news: News
    ) -> None:
        self.engine = database.engine
        self.policies, self.writer, self.news = policies, writer, news
        self.accounts = AccountIndex(readers)
        self._database, self._readers = database, readers
        self._threads = ThreadPoolExecutor(READING_THREADS, "reader")

    async def read(self, question: Callable[[Reader], T]) -> T:
        """The answer to a question, asked in a reading thread.

        Raises what the question raises, and Unavailable while the database is away.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._readers.ask, question)

    async def close(self) -> None:
        """Serve who waits, then close every connection and let others open the store."""
        await self.writer.close()
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        self._readers.close()
        self._database.close()


def open_store(
    url: str,
    *,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    compile: Callable[[bytes], Policy],
    due: DueWork,
    create: bool = True,
    **options: Any,
) -> Store:
    """Open a store for writing: be the one who writes, have the schema checked, or made in an empty
    store (unless `create` is false), and start the writer, whose `options` are Writer's.

    `clock` gives the time where the database has no clock, `compile` makes a policy of a revision's
    content, `due` does what is due, a slice a call. Raises StoreProblem.
    """
    database = open_database(url)
    try:
        if not create:
            database.check()
        database.prepare()
        return _started(database, Policies(compile), clock, new_id, due, options)
    except BaseException:
        database.close()
        raise


def _started(
    database: Database,
    policies: Policies,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    due: DueWork,
    options: dict[str, Any],
) -> Store:
    readers = Readers(database.reading)

    def next_due() -> datetime | None:
        return readers.ask(lambda reader: reader.next_due())

    news = News()
    options = {"next_due": next_due, "committed": news.tell, **options}
    writer = Writer(database, policies, clock, new_id, due, **options)
    writer.start()
    return Store(database, readers, policies, writer, news)
