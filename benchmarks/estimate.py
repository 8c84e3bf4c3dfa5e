"""What P(won) of one lead costs, its interval and contributions included, over two plain loops that
bin, look up and sum the same terms: one split by kinds beforehand, one that goes through the
scorecard as it is. The first is what the budget is held to. Interleaved in one run, in short turns
so that all three see the same clock and load; medians of the turns, and of their ratios.

python benchmarks/estimate.py [MODELS]: of the current model of a folder, default the demo's, and
of it with three activity types beside its terms.
"""

import statistics
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from scoring_service.domain.calibration.estimate import estimate
from scoring_service.domain.calibration.model import Model, model_of
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.scoring import Bars, Grades, Scoring
from scoring_service.registry.current import current
from scoring_service.server.folders import shipped

CALLS, ROUNDS = 100, 1_001


def lead_of(card: Scorecard) -> tuple[dict[str, Any], dict[str, float]]:
    """A lead that has a value for every term, and points for every activity."""
    symbols: dict[str, Any] = {}
    sums: dict[str, float] = {}
    for term in card.terms:
        match term:
            case NumberTerm():
                symbols[term.attribute] = term.edges[len(term.edges) // 2] if term.edges else 1.0
            case TextTerm():
                symbols[term.attribute] = value_of(term, next(iter(term.levels), "x"))
            case ActivityTerm():
                sums[term.type] = 12.5
            case CriterionTerm():
                pass
    return symbols, sums


def value_of(term: TextTerm, level: str) -> str | bool:
    """The level as a lead has it: of a boolean true or false."""
    return level == "true" if term.type is AttributeType.BOOLEAN else level


def split_loop(card: Scorecard) -> Callable[[Mapping[str, Any], Mapping[str, float]], float]:
    """Bins, looks up and sums weights that were laid out by kind before."""
    numbers = [
        (t.attribute, t.edges, [c.weight for c in t.bins], t.missing.weight)
        for t in card.terms
        if isinstance(t, NumberTerm)
    ]
    texts = [
        (
            t.attribute,
            {value_of(t, k): c.weight for k, c in t.levels.items()},
            t.missing.weight,
            t.unseen.weight,
        )
        for t in card.terms
        if isinstance(t, TextTerm)
    ]
    points = [(t.type, t.per_point.weight) for t in card.terms if isinstance(t, ActivityTerm)]
    criteria = [t.holds.weight for t in card.terms if isinstance(t, CriterionTerm)]
    base = card.intercept.weight

    def loop(symbols: Mapping[str, Any], sums: Mapping[str, float]) -> float:
        eta = base
        for weight in criteria:
            eta += weight if holds(symbols) else 0.0
        for name, edges, weights, missing in numbers:
            value = symbols.get(name)
            eta += missing if value is None else weights[bisect_right(edges, value)]
        for name, levels, missing, unseen in texts:
            value = symbols.get(name)
            eta += missing if value is None else levels.get(value, unseen)
        for name, weight in points:
            eta += weight * sums.get(name, 0.0)
        return eta

    return loop


def plain_loop(card: Scorecard, symbols: Mapping[str, Any], sums: Mapping[str, float]) -> float:
    """Bins, looks up and sums, and nothing else: neither interval nor contributions."""
    eta = card.intercept.weight
    for term in card.terms:
        match term:
            case CriterionTerm():
                eta += term.holds.weight if holds(symbols) else 0.0
            case NumberTerm():
                value = symbols.get(term.attribute)
                place = bisect_right(term.edges, value) if value is not None else None
                eta += (term.missing if place is None else term.bins[place]).weight
            case TextTerm():
                value = symbols.get(term.attribute)
                level: Any = "true" if value is True else "false" if value is False else value
                cell = term.missing if value is None else term.levels.get(level, term.unseen)
                eta += cell.weight
            case ActivityTerm():
                eta += term.per_point.weight * sums.get(term.type, 0.0)
    return eta


def holds(symbols: Mapping[str, Any]) -> bool:
    return True


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS


def model(card: Scorecard) -> Model:
    nothing = Scoring((), {}, {}, Grades((), ()), Bars(0, 0))
    whens = {t.when: holds for t in card.terms if isinstance(t, CriterionTerm)}
    return model_of("benchmark", card, whens, nothing)


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else shipped("examples") / "demo" / "models"
    found = current(folder)
    assert found is not None, f"no model is current in {folder}"
    card = msgspec.json.decode(found.scorecard, type=Scorecard)
    compare(card)
    compare(with_activities(card))


def with_activities(card: Scorecard) -> Scorecard:
    """With three types of activities beside its terms, each at its cap as uncertain as a cell of
    the first term: calibration has activities before attributes, so their rows of L are short.
    """
    row = card.terms[0].cells[-1].row
    per_point = Cell(0.02, tuple(round(value / 60, 6) for value in row))
    done = [ActivityTerm(f"activity {n}", 10.0, 86_400.0, per_point, 60.0) for n in range(3)]
    return msgspec.structs.replace(card, terms=(*card.terms, *done))


def compare(card: Scorecard) -> None:
    symbols, sums = lead_of(card)
    served, split = model(card), split_loop(card)
    calls: dict[str, Callable[[], object]] = {
        "estimate": lambda: estimate(served, symbols, sums),
        "split loop": lambda: split(symbols, sums),
        "loop over the scorecard": lambda: plain_loop(card, symbols, sums),
    }
    rounds = [{name: seconds(call) for name, call in calls.items()} for _ in range(ROUNDS)]
    print(f"{len(card.terms)} terms, {len(sums)} of activities, rows of {len(card.intercept.row)}")
    for name in calls:
        print(f"  {name:24} {statistics.median(r[name] for r in rounds) * 1e6:6.2f} us")
    for name, budget in {"split loop": " (at most 6)", "loop over the scorecard": ""}.items():
        ratio = statistics.median(r["estimate"] / r[name] for r in rounds)
        print(f"{ratio:.2f} x the {name}{budget}")


if __name__ == "__main__":
    main()
