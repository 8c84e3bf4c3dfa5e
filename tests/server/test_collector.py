"""The collector before and after a start, in a process of its own."""

import subprocess
import sys

from scoring_service.server.collector import YOUNG_OBJECTS

PROGRAM = """
import gc
from scoring_service.server.collector import collect_seldom, spare_what_started
collect_seldom()
seldom, frozen = gc.get_threshold()[0], gc.get_freeze_count()
kept = [[] for _ in range(1000)]
spare_what_started()
print(seldom, frozen, gc.get_threshold()[0], gc.get_freeze_count() > 1000)
"""


def test_a_start_is_collected_seldom_and_then_spared() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(YOUNG_OBJECTS), "0", str(YOUNG_OBJECTS), "True"]
