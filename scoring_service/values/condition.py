"""A condition of a rule file, compiled: symbols in, yes or no out."""

from collections.abc import Callable, Mapping
from typing import Any

Symbols = Mapping[str, Any]
"""What a condition sees: the lead's fields and attributes at the top, `account`, `score`,
`activity` as nested maps.

Every known symbol that has no value is None or absent; both are null to a condition.
"""

Condition = Callable[[Symbols], bool]
"""True or False, or ConditionError where it cannot be evaluated for these symbols."""


class ConditionError(Exception):
    """A condition that cannot be evaluated for this lead. It counts as "does not match"."""
