"""Every kind of mistake, planted in a folder that is right: the message names it to the letter.

A case is a folder: `planted.yaml` says what is changed, `expected.txt` what is said of it.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scoring_service.policy.check import check
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Finding, Mistakes, Severity
from scoring_service.policy.rule_tests import run
from scoring_service.policy.source import source_of

Files = dict[str, bytes]
HERE = Path(__file__).parent
MESSAGE = re.compile(r"[\w.-]+:\d+: [^:]+: .+; .+")


def cases(kind: str) -> list[object]:
    found = sorted(path.parent for path in (HERE / kind).glob("*/planted.yaml"))
    assert found, f"no {kind} are planted"
    return [pytest.param(path, id=path.name.replace("-", " ")) for path in found]


def said(findings: tuple[Finding, ...]) -> list[str]:
    return [str(finding) for finding in findings]


def expected(case: Path) -> list[str]:
    return (case / "expected.txt").read_text().splitlines()


@pytest.mark.parametrize("case", cases("mistakes"))
def test_a_mistake_is_named_with_its_place_and_its_remedy(
    case: Path, planted: Callable[[Path], Files]
) -> None:
    found = check(source_of(planted(case)))
    assert said(found) == expected(case)
    assert {finding.severity for finding in found} == {Severity.MISTAKE}


@pytest.mark.parametrize("case", cases("mistakes"))
def test_a_folder_with_a_mistake_does_not_load(
    case: Path, planted: Callable[[Path], Files]
) -> None:
    with pytest.raises(Mistakes) as refused:
        load(source_of(planted(case)))
    assert str(refused.value).splitlines() == expected(case)


@pytest.mark.parametrize("case", cases("findings"))
def test_what_is_doubtful_is_told_and_the_folder_loads(
    case: Path, planted: Callable[[Path], Files]
) -> None:
    source = source_of(planted(case))
    found = check(source)
    assert said(found) == expected(case)
    assert {finding.severity for finding in found} == {Severity.FINDING}
    assert load(source).revision == source.revision


@pytest.mark.parametrize("case", cases("findings"))
def test_an_example_is_a_rule_test_that_passes(
    case: Path, planted: Callable[[Path], Files]
) -> None:
    files = planted(case)
    told = [finding for finding in check(source_of(files)) if finding.example]
    lines = "".join(f"- {finding.example}\n" for finding in told)
    shown = (case / "shown.txt").read_text() if told else ""
    assert lines == shown
    tested = source_of(files | {"examples_test.yaml": lines.encode()})
    ran = [one for one in run(load(tested), tested) if one.file == "examples_test.yaml"]
    assert [one.passed for one in ran] == [True] * len(told), ran


@pytest.mark.parametrize("case", [*cases("mistakes"), *cases("findings")])
def test_a_message_has_file_line_path_what_and_remedy(case: Path) -> None:
    for line in expected(case):
        assert MESSAGE.fullmatch(line), line


def test_nothing_is_said_of_the_folder_before_anything_is_planted(base: Files) -> None:
    source = source_of(base)
    assert check(source) == ()
    assert all(outcome.passed for outcome in run(load(source), source))


def test_mistakes_of_all_files_are_told_at_once(base: Files) -> None:
    base = base | {
        "routing.yaml": base["routing.yaml"].replace(b"{pool: sdr}", b"{pool: sdrs}"),
        "team.yaml": base["team.yaml"].replace(b"manager: carla", b"manager: clara", 1),
        "scoring.yaml": base["scoring.yaml"].replace(b"employees >=", b"employes >="),
        "territories.csv": base["territories.csv"].replace(b"US,,", b"US,many,"),
        "lifecycle.yaml": b"tracks: [",
    }
    with pytest.raises(Mistakes) as refused:
        load(source_of(base))
    files = [mistake.file for mistake in refused.value.mistakes]
    assert files == [
        "lifecycle.yaml", "routing.yaml", "scoring.yaml", "team.yaml", "territories.csv",
    ]  # fmt: skip
