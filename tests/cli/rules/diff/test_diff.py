"""`leadscoring rules diff`: past leads through two folders of rules."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from scoring_service.cli.rules.diff.rows import ROWS_MIN

ROOT = Path(__file__).parents[4]
RULES = ROOT / "rules"
LEADS = [
    {"lead_id": "small", "employees": 30, "country": "DE", "source": "web", "email": "a@a.com"},
    {"lead_id": "tiny", "employees": 5, "country": "DE", "source": "web", "email": "b@b.com"},
    {
        "lead_id": "asked",
        "employees": 30,
        "country": "US",
        "source": "web",
        "activities": [
            {"activity_id": "x", "type": "demo_request", "occurred_at": "2025-06-03T14:00:00Z"}
        ],
        "left_at": "2025-06-05T09:00:00Z",
    },
]
HOSTILE = '<script>alert("1")</script>'


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The starter rules, by which firms of up to 49 people serve themselves."""
    folder = tmp_path / "next"
    shutil.copytree(RULES, folder)
    routing = folder / "routing.yaml"
    routing.write_text(routing.read_text().replace("employees < 10", "employees < 50"))
    return folder


@pytest.fixture
def leads(tmp_path: Path) -> Any:
    """Writes leads as JSON lines; each came on a working afternoon unless it says otherwise."""

    def write(*rows: dict[str, Any]) -> Path:
        file = tmp_path / "leads.jsonl"
        came = ({"at": "2025-06-03T15:00:00Z"} | row for row in rows)
        file.write_text("".join(json.dumps(row) + "\n" for row in came))
        return file

    return write


def _said(run: Any, *words: object) -> Any:
    done = run("rules", "diff", *words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_what_changes_of_a_lead_is_said_with_both_sides(
    run: Any, changed: Path, leads: Any
) -> None:
    said = _said(run, RULES, changed, "--leads", leads(*LEADS))
    (change,) = said["changes"]
    assert change["lead_id"] == "small"
    assert change["owner"] == {"old": "track:welcome-nurture", "new": "track:self-serve"}
    assert change["route"] == {"old": "not yet", "new": "self-serve"}
    assert change["quadrant"]["old"] == change["quadrant"]["new"]
    assert change["mql"] == {"old": None, "new": None}
    assert said["leads"] == 3
    assert said["changed"] == {"leads": 1, "owner": 1, "route": 1, "quadrant": 0, "mql": 0}
    assert said["mql"]["routed"] == {"old": 1, "new": 1}
    (rep,) = said["reps"]
    assert rep["taken"] == {"old": 1, "new": 1}


def test_a_folder_compared_with_itself_has_no_change(run: Any, leads: Any) -> None:
    said = _said(run, RULES, RULES, "--leads", leads(*LEADS))
    assert said["changes"] == []
    assert said["leads"] == 3


def test_the_same_is_said_in_words(run: Any, changed: Path, leads: Any) -> None:
    done = run("rules", "diff", RULES, changed, "--leads", leads(*LEADS))
    assert done.exit_code == 0, done.output
    assert "1 change: 1 the owner, 1 the route, 0 the quadrant, 0 the MQL status" in done.stdout
    assert "track:self-serve       1 -> 2 (+1)" in done.stdout
    assert re.search(r"small +owner track:welcome-nurture -> track:self-serve; route", done.stdout)


def test_csv_is_read_as_route_reads_it(run: Any, changed: Path, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(
        "lead_id,employees,country,source,came,technologies\n"
        "small,30,DE,web,2025-06-03,a|b\ntiny,5,DE,web,2025-06-03,\n"
    )
    said = _said(run, RULES, changed, "--leads", file, "--at", "came")
    assert [change["lead_id"] for change in said["changes"]] == ["small"]
    assert said["first"] == "2025-06-03T00:00:00Z"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        pytest.param({"employees": "many"}, "employees", id="a-value-of-another-type"),
        pytest.param({"colour": "red"}, "colour", id="an-attribute-that-neither-declares"),
        pytest.param({"at": "monday"}, "at: 'monday' is no instant; write it", id="no-instant"),
        pytest.param(
            {"left_at": "2025-01-01"}, "left its owner's hands at", id="it-left-before-it-came"
        ),
        pytest.param({"activities": 5}, "activities", id="activities-that-are-no-list"),
        pytest.param({"email": "nobody"}, "lead.email: is no e-mail", id="no-e-mail-address"),
        pytest.param(
            {"activities": [{"type": "dance", "occurred_at": "2025-06-03T14:00:00Z"}]},
            "'dance' is no activity type",
            id="an-activity-that-neither-scores",
        ),
    ],
)
def test_a_bad_row_is_named_and_left_out(
    run: Any, leads: Any, row: dict[str, Any], why: str
) -> None:
    file = leads(LEADS[0], {"lead_id": "bad", **row})
    done = run("rules", "diff", RULES, RULES, "--leads", file, "--json")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert said["leads"] == 1
    (left_out,) = said["left_out"]
    assert left_out["line"] == 2
    assert why in left_out["why"]
    assert f"leads.jsonl:2: {left_out['why']}" in done.stderr


