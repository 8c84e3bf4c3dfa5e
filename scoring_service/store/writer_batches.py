"""Batches, and what happens when the database says no."""

from collections import deque
from collections.abc import Callable, Collection
from datetime import datetime
from time import monotonic

from scoring_service.store.poller import Poller
from scoring_service.store.unit import Answer, Unit, send
from scoring_service.store.writer_errors import (
    Lost,
    NoDatabase,
    NotCompiled,
    disconnected,
    for_caller,
    unusable,
)
from scoring_service.store.writer_round import Round, Tools
from scoring_service.store.writer_session import WritingSession
from scoring_service.values.errors import Unavailable
from scoring_service.values.stored import Timer

TRIES_MAX = 3
"""Times a single unit is run whose connection is lost each time."""

COMPILE_AGAIN_AFTER = 30.0
"""Seconds before a stored revision that could not be compiled is tried again."""


class Batches:
    """Runs units, a batch in one transaction, and answers them. Used by the writer's thread only.

    `next_due` reads the earliest due instant of all timers.
    """

    def __init__(
        self,
        session: WritingSession,
        tools: Tools,
        poller: Poller,
        next_due: Callable[[], datetime | None],
    ) -> None:
        self.poller = poller
        self._session, self._tools, self._next_due = session, tools, next_due
        self._not_compiled: dict[str, float] = {}

    def run(self, units: deque[Unit]) -> None:
        """Run a batch and answer it; those that the time did not allow stay in `units`.

        Raises NoDatabase, and Unavailable where the active policy cannot be had.
        """
        try:
            current = self._begun(units)
        except Lost:
            while units:
                self._alone(units.popleft())
            return
        try:
            if current.mixed:
                current.run_due()
            current.run(units)
            current.commit()
        except Lost:
            self._session.lose()
            self._singly(current)
        else:
            self._stands(current)

    def look(self) -> None:
        """Do what is due though nobody asks, follow the active policy, and sleep till the next."""
        current = self._begun()
        self._due(current)
        self.poller.looked(self._next_due(), current.now)
        if current.unfinished:
            self.poller.armed(current.now, current.now)

    def _begun(self, units: Collection[Unit] = (), *, mixed: bool = True) -> Round:
        """A round that has begun: connected anew and its policy compiled, where necessary.

        Raises NoDatabase, and Lost where it is not the database that keeps it from beginning: what
        some unit asks to have read cannot be asked for.
        """
        activated = next(iter(units)).policy if units else None
        tries = 0
        while True:
            current = Round(self._session.get(), self._tools, activated, mixed=mixed)
            try:
                current.begin(units)
                return current
            except NotCompiled as missing:
                current.session.rollback()
                self._compile(missing)
            except Lost as lost:
                self._session.lose()
                tries += 1
                if tries == 2 and not unusable(lost.cause):
                    raise
                if tries == 2:
                    self._session.away()
                    raise NoDatabase from lost.__cause__

    def _compile(self, missing: NotCompiled) -> None:
        """Outside the lock, while the units wait: another replica activated a policy."""
        if monotonic() < self._not_compiled.get(missing.revision, 0.0):
            raise _cannot_decide(missing.revision)
        try:
            assert missing.content is not None, f"no content of revision {missing.revision}"
            self._tools.policies.compile(missing.content)
        except Exception as error:
            self._not_compiled = {missing.revision: monotonic() + COMPILE_AGAIN_AFTER}
            self._tools.trouble("the active policy cannot be compiled here", error)
            raise _cannot_decide(missing.revision) from error

    def _singly(self, lost: Round) -> None:
        """Nothing of a batch stands: run it again, one by one, so that only the culprit suffers."""
        if lost.due_ran:
            self._due(self._begun())
        for unit, _, _ in lost.answers:
            self._alone(unit)

    def _alone(self, unit: Unit) -> None:
        """A unit in a transaction of its own.

        Where the connection was lost at COMMIT nobody knows whether it stands: run again, it finds
        its first answer or does its work.
        """
        for tries_left in reversed(range(TRIES_MAX)):
            try:
                current = self._begun((unit,), mixed=False)
                current.run(deque((unit,)))
                current.commit()
                break
            except Lost as lost:
                self._session.lose()
                if not tries_left or not disconnected(lost.cause):
                    send([Answer(unit, None, for_caller(lost.cause))])
                    return
        self._stands(current)
        if current.armed is not None and current.armed <= current.now:
            self._due(self._begun())

    def _due(self, current: Round) -> None:
        """What is due, in a round of its own; where the database says no, it is put off."""
        for tries_left in reversed(range(TRIES_MAX)):
            try:
                current.run_due()
                current.commit()
                break
            except Lost as lost:
                self._session.lose()
                blamed, current = current.blamed, self._begun()
                if not tries_left or not disconnected(lost.cause):
                    self._put_off(current, blamed, lost.cause)
                    return
        self._stands(current)

    def _put_off(self, current: Round, blamed: Timer | None, error: Exception) -> None:
        try:
            current.put_off(blamed, error)
            current.commit()
        except Lost:
            self._session.lose()
            self._tools.due.hold()

    def _stands(self, current: Round) -> None:
        self._session.works()
        self.poller.armed(current.armed, current.now)
        if current.unfinished or current.activated:
            self.poller.armed(current.now, current.now)
        if current.answers:
            send(current.answers)
            self._tools.batched(len(current.answers))
        if current.kept:
            self._tools.committed()


def _cannot_decide(revision: str) -> Unavailable:
    return Unavailable(
        f"the active policy {revision} cannot be compiled by this server; see its log",
        "POLICY_NOT_COMPILED",
        COMPILE_AGAIN_AFTER,
    )
