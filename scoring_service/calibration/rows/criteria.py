"""The fit criteria of a policy as features."""

from collections.abc import Sequence

import numpy as np

from scoring_service.calibration.table import Column, Kind
from scoring_service.domain.scoring.fit import holds
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.condition import Symbols


def criterion_columns(
    scoring: Scoring, symbols: Sequence[Symbols]
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """A feature for each criterion that holds for some row; and a note on those that hold for all
    or for none.
    """
    every = [
        Column(
            criterion.name,
            Kind.CRITERION,
            np.array([holds(criterion, seen) for seen in symbols], dtype=np.float64),
            when=criterion.text,
        )
        for criterion in scoring.fit
    ]
    found = tuple(column for column in every if column.values.any())
    notes = tuple(
        f"the criterion '{column.name}' {said}"
        for column in every
        if (said := _constant(float(column.values.mean())))
    )
    return found, notes


def _constant(share: float) -> str:
    return {0.0: "holds in no row and is left out", 1.0: "holds in every row"}.get(share, "")
