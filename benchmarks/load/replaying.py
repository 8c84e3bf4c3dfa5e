"""Every decision of a store, decided again from its facts by the policy of its stored revision."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import unpack
from scoring_service.store.database import Reader, open_database
from scoring_service.values.stored import StoredDecision
from scoring_service.workflows.replay import Replay, Verdict, replay

PAGE = 500
DIFFERENCES_MAX = 20


@dataclass(slots=True)
class Replayed:
    """How many decisions came out the same, under which revisions, and those that did not."""

    equal: int = 0
    revisions: set[str] = field(default_factory=set)
    differences: list[str] = field(default_factory=list)

    def add(self, stored: StoredDecision, found: Replay) -> None:
        """Count one."""
        self.revisions.add(stored.revision)
        if found.verdict is Verdict.EQUAL:
            self.equal += 1
        elif len(self.differences) < DIFFERENCES_MAX:
            self.differences.append(
                f"decision {stored.decision_id}: {found.verdict}, {', '.join(found.differing)}"
                f"{found.note}"
            )


def replay_all(url: str) -> Replayed:
    """Replay every decision of the store at `url`, which may be in use."""
    replayed, database = Replayed(), open_database(url)
    database.check()
    reader = database.reading()
    try:
        policies = cache(_policies(reader))
        for stored in _decisions(reader):
            replayed.add(stored, replay(policies(stored.revision), stored))
    finally:
        reader.close()
        database.close()
    return replayed


def told(found: Replayed) -> tuple[bool, str]:
    """Whether there were decisions and all came out the same, and what is said of them."""
    equal = f"{found.equal} decisions of {len(found.revisions)} revisions replayed equal"
    return bool(found.equal and not found.differences), "\n".join([*found.differences, equal])


def _policies(reader: Reader) -> Callable[[str], Policy]:
    def policy_of(revision: str) -> Policy:
        content = reader.revision_content(revision)
        assert content is not None, f"revision {revision} is not stored"
        return load(unpack(content))

    return policy_of


def _decisions(reader: Reader) -> Iterator[StoredDecision]:
    after = ""
    while page := reader.decisions(after, PAGE):
        yield from page
        after = page[-1].decision_id
