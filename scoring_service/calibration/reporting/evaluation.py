"""What a trained model is worth, in figures with intervals and in plain sentences."""

from dataclasses import dataclass

from scoring_service.calibration.results import Interval
from scoring_service.calibration.table import Floats


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Rows whose P lies in [low, high): mean P, and the share won with its 90 % interval."""

    low: float
    high: float
    rows: int
    predicted: float
    won: Interval


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Leads by P in equal bins: `won` and `lost` have shape (bins,), `edges` (bins + 1,)."""

    edges: Floats
    won: Floats
    lost: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """Share of the wins among the best share of rows; both have shape (points,)."""

    rows: Floats
    wins: Floats


@dataclass(frozen=True, slots=True)
class Segment:
    """A level of a column on the last window. `too_small` says why there are no figures."""

    level: str
    rows: int
    won: int
    base_rate: Interval | None = None
    predicted: float | None = None
    roc_auc: Interval | None = None
    too_small: str = ""


@dataclass(frozen=True, slots=True)
class SegmentTable:
    """Every level of one text column, largest first."""

    column: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """A term's learned log-odds with its 90 % interval (per point, of an activity type).

    `points` are those written by hand (None for an attribute). `agrees`: sign and size fit, by the
    scale that all terms share; None where the interval leaves it open. `surprise` says what is odd.
    """

    term: str
    kind: str
    log_odds: Interval
    points: float | None = None
    fair_points: float | None = None
    agrees: bool | None = None
    surprise: str = ""


@dataclass(frozen=True, slots=True)
class BaseRates:
    """Share won in training and in the last window, and the mean P in the latter."""

    training: float
    window: Interval
    predicted: float
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """All that a report shows of a training beside its metrics.

    Without predictions (too few outcomes) everything but `sentences` is empty.
    """

    reliability: tuple[ReliabilityBin, ...] = ()
    distribution: Distribution | None = None
    gain: Gain | None = None
    segments: tuple[SegmentTable, ...] = ()
    weights: tuple[Weight, ...] = ()
    base_rates: BaseRates | None = None
    sentences: tuple[str, ...] = ()
