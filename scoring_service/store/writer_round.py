"""One transaction of the writer: begun, units run in it, committed."""

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, thread_time

from scoring_service.domain.policy import Policy
from scoring_service.store.database import Session
from scoring_service.store.policies import Policies
from scoring_service.store.transaction import Transaction
from scoring_service.store.unit import Answer, Unit
from scoring_service.store.writer_due import Due, armed_again
from scoring_service.store.writer_errors import Lost, NotCompiled, of_driver
from scoring_service.values.errors import DeadlineExceeded, Unavailable
from scoring_service.values.stored import Timer

Trouble = Callable[[str, BaseException], None]
"""Told of what no caller hears of; called in the writer's thread."""

Batched = Callable[[int], None]
"""Told how many units a batch answered; called in the writer's thread, once a batch."""


Committed = Callable[[], None]
"""Told after every commit that stored something; called in the writer's thread."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every round uses. `clock` is asked where the database has no clock of its own."""

    policies: Policies
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    due: Due
    trouble: Trouble
    work_max: float
    """Seconds of the thread's own time after which a round commits: not those in which others ran,
    or a crowded machine would have small batches, which cost more.
    """
    batched: Batched
    committed: Committed


class Round:
    """One transaction. What it answers stands only once `commit` has returned.

    Raises Lost where nothing of it stands, and NotCompiled before anything was done. Where it is
    not `mixed`, what its units free is left to another round. `armed` is the earliest timer it set,
    `blamed` the one that what is due was last about, `kept` whether anything is to be stored.
    """

    def __init__(
        self, session: Session, tools: Tools, activated: Policy | None, *, mixed: bool
    ) -> None:
        self.session, self.tools, self.activated = session, tools, activated
        self.mixed = mixed and activated is None
        self.answers: list[Answer] = []
        self.armed: datetime | None = None
        self.blamed: Timer | None = None
        self.due_ran = self.unfinished = self.kept = False

    def begin(self, units: Collection[Unit]) -> None:
        """Take the lock, read `now` and the active policy, fetch what the units will read."""
        try:
            self.session.begin()
            self.now = self._instant()
            self.batch = self.session.batch(self.now, self.tools.new_id)
            self._by_files = self.activated or self._active()
            if units:
                self.batch.prefetch([unit.keys for unit in units])
        except NotCompiled:
            raise
        except Exception as error:
            raise Lost from error
        self._until = thread_time() + self.tools.work_max

    @property
    def policy(self) -> Policy | None:
        """What the next unit decides by: the active policy and who is away by then."""
        by_files = self._by_files
        if by_files is None:
            return None
        return self.tools.policies.with_absences(by_files, self.batch.away)

    def _instant(self) -> datetime:
        """Never below the last committed instant, though the clock was set back."""
        now = self.session.instant() or self.tools.clock()
        last = self.session.last_instant()
        return now if last is None else max(now, last)

    def _active(self) -> Policy | None:
        tx = self.batch.transaction()
        revision = tx.active_revision()
        if not revision:
            return None
        policy = self.tools.policies.get(revision)
        if policy is None:
            raise NotCompiled(revision, tx.revision_content(revision))
        if revision != self.tools.policies.revision:
            self.tools.policies.follow(policy)
        return policy

    def run(self, units: deque[Unit]) -> None:
        """Run units until none is left or the time is up; at least one. Those run are taken out."""
        while units and (not self.answers or thread_time() < self._until):
            self._unit(units.popleft())

    def _unit(self, unit: Unit) -> None:
        if unit.future.done():
            return
        if unit.deadline is not None and monotonic() > unit.deadline:
            self.answers.append(Answer(unit, None, _too_late()))
        elif (policy := self.policy) is None:
            self.answers.append(Answer(unit, None, _no_policy()))
        else:
            self._run(unit, policy)

    def _run(self, unit: Unit, policy: Policy) -> None:
        tx = self.batch.transaction()
        try:
            result = unit.work(tx, policy, self.now)
            tx.check()
        except Exception as error:
            self.answers.append(Answer(unit, None, error))
            self._drop(tx, error)
            return
        self.answers.append(Answer(unit, result))
        self._stands()
        self._keep(tx)
        if self.mixed and tx.armed is not None and tx.armed <= self.now:
            self.run_due()

    def run_due(self) -> None:
        """Do what is due, a slice at a time, until nothing is or the time is up."""
        while (policy := self.policy) is not None and not self.tools.due.held:
            if not self._slice(policy):
                return
            if thread_time() > self._until:
                self.unfinished = True
                return

    def _slice(self, policy: Policy) -> bool:
        """Whether more may be due."""
        tx = self.batch.transaction()
        try:
            decided = self.tools.due.work(tx, policy, self.now)
            tx.check()
        except Exception as error:
            self.due_ran, self.blamed = True, tx.due
            self._drop(tx, error)
            return self.put_off(tx.due, error)
        if decided:
            self.due_ran, self.blamed = True, tx.due
        self._stands()
        if decided:
            self._keep(tx)
            self.tools.due.went_well()
        return decided > 0

    def put_off(self, blamed: Timer | None, error: BaseException) -> bool:
        """Arm the timer again that was about what failed; with none to blame, hold all off."""
        self.tools.trouble("what was due failed; it is tried again later", error)
        if blamed is None:
            self.tools.due.hold()
            return False
        tx = self.batch.transaction()
        tx.set_timer(armed_again(blamed, self.now))
        self._keep(tx)
        return True

    def _keep(self, tx: Transaction) -> None:
        self.batch.keep(tx)
        self.kept = True
        if tx.armed is not None and (self.armed is None or tx.armed < self.armed):
            self.armed = tx.armed

    def _drop(self, tx: Transaction, error: Exception) -> None:
        """Forget what was recorded, if all else stands: not where the database said no."""
        if of_driver(error) or self.batch.flushing:
            raise Lost from error
        self._stands()
        self.batch.drop(tx)

    def _stands(self) -> None:
        """SQLite may have ended the transaction by itself; what follows would commit alone."""
        if not self.session.in_transaction():
            raise Lost("the transaction had ended")

    def commit(self) -> None:
        """Write what was kept and make it durable; of a COMMIT that failed nobody knows the end."""
        try:
            if self.kept:
                self.batch.flush()
                self._stands()
                self.session.commit()
            else:
                self.session.rollback()
        except Lost:
            raise
        except Exception as error:
            raise Lost from error
        if self.activated is not None and self.kept:
            self.tools.policies.follow(self.activated)


def _too_late() -> DeadlineExceeded:
    return DeadlineExceeded("the deadline passed before the work began", "DEADLINE")


def _no_policy() -> Unavailable:
    return Unavailable("no policy is active yet; try again", "NO_POLICY")
