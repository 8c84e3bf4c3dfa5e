"""Commands as a user runs them: in a process of their own, or through click's runner."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scoring_service.cli.main import cli

PROGRAM = Path(sys.executable).with_name("leadscoring")
EXAMPLES = Path(__file__).parents[2] / "examples"
DEMO_RULES = EXAMPLES / "demo" / "rules"

Run = Callable[..., Result]


@dataclass(frozen=True)
class Running:
    """A `leadscoring serve` of its own process."""

    address: str
    http: str
    store: str
    process: subprocess.Popen[str]


def environment(**more: str) -> dict[str, str]:
    """The environment without settings of leadscoring."""
    kept = {name: value for name, value in os.environ.items() if "LEADSCORING" not in name}
    return kept | more


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an empty working directory; the result has output and exit code."""
    for name in [name for name in os.environ if name.startswith("LEADSCORING_")]:
        monkeypatch.delenv(name)
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)

    def invoke(*words: object, stdin: str | None = None, **env: str) -> Result:
        result = CliRunner().invoke(cli, [str(word) for word in words], input=stdin, env=env)
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        return result

    return invoke


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the installed program in a process of its own, in an empty directory."""

    def call(*words: object, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *map(str, words)],
            cwd=tmp_path,
            env=environment(**env),
            encoding="utf-8",
            capture_output=True,
            timeout=60,
            check=False,
        )

    return call


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with the demo's rules on a store of its own."""
    store = f"sqlite:///{tmp_path_factory.mktemp('server') / 'leads.db'}"
    with Started("--rules", DEMO_RULES, "--store", store) as running:
        yield running


@pytest.fixture(scope="session")
def serving() -> "type[Started]":
    """Starts a server for as long as a `with` lasts."""
    return Started


class Started:
    """`leadscoring serve` on free ports; terminated at the end, and its exit code checked."""

    def __init__(self, *words: object) -> None:
        self.words = [str(word) for word in words]

    def __enter__(self) -> Running:
        ports = ["--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--log-level", "error"]
        self.process = subprocess.Popen(
            [PROGRAM, "serve", *ports, *self.words],
            env=environment(PYTHONUNBUFFERED="1"),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline().split()
        assert said[:2] == ["serving", "on"], said
        store = self.words[self.words.index("--store") + 1]
        return Running(said[2].rstrip(","), said[-1], store, self.process)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        code = self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        assert code == 0, "a server that is told to end ends well"

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module")
def postgres(new_postgres_url: Callable[[], str]) -> str:
    """The URL of an empty database on a PostgreSQL server."""
    return new_postgres_url()
