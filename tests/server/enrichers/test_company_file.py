"""Companies of a file: read once, whatever is wrong is named with its place."""

from pathlib import Path

import pytest

from scoring_service.server.enrichers.company_file import CompanyFile, company_file
from scoring_service.server.start_problem import StartProblem
from scoring_service.values.lead import Lead

CSV = """domain,industry,employees,technologies,attributes.plan
www.acme.example,software,500,hubspot | salesforce,pro
b.example,,,,
"""
JSON = """[{"domain": "acme.example", "industry": "software", "employees": 500,
 "technologies": ["hubspot", "salesforce"], "attributes": {"plan": "pro"}}, {"domain": "b.example"}]
"""
ACME = Lead(
    industry="software",
    employees=500,
    technologies=("hubspot", "salesforce"),
    attributes={"plan": "pro"},
)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.mark.parametrize(("name", "text"), [("c.csv", CSV), ("c.json", JSON)])
async def test_a_company_is_found_by_its_domain(tmp_path: Path, name: str, text: str) -> None:
    file: CompanyFile = company_file("register", written(tmp_path, name, text))
    assert await file.known_of("acme.example") == ACME
    assert await file.known_of("b.example") == Lead()
    assert await file.known_of("c.example") is None


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("c.csv", "domain,size\na.example,5\n", "line 2: .*size", id="no such field"),
        pytest.param(
            "c.csv", "domain,employees\na.example,many\n", "line 2: .*employees", id="no number"
        ),
        pytest.param("c.csv", "industry\nsoftware\n", "line 2: .*no domain", id="no domain"),
        pytest.param(
            "c.csv", "domain\na.example\nwww.a.example\n", "line 3: .*line 2 too", id="twice"
        ),
        pytest.param(
            "c.csv", "domain,email\na.example,x@a.example\n", "line 2: .*email", id="a person"
        ),
        pytest.param("c.json", '{"domain": "a.example"}', "give a list", id="no list"),
        pytest.param(
            "c.json", '[{"domain": 5}]', "company 1: .*no domain", id="a number as domain"
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(StartProblem, match=said):
        company_file("register", written(tmp_path, name, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartProblem, match=r"cannot read .*c\.csv"):
        company_file("register", tmp_path / "c.csv")
