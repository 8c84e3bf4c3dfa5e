"""A diff as JSON, for machines."""

from typing import Any

import msgspec

from scoring_service.cli.rules.diff.told import Told


def json_of(found: Told) -> str:
    """One object: counts, loads, `changes` with both sides of each, `left_out` by line."""
    diff = msgspec.to_builtins(found.diff)
    counted = ("owner", "route", "quadrant", "mql")
    said: dict[str, Any] = {
        "old": {"folder": found.old, "revision": diff.pop("old_revision")},
        "new": {"folder": found.new, "revision": diff.pop("new_revision")},
        "leads": diff.pop("leads"),
        "changed": {"leads": len(found.diff.changes), **{name: diff.pop(name) for name in counted}},
        "mql": {"qualified": diff.pop("qualified"), "routed": diff.pop("routed")},
        "notes": found.notes,
        "left_out": [{"line": line, "why": why} for line, why in found.left_out],
    }
    changes = diff.pop("changes")
    return msgspec.json.encode({**said, **diff, "changes": changes}).decode()
