"""Training rows as columns: each a lead as it was known at a scoring instant."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.scoring import ActivityScoring
from scoring_service.values.activity import Activity
from scoring_service.values.condition import Symbols
from scoring_service.values.instant import EPOCH

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MISSING = -1
"""The code of a missing text."""


class Kind(StrEnum):
    """What a column holds, and so how the model reads it."""

    NUMBER = "number"
    TEXT = "text"
    CRITERION = "criterion"
    ACTIVITY = "activity"


class Time(StrEnum):
    """What is known of when the rows were scored."""

    INSTANTS = "instants"
    ORDER = "order"
    NONE = "none"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One feature of n rows.

    `values`, shape (n,), float64: of a NUMBER the number (NaN is missing); of a TEXT the index into
    `levels` (MISSING where there is none; booleans have the levels "false" and "true"); of a
    CRITERION 1.0 where it holds, else 0.0; of an ACTIVITY the decayed points, capped at its
    `points_max`. `halved` and `doubled` are those of an ACTIVITY with half its half-life, and
    twice. `later`, shape (n,): where the value came after the scoring instant and is not used
    (None: nowhere).
    """

    name: str
    kind: Kind
    values: Floats
    type: AttributeType = AttributeType.NUMBER
    levels: tuple[str, ...] = ()
    when: str = ""
    scoring: ActivityScoring | None = None
    halved: Floats | None = None
    doubled: Floats | None = None
    later: Flags | None = None

    @property
    def missing(self) -> Flags:
        """Where there is no value, shape (n,)."""
        found: Flags = self.values == MISSING if self.kind is Kind.TEXT else np.isnan(self.values)
        return found

    def rows(self, which: NDArray[Any]) -> "Column":
        """The column of some rows (indices or flags)."""
        return replace(
            self,
            values=self.values[which],
            halved=None if self.halved is None else self.halved[which],
            doubled=None if self.doubled is None else self.doubled[which],
            later=None if self.later is None else self.later[which],
        )


@dataclass(frozen=True, slots=True, eq=False)
class TrainingTable:
    """n rows, oldest first where there is a time.

    `leads` names each row's lead, as a number that several rows of one lead share (folds and
    bootstrap go by it); `weights` sum to one a lead. `scored_at` and `known_at` are microseconds
    UTC, the row's number where `time` is ORDER, 0 where it is NONE; a label counts as known from
    `known_at` on. `recycled` marks rows of leads that were recycled by the horizon. `attribute`
    columns carry `levels`. `notes` are sentences about what was left out or looks wrong; `digest`
    is the hash of what was read. `as_known` where every column, attributes too, was taken as of the
    scoring instant, which a file can only claim.
    """

    source: str
    leads: Integers
    won: Flags
    weights: Floats
    time: Time
    scored_at: Integers
    known_at: Integers
    recycled: Flags
    columns: tuple[Column, ...]
    horizon: timedelta | None = None
    notes: tuple[str, ...] = ()
    digest: str = ""
    as_known: bool = False

    def __len__(self) -> int:
        return len(self.won)

    def rows(self, which: NDArray[Any]) -> "TrainingTable":
        """The table of some rows (indices or flags), in their order."""
        return replace(
            self,
            leads=self.leads[which],
            won=self.won[which],
            weights=self.weights[which],
            scored_at=self.scored_at[which],
            known_at=self.known_at[which],
            recycled=self.recycled[which],
            columns=tuple(column.rows(which) for column in self.columns),
        )

    def without(self, names: frozenset[str] | set[str]) -> "TrainingTable":
        """The table less some columns."""
        return replace(self, columns=tuple(c for c in self.columns if c.name not in names))

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class LeadHistory:
    """What a replay of one lead needs: what conditions saw from each instant on, and what it did.

    `symbols` holds (instant, symbols), oldest first, the first at `created_at`; `activities` each
    with the instant from which on it was known, in that order. `closed_at` is the instant of its
    outcome, None while it is open; `won` what that outcome was.
    """

    lead_id: str
    created_at: datetime
    symbols: tuple[tuple[datetime, Symbols], ...]
    activities: tuple[tuple[datetime, Activity], ...]
    closed_at: datetime | None
    won: bool


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What was read: the rows to learn from, and the histories to replay.

    `histories` is empty where no rules were given: without fit and behaviour points there is no
    pair of bars to replay. Without times every history's instants are the same one. `until` is the
    instant until which outcomes were seen.
    """

    table: TrainingTable
    histories: tuple[LeadHistory, ...] = ()
    until: datetime = EPOCH
