"""`leadscoring demo`: real leads, a real server, a readable summary, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import grpc
import pytest
from leadscoring.v1 import scoring_pb2, scoring_pb2_grpc, types_pb2


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An empty working directory and an empty one for temporary files."""
    return tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("tmp")


@pytest.fixture(scope="module")
def summary(places: tuple[Path, Path]) -> str:
    """What `demo --once` prints in an empty directory, without network settings."""
    work, scratch = places
    done = subprocess.run(
        [_program(), "demo", "--once"],
        cwd=work,
        env=_environment(scratch),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def _program() -> str:

    return str(Path(sys.executable).with_name("leadscoring"))


def _environment(scratch: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "LEADSCORING" not in name}
    return kept | {"TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1"}


def test_nothing_is_left_behind(summary: str, places: tuple[Path, Path]) -> None:
    assert summary
    assert [list(place.iterdir()) for place in places] == [[], []]


def test_several_hundred_leads_of_both_sources_are_sent(summary: str) -> None:
    assert "700 real leads (400 of the bank campaign, 300 of the sales pipeline)" in summary
    assert "85 companies" in summary


def test_every_lead_has_a_quadrant_and_an_owner(summary: str) -> None:
    quadrants, load = summary.split("Who got them")
    counts = re.findall(r"│ \w+ +│ +(\d+) │ +\d+ │", quadrants)
    assert sum(map(int, counts)) == 700
    totals = re.findall(r"│ +(\d+) │$", load.split("Why")[0], re.MULTILINE)
    assert len(totals) > 20
    assert sum(map(int, totals)) == 700


def test_leads_went_by_account_by_table_and_by_what_they_did(summary: str) -> None:
    head = summary.split("Who got them")[1].splitlines()[2]
    assert "known account" in head
    assert "bought before" in head
    assert "by product" in head


def test_one_lead_is_explained_point_by_point(summary: str) -> None:
    told = re.search(r"Why (\S+) scores as it does(.*?)fit ([\d.]+) .*?, behaviour", summary, re.S)
    assert told is not None
    points = [float(p) for p in re.findall(r"│ ([+-]\d+\.\d\d) │", told[2])]
    assert len(points) >= 4
    assert "bar behaviour" in summary


def test_one_decision_is_explained_with_those_passed_over(summary: str) -> None:
    told = summary.split(" went to ", 1)[1]
    assert "Passed over: " in told
    assert re.search(r"policy [0-9a-f]{16}, decision \S+", told)


def test_p_is_held_against_what_came_true(summary: str) -> None:
    said = " ".join(summary.split())
    told = re.search(r"P\(won\) is too low: (\S+) predicted, (\S+) won, .* rose from (\S+) ", said)
    assert told is not None
    predicted, won, before = map(float, told.groups())
    assert predicted < won
    assert won == pytest.approx(0.3, abs=0.005)
    assert before == pytest.approx(0.06, abs=0.005)
    rows = re.findall(r"│ from \S+ │ +(\d+) │ +\S+ │ +\S+ │", summary)
    assert sum(map(int, rows)) == 400


def test_the_explained_lead_has_its_p_with_an_interval(summary: str) -> None:
    told = re.search(r"P\(won\) (\S+) \(between (\S+) and (\S+)\) by model \w{16}", summary)
    assert told is not None
    p, low, high = map(float, told.groups())
    assert 0 < low <= p <= high < 1


def test_it_says_how_fast_it_went(summary: str) -> None:
    assert re.search(r"700 leads scored in [\d.]+ s \([\d,]+ a second\)", " ".join(summary.split()))


@pytest.fixture
def serving(places: tuple[Path, Path]) -> Iterator[tuple[str, str, "subprocess.Popen[str]"]]:
    """A demo that serves on: its gRPC address, its HTTP address, its process."""
    process = subprocess.Popen(
        [_program(), "demo"],
        cwd=places[0],
        env=_environment(places[1]),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    found = re.search(r"Serving on (\S+) .*?http://(\S+)/metrics", " ".join(said.split()))
    assert found is not None, said
    yield found[1], found[2], process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a polite kill"])
def test_it_serves_on_until_told_to_end(
    serving: tuple[str, str, "subprocess.Popen[str]"],
    places: tuple[Path, Path],
    how: signal.Signals,
) -> None:
    address, http, process = serving
    with grpc.insecure_channel(address) as channel:
        request = scoring_pb2.ScoreRequest(lead=types_pb2.Lead(account_id="Isdom"))
        score = scoring_pb2_grpc.ScoringServiceStub(channel).Score(request).score
    assert score.fit == 25, "the demo's companies are known"
    with urlopen(f"http://{http}/readyz") as ready:
        assert ready.status == 200
    process.send_signal(how)
    assert process.wait(timeout=20) == 0
    assert list(places[1].iterdir()) == []
