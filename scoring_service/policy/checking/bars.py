"""Bars on points that no lead meets, and those that a lead which met them never loses."""

from collections.abc import Iterator, Mapping

from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.policy.checking.places import at
from scoring_service.policy.checking.values import best_behaviour, best_fit
from scoring_service.policy.document import Document, Path
from scoring_service.policy.mistake import Finding

_MOST = {"fit_min": best_fit, "behaviour_min": best_behaviour}


def bars_findings(
    document: Document, path: Path, bars: Mapping[str, float | None], scoring: Scoring, of: str = ""
) -> Iterator[Finding]:
    """What is doubtful of `fit_min` and `behaviour_min` that stand below a path; `of` says whose
    leads they are for.
    """
    for name, bar in bars.items():
        if bar is not None and (found := _doubtful(name, bar, scoring, of)):
            yield at(document, (*path, name), *found)


def _doubtful(name: str, bar: float, scoring: Scoring, of: str) -> tuple[str, str] | None:
    most, hysteresis = _MOST[name](scoring), scoring.mql.hysteresis
    if bar > most:
        what = f"no lead{of} ever meets {name} {bar:g}: its points come to {most:g} at most"
        return what, f"lower it to {most:g}, or give more points in scoring.yaml"
    if 0 < bar <= hysteresis:
        what = (
            f"a lead{of} that has met {name} {bar:g} never loses it: hysteresis is {hysteresis:g}"
        )
        return what, f"raise it above {hysteresis:g}, or lower the hysteresis below {bar:g}"
    return None
