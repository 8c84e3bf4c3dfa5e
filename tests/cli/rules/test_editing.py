"""Rules edited under a running server: a good edit takes effect, a bad one does not."""

import json
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"
SECONDS = 20.0


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, bytes]:
    """The demo's rules without their tests, so that an edit needs no other: what a file holds."""
    folder = tmp_path_factory.mktemp("edited") / "rules"
    shutil.copytree(DEMO_RULES, folder, ignore=shutil.ignore_patterns("*_test.yaml"))
    return {file: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def rules(files: dict[Path, bytes]) -> Path:
    """Their folder."""
    return next(iter(files)).parent


@pytest.fixture(scope="module")
def served(serving: Any, rules: Path) -> Iterator[Any]:
    """A server that decides by those rules."""
    with serving("--rules", rules, "--store", f"sqlite:///{rules.parent / 'leads.db'}") as server:
        yield server


@pytest.fixture
def edited(served: Any, files: dict[Path, bytes], rules: Path) -> Iterator[Any]:
    """The same; when the test is over the rules are put back and decide again."""
    before = _ready(served)
    assert before["detail"] == ""
    yield served
    for file in set(rules.iterdir()) - set(files):
        file.unlink()
    for file, content in files.items():
        file.write_bytes(content)
    _until(served, lambda said: (said["revision"], said["detail"]) == (before["revision"], ""))


def _ready(server: Any) -> dict[str, Any]:
    try:
        with urlopen(f"{server.http}/readyz") as answer:
            found: dict[str, Any] = json.load(answer)
    except HTTPError as error:
        found = json.load(error)
    return found


def _until(server: Any, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What /readyz says as soon as something holds of it."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if holds(said := _ready(server)):
            return said
        time.sleep(0.05)
    raise AssertionError(_ready(server))


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def _route(run: Any, server: Any, lead: dict[str, Any]) -> dict[str, Any]:
    done = run("route", "-", "--store", server.store, stdin=json.dumps(lead) + "\n")
    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


STUDENT = {"job": "student", "contact_channel": "cellular"}


def test_an_edit_takes_effect_without_a_restart(run: Any, edited: Any, rules: Path) -> None:
    before = _ready(edited)["revision"]
    assert _route(run, edited, STUDENT)["score"]["fit"] == 50
    _replace(rules / "scoring.yaml", "points: 30}", "points: 35}")
    said = _until(edited, lambda said: said["revision"] != before)
    assert said["detail"] == ""
    after = _route(run, edited, STUDENT)
    assert after["score"]["fit"] == 55
    assert after["policy_revision"] == said["revision"] != before


def test_a_broken_edit_changes_nothing_and_is_named(run: Any, edited: Any, rules: Path) -> None:
    before = _ready(edited)["revision"]
    _replace(rules / "routing.yaml", "when: 'score.fit >= 50'", "when: 'score.fitt >= 50'")
    said = _until(edited, lambda said: said["detail"] != "")
    assert said["revision"] == before
    assert said["ready"] is True
    assert "routing.yaml:" in said["detail"]
    assert "did you mean" in said["detail"]
    with urlopen(f"{edited.http}/metrics") as metrics:
        assert b"\nleadscoring_policy_reload_failed 1.0" in metrics.read()
    assert _route(run, edited, STUDENT)["policy_revision"] == before


def test_mending_it_clears_the_complaint(edited: Any, rules: Path) -> None:
    before = _ready(edited)["revision"]
    _replace(rules / "routing.yaml", "score.fit >= 50", "score.fitt >= 50")
    _until(edited, lambda said: said["detail"] != "")
    _replace(rules / "routing.yaml", "score.fitt >= 50", "score.fit >= 50")
    assert _until(edited, lambda said: said["detail"] == "")["revision"] == before


def test_a_rule_test_that_fails_keeps_an_edit_out(edited: Any, rules: Path) -> None:
    before = _ready(edited)["revision"]
    test = "- it: nobody is scored\n  lead: {attributes: {job: student}}\n  expect: {fit: 99}\n"
    (rules / "strict_test.yaml").write_text(test)
    said = _until(edited, lambda said: said["detail"] != "")
    assert "strict_test.yaml:1" in said["detail"]
    assert said["revision"] == before


def test_a_signal_loads_the_rules_too(run: Any, edited: Any, rules: Path) -> None:
    before = _ready(edited)["revision"]
    _replace(rules / "scoring.yaml", "points: 30}", "points: 31}")
    edited.process.send_signal(signal.SIGHUP)
    _until(edited, lambda said: said["revision"] != before)
    assert _route(run, edited, STUDENT)["score"]["fit"] == 51


def test_a_retry_after_its_attribute_is_gone_has_its_first_answer(
    run: Any, edited: Any, rules: Path
) -> None:
    before = _ready(edited)["revision"]
    lead = {"request_id": str(uuid.uuid4()), "loan": False, "contact_channel": "cellular"}
    first = _route(run, edited, lead)
    _replace(rules / "attributes.yaml", "loan:", "mortgage:")
    _until(edited, lambda said: said["revision"] != before)
    assert _route(run, edited, lead) == first | {"replayed": True}
    fresh = {**lead, "request_id": str(uuid.uuid4())}
    refused = run("route", "-", "--store", edited.store, stdin=json.dumps(fresh) + "\n")
    assert refused.exit_code == 1
    assert "loan" in refused.stderr


def test_a_server_that_was_killed_is_not_taken_for_a_running_one(
    run: Any, serving: Any, tmp_path: Path
) -> None:
    store = f"sqlite:///{tmp_path / 'leads.db'}"
    killed = serving("--rules", DEMO_RULES, "--store", store)
    server = killed.__enter__()
    first = _route(run, server, {**STUDENT, "lead_id": "a"})
    killed.kill()
    done = run("route", "-", "--store", store, stdin='{"lead_id": "a"}\n')
    assert "no server runs" in done.stderr
    again = json.loads(done.stdout)
    assert (again["cause"], again["assignment_id"]) == ("kept", first["assignment_id"])
