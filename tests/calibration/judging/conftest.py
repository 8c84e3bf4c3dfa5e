"""Tables made to be split, measured and hunted through, a column at a time."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from scoring_service.calibration.table import (
    Column,
    Flags,
    Floats,
    Kind,
    Time,
    TrainingTable,
)


class Tables:
    """What a training table is made of, with plain values for all that a test does not name."""

    @staticmethod
    def number(name: str, values: Sequence[float] | Floats, later: Flags | None = None) -> Column:
        return Column(name, Kind.NUMBER, np.asarray(values, dtype=np.float64), later=later)

    @staticmethod
    def text(name: str, values: Sequence[str | None]) -> Column:
        levels = tuple(sorted({value for value in values if value is not None}))
        codes = [-1.0 if value is None else float(levels.index(value)) for value in values]
        return Column(name, Kind.TEXT, np.array(codes), levels=levels)

    @staticmethod
    def table(
        won: Sequence[bool] | Flags,
        *columns: Column,
        time: Time = Time.INSTANTS,
        leads: Sequence[int] | None = None,
        scored_at: Sequence[int] | None = None,
        horizon: int = 0,
        weights: Sequence[float] | Floats | None = None,
    ) -> TrainingTable:
        n = len(won)
        at = np.zeros(n, dtype=np.int64)
        if time is not Time.NONE:
            at = np.asarray(np.arange(n) if scored_at is None else scored_at, dtype=np.int64)
        return TrainingTable(
            source="made up",
            leads=np.asarray(np.arange(n) if leads is None else leads, dtype=np.int64),
            won=np.asarray(won, dtype=np.bool_),
            weights=np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64),
            time=time,
            scored_at=at,
            known_at=at + horizon,
            recycled=np.zeros(n, dtype=np.bool_),
            columns=columns,
        )

    def drawn(
        self,
        rows: int,
        seed: int,
        strengths: Mapping[str, float],
        base: float = -1.0,
        time: Time = Time.INSTANTS,
    ) -> TrainingTable:
        """Normal columns by name, each adding its strength to the log-odds of being won."""
        chance = np.random.default_rng(seed)
        values = {name: chance.normal(size=rows) for name in strengths}
        odds = base + sum(strength * values[name] for name, strength in strengths.items())
        won = chance.random(rows) < 1 / (1 + np.exp(-odds))
        columns = (self.number(name, column) for name, column in values.items())
        return self.table(won, *columns, time=time)


@pytest.fixture(scope="session")
def tables() -> Tables:
    return Tables()
