"""Who owns what in a store, counted: what a change of the rules has to hand over."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring_service.values.owner import Owner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Rep


@dataclass(frozen=True, slots=True)
class Held:
    """How many leads of a stage an owner has; `waiting` of them are in the queue of a pool."""

    owner: Owner
    stage: Stage
    leads: int
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Holdings:
    """All of it: leads by owner and stage, how many accounts each rep owns, and the reps as the
    last policy had them that had them.
    """

    held: tuple[Held, ...] = ()
    accounts: Mapping[str, int] = field(default_factory=dict)
    reps: Mapping[str, Rep] = field(default_factory=dict)
