"""`leadscoring score FILE`: rows in, scores out, through a running server or without one."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"
AT = "2026-03-10T12:00:00Z"
PURCHASE = {"activityId": "p", "type": "earlier_purchase", "occurredAt": "2026-03-04T12:00:00Z"}

LEADS = f"""lead_id,job,contact_channel,loan,age,activities
ada,student,cellular,no,21,"{json.dumps([PURCHASE]).replace('"', '""')}"
bob,admin.,cellular,perhaps,44,
cy,admin.,cellular,no,7,
dee,retired,telephone,,66,
"""


def _file(text: str, name: str = "leads.csv") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


@pytest.fixture(params=["a running server", "no server"])
def where(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """How the command finds a server with the demo's rules."""
    if request.param == "no server":
        return ("--rules", str(DEMO_RULES))
    server = request.getfixturevalue("server")
    return ("--rules", str(DEMO_RULES), "--server", server.address)


def test_each_good_row_is_scored_and_each_bad_one_named(run: Any, where: tuple[str, ...]) -> None:
    done = run("score", _file(LEADS), *where, "--json", "--as-of", AT)
    ada, dee = map(json.loads, done.stdout.splitlines())
    assert (ada["line"], ada["lead_id"], dee["line"]) == (2, "ada", 5)
    assert ada["score"]["fit"] == 50
    assert ada["score"]["behaviour"] == pytest.approx(70 * 0.5 ** (6 / 30))
    assert dee["score"]["behaviour"] == 0
    assert "leads.csv:3: loan: 'perhaps' is no boolean" in done.stderr
    assert "leads.csv:4: " in done.stderr
    assert "age" in done.stderr.split("leads.csv:4: ")[1].splitlines()[0]
    assert "2 scored, 2 left out" in done.stderr
    assert done.exit_code == 1


def test_every_point_is_in_the_answer(run: Any, where: tuple[str, ...]) -> None:
    done = run("score", _file(LEADS), *where, "--json", "--as-of", AT)
    score = json.loads(done.stdout.splitlines()[0])["score"]
    for dimension in ("fit", "behaviour"):
        parts = [c["points"] for c in score["contributions"] if c["dimension"] == dimension]
        assert sum(parts) == pytest.approx(score[dimension], abs=1e-9)


def test_a_file_without_bad_rows_is_exit_0(run: Any, where: tuple[str, ...]) -> None:
    done = run("score", _file('{"lead_id": "x", "age": 30}\n', "leads.jsonl"), *where)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["lead_id"] == "x"


def test_csv_in_is_csv_out(run: Any, where: tuple[str, ...]) -> None:
    done = run("score", _file(LEADS), *where, "--as-of", AT)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["lead_id"] for row in rows] == ["ada", "dee"]
    assert rows[0]["score.quadrant"] == "sales_ready"
    assert rows[0]["score.mql_ready"] == "true"


def test_the_name_of_the_result_file_decides_its_form(run: Any, where: tuple[str, ...]) -> None:
    assert run("score", _file(LEADS), *where, "--out", "scores.jsonl").stdout == ""
    assert json.loads(Path("scores.jsonl").read_text().splitlines()[0])["lead_id"] == "ada"
    run("score", _file(LEADS), *where, "--out", "scores.csv")
    assert Path("scores.csv").read_text().startswith("line,lead_id,")


def test_leads_may_come_from_stdin(run: Any, where: tuple[str, ...]) -> None:
    done = run("score", "-", *where, stdin='{"lead_id": "x"}\n\n{"lead_id": "y"}\n')
    assert [json.loads(line)["lead_id"] for line in done.stdout.splitlines()] == ["x", "y"]


def test_many_rows_keep_their_order(run: Any, where: tuple[str, ...]) -> None:
    text = "".join(f'{{"lead_id": "lead-{n}"}}\n' for n in range(1000))
    done = run("score", _file(text, "leads.jsonl"), *where)
    found = [json.loads(line)["lead_id"] for line in done.stdout.splitlines()]
    assert found == [f"lead-{n}" for n in range(1000)]


def test_rows_are_utf8_whatever_the_locale(
    program: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    (tmp_path / "leads.jsonl").write_text('{"lead_id": "Zoë Müller"}\n', encoding="utf-8")
    done = program("score", "leads.jsonl", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0, done
    assert json.loads(done.stdout)["lead_id"] == "Zoë Müller"


def test_a_sentence_can_be_said_on_any_terminal(
    program: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    done = program("rules", "check", "Regeln für alle", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_without_a_server_nothing_is_left_behind(run: Any) -> None:
    run("score", _file(LEADS), "--rules", DEMO_RULES)
    assert [path.name for path in Path().iterdir()] == ["leads.csv"]


def test_without_a_server_the_stores_accounts_are_seen_and_nothing_of_it_changes(run: Any) -> None:
    _file("account_id,name\nacme,Acme\n", "accounts.csv")
    assert run("import", "accounts", "accounts.csv", "--rules", DEMO_RULES).exit_code == 0
    before = Path("leadscoring.db").read_bytes()
    done = run("score", "-", stdin='{"account_id": "acme"}\n')
    names = [c["name"] for c in json.loads(done.stdout)["score"]["contributions"]]
    assert names == ["known company"]
    assert "by its own rules" in done.stderr
    assert Path("leadscoring.db").read_bytes() == before


def test_told_to_end_amid_its_work_it_leaves_nothing_behind(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    program = Path(sys.executable).with_name("leadscoring")
    with subprocess.Popen(
        [program, "score", "-", "--rules", DEMO_RULES],
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(scratch)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert "no server runs" in process.stderr.readline()
        while not list(scratch.glob("*/copy.db")):
            assert process.poll() is None
        process.terminate()
        assert process.wait(timeout=30) == 128 + signal.SIGTERM
        assert process.stderr.read() == ""
    assert list(scratch.iterdir()) == []


def test_without_rules_and_a_store_the_starter_rules_decide(run: Any) -> None:
    done = run("score", "-", stdin='{"email": "ada@example.org"}\n')
    assert done.exit_code == 0, done.output
    assert "the starter rules" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("none.csv",), "does not exist", id="a file that is not there"),
        pytest.param(("-", "--rules", "nowhere"), "no rules folder", id="rules that are not there"),
        pytest.param(("-", "--server", "127.0.0.1:1"), "no server answers", id="no server there"),
        pytest.param(("-", "--as-of", "yesterday"), "2026-03-31", id="an instant that is none"),
        pytest.param(("-", "--out", "no/such/folder"), "cannot be written", id="nowhere to write"),
        pytest.param(("-", "--store", "x.db"), "sqlite:///", id="a store that is no URL"),
        pytest.param(
            ("-", "--store", "postgresql://nobody@127.0.0.1:1/x"), "", id="no database there"
        ),
    ],
)
def test_what_cannot_begin_is_exit_2(run: Any, words: tuple[str, ...], said: str) -> None:
    refused = run("score", *words, stdin="{}\n")
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert refused.stdout == ""


def test_broken_rules_are_named_and_nothing_is_scored(run: Any, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    refused = run("score", "-", "--rules", tmp_path / "rules", stdin="{}\n")
    assert refused.exit_code == 2
    assert "attributes.yaml:1" in refused.stderr
