"""A rules folder laid out: what is left alone, and that the policy stays what it was."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.layout.folder import laid_out
from scoring_service.policy.load import load
from scoring_service.policy.rule_tests import run
from scoring_service.policy.source import source_of

Files = Callable[..., dict[str, bytes]]
ROOT = Path(__file__).parents[3]
SHIPPED = [
    pytest.param(ROOT / "rules", id="the starter rules"),
    pytest.param(ROOT / "examples" / "demo" / "rules", id="the rules of the demo"),
]


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def said(policy: Policy) -> dict[str, object]:
    """What a policy says, but for the places and the compiled form of its conditions."""
    routes = [
        (route.name, route.row, route.text, route.assign, route.sla, route.during, route.below_bar)
        for route in policy.routes.routes
    ]
    pools = [
        replace(pool, members=tuple(replace(m, condition=None) for m in pool.members))
        for pool in policy.pools.values()
    ]
    scoring = policy.scoring
    criteria = [(one.name, one.text, one.points) for one in scoring.fit]
    ended = [(one.name, one.text, one.reason) for one in scoring.disqualify]
    points = (scoring.activities, scoring.groups, scoring.grades, scoring.mql, criteria, ended)
    rest = (policy.schema, policy.reps, policy.operators, policy.calendars, policy.lifecycle)
    return {"routes": routes, "pools": pools, "points": points, "rest": rest}


def wild(content: bytes, random: Random) -> bytes:
    """The same file, more wildly laid out: blanks, empty lines, line ends of Windows."""
    found: list[str] = []
    for line in content.decode().split("\n"):
        text = line.lstrip(" ")
        deeper = " " * 2 * (len(line) - len(text))
        plain = not text.startswith("#") and not set(text) & {"'", '"'}
        wider = text.replace("{", "{ ").replace(", ", " ,   ") if plain else text
        dashed = f"-   {wider[2:]}" if wider.startswith("- ") else wider
        empty = random.choice([[], [], [], ["", ""]])
        found += [f"{deeper}{dashed}{' ' * random.randrange(3)}", *empty]
    return "\r\n".join(found).encode()


@pytest.mark.parametrize("folder", SHIPPED)
def test_the_rules_that_come_with_the_program_are_laid_out(folder: Path) -> None:
    assert laid_out(files_in(folder)).files == {}
    assert laid_out(files_in(folder)).mistakes == ()


@pytest.mark.parametrize("folder", SHIPPED)
def test_law_a_laid_out_folder_is_the_same_policy(folder: Path) -> None:
    files = files_in(folder)
    before = load(source_of(files))
    for seed in range(3):
        random = Random(seed)
        yaml = {n: wild(text, random) for n, text in files.items() if n.endswith(".yaml")}
        made = laid_out({**files, **yaml})
        assert made.mistakes == ()
        assert made.files.keys() == yaml.keys()
        source = source_of({**files, **made.files})
        after = load(source)
        assert said(after) == said(before)
        assert all(outcome.passed for outcome in run(after, source))
        assert laid_out({**files, **made.files}).files == {}


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_it(rule_files: Files) -> None:
    files = rule_files(team="reps: {anna: [\n", attributes="plan:   {type:  text}\n")
    found = laid_out(files)
    assert [mistake.file for mistake in found.mistakes] == ["team.yaml"]
    assert found.files["attributes.yaml"] == b"plan: {type: text}\n"
    assert "team.yaml" not in found.files


def test_lists_of_a_table_are_tidied_where_the_routes_can_be_read(rule_files: Files) -> None:
    table = "country,employees,pool\nDE| DE,,sdr\n"
    tidy = laid_out(rule_files(territories=table)).files["territories.csv"]
    assert tidy == b"country,employees,pool\nDE,,sdr\n"
    for routing in ("routes: [", "routes: 1\n"):
        assert (
            "territories.csv" not in laid_out(rule_files(territories=table, routing=routing)).files
        )


def test_other_files_are_left_alone() -> None:
    assert laid_out({"data.json": b"{ }", "old.yml": b"a:   1"}).files == {}
