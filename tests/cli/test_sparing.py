"""No command writes its results over a file that it reads, whatever each is called."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from scoring_service.cli.calibrate.asked import Asked, check
from scoring_service.cli.problem import Problem
from scoring_service.cli.sparing import spare
from tests.cli.conftest import DEMO_RULES

CALIBRATE = ("calibrate", "leads.csv", "--outcome", "won", "--rules", "rules")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of leads and its other names, a store, and a folder of rules."""
    monkeypatch.chdir(tmp_path)
    _laid_out()


def _laid_out() -> None:
    for name in ("leads.csv", "acts.csv", "map.yaml", "accounts.csv", "leadscoring.db", "page"):
        Path(name).write_text(f"content of {name}\n")
    Path("link.csv").symlink_to("leads.csv")
    Path("hard.csv").hardlink_to("leads.csv")
    shutil.copytree(DEMO_RULES, "rules")
    Path("rules/notes.txt").write_text("of ours")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "out",
    [
        pytest.param("leads.csv", id="its own name"),
        pytest.param("../{here}/leads.csv", id="a longer name"),
        pytest.param("link.csv", id="a link to it"),
        pytest.param("hard.csv", id="its other name"),
        pytest.param("leadscoring.db", id="the file of a store"),
        pytest.param("rules/routing_test.yaml", id="a file of a folder of rules"),
    ],
)
def test_what_is_read_is_not_written(out: str) -> None:
    out = out.format(here=Path.cwd().name)
    read = ("leads.csv", None, "sqlite:///leadscoring.db", Path("rules"), Path("active"))
    with pytest.raises(Problem, match=f"^--report {out} is a file that is read; name another$"):
        spare("--report", out, *read)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "out",
    [
        pytest.param(None, id="no file"),
        pytest.param("-", id="the terminal"),
        pytest.param("new.html", id="a file that is not there"),
        pytest.param("page", id="a file that is there and not read"),
        pytest.param("rules/notes.txt", id="notes beside the rules"),
        pytest.param("rules", id="a folder, which is refused as one"),
        pytest.param("/dev/null", id="a device, though it is read too"),
    ],
)
def test_anything_else_may_be_written(out: str | None) -> None:
    spare("--out", out, "leads.csv", "-", "/dev/null", "postgresql://user@host/db", Path("rules"))


@pytest.mark.parametrize(
    ("words", "option", "out"),
    [
        pytest.param(CALIBRATE, "--report", "leads.csv", id="a report over the leads"),
        pytest.param(CALIBRATE, "--report", "hard.csv", id="by their other name"),
        pytest.param(
            (*CALIBRATE, "--activities", "acts.csv"), "--report", "acts.csv", id="over activities"
        ),
        pytest.param(
            (*CALIBRATE, "--mapping", "map.yaml", "--precision", "0.3"),
            "--propose-points",
            "map.yaml",
            id="points over the mapping",
        ),
        pytest.param(CALIBRATE, "--report", "rules/scoring.yaml", id="a report over rules"),
        pytest.param(
            ("calibrate", "--store", "sqlite:///leadscoring.db"),
            "--report",
            "leadscoring.db",
            id="a report over the store",
        ),
        pytest.param(
            ("rules", "diff", "rules", "rules", "--leads", "leads.csv"),
            "--html",
            "link.csv",
            id="a diff's page over the leads",
        ),
        pytest.param(
            ("rules", "diff", "active", "rules", "--leads", "leads.csv"),
            "--html",
            "rules/team.yaml",
            id="a diff's page over rules",
        ),
        pytest.param(
            ("rules", "test", "rules"), "--junit", "rules/routing_test.yaml", id="JUnit over tests"
        ),
        pytest.param(("score", "leads.csv"), "--out", "leadscoring.db", id="scores over the store"),
        pytest.param(
            ("route", "leads.csv", "--rules", "rules"),
            "--out",
            "rules/jobs.csv",
            id="assignments over a table of the rules",
        ),
    ],
)
def test_every_command_with_a_file_spares_it(
    run: Callable[..., Result], words: tuple[str, ...], option: str, out: str
) -> None:
    _laid_out()
    before = Path(out).read_bytes()
    refused = run(*words, option, out)
    assert refused.exit_code == 2
    assert refused.stderr == f"leadscoring: {option} {out} is a file that is read; name another\n"
    assert Path(out).read_bytes() == before


@pytest.mark.usefixtures("here")
def test_points_may_take_the_place_of_those_they_were_made_from() -> None:
    leads, rules, models = Path("leads.csv"), Path("rules"), Path("models")
    points = rules / "scoring.yaml"
    check(
        Asked(
            file=leads,
            outcome="won",
            rules=rules,
            points=points,
            precision=0.3,
            models=models,
            window=0.2,
            seed=0,
        )
    )
