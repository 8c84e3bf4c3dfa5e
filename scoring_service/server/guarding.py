"""The guard: rules that would give too many leads another owner decide only when somebody says so.

A replay of the latest leads is judged before the activation, in a reading thread, so that nobody
waits for it but whoever saved the file.
"""

from pathlib import Path

from structlog.typing import FilteringBoundLogger

from scoring_service.domain.policy import Policy
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import unpack
from scoring_service.server.clock import now
from scoring_service.server.loading import Loaded
from scoring_service.server.metrics import Metrics
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store
from scoring_service.values.errors import FailedPrecondition, Unavailable
from scoring_service.workflows.diff.guarding import Judged, guard_between, judged, told, unjudged
from scoring_service.workflows.forcing import is_forced

REASON = "OWNERS_WOULD_CHANGE"


class Guarding:
    """Holds the rules of a folder against the guard before they decide.

    `refused` is the revision that was refused last, "" where the last one passed.
    """

    def __init__(
        self, folder: Path, store: Store, metrics: Metrics, log: FilteringBoundLogger
    ) -> None:
        self.folder, self.store, self.metrics, self.log = folder, store, metrics, log
        self.refused = ""

    async def hold(self, loaded: Loaded) -> None:
        """Return where the rules may decide; FailedPrecondition (OWNERS_WOULD_CHANGE) where not.

        Rules on which the guard itself fails are refused as well: then too somebody can say so.
        """
        self.refused, revision = "", loaded.policy.revision
        try:
            found = await self._judged(loaded.policy)
        except Unavailable:
            raise
        except Exception as error:
            self.log.error("policy_not_judged", revision=revision, error=error)
            await self._require_forced(revision)
            return
        self.metrics.judged(found.leads if found else 0, found.counted if found else 0)
        if found is None:
            return
        forced = found.refused and await self.is_forced(revision)
        counts = {"leads": found.leads, "changed": found.changed, "swapped": found.swapped}
        self.log.info("policy_judged", revision=revision, forced=forced, **counts)
        if found.refused and not forced:
            self.refused = revision
            raise FailedPrecondition(told(found, revision, str(self.folder), now()), REASON)

    async def _require_forced(self, revision: str) -> None:
        if not await self.is_forced(revision):
            self.refused = revision
            raise FailedPrecondition(unjudged(revision), REASON)

    def forget(self) -> None:
        """The folder is no longer what was refused."""
        self.refused = ""

    async def may_decide_now(self) -> bool:
        """Whether what was refused was forced since, or decides already, from elsewhere."""
        if not self.refused:
            return False
        return self.store.policies.revision == self.refused or await self.is_forced(self.refused)

    async def is_forced(self, revision: str) -> bool:
        """Whether somebody had the revision pass since the last activation, or it is what was
        activated, from elsewhere.
        """

        def passes(reader: Reader) -> bool:
            return reader.active_revision() == revision or is_forced(reader, revision)

        return await self.store.read(passes)

    async def _judged(self, new: Policy) -> Judged | None:
        """What the guard finds; None without one, and where nothing else decides."""
        return await self.store.read(lambda reader: self._judge(reader, new))

    def _judge(self, reader: Reader, new: Policy) -> Judged | None:
        active = self._active(reader, new)
        guard = guard_between(active, new) if active else None
        return judged(reader, guard, active, new, now()) if active and guard else None

    def _active(self, reader: Reader, new: Policy) -> Policy | None:
        """The policy that decides; None where there is none, it is the same, or this version cannot
        read it: then there is nothing to hold the new one against.
        """
        revision = reader.active_revision()
        if revision is None or revision == new.revision:
            return None
        known = self.store.policies.get(revision)
        content = None if known else reader.revision_content(revision)
        try:
            if content is None or (new.guard is None and not _names_a_guard(content)):
                return known
            return self.store.policies.compile(content)
        except (Mistakes, ValueError):  # or none that any version could read
            return None


def _names_a_guard(content: bytes) -> bool:
    """Whether it is worth to compile a revision for its guard, which can take seconds."""
    return b"guard" in unpack(content).files.get("routing.yaml", b"")
