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
        pytest.param("c.csv", "industry\na\n", "line 1: has no column 'domain'", id="no column"),
        pytest.param(
            "c.csv", "domain;industry\na.de;x\n", "with commas between them", id="semicolons"
        ),
        pytest.param("c.csv", "domain\nsoftware\n", "line 2: 'software' is no domain", id="a word"),
        pytest.param("c.csv", "domain,industry\n,x\n", "line 2: '' is no domain", id="no domain"),
        pytest.param(
            "c.csv",
            "domain,industry,domain\na.de,x,b.de\n",
            "line 1: the column 'domain' stands twice",
            id="a column twice",
        ),
        pytest.param(
            "c.csv",
            "domain,industry\na.de,x\nb.de,x,y\n",
            "line 3: has more cells than columns; quote",
            id="a comma in a cell",
        ),
        pytest.param(
            "c.csv",
            'domain,industry\na.de,x\n"b.de,x\nc.de,y\n',
            "line 3: unexpected end of data; look at the quotes",
            id="a quote that is never closed",
        ),
        pytest.param(
            "c.csv",
            f"domain,industry\na.de,{'x' * 131_073}\n",
            "line 2: .*(field limit|a text has at most)",
            id="a cell larger than CSV may have",
        ),
        pytest.param(
            "c.csv",
            "domain,country\na.de,Germany\n",
            "line 2: lead.country: 'Germany' is no country code",
            id="the name of a country",
        ),
        pytest.param(
            "c.csv", "domain,employees\na.de,-1\n", "line 2: .*-1 is below 0", id="fewer than none"
        ),
        pytest.param(
            "c.csv",
            "domain,annual_revenue\na.de,nan\n",
            "line 2: lead.annual_revenue: nan is no number",
            id="no number for a number",
        ),
        pytest.param(
            "c.csv",
            f"domain,employees\na.de,{1 << 63}\n",
            f"line 2: no lead can hold it: .*{1 << 63}",
            id="more employees than fit",
        ),
        pytest.param(
            "c.json",
            '[{"domain": "a.de", "attributes": {"plan": null}}]',
            "company 1: Expected",
            id="an attribute without a value",
        ),
        pytest.param(
            "c.json",
            '[{"domain": "a.de"}, {"domain": "b.de", "industry": "a\\u0000b"}]',
            "company 2: lead.industry: holds a NUL",
            id="a text that no database takes",
        ),
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


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_bytes(b"domain\n\xfc.example\n")
    with pytest.raises(StartProblem, match=r"cannot read .*c\.csv: .*utf-8"):
        company_file("register", file)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("c.csv", "", id="an empty file"),
        pytest.param("c.csv", "domain,industry\n", id="a header alone"),
        pytest.param("c.json", "[]", id="an empty list"),
    ],
)
async def test_a_file_of_no_companies_knows_none(tmp_path: Path, name: str, text: str) -> None:
    assert await company_file("register", written(tmp_path, name, text)).known_of("a.de") is None


@pytest.mark.parametrize(
    ("row", "known"),
    [
        pytest.param("a.de,,,", Lead(), id="blank cells say nothing"),
        pytest.param("a.de", Lead(), id="cells that are not there say nothing"),
        pytest.param('a.de," it ",,', Lead(industry="it"), id="blanks around a cell are no part"),
        pytest.param("a.de,,0,", Lead(employees=0), id="none are a number"),
        pytest.param("a.de,,,|x| y |", Lead(technologies=("x", "y")), id="parts that are blank"),
        pytest.param('a.de,"a,b",,', Lead(industry="a,b"), id="a comma in quotes"),
        pytest.param("https://www.a.de/x,it,,", Lead(industry="it"), id="an address for a domain"),
    ],
)
async def test_what_a_row_says(tmp_path: Path, row: str, known: Lead) -> None:
    text = f"\ufeffdomain,industry,employees,technologies\n\n{row}\n"
    file = company_file("register", written(tmp_path, "c.csv", text))
    assert await file.known_of("a.de") == known
