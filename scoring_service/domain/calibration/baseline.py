"""What leads looked like when a model was trained: the shares that later leads are held against."""

import msgspec


class Shares(msgspec.Struct, frozen=True):
    """A feature's shares by slot (a bin, a level, "missing", ...), summing to one."""

    feature: str
    kind: str
    by_slot: dict[str, float]

    @property
    def missing(self) -> float:
        """The share without a value."""
        return self.by_slot.get(MISSING, 0.0)


class Baseline(msgspec.Struct, frozen=True):
    """health.json of a version: shares of each feature and of P over `rows` training rows.

    `score_edges` cut P into slots of about equal shares; `base_rate` is the share won.
    """

    rows: int
    base_rate: float
    features: tuple[Shares, ...]
    score_edges: tuple[float, ...]
    score: Shares


HEALTH = "health.json"
"""The file of a version that holds its baseline."""

MISSING = "missing"
"""The slot of a lead that has no value."""

OTHER = "other"
"""The slot of a level that training did not see, or pooled."""

SCORE = "win_probability"
"""The name under which P itself is held against its shares."""
