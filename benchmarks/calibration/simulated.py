"""Training tables without a signal, and with nothing but honest ones, drawn from a seed."""

import numpy as np

from scoring_service.calibration.table import Column, Flags, Floats, Kind, Time, TrainingTable

LEVELS = ("web", "fair", "partner", "ads", "cold call")
NUMBERS, TEXTS = 6, 2
SHARES = (0.5, 0.25, 0.15, 0.07, 0.03)
HONEST_MAX = 1.6
"""The most that one spread of a column adds to the log-odds."""


def null(rows: int, seed: int) -> TrainingTable:
    """Columns that are independent of the outcome. Every second table drifts: the share won and
    the columns move with time, each by itself.
    """
    chance = np.random.default_rng(seed)
    drift = float(seed % 2)
    part = np.arange(rows) / rows
    moves = chance.uniform(-1, 1, NUMBERS) * drift
    numbers = [chance.normal(size=rows) + move * part for move in moves]
    texts = [chance.integers(0, len(LEVELS), rows) for _ in range(TEXTS)]
    won = chance.random(rows) < 0.4 + 0.2 * drift * (part - 0.5)
    return _table(won, numbers, texts)


def honest(rows: int, seed: int) -> TrainingTable:
    """Each column adds to the log-odds, by strengths that are drawn; some values are missing, the
    same share of them whatever became of the lead.
    """
    chance = np.random.default_rng(seed)
    numbers = [chance.normal(size=rows) for _ in range(NUMBERS)]
    texts = [chance.choice(len(LEVELS), rows, p=SHARES) for _ in range(TEXTS)]
    odds = np.full(rows, chance.uniform(-2.2, 0.0))
    for number in numbers:
        odds += chance.uniform(-HONEST_MAX, HONEST_MAX) * number
    for text in texts:
        odds += chance.normal(0, HONEST_MAX / 2, len(LEVELS))[text]
    won = chance.random(rows) < 1 / (1 + np.exp(-odds))
    gaps = [chance.random(rows) < chance.uniform(0, 0.5) for _ in numbers]
    holed = [np.where(gap, np.nan, number) for gap, number in zip(gaps, numbers, strict=True)]
    return _table(won, holed, texts)


def _table(won: Flags, numbers: list[Floats], texts: list[np.ndarray]) -> TrainingTable:
    rows = len(won)
    columns = [Column(f"number {k}", Kind.NUMBER, x) for k, x in enumerate(numbers)]
    columns += [
        Column(f"text {k}", Kind.TEXT, x.astype(float), levels=LEVELS) for k, x in enumerate(texts)
    ]
    return TrainingTable(
        source="simulated",
        leads=np.arange(rows),
        won=won,
        weights=np.ones(rows),
        time=Time.ORDER,
        scored_at=np.arange(rows),
        known_at=np.arange(rows),
        recycled=np.zeros(rows, dtype=np.bool_),
        columns=tuple(columns),
    )
