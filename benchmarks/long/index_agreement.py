"""Index and scan choose the same route, over millions of route/lead pairs; exit 1 if not once.

    python benchmarks/long/index_agreement.py [pairs] [seed]

The generator is the test's own (tests/policy/test_index_agreement.py). A pair is a route that the
scan tried on a lead; the routes the index skipped among them are what is compared.
"""

import runpy
import sys
from itertools import count
from pathlib import Path
from time import perf_counter

TEST = Path(__file__).parents[2] / "tests" / "policy" / "test_index_agreement.py"
SHAPES = ((3, 400), (20, 400), (60, 400), (700, 200), (5_000, 40), (12_000, 20))
"""Routes of a policy, and leads sent to it."""


def main(pairs_wanted: int = 5_000_000, seed: int = 0) -> int:
    compared = runpy.run_path(str(TEST))["compared"]
    began, pairs, leads = perf_counter(), 0, 0
    for round_ in count(seed):
        for routes, size in SHAPES:
            for bytes_max in (2**25, routes * 8):
                for tried, difference in compared(round_, routes, size, bytes_max):
                    pairs, leads = pairs + tried, leads + 1
                    if difference:
                        print(f"seed {round_}, {routes} routes: {difference}")
                        return 1
        if pairs >= pairs_wanted:
            break
    seconds = perf_counter() - began
    print(f"{pairs:,} route/lead pairs, {leads:,} leads: index = scan ({seconds:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
