"""The health of a model by a file of later leads with their outcomes."""

from collections import Counter

import numpy as np

from scoring_service.calibration.learning.apply import predictions
from scoring_service.calibration.reporting.baseline import counted, first_rows, score_counts
from scoring_service.calibration.table import TrainingTable
from scoring_service.domain.calibration.baseline import Baseline
from scoring_service.domain.calibration.health import Cohort, Observed
from scoring_service.domain.calibration.scorecard import Scorecard


def observed_in(table: TrainingTable, scorecard: Scorecard, baseline: Baseline) -> Observed:
    """What is counted of the first row of each lead; a column that the table lacks is missing.

    Acceptance by sales is in no file.
    """
    found = predictions(scorecard, table.rows(first_rows(table)))
    p, won = found.p, found.table.won
    features = (counted(term, found.table) for term in scorecard.terms)
    cohort = Cohort(
        name=table.source,
        leads=len(p),
        expected=float(np.sum(p)),
        variance=float(np.sum(p * (1 - p))),
        won=float(np.sum(won)),
    )
    return Observed(
        leads=len(p),
        features={name: Counter(counts) for name, _, counts in features},
        score=score_counts(p, baseline.score_edges),
        cohorts=(cohort,),
    )