def test_a_long_file_is_read_like_a_short_one(run: Any, changed: Path, leads: Any) -> None:
    rows = [{**LEADS[n % 2], "lead_id": f"l{n}", "email": None} for n in range(ROWS_MIN + 1)]
    rows[7] |= {"employees": "many"}
    rows[1_500] |= {"country": "XX"}
    done = run("rules", "diff", RULES, changed, "--leads", leads(*rows), "--json")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert said["leads"] == ROWS_MIN - 1
    assert [one["line"] for one in said["left_out"]] == [8, 1_501]
    changes = [change["lead_id"] for change in said["changes"]]
    assert changes == [f"l{n}" for n in range(0, ROWS_MIN + 1, 2) if n != 1_500]


def test_what_only_one_folder_declares_is_no_mistake(run: Any, changed: Path, leads: Any) -> None:
    with (changed / "attributes.yaml").open("a") as file:
        file.write("\ncolour: {type: text}\n")
    said = _said(run, RULES, changed, "--leads", leads({**LEADS[1], "colour": "red"}))
    assert said["leads"] == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param((), "name the past: --leads FILE, or --store", id="no-past"),
        pytest.param(("--since", "30"), "has no unit", id="a-span-without-unit"),
        pytest.param(("--since", "3bd"), "is business time", id="business-time"),
        pytest.param(("--since", "3d"), "there is no store at", id="no-store"),
        pytest.param(("--since", "3d", "--at", "x"), "are for --leads", id="a-column-of-no-file"),
        pytest.param(("--leads", "-", "--since", "3d"), "--since is for --store", id="both"),
        pytest.param(("--leads", "-", "--as-of", "now"), "is no instant", id="no-instant"),
        pytest.param(("--leads", "-"), "there is no lead to replay", id="an-empty-file"),
    ],
)
def test_a_usage_that_is_wrong_ends_with_2(run: Any, words: tuple[str, ...], why: str) -> None:
    done = run("rules", "diff", RULES, RULES, *words, stdin="")
    assert done.exit_code == 2
    assert why in done.output


def test_a_folder_that_is_not_there_ends_with_2(run: Any, leads: Any) -> None:
    done = run("rules", "diff", RULES, "nowhere", "--leads", leads(*LEADS))
    assert done.exit_code == 2
    assert "there is no rules folder at nowhere" in done.output


def test_a_folder_that_does_not_load_is_a_finding(run: Any, changed: Path, leads: Any) -> None:
    (changed / "routing.yaml").write_text("routes: []\n")
    done = run("rules", "diff", RULES, changed, "--leads", leads(*LEADS))
    assert done.exit_code == 1
    assert "mistake routing.yaml:1" in done.stderr
    assert f"NEW, the folder {changed}, does not load" in done.stderr


