"""How figures are written for people."""

import math
from datetime import UTC, datetime, timedelta

from scoring_service.calibration.results import Interval

NONE = "-"


def share(value: float) -> str:
    """A probability or an AUC.

    >>> share(0.1234), share(1.0), share(0.0004), share(-0.02)
    ('.123', '1.000', '.0004', '-.020')
    """
    if math.isnan(value):
        return NONE
    digits = 3 if value == 0 or abs(value) >= 0.0095 else 4
    text = f"{value:.{digits}f}"
    return (
        text.replace("0.", ".", 1)
        if abs(value) < 1 and not text.lstrip("-").startswith("1")
        else text
    )


def between(figure: Interval | None) -> str:
    """A figure with its interval.

    >>> between(Interval(0.795, 0.789, 0.8012))
    '.795 [.789, .801]'
    """
    if figure is None:
        return NONE
    return f"{share(figure.value)} [{share(figure.low)}, {share(figure.high)}]"


def times(figure: Interval) -> str:
    """A factor with its interval.

    >>> times(Interval(2.4, 2.0, 2.8))
    '2.4 x [2.0, 2.8]'
    """
    return f"{figure.value:.1f} x [{figure.low:.1f}, {figure.high:.1f}]"


def signed(figure: Interval) -> str:
    """A weight with its interval.

    >>> signed(Interval(0.5, -0.1, 1.1))
    '+0.50 [-0.10, +1.10]'
    """
    return f"{figure.value:+.2f} [{figure.low:+.2f}, {figure.high:+.2f}]"


def day(micros: int) -> str:
    """The day of an instant in microseconds.

    >>> day(1_764_390_000_000_000)
    '2025-11-29'
    """
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).date().isoformat()


def days(span: timedelta) -> str:
    """A span in days.

    >>> days(timedelta(days=35, hours=12))
    '35.5 days'
    """
    return f"{span / timedelta(days=1):.4g} days"
