"""The one writing connection: opened anew when it is lost, given up for a while when it is away."""

from time import monotonic

from scoring_service.store.database import Database, Session
from scoring_service.store.writer_errors import NoDatabase

BACKOFF_MIN, BACKOFF_MAX = 0.1, 5.0
"""Seconds between attempts to reach a database that is away; doubling."""


class WritingSession:
    """Used by the writer's thread only. Where it is not `durable`, commits wait for no disk."""

    def __init__(self, database: Database, *, durable: bool = True) -> None:
        self._database, self._durable = database, durable
        self._session: Session | None = None
        self._backoff = BACKOFF_MIN
        self._retry_at = 0.0
        self.is_away = False

    def open(self) -> Session:
        """The connection, opened if there is none. Raises whatever keeps it from being opened."""
        if self._session is None:
            session = self._database.writing()
            if not self._durable:
                session.not_durable()
            self._session, self.is_away = session, False
        return self._session

    def get(self) -> Session:
        """The connection; NoDatabase where none can be had, at once after a failure."""
        if self._session is None and monotonic() < self._retry_at:
            raise NoDatabase
        try:
            return self.open()
        except Exception as error:
            self.away()
            raise NoDatabase from error

    def works(self) -> None:
        """It did something: the next failure is a first one."""
        self._backoff = BACKOFF_MIN

    def away(self) -> None:
        """Nothing can be done with it for now; wait longer each time."""
        self.lose()
        self.is_away = True
        self._retry_at = monotonic() + self._backoff
        self._backoff = min(BACKOFF_MAX, self._backoff * 2)

    @property
    def retry_in(self) -> float:
        """Seconds until a database that is away is looked for again."""
        return max(0.0, self._retry_at - monotonic())

    def lose(self) -> None:
        """Give the connection up; what is open in it does not stand."""
        session, self._session = self._session, None
        if session is not None:
            session.close()
