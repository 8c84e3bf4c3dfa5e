"""`leadscoring calibrate` as a process: its bar, its end by Ctrl-C, what help has to load."""

import json
import os
import pty
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("leadscoring")
WORDS = ("calibrate", "leads.csv", "--outcome", "won", "--ordered", "--json")
ENVIRONMENT = {name: value for name, value in os.environ.items() if "LEADSCORING" not in name}
NEVER_FOR_HELP = {"numpy", "sklearn", "matplotlib", "pyarrow", "skops"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    draw = random.Random(5)
    lines = ["source,won"]
    for _ in range(1000):
        source = draw.choice(["web", "fair"])
        won = draw.random() < (0.5 if source == "fair" else 0.2)
        lines.append(f"{source},{'yes' if won else 'no'}")
    (tmp_path / "leads.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def _started(place: Path, stderr: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [PROGRAM, *WORDS],
        cwd=place,
        env=ENVIRONMENT | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def _shown(terminal: int, until: str = "") -> str:
    """What a terminal shows, until it is closed or shows a word."""
    said = ""
    try:
        while not until or until not in said:
            said += os.read(terminal, 4096).decode()
    except OSError:  # the other end is closed
        assert not until, said
    return said


def test_a_bar_moves_on_a_terminal_and_leaves_the_json_alone(place: Path) -> None:
    ours, theirs = pty.openpty()
    with _started(place, theirs) as process:
        os.close(theirs)
        shown = _shown(ours)
        assert process.stdout is not None
        assert json.loads(process.stdout.read())["published"]
    os.close(ours)
    assert "━" in shown
    for stage in ("reading", "looking for leaks", "choosing C", "publishing"):
        assert stage in shown


@pytest.mark.parametrize("stage", ["reading", "choosing C", "publishing"])
def test_ended_by_a_signal_nothing_is_half_written(place: Path, stage: str) -> None:
    """Whatever it was doing: no version, or a whole one that is current."""
    ours, theirs = pty.openpty()
    with _started(place, theirs) as process:
        os.close(theirs)
        _shown(ours, stage)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=60)
    os.close(ours)
    assert code in (0, 130)
    found = sorted(path.name for path in (place / "models").glob("*"))
    left = sorted(path.name for path in (place / "models").glob(".*"))
    assert left == []
    if "CURRENT" in found:
        assert (place / "models" / "CURRENT").read_text().strip() in found
    else:
        assert stage == "publishing" or found == []


def test_the_programs_help_loads_nothing_of_data_science() -> None:
    script = """
import sys
from scoring_service.cli.main import cli
cli.main(["--help"], standalone_mode=False)
cli.main(["calibrate", "--help"], standalone_mode=False)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    *_, modules = done.stdout.splitlines()
    assert "click" in modules.split()
    assert not NEVER_FOR_HELP & set(modules.split())
