"""The README's examples, run as they stand there against a real server."""

import asyncio
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scoring_service.cli.main import cli
from scoring_service.server.options import Options
from scoring_service.server.serve import serving

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAM = Path(sys.executable).with_name("leadscoring")
FILES = {
    "accounts.csv": "account_id,name,domains,owner_rep_id\nacme,Acme,acme.example.com,fay\n",
    "activities.csv": "lead_id,activity_id,type,occurred_at\nl-4711,x1,demo_request,2026-01-05\n",
    "leads.csv": "lead_id,country,employees\nl-4711,DE,750\nb,US,20\n",
    "leads.jsonl": '{"lead_id": "l-4711", "country": "DE"}\n{"email": "b@x.com"}\n',
    "lead.json": '{"country": "DE", "employees": 750, "industry": "software"}',
}
ANY_PORT = "127.0.0.1:0"


async def test_the_python_example_routes_a_lead(tmp_path: Path) -> None:
    found = re.search(r"<!-- runs in the tests -->\n```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    options = Options(
        rules=ROOT / "rules",
        store=f"sqlite:///{tmp_path / 'leads.db'}",
        listen=ANY_PORT,
        http=ANY_PORT,
        log_level="error",
    )
    async with serving(options) as server:
        said = await asyncio.to_thread(_run, found[1], str(server.address))
    owner, *points = said.splitlines()
    assert owner.split()[-2] in ("rep_id", "queue", "track")
    assert points
    assert all(re.fullmatch(r" *[+-]\d+\.\d  .+", point) for point in points)


async def test_the_example_for_intake_leads_a_lead_and_hears_of_it(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8")
    marked = r"<!-- (?:runs|goes on) in the tests -->\n```python\n(.*?)```"
    example = "\n".join(re.findall(marked, page, re.DOTALL))
    options = Options(
        rules=ROOT / "rules",
        store=f"sqlite:///{tmp_path / 'leads.db'}",
        listen=ANY_PORT,
        http=ANY_PORT,
        log_level="error",
    )
    async with serving(options) as server:
        said = await asyncio.to_thread(_run, example, str(server.address))
    told = said.splitlines()
    assert any(line.startswith("first_contact 2") for line in told)
    assert "STAGE_SAL still asked: pricing_plan" in told
    assert told[-1].split()[1] == "lead.qualified"
    assert [line.split()[1] for line in told if " lead.accepted " in line] == ["lead.accepted"]


def test_the_notebook_example_calibrates_the_bank(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "data-scientists.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- runs in the tests -->\n```python\n(.*?)```", page, re.DOTALL)
    assert found is not None
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    with redirect_stdout(io.StringIO()) as said:
        exec(compile(found[1], "data-scientists.md", "exec"), {})
    lines = said.getvalue().splitlines()
    assert float(lines[0].rsplit(" ", 1)[1]) > 0.6
    assert lines[1].startswith("duration excluded alone AUC 0.")
    assert any("P is too low because the base rate rose from" in line for line in lines)
    (published,) = [line.split()[1] for line in lines if line.startswith("published ")]
    assert (tmp_path / "models" / "CURRENT").read_text() == f"{published}\n"
    assert (tmp_path / "models" / published / "card.md").is_file()


def _run(example: str, address: str) -> str:
    """What the example prints; its channel is closed behind it."""
    names = {"address": address}
    with redirect_stdout(io.StringIO()) as said:
        exec(compile(example, "README.md", "exec"), names)
    names["channel"].close()  # type: ignore[attr-defined]
    return said.getvalue()


def _shown() -> list[list[str]]:
    """The commands of the block under 'Use it', without their remarks."""
    block = README.split("## Use it")[1].split("```")[1]
    lines = [re.sub(r"\s+#.*", "", line) for line in block.strip().splitlines()]
    assert lines[0].startswith("leadscoring serve ")
    return [shlex.split(line)[1:] for line in lines]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with what the README's commands are given."""
    for name in [name for name in os.environ if name.startswith("LEADSCORING_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    for folder in ("rules", "rules-next"):
        shutil.copytree(ROOT / "rules", tmp_path / folder)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def served(place: Path) -> Iterator[Path]:
    """The same, with the README's own server running in it, on free ports."""
    serve = [str(PROGRAM), *_shown()[0], "--listen", ANY_PORT, "--http", ANY_PORT]
    process = subprocess.Popen(
        serve,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"serving on ")
    yield place
    process.terminate()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


def _called(words: list[str]) -> Result:
    """What a command did in the working directory: of this process, so that it is loaded once."""
    return CliRunner().invoke(cli, words)


def test_the_commands_of_the_readme_work_beside_its_server(served: Path) -> None:
    for words in _shown()[1:-1]:
        done = _called(words)
        assert done.exit_code == 0, (words, done.output, done.exception)
    assert len((served / "routed.jsonl").read_text().splitlines()) == 2
    assert (served / "scores.csv").read_text().count("\n") == 3


def test_files_are_done_without_a_server_too(place: Path) -> None:
    verbs = [words[0] for words in _shown()[1:6]]
    assert sorted(verbs) == ["import", "import", "import", "route", "score"]
    for words in _shown()[1:6]:
        done = _called(words)
        assert done.exit_code == 0, (words, done.output, done.exception)
        assert "working here" in done.stderr
    assert len((place / "routed.jsonl").read_text().splitlines()) == 2


def test_the_programs_own_process_does_what_its_line_says(place: Path) -> None:
    (words,) = [words for words in _shown() if words[:2] == ["rules", "explain"]]
    done = subprocess.run([PROGRAM, *words], cwd=place, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == _called(words).stdout
