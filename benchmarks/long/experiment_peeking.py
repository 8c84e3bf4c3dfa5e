"""How often an experiment without any difference is called one when it is looked at after every
lead, and how many leads a difference takes.

    python benchmarks/long/experiment_peeking.py

Leads are enrolled one by one, each into an arm by an even draw, and reach the outcome at the rate
of their arm; with a drift all rates double on the way. Beside the always-valid comparison stands a
test of two proportions that would be right for one look, looked at just as often. Seeds are fixed.
A quarter of an hour; exit 1 where nothing is called something more often than is promised.
"""

import sys
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scoring_service.domain.experiments.balance import ALPHA as ALARM
from scoring_service.domain.experiments.balance import balance
from scoring_service.domain.experiments.mixture import compared
from scoring_service.domain.experiments.report import ALPHA

EXPERIMENTS, LEADS = 1000, 4000
Z = 1.959964
HALVES = {"control": 1, "lower": 1}


def leads(seed: int, control: float, ratio: float, *, drift: bool) -> Iterator[tuple[bool, bool]]:
    """Each lead: whether it is the arm's, and whether it reached the outcome."""
    random = Random(seed)
    for number in range(LEADS):
        of_arm = random.random() < 0.5
        rate = control * (ratio if of_arm else 1) * (1 + number / LEADS if drift else 1)
        yield of_arm, random.random() < rate


def refuted_at(enrolled: list[tuple[bool, bool]]) -> int | None:
    """After how many leads the equal rate is refuted; None where it never is.

    What was refuted stays so, and successes alone count: halving finds the first.
    """
    reached = [number for number, (_, success) in enumerate(enrolled, 1) if success]
    marks = [(enrolled[number - 1][0], 0.5) for number in reached]
    if not compared(marks, ALPHA).refutes_same:
        return None
    low, high = 0, len(marks)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if compared(marks[:middle], ALPHA).refutes_same else (middle, high)
        )
    return reached[high - 1]


def peeked_at(enrolled: list[tuple[bool, bool]]) -> bool:
    """Whether the test of two proportions is ever significant, looked at from the 100th lead on."""
    counts, wins = [0, 0], [0, 0]
    for number, (of_arm, success) in enumerate(enrolled, 1):
        counts[of_arm] += 1
        wins[of_arm] += success
        if number >= 100 and all(counts):
            share = sum(wins) / number
            spread = sqrt(share * (1 - share) * (1 / counts[0] + 1 / counts[1]))
            if spread and abs(wins[1] / counts[1] - wins[0] / counts[0]) > Z * spread:
                return True
    return False


def _median(found: list[int]) -> str:
    return f"{sorted(found)[len(found) // 2]:,}" if found else "-"


def called(control: float, ratio: float, *, drift: bool) -> float:
    """In how many experiments of a world the arms are called different; a line says so."""
    worlds = [list(leads(seed, control, ratio, drift=drift)) for seed in range(EXPERIMENTS)]
    found = [at for at in map(refuted_at, worlds) if at is not None]
    share = len(found) / EXPERIMENTS
    line = f"rate {control:.0%} x {ratio:g}{', drifting' if drift else ''}:"
    line += f" called in {share:.1%}, half of those by {_median(found)} leads"
    if ratio == 1:
        peeked = sum(map(peeked_at, worlds)) / EXPERIMENTS
        line += f"; by a test for one look, looked at as often: {peeked:.1%}"
    print(line, flush=True)
    return share


def alarmed(share: float) -> float:
    """In how many experiments of 2,000 leads, that share of them in one of two even arms, the alarm
    is raised; a line says so.
    """
    alarms = 0
    for seed in range(EXPERIMENTS):
        random = Random(seed)
        arms = ["lower" if random.random() < share else "control" for _ in range(2000)]
        alarms += balance((arm, HALVES) for arm in arms) <= ALARM
    print(f"{share:.0%} where half is due: alarm in {alarms / EXPERIMENTS:.1%}", flush=True)
    return alarms / EXPERIMENTS


def main() -> int:
    """Print a line for each world; 1 where a promise is broken."""
    print(f"{EXPERIMENTS:,} experiments of {LEADS:,} leads, a look after each, alpha {ALPHA}")
    null = [called(0.1, 1, drift=False), called(0.1, 1, drift=True), called(0.4, 1, drift=False)]
    for control, ratio in ((0.1, 1.25), (0.1, 1.5), (0.1, 2.0), (0.4, 1.25)):
        called(control, ratio, drift=False)
    even = alarmed(0.5)
    for share in (0.55, 0.6):
        alarmed(share)
    return int(max(null) > ALPHA or even > 3 * ALARM)


if __name__ == "__main__":
    sys.exit(main())
