"""Compiled = library, indexed = scanned, over millions of condition/lead pairs; exit 1 if not once.

    python benchmarks/long/condition_agreement.py [pairs] [seed]

The generator is the test's own (tests/policy/language/test_agreement.py). A pair is one condition
evaluated by the library and by ours on one lead; each lead's route is found by index as well.
"""

import runpy
import sys
from itertools import count
from pathlib import Path
from time import perf_counter

TEST = Path(__file__).parents[2] / "tests" / "policy" / "language" / "test_agreement.py"
SHAPES = ((12, 800), (100, 400), (800, 100), (3_000, 20))
"""Conditions of a policy, and leads sent to it."""


def main(pairs_wanted: int = 2_000_000, seed: int = 1_000) -> int:
    test = runpy.run_path(str(TEST))
    found, began = test["Compared"](), perf_counter()
    for round_ in count(seed):
        for conditions, leads in SHAPES:
            test["compare"](round_, conditions, leads, found)
            if found.differences:
                print(f"seed {round_}, {conditions} conditions: {found.differences[0]}")
                return 1
        if found.outcomes.total() >= pairs_wanted:
            break
    of, seconds = found.outcomes, perf_counter() - began
    print(
        f"{of.total():,} condition/lead pairs: compiled = library, indexed = scanned"
        f" ({seconds:.0f} s); {of[True]:,} match, {of[False]:,} do not, {of[None]:,} raise,"
        f" {found.skipped:,} of these skipped by the index"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