class _Page(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.sources: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_needs_nothing_else_and_escapes_hostile_names(
    run: Any, changed: Path, leads: Any, tmp_path: Path
) -> None:
    page = tmp_path / "diff.html"
    hostile = {**LEADS[0], "lead_id": HOSTILE}
    done = run("rules", "diff", RULES, changed, "--leads", leads(hostile), "--html", page)
    assert done.exit_code == 0, done.output
    text = page.read_text()
    assert "<script" not in text
    found = _Page()
    found.feed(text)
    assert HOSTILE in found.text
    assert not found.tags & {"script", "img", "link", "iframe", "object", "form"}
    assert all(source.startswith("#") for source in found.sources)
    assert "default-src 'none'" in text
    assert "1 \u2192 0 (-1)" in " ".join(found.text)


def test_a_page_that_cannot_be_written_ends_with_2(run: Any, leads: Any) -> None:
    nowhere = "no/such/folder/diff.html"
    done = run("rules", "diff", RULES, RULES, "--leads", leads(*LEADS), "--html", nowhere)
    assert done.exit_code == 2
    assert f"{nowhere} cannot be written" in done.output


def test_what_a_store_has_recorded_is_replayed(run: Any, changed: Path, tmp_path: Path) -> None:
    file, store = tmp_path / "now.jsonl", f"sqlite:///{tmp_path / 'leads.db'}"
    rows = ({name: row[name] for name in row if name != "left_at"} for row in LEADS)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    routed = run("route", file, "--rules", RULES, "--store", store, "--json")
    assert routed.exit_code == 0, routed.output
    said = _said(run, RULES, changed, "--store", store, "--since", "1d")
    rows_out = {row["lead_id"]: row for row in map(json.loads, routed.stdout.splitlines())}
    assert said["leads"] == 3
    changes = {change["lead_id"]: change["owner"] for change in said["changes"]}
    assert "tiny" not in changes
    assert changes["small"]["new"] == "track:self-serve"
    for lead_id, owner in changes.items():
        assert owner["old"] == f"track:{rows_out[lead_id]['track']}"


def _decide(run: Any, place: Path, store: str) -> None:
    """Have the starter rules decide in a store."""
    file = place / "one.jsonl"
    file.write_text('{"lead_id": "one", "employees": 30}\n')
    assert run("route", file, "--rules", RULES, "--store", store).exit_code == 0


def test_the_rules_that_decide_in_the_store_are_one_of_the_two(
    run: Any, changed: Path, leads: Any, tmp_path: Path
) -> None:
    store = f"sqlite:///{tmp_path / 'leads.db'}"
    past = "--store", store, "--leads", leads(*LEADS)
    none = run("rules", "diff", "active", changed, *past)
    assert (none.exit_code, "no rules decide in" in none.output) == (2, True)
    _decide(run, tmp_path, store)
    named, active = _said(run, RULES, changed, *past), _said(run, "active", changed, *past)
    assert active["changes"] == named["changes"] != []
    assert active["old"]["revision"] == named["old"]["revision"]


def test_a_forced_revision_is_told_what_comes_next(run: Any, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'leads.db'}"
    _decide(run, tmp_path, store)
    words = "rules", "force", "3f9a61c0d2b47e85", "--store", store, "--actor"
    done = run(*words, "sales-ops", "--reason", "meant")
    assert done.exit_code == 0, done.output
    assert "the guard lets revision 3f9a61c0d2b47e85 pass" in done.stdout
    for actor, reason, why in ("me", "meant", "'me' may not force"), ("sales-ops", "", "reason"):
        refused = run(*words, actor, "--reason", reason)
        assert (refused.exit_code, why in refused.output) == (2, True), refused.output


def test_a_lead_finds_its_account_in_the_file_by_the_companys_name(
    run: Any, leads: Any, tmp_path: Path
) -> None:
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(
        "account_id,name,owner_rep_id,parent_id\n"
        "acme,Acme Technologies GmbH,fay,\n"
        "zen,Zentrol Holding,hugo,\nzen-de,Zentrol Pumpen AG,,zen\n"
        "twin-1,Gistlumo Inc.,fay,\ntwin-2,Gistlumo Ltd,hugo,\n"
    )
    names = ("Acme Technology Inc.", "Zentrol Pumpen", "Gistlumo", "Nobody Knows")
    rows = [{"lead_id": name, "company_name": name, "employees": 30} for name in names]
    changed = tmp_path / "without"
    shutil.copytree(RULES, changed)
    routing = changed / "routing.yaml"
    routing.write_text(routing.read_text().replace("account.owner != null", 'account.owner == "x"'))
    said = _said(run, RULES, changed, "--leads", leads(*rows), "--accounts", accounts)
    owners = {change["lead_id"]: change["owner"]["old"] for change in said["changes"]}
    assert owners == {"Acme Technology Inc.": "fay", "Zentrol Pumpen": "hugo"}, (
        "a subsidiary's owner is its parent's; two companies of one name are none"
    )


def test_a_window_in_which_nothing_happened_ends_with_2(run: Any, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'leads.db'}"
    assert run("migrate", "--store", store).exit_code == 0
    done = run("rules", "diff", RULES, RULES, "--store", store, "--since", "1d")
    assert done.exit_code == 2
    assert "there is no lead to replay" in done.output


def test_a_first_response_is_held_against_the_reps_hours(run: Any, leads: Any) -> None:
    asked = {name: LEADS[2][name] for name in LEADS[2] if name != "left_at"}
    night, day = "2025-06-04T03:00:00Z", "2025-06-04T15:00:00Z"
    outside = [
        _said(run, RULES, RULES, "--leads", leads({**asked, "responded_at": at}))["outside_hours"]
        for at in (night, day)
    ]
    assert outside == [{"old": 1, "new": 1}, {"old": 0, "new": 0}]


def test_with_a_model_the_wins_that_move_are_said(run: Any, changed: Path, leads: Any) -> None:
    demo = ROOT / "examples" / "demo"
    rows = [{"lead_id": f"l{n}", "age": 30 + n, "job": "student"} for n in range(4)]
    file = leads(*rows)
    said = _said(run, demo / "rules", demo / "rules", "--leads", file, "--models", demo / "models")
    assert said["model_version"]
    assert said["moved_wins"] == 0
    assert said["expected_wins"]["old"] == said["expected_wins"]["new"]
    told = run("rules", "diff", demo / "rules", demo / "rules", "--leads", file,
               "--models", demo / "models")  # fmt: skip
    assert "expected wins of the leads whose owner changes: 0.0" in told.stdout


def test_an_experiment_that_new_rules_begin_is_foreseen_and_said(
    tmp_path: Path, leads: Any, run: Any
) -> None:
    folder = tmp_path / "next"
    shutil.copytree(RULES, folder)
    (folder / "experiments.yaml").write_text(
        "size:\n  from: 2090-01-01\n  to: 2090-02-01\n"
        "  arms:\n    control: {weight: 1}\n    small: {weight: 1, mql: {fit_min: 60}}\n"
        "  outcome: {stage: opportunity, within: 30d}\n"
    )
    rows = [LEADS[0] | {"lead_id": f"l{n}", "email": f"{n}@a.com"} for n in range(6)]
    file = leads(*rows)
    assert _said(run, RULES, folder, "--leads", file)["foreseen"] == [
        {"experiment": "size", "arms": {"control": 2, "small": 4}}
    ]
    told = run("rules", "diff", RULES, folder, "--leads", file).stdout
    assert "size is new and taken to run all the while: 6 leads in the arm they would get" in told
    assert _said(run, folder, folder, "--leads", file)["foreseen"] == []
