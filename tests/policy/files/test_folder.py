"""Which files of a folder are rules, which are notes, and which are a slip."""

import pytest

from scoring_service.policy.files.folder import NEEDED, OPTIONAL, belongs, documents, is_test

COMPLETE = dict.fromkeys(NEEDED, b"{}")


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        *(pytest.param(name, True, id=name) for name in (*NEEDED, *OPTIONAL)),
        pytest.param("territories.csv", True, id="a table"),
        pytest.param("routing_test.yaml", True, id="a test file"),
        pytest.param("scoring.yml", True, id="a slip, which must be told"),
        pytest.param("territories.xlsx", True, id="a spreadsheet, which must be told"),
        pytest.param("README.md", False, id="a note"),
        pytest.param("notes.txt", False, id="a text"),
        pytest.param("LICENSE", False, id="a name without a suffix"),
        pytest.param(".routing.yaml.swp", False, id="what vi leaves"),
        pytest.param("routing.yaml.bak", False, id="a copy"),
        pytest.param("routing.yaml~", False, id="what an editor keeps of the file before"),
        pytest.param("4913", False, id="what vi writes to try the folder"),
        pytest.param("a.csv.part", False, id="half a download"),
        pytest.param("#routing.yaml#", False, id="what emacs leaves"),
        pytest.param("~$territories.xlsx", False, id="what a spreadsheet leaves"),
    ],
)
def test_what_belongs_to_the_rules(name: str, rules: bool) -> None:
    assert belongs(name) is rules


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        pytest.param("scoring.yml", "did you mean 'scoring.yaml'?", id="another suffix"),
        pytest.param("Routing.yaml", "did you mean 'routing.yaml'?", id="a capital letter"),
        pytest.param("teams.yaml", "did you mean 'team.yaml'?", id="a letter too many"),
        pytest.param("calendar.yaml", "did you mean 'calendars.yaml'?", id="a letter too few"),
        pytest.param("a.XLSX", "save the table as CSV with commas", id="a spreadsheet"),
        pytest.param("a.tsv", "save the table as CSV with commas", id="tabs"),
        pytest.param("zz.json", "known are: attributes.yaml", id="something else"),
    ],
)
def test_a_name_that_no_rule_file_has_is_told(name: str, remedy: str) -> None:
    _, mistakes = documents(COMPLETE | {name: b""})
    assert [mistake.what for mistake in mistakes] == ["no rule file has this name"]
    assert mistakes[0].remedy.startswith(remedy)


def test_notes_and_tables_are_no_documents() -> None:
    found, mistakes = documents(COMPLETE | {"README.md": b"[", "a.csv": b"x", "notes": b"["})
    assert set(found) == set(NEEDED)
    assert mistakes == []


def test_a_missing_file_and_one_that_cannot_be_read_are_told_and_are_none() -> None:
    files = dict.fromkeys(NEEDED[1:], b"{}") | {"lifecycle.yaml": b"["}
    found, mistakes = documents(files)
    assert {name for name, document in found.items() if document is None} == {
        NEEDED[0], "lifecycle.yaml",
    }  # fmt: skip
    assert len(mistakes) == 2


@pytest.mark.parametrize(
    ("name", "tests"),
    [
        ("routing_test.yaml", True),
        ("_test.yaml", True),
        ("test.yaml", False),
        ("a_test.yml", False),
    ],
)
def test_a_test_file_is_known_by_its_end(name: str, tests: bool) -> None:
    assert is_test(name) is tests
