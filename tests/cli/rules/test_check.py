"""`leadscoring rules check`: examples, and the rules held against activities and a store."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.server.folders import rule_files
from scoring_service.store.database import open_database
from scoring_service.values.activity import Activity
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredActivity
from tests.store.conftest import Desk, Examples

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"
SHADOWED = "  - {name: shadowed, when: 'score.fit >= 60', assign: {pool: east}}\notherwise:"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the demo's rules that may be spoilt."""
    return Path(shutil.copytree(DEMO_RULES, tmp_path / "rules"))


@pytest.fixture
def shadowed(rules: Path) -> Path:
    """The demo's rules with a route that another is before, for the better half of its leads."""
    text = (rules / "routing.yaml").read_text(encoding="utf-8")
    (rules / "routing.yaml").write_text(text.replace("otherwise:", SHADOWED), encoding="utf-8")
    return rules


def test_a_finding_is_followed_by_its_example(run: Any, shadowed: Path) -> None:
    checked = run("rules", "check", shadowed)
    assert checked.exit_code == 1
    first, second = checked.stdout.splitlines()
    assert first.startswith('finding routing.yaml:8: routes["shadowed"]: this is never reached:')
    assert second.startswith('    example: {"it":"\'shadowed\' matches this lead, ')


def test_a_file_in_a_folder_below_is_told(run: Any, rules: Path) -> None:
    (rules / "emea").mkdir()
    (rules / "emea" / "routing.yaml").write_text("routes: []\n", encoding="utf-8")
    checked = run("rules", "check", rules)
    assert checked.exit_code == 1
    assert "finding emea/routing.yaml:1: $: this file is not read" in checked.stdout


def test_an_example_can_be_explained_and_kept_as_a_test(run: Any, shadowed: Path) -> None:
    (found,) = json.loads(run("rules", "check", shadowed, "--json").stdout)["findings"]
    example = json.dumps(found["example"])
    explained = run("rules", "explain", shadowed, "--lead", "-", stdin=example)
    assert explained.exit_code == 0, explained.output
    assert "a good fit" in explained.stdout
    (shadowed / "kept_test.yaml").write_text(f"- {example}\n")
    assert run("rules", "test", shadowed).exit_code == 0


def test_an_example_too_long_for_a_line_is_left_to_machines(run: Any, rules: Path) -> None:
    scoring = (rules / "scoring.yaml").read_text(encoding="utf-8")
    spoilt = scoring.replace(
        "activities:\n", "activities:\n    glance: {points: 0.5, half_life: 7d}\n", 1
    )
    assert spoilt != scoring
    (rules / "scoring.yaml").write_text(spoilt, encoding="utf-8")
    checked = run("rules", "check", rules)
    assert checked.stdout.splitlines()[1] == "    example: with --json"
    (found,) = json.loads(run("rules", "check", rules, "--json").stdout)["findings"]
    assert len(found["example"]["activities"]) > 20


def test_activities_of_a_file_are_held_against_the_types(
    run: Any, rules: Path, tmp_path: Path
) -> None:
    types = [*load(source_of(rule_files(rules))).scoring.activities]
    file = tmp_path / "acts.csv"
    lines = [f"l{n},{name},2026-01-01" for n, name in enumerate([*types[1:], "fax"])]
    file.write_text("\n".join(["lead_id,type,occurred_at", *lines, "l9,,2026-01-01"]) + "\n")
    checked = run("rules", "check", rules, "--data", file)
    assert checked.exit_code == 1
    said = checked.stdout
    assert f"nobody sends {types[0]}: none of the {len(lines)} activities of {file} is one" in said
    assert f"of the type 'fax', the first on line {len(lines) + 1}, which is not scored" in said
    assert f"{file}:{len(lines) + 2}: left out: there is no type" in checked.stderr
    assert len(said.splitlines()) == 2


