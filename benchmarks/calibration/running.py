"""`leadscoring calibrate` in a process of its own: what it says, how long it takes, its memory."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("leadscoring")


@dataclass(frozen=True, slots=True)
class Ran:
    """Its JSON, exit code, wall seconds, and the most memory it had, in MB."""

    said: dict[str, Any]
    code: int
    seconds: float
    peak: float
    models: Path

    def figure(self, name: str, of: str = "metrics") -> float:
        return float(self.said[of][name]["value"])

    def scorecard(self) -> bytes:
        content: bytes = (self.models / self.said["version"] / "scorecard.json").read_bytes()
        return content


def calibrate(models: Path, *words: object) -> Ran:
    began = time.perf_counter()
    words = (PROGRAM, "calibrate", *words, "--models", models, "--json")
    command = [str(word) for word in words]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    seconds = time.perf_counter() - began
    return Ran(json.loads(said), process.returncode, seconds, usage.ru_maxrss / 1024, models)
