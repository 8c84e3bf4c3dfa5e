"""What routes give leads to: how it is named, filled from a table's row, and wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scoring_service.domain.routing.routes import (
    Assign,
    ToAccountOwner,
    ToPool,
    ToQueue,
    ToTrack,
)
from scoring_service.policy.document import Path
from scoring_service.policy.files.names import Names
from scoring_service.policy.files.routing_shape import AssignEntry
from scoring_service.policy.mistake import did_you_mean

COLUMN = re.compile(r"\{([^{}]*)\}")
"""Where a name is taken from a column of the route's table."""

Wrong = tuple[str, str]
"""What is wrong, and the remedy."""


def texts_of(entry: AssignEntry) -> dict[str, str]:
    """What an assignment names, by key; `backup_pool` stands below account_owner."""
    backup = entry.account_owner.backup_pool if entry.account_owner else None
    named = {
        "pool": entry.pool,
        "backup_pool": backup,
        "track": entry.track,
        "queue": entry.queue,
        "owner": entry.owner,
    }
    return {key: text for key, text in named.items() if text is not None}


def _unchanged(text: str) -> str:
    return text


def assign_of(entry: AssignEntry, fill: Callable[[str], str] = _unchanged) -> Assign:
    """What an entry gives leads to, each name as `fill` makes it."""
    texts = {key: fill(text) for key, text in texts_of(entry).items()}
    if entry.account_owner is not None:
        return ToAccountOwner(texts.get("backup_pool"))
    if entry.pool is not None:
        return ToPool(texts["pool"])
    if entry.track is not None:
        return ToTrack(texts["track"])
    return ToQueue(texts["queue"], texts["owner"])


def path_of(key: str) -> Path:
    """Where the name of a key stands in a route."""
    return ("assign", "account_owner", key) if key == "backup_pool" else ("assign", key)


@dataclass(frozen=True, slots=True)
class Filled:
    """Puts a row's results into a text.

    >>> Filled({"pool": "emea"})("{pool}-sdr")
    'emea-sdr'
    """

    results: Mapping[str, str]

    def __call__(self, text: str) -> str:
        """The text with each `{column}` replaced; KeyError for a column that the row lacks."""
        return COLUMN.sub(lambda found: self.results[found[1]], text)


@dataclass(slots=True)
class Assigning:
    """Says what is wrong with names, knowing the owners of the queues that came before. `intake` is
    the queue of leads that are not complete.
    """

    names: Names
    intake: ToQueue
    _queues: dict[str, str] = field(default_factory=dict)

    def other_owner(self, assign: Assign) -> Wrong | None:
        """What is wrong with the owner of a queue: only one can be asked."""
        if not isinstance(assign, ToQueue):
            return None
        where = "in a route above"
        if assign.queue == self.intake.queue:
            other, where = self.intake.owner, "as the intake of lifecycle.yaml"
        else:
            other = self._queues.setdefault(assign.queue, assign.owner)
        if other == assign.owner:
            return None
        what = f"the queue '{assign.queue}' has another owner, {other}, {where}"
        return what, "a queue has one owner: name the same"

    def unknown(self, key: str, name: str) -> Wrong | None:
        """What is wrong with a name that an assignment gives."""
        if key in ("pool", "backup_pool") and name not in self.names.pools:
            return f"unknown pool '{name}'", did_you_mean(name, self.names.pools)
        if key == "track" and name not in self.names.tracks:
            return f"unknown track '{name}'", did_you_mean(name, self.names.tracks)
        if key == "queue" and (pool := self.names.queues.get(name)):
            return f"'{name}' is the queue of the pool {pool}", f"write {{pool: {pool}}}"
        return None
