"""Every decision of a store, replayed in this fresh process from its facts and stored revision.

    python benchmarks/long/replay.py STORE-URL

Prints how many came out the same; exit 1 when one did not, or when there is none.
"""

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.load.replaying import replay_all, told


def main(url: str) -> int:
    began = perf_counter()
    found = replay_all(url)
    equal, said = told(found)
    print(f"{said} ({perf_counter() - began:.1f} s)")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
