"""What `leadscoring calibrate` refuses before it reads a lead: one sentence and exit 2."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from scoring_service.cli.calibrate.asked import Asked, check
from scoring_service.cli.calibrate.progress import progress

Run = Callable[..., Result]

FILE = ("leads.csv", "--outcome", "won")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param((), "name the FILE of leads, or --store URL", id="nothing to read"),
        pytest.param(
            (*FILE, "--store", "sqlite:///x.db"), "FILE or --store, not both", id="two sources"
        ),
        pytest.param(("leads.csv",), "--outcome names the column", id="a file without outcome"),
        pytest.param(
            ("--store", "sqlite:///x.db", "--outcome", "won"),
            "--outcome belongs to a FILE",
            id="an outcome column of a store",
        ),
        pytest.param(
            ("--store", "sqlite:///x.db", "--ordered"),
            "--ordered belongs to a FILE",
            id="the order of a store",
        ),
        pytest.param(
            (*FILE, "--precision", "0.3", "--capacity", "40"),
            "by one of them: --precision or --capacity",
            id="two ways to choose bars",
        ),
        pytest.param(
            (*FILE, "--value", "100"), "--value and --cost go together", id="a value without cost"
        ),
        pytest.param(
            (*FILE, "--cost", "100"), "--value and --cost go together", id="a cost without value"
        ),
        pytest.param(
            (*FILE, "--value", "10", "--cost", "10"), "no lead pays", id="a cost above the value"
        ),
        pytest.param((*FILE, "--apply"), "say by --precision", id="nothing to apply"),
        pytest.param(
            (*FILE, "--apply", "--precision", "0.3"),
            "name its folder by --rules",
            id="nowhere to apply it",
        ),
        pytest.param(
            (*FILE, "--propose-points", "p.yaml"),
            "name their folder by --rules",
            id="no points to start from",
        ),
        pytest.param(
            (*FILE, "--propose-points", "p.yaml", "--rules", "."),
            "has bars too",
            id="points without bars",
        ),
        pytest.param((*FILE, "--window", "0"), "--window", id="no window"),
        pytest.param((*FILE, "--window", "1"), "--window", id="nothing but window"),
        pytest.param((*FILE, "--precision", "1"), "--precision", id="a precision of one"),
        pytest.param((*FILE, "--capacity", "0"), "--capacity", id="a team of nobody"),
        pytest.param((*FILE, "--horizon", "soon"), "soon", id="a horizon that is no time"),
        pytest.param((*FILE, "--seed", "x"), "--seed", id="a seed that is no number"),
        pytest.param((*FILE, "--seed", "-1"), "--seed", id="a seed below 0"),
        pytest.param((*FILE, "--window", "nan"), "--window", id="a window that is no number"),
        pytest.param(
            (*FILE, "--value", "nan", "--cost", "1"), "nan is no number", id="a value of nan"
        ),
        pytest.param(
            (*FILE, "--value", "inf", "--cost", "1"), "inf is no number", id="an endless value"
        ),
        pytest.param((*FILE, "--report", "no/r.html"), "no folder no", id="no folder of a report"),
        pytest.param((*FILE, "--report", "."), "is a folder", id="a report that is a folder"),
        pytest.param((*FILE, "--rules", "nowhere"), "no rules folder at nowhere", id="no rules"),
    ],
)
def test_wishes_that_do_not_go_together(run: Run, words: tuple[str, ...], says: str) -> None:
    Path("leads.csv").write_text("lead_id,won\n1,yes\n")
    refused = run("calibrate", *words)
    assert refused.exit_code == 2
    assert says in refused.stderr
    assert refused.stdout == ""
    assert not Path("models").exists()


@pytest.mark.parametrize(
    "wishes",
    [
        pytest.param({"file": "leads.csv", "outcome": "won"}, id="a file and its outcome"),
        pytest.param({"store": "sqlite:///x.db"}, id="a store"),
        pytest.param({"store": "sqlite:///x.db", "horizon": 1}, id="a store and a horizon"),
        pytest.param({"precision": 0.3}, id="bars by precision"),
        pytest.param({"capacity": 40, "leads_per_week": 100}, id="bars by capacity"),
        pytest.param({"value": 10, "cost": 9.99}, id="a cost just below the value"),
        pytest.param({"precision": 0.3, "rules": "rules"}, id="bars of rules, not applied"),
        pytest.param({"precision": 0.3, "rules": "rules", "applied": True}, id="bars, applied"),
        pytest.param(
            {"value": 10, "cost": 1, "rules": "rules", "applied": True}, id="bars by value, applied"
        ),
        pytest.param(
            {"capacity": 40, "rules": "rules", "points": "points.yaml"}, id="points beside bars"
        ),
    ],
)
def test_wishes_that_go_together(wishes: dict[str, Any]) -> None:
    source: dict[str, Any] = (
        {} if "store" in wishes else {"file": Path("leads.csv"), "outcome": "won"}
    )
    check(Asked(models=Path("models"), window=0.2, seed=0, **(source | wishes)))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(
            ("--models", "leads.csv"),
            "the folder leads.csv cannot be written: leads.csv is in the way",
            id="models into a file",
        ),
        pytest.param(
            ("--models", "leads.csv/of/mine"),
            "the folder leads.csv/of/mine cannot be written: {place}/leads.csv is in the way",
            id="models below a file",
        ),
        pytest.param(
            ("--report", "sub"), "sub is a folder; name a file in it", id="a folder as report"
        ),
        pytest.param(
            ("--report", "leads.csv/r.html"),
            "leads.csv/r.html cannot be written: there is no folder leads.csv",
            id="a report below a file",
        ),
        pytest.param(
            ("--propose-points", "no/p.yaml", "--rules", "sub", "--precision", "0.3"),
            "no/p.yaml cannot be written: there is no folder no",
            id="points into no folder",
        ),
        pytest.param(
            ("--allow", "colour"),
            "--allow colour: there is no such column to learn from",
            id="a column that is not there",
        ),
        pytest.param(("--mapping", "none.yaml"), "none.yaml", id="a mapping that is not there"),
        pytest.param(("--activities", "none.csv"), "none.csv", id="activities that are not there"),
    ],
)
def test_what_could_not_be_read_or_written_is_told_before_the_work(
    run: Run, words: tuple[str, ...], says: str
) -> None:
    rows = "".join(f"{n},{n},{'yes' if n % 3 else 'no'}\n" for n in range(90))
    Path("leads.csv").write_text(f"lead_id,age,won\n{rows}")
    Path("sub").mkdir()
    refused = run("calibrate", *FILE, *words)
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert says.format(place=Path.cwd()) in refused.stderr
    assert sorted(path.name for path in Path().iterdir()) == ["leads.csv", "sub"]


def test_a_store_of_the_environment_gives_way_to_a_file(run: Run) -> None:
    Path("leads.csv").write_text("lead_id,won\n")
    with_file = run("calibrate", *FILE, LEADSCORING_STORE="sqlite:///none.db")
    assert "leads.csv has no rows below its header" in with_file.stderr
    alone = run("calibrate", LEADSCORING_STORE="sqlite:///none.db")
    assert "sqlite:///none.db" in alone.stderr
    typed = run("calibrate", *FILE, "--store", "sqlite:///none.db")
    assert "FILE or --store, not both" in typed.stderr


class Terminal(io.StringIO):
    """A stream that says of itself to be a terminal."""

    def isatty(self) -> bool:
        return True


def _progress(stderr: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(vars(sys), "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    with progress() as advance:
        advance("training", 0.25)
    return stderr.getvalue()


def test_how_far_it_is_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _progress(io.StringIO(), monkeypatch) == ""
    shown = _progress(Terminal(), monkeypatch)
    assert "training" in shown
    assert "25%" in shown
