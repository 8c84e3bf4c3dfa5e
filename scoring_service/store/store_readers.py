"""Readers, one a thread; a reader whose connection was lost is replaced."""

from collections.abc import Callable
from threading import get_ident
from typing import TypeVar

from scoring_service.store.reader import Reader
from scoring_service.store.writer_errors import RETRY_AFTER, of_driver, passing, unavailable

T = TypeVar("T")


class Readers:
    """Asks the store from whatever thread one is in. `open_reader` is called once a thread."""

    def __init__(self, open_reader: Callable[[], Reader]) -> None:
        self._open = open_reader
        self._mine: dict[int, Reader] = {}

    def ask(self, question: Callable[[Reader], T]) -> T:
        """The answer to a question; Unavailable where the database is away.

        A connection that was lost is noticed only when it is used, so one failure is forgiven.
        """
        try:
            return self._once(question)
        except Exception as error:
            if not passing(error):
                raise
        try:
            return self._once(question)
        except Exception as error:
            if not passing(error):
                raise
            raise unavailable(RETRY_AFTER) from error

    def _once(self, question: Callable[[Reader], T]) -> T:
        try:
            return question(self._reader())
        except Exception as error:
            if of_driver(error):
                self._lose()
            raise

    def _reader(self) -> Reader:
        reader = self._mine.get(get_ident())
        if reader is None:
            reader = self._mine[get_ident()] = self._open()
        return reader

    def _lose(self) -> None:
        reader = self._mine.pop(get_ident(), None)
        if reader is not None:
            reader.close()

    def close(self) -> None:
        """Close every thread's; nobody may be asking."""
        while self._mine:
            self._mine.popitem()[1].close()
