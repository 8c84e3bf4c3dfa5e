"""The names that one rule file may use of another."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from scoring_service.domain.policy import Policy
from scoring_service.policy.document import Document
from scoring_service.policy.files.lifecycle_defaults import (
    DEFAULT_REASONS,
    DEFAULT_SLAS,
    DEFAULT_TRACKS,
)

Documents = Mapping[str, Document | None]
"""Files by name; None is one that must be there and is not, or that cannot be read."""


class Anything(frozenset[str]):
    """The names of a file that cannot be read: whatever is referred to may be among them."""

    def __contains__(self, name: object) -> bool:
        return True

    def __or__(self, other: AbstractSet[Any]) -> "Anything":
        return self


@dataclass(frozen=True, slots=True)
class Names:
    """What there is to refer to, whether or not its entry is right."""

    reps: frozenset[str]
    pools: frozenset[str]
    queues: Mapping[str, str]
    calendars: frozenset[str]
    tracks: frozenset[str]
    reasons: frozenset[str]
    slas: frozenset[str]


def names_in(documents: Documents) -> Names:
    """Every name that a reference may mean."""
    return Names(
        reps=_names(documents, "team.yaml", "reps"),
        pools=_names(documents, "team.yaml", "pools"),
        queues=_queues(documents.get("team.yaml")),
        calendars=_names(documents, "calendars.yaml", more=("always", "default")),
        tracks=_names(documents, "lifecycle.yaml", "tracks", more=DEFAULT_TRACKS),
        reasons=_names(documents, "lifecycle.yaml", "reasons", more=DEFAULT_REASONS),
        slas=_names(documents, "lifecycle.yaml", "slas", more=DEFAULT_SLAS),
    )


def names_of(policy: Policy) -> Names:
    """Every name that a policy knows."""
    return Names(
        reps=frozenset(policy.reps),
        pools=frozenset(policy.pools),
        queues={pool.queue.name: name for name, pool in policy.pools.items()},
        calendars=frozenset(policy.calendars),
        tracks=frozenset(policy.lifecycle.tracks),
        reasons=frozenset(policy.lifecycle.reasons),
        slas=frozenset(policy.lifecycle.slas),
    )


def _names(
    documents: Documents, file: str, *path: str, more: Mapping[str, object] | tuple[str, ...] = ()
) -> frozenset[str]:
    if file not in documents:
        return frozenset(more)
    document = documents[file]
    if document is None or not isinstance(document.value, dict):
        return Anything(more)
    return frozenset({*_map(document.value, *path), *more})


def _map(value: Any, *path: str) -> dict[str, Any]:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def is_map(document: Document | None) -> bool:
    """Whether a file could be read, and is a map of keys."""
    return document is not None and isinstance(document.value, dict)


def entries_in(document: Document | None, *path: str) -> frozenset[str]:
    """The keys of the map at a path, none where there is no such map."""
    return frozenset(_map(document.value, *path)) if document else frozenset()


def route_names_in(document: Document | None) -> frozenset[str]:
    """The names of routes, whether or not their entries are right."""
    entries = document.value.get("routes") if document and _map(document.value) else None
    if not isinstance(entries, list):
        return Anything()
    named = (entry.get("name") for entry in entries if isinstance(entry, dict))
    return frozenset({"otherwise", *(name for name in named if isinstance(name, str))})


def _queues(document: Document | None) -> dict[str, str]:
    """The pools' queues, each with its pool."""
    found = {}
    for pool, entry in _map(document.value if document else None, "pools").items():
        named = _map(entry, "queue").get("name", pool)
        found[str(named)] = pool
    return found
