"""`leadscoring serve`: starts, says where, ends well; a start that cannot succeed says why."""

import gc
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import Result

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"
PORTS = ("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0")
PATIENCE = 60.0

Program = Callable[..., subprocess.CompletedProcess[str]]
Run = Callable[..., Result]


Refused = Callable[..., str]


@pytest.fixture
def refused(run: Run) -> Iterator[Refused]:
    """The one sentence with which a start is refused, here in this process."""
    before, switches = gc.get_threshold(), sys.getswitchinterval()

    def refusal(*words: object) -> str:
        ending = Timer(PATIENCE, lambda: os.kill(os.getpid(), signal.SIGTERM))
        ending.start()  # one that starts after all is to end, and with 0
        try:
            done = run("serve", *words)
        finally:
            ending.cancel()
        return _sentence(done.exit_code, done.stdout, done.stderr)

    yield refusal
    gc.set_threshold(*before)
    sys.setswitchinterval(switches)


def _sentence(code: int, stdout: str, stderr: str) -> str:
    assert (code, stdout) == (2, ""), stderr
    (line,) = stderr.strip().splitlines()
    assert line.startswith("leadscoring: ")
    return line


def test_a_started_server_is_ready_and_named_beside_its_store(server: Any) -> None:
    with urlopen(f"{server.http}/readyz") as answer:
        assert answer.status == 200
    with urlopen(f"{server.http}/metrics") as answer:
        assert b"leadscoring_calls" in answer.read()
    file = Path(server.store.removeprefix("sqlite:///"))
    assert file.with_name(f"{file.name}.lock").read_text().strip() == server.address


def test_a_second_server_on_the_same_store_ends_at_once(server: Any, program: Program) -> None:
    done = program("serve", *PORTS, "--rules", DEMO_RULES, "--store", server.store)
    assert "another process" in _sentence(done.returncode, done.stdout, done.stderr)


def test_a_taken_port_is_named(refused: Refused) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for option, other in (("--listen", "--http"), ("--http", "--listen")):
            said = refused(option, f"127.0.0.1:{port}", other, "127.0.0.1:0")
            assert str(port) in said


def test_a_missing_rules_folder_is_named(refused: Refused) -> None:
    assert "no rules folder at nowhere" in refused(*PORTS, "--rules", "nowhere")


def _broken(folder: Path) -> Path:
    rules = folder / "broken"
    shutil.copytree(DEMO_RULES, rules)
    (rules / "routing.yaml").write_text("routes: [{name: x, wen: 'true'}]\n")
    return rules


def test_broken_rules_without_an_earlier_policy_are_named(refused: Refused, tmp_path: Path) -> None:
    said = refused(*PORTS, "--rules", _broken(tmp_path))
    assert "routing.yaml:1:" in said


def test_broken_rules_beside_an_earlier_policy_leave_that_one_deciding(
    serving: Any, tmp_path: Path
) -> None:
    store = f"sqlite:///{tmp_path / 'leads.db'}"
    with serving("--rules", DEMO_RULES, "--store", store) as first:
        revision = urlopen(f"{first.http}/readyz").read().split(b'"revision":"')[1][:16]
    with serving("--rules", _broken(tmp_path), "--store", store) as second:
        ready = urlopen(f"{second.http}/readyz").read()
    assert revision in ready
    assert b"routing.yaml:1:" in ready


@pytest.mark.parametrize(
    "store",
    [
        pytest.param("sqlite:////proc/nowhere/leads.db", id="a folder that cannot be written"),
        pytest.param("sqlite:///no/such/folder/leads.db", id="a folder that is not there"),
        pytest.param("sqlite:////dev/null/leads.db", id="a file instead of a folder"),
        pytest.param("postgresql://nobody@127.0.0.1:1/none", id="a database that does not answer"),
        pytest.param("mysql://root@localhost/leads", id="a store of another kind"),
        pytest.param("leads.db", id="a store that is no URL"),
    ],
)
def test_a_store_that_cannot_be_opened_is_a_sentence(refused: Refused, store: str) -> None:
    assert "Traceback" not in refused(*PORTS, "--store", store)


def test_a_store_with_a_newer_schema_is_left_alone(
    refused: Refused, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "leads.db"
    store = f"sqlite:///{file}"
    assert run("migrate", "--store", store).exit_code == 0
    with sqlite3.connect(file) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    assert "newer" in refused(*PORTS, "--store", store)
    assert file.read_bytes() == before


def test_a_file_that_is_no_store_is_left_alone(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear sir or madam, this is not a database.\n" * 100)
    before = file.read_bytes()
    refused(*PORTS, "--store", f"sqlite:///{file}")
    assert file.read_bytes() == before


@pytest.mark.parametrize("option", ["--listen", "--http"])
def test_listening_beyond_loopback_needs_to_be_meant(refused: Refused, option: str) -> None:
    said = refused(option, "0.0.0.0:0")
    assert "not authenticated" in said
    assert "--allow-unauthenticated" in said


def test_listening_beyond_loopback_says_what_that_means(serving: Any, tmp_path: Path) -> None:
    anywhere = ("--allow-unauthenticated", "--listen", "0.0.0.0:0")
    with serving("--store", f"sqlite:///{tmp_path / 'leads.db'}", *anywhere) as server:
        assert server.address.startswith("0.0.0.0:")


def test_an_address_without_a_port_is_refused(refused: Refused) -> None:
    assert "HOST:PORT" in refused("--listen", "localhost")


def test_a_published_model_is_not_ignored_silently(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "CURRENT").write_text("2026-01-01\n")
    assert "CURRENT" in refused(*PORTS, "--models", tmp_path / "models")
