"""What `leadscoring calibrate` refuses before it reads a lead: one sentence and exit 2."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

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
