"""Starts that cannot succeed: one sentence and exit code 2. Starts that can do so quietly."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from scoring_service.server.start_problem import StartProblem

HEAVY = ("sklearn", "alembic", "pandas", "scipy", "sqlalchemy", "watchfiles.cli", "IPython")


def serve_command(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "scoring_service", "serve"),
            *("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", *arguments),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )


def test_a_missing_rules_folder_is_one_sentence(tmp_path: Path) -> None:
    ended = serve_command(tmp_path, "--rules", str(tmp_path / "nowhere"))
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "nowhere" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_broken_folder_without_an_earlier_policy_is_one_sentence(
    tmp_path: Path, wire: Any
) -> None:
    rules = wire.write_rules(tmp_path / "rules")
    (rules / "attributes.yaml").write_text("plan: {type: texte}\n")
    ended = serve_command(tmp_path, "--rules", str(rules))
    assert ended.returncode == 2
    assert "attributes.yaml:1: " in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"store": "sqlite:////proc/nowhere/leads.db"}, "/proc/nowhere"),
        ({"store": "mysql://x/y"}, "sqlite:///path"),
        ({"listen": "0.0.0.0:0"}, "--allow-unauthenticated"),
        ({"listen": "192.0.2.1:0"}, "--allow-unauthenticated"),
        ({"http": "0.0.0.0:0"}, "--allow-unauthenticated"),
        ({"listen": "50051"}, "give HOST:PORT"),
        ({"listen": "127.0.0.1:99999"}, "give HOST:PORT"),
        ({"listen": "192.0.2.1:0", "allow_unauthenticated": True}, "cannot listen on 192.0.2.1:0"),
        ({"http": "192.0.2.1:0", "allow_unauthenticated": True}, "cannot listen on 192.0.2.1:0"),
    ],
)
async def test_a_start_that_cannot_succeed_says_why(
    serve: Any, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(StartProblem) as problem:
        async with serve(**options):
            pass
    assert said in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("option", ["listen", "http"])
async def test_a_taken_port_is_told_and_the_store_stays_free(serve: Any, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StartProblem, match=f"cannot listen on {at}: .*--{option}"):
            async with serve(**{option: at}):
                pass
    async with serve() as rpc:
        await rpc.alive()


async def test_a_second_server_does_not_take_half_the_calls_of_a_first(serve: Any) -> None:
    async with serve() as first:
        at = str(first.server.address)
        with pytest.raises(StartProblem, match="cannot listen"):
            async with serve(listen=at, store=f"sqlite:///{first.rules}/other.db"):
                pass


async def test_a_store_has_one_server(serve: Any) -> None:
    async with serve() as first:
        with pytest.raises(StartProblem) as problem:
            async with serve():
                pass
        assert "leads.db is being written by another process" in str(problem.value)
        await first.alive()


async def test_a_newer_schema_is_told(serve: Any, tmp_path: Path) -> None:
    async with serve():
        pass
    with sqlite3.connect(tmp_path / "leads.db") as store:
        store.execute("update alembic_version set version_num = '9999'")
    store.close()
    with pytest.raises(StartProblem, match="newer"):
        async with serve():
            pass


async def test_a_broken_folder_gives_way_to_what_decided_before(serve: Any, tmp_path: Path) -> None:
    async with serve() as rpc:
        revision = rpc.server.store.policies.revision
    (tmp_path / "rules" / "scoring.yaml").write_text("fit: 3")
    async with serve() as rpc:
        assert rpc.server.store.policies.revision == revision
        assert f"revision {revision} goes on deciding" in rpc.server.reloader.detail
        assert "scoring.yaml:1" in rpc.server.reloader.detail
        assert rpc.logged("policy_not_of_the_folder")
        assert b"leadscoring_policy_reload_failed 1.0" in rpc.server.metrics.exposition()
        await rpc.alive()


async def test_an_edit_between_two_starts_decides_after_the_second(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        before = rpc.server.store.policies.revision
    wire.write_rules(rpc.rules, attributes={})
    wire.write_rules(rpc.rules, attributes={"color": {"type": "text"}}, scoring=plain(wire))
    async with serve() as rpc:
        assert rpc.server.store.policies.revision != before
        assert rpc.server.reloader.detail == ""


def plain(wire: Any) -> dict[str, Any]:
    """scoring.yaml without the criterion that needs a declared attribute."""
    return {**wire.RULES["scoring"], "fit": wire.RULES["scoring"]["fit"][:1]}


async def test_commands_find_the_address_beside_the_store(serve: Any, tmp_path: Path) -> None:
    async with serve() as rpc:
        assert (tmp_path / "leads.db.lock").read_text() == f"{rpc.server.address}\n"


@pytest.mark.slow
def test_a_server_is_drained_by_sigterm(process: Any, wire: Any) -> None:
    with process() as running:
        request = wire.route_request()
        first = running.route(request).assignment
        running.signal(signal.SIGTERM)
        assert running.popen.wait(20) == 0
        running.wait_for("readiness")
    log = [json.loads(line) for line in running.log.read_text().splitlines()]
    assert [line["missing"] for line in log if line["event"] == "readiness"] == ["", "ending"]
    assert [line["method"] for line in log if line["event"] == "call"] == ["Route"]
    with process() as running:
        again = running.route(request).assignment
        running.signal(signal.SIGINT)
        assert running.popen.wait(20) == 0
    assert again.replayed
    assert again.decision_id == first.decision_id


@pytest.mark.slow
def test_health_and_metrics_are_on_the_http_port(process: Any) -> None:
    with process() as running:
        pages = {}
        for path in ("/healthz", "/readyz", "/metrics"):
            with urllib.request.urlopen(f"http://{running.http}{path}", timeout=10) as page:
                pages[path] = page.read().decode()
    assert pages["/healthz"] == "ok\n"
    ready = json.loads(pages["/readyz"])
    assert (ready["ready"], ready["missing"], ready["detail"]) == (True, "", "")
    assert f'leadscoring_policy_active{{revision="{ready["revision"]}"}} 1.0' in pages["/metrics"]


def test_a_running_server_has_imported_nothing_heavy(tmp_path: Path, wire: Any) -> None:
    """On an empty store, and on one that has its schema."""
    rules = wire.write_rules(tmp_path / "rules")
    script = f"""
import asyncio, sys
from pathlib import Path
from scoring_service.server.options import Options
from scoring_service.server.serve import serving

async def main():
    options = Options(
        rules=Path({str(rules)!r}), store="sqlite:///{tmp_path / "leads.db"}",
        listen="127.0.0.1:0", http="127.0.0.1:0", log_level="error",
    )
    async with serving(options):
        print(*sorted(name for name in {HEAVY!r} if name in sys.modules))

asyncio.run(main())
"""
    said = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
        )
        said.append(done.stdout.strip())
    assert said == ["", ""]