def test_json_lines_are_read_too(run: Any, rules: Path, tmp_path: Path) -> None:
    types = load(source_of(rule_files(rules))).scoring.activities
    file = tmp_path / "acts.jsonl"
    file.write_text("".join(json.dumps({"lead_id": "l", "type": name}) + "\n" for name in types))
    assert run("rules", "check", rules, "--data", file).exit_code == 0


def test_activities_may_come_from_another_command(run: Any, rules: Path) -> None:
    checked = run("rules", "check", rules, "--data", "-", stdin='{"type": "fax"}\n{"type": 3}\n')
    assert "1 activity of stdin is of the type 'fax', the first on line 1" in checked.stdout
    assert "stdin:2: left out: there is no type" in checked.stderr


@pytest.fixture
def store(tmp_path: Path, rules: Path) -> Iterator[str]:
    """A store in which the demo's rules are active, and a rep who is not in them owns leads."""
    url = f"sqlite:///{tmp_path / 'leads.db'}"
    database = open_database(url)
    database.migrate()
    desk, example, source = Desk(database), Examples(), source_of(rule_files(rules))
    policy = load(source)

    def write(tx: Any) -> None:
        tx.activate(source.revision, source.pack(), "tester")
        tx.save_reps(policy.reps, source.revision)
        for number in range(3):
            tx.save_lead(example.lead(f"l{number}", RepOwner("gone"), stage=Stage.MQL))
        acts = [
            Activity(name, desk.now, name) for name in ("fax", *load(source).scoring.activities)
        ]
        tx.add_activities([StoredActivity("l0", act, "d", desk.now) for act in acts])

    desk.do(write)
    yield url
    desk.close()
    database.close()


def test_a_store_tells_who_would_lose_leads_and_what_is_sent(
    run: Any, rules: Path, store: str
) -> None:
    checked = run("rules", "check", rules, "--store", store, "--since", "3650d")
    assert checked.exit_code == 1
    assert "gone is not active and owns 3 leads: 3 mql are routed anew" in checked.stdout
    assert "1 activity of the last 3650d of the store is of the type 'fax'" in checked.stdout
    assert len(checked.stdout.splitlines()) == 2
    assert "2 findings" in checked.stderr


@pytest.mark.parametrize("name", ["LEADSCORING_{}", "LEADSCORING_RULES_CHECK_{}"])
def test_what_rules_are_held_against_may_be_set_in_the_environment(
    run: Any, rules: Path, store: str, tmp_path: Path, name: str
) -> None:
    given = {name.format("STORE"): store, name.format("SINCE"): "3650d"}
    typed = run("rules", "check", rules, "--store", store, "--since", "3650d")
    assert run("rules", "check", rules, **given).stdout == typed.stdout
    file = tmp_path / "acts.jsonl"
    file.write_text('{"lead_id": "l", "type": "telex"}\n')
    assert "'telex'" in run("rules", "check", rules, **{name.format("DATA"): str(file)}).stdout


def test_a_store_is_only_read(run: Any, rules: Path, store: str) -> None:
    file = Path(store.removeprefix("sqlite:///"))
    before = file.read_bytes()
    assert run("rules", "check", rules, "--store", store).exit_code == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param(["--store", "sqlite:///nowhere.db"], "there is no store at", id="no store"),
        pytest.param(["--data", "nowhere.csv"], "nowhere.csv", id="no file"),
    ],
)
def test_what_is_not_there_is_named(run: Any, rules: Path, more: list[str], said: str) -> None:
    refused = run("rules", "check", rules, *more)
    assert refused.exit_code != 0
    assert said in refused.output
    assert "findings" not in refused.output


@pytest.mark.parametrize("since", ["3bd", "90", "soon"])
def test_a_span_that_is_none_is_a_usage_error(
    run: Any, rules: Path, store: str, since: str
) -> None:
    refused = run("rules", "check", rules, "--store", store, "--since", since)
    assert refused.exit_code == 2
    assert "--since" in refused.output
