"""The file that names who is asked about companies: what is wrong with it is named."""

from pathlib import Path

import pytest

from scoring_service.server.enrichers.company_file import CompanyFile
from scoring_service.server.enrichers.company_http import CompanyHttp
from scoring_service.server.enrichers.reading import enrichers_in
from scoring_service.server.start_problem import StartProblem

GOOD = """
enrichers:
  - {name: register, file: companies.csv}
  - {name: provider, url: "https://data.example/{domain}", token: DATA_TOKEN, seconds: 1}
"""


def read(folder: Path, text: str, **environment: str) -> tuple[object, ...]:
    file = folder / "enrichers.yaml"
    file.write_text(text)
    (folder / "companies.csv").write_text("domain\na.example\n")
    return enrichers_in(file, environment, lambda: 0.0)


def test_enrichers_stand_in_the_order_in_which_they_are_believed(tmp_path: Path) -> None:
    file, http = read(tmp_path, GOOD, DATA_TOKEN="secret")
    assert isinstance(file, CompanyFile)
    assert isinstance(http, CompanyHttp)
    assert (file.name, http.name, http.token, http.seconds) == ("register", "provider", "secret", 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(GOOD, "no DATA_TOKEN", id="no token in the environment"),
        pytest.param("enrichers: [{name: a}]", "either a file or a url", id="neither"),
        pytest.param(
            "enrichers: [{name: a, file: companies.csv, url: 'https://x/{domain}'}]",
            "either a file or a url",
            id="both",
        ),
        pytest.param(
            "enrichers: [{name: a, url: 'ftp://x/{domain}'}]", "https://", id="no address"
        ),
        pytest.param(
            "enrichers: [{name: a, url: 'https://x/'}]", "domain", id="no place for a domain"
        ),
        pytest.param(
            "enrichers: [{name: a, url: 'https://x/{domain}', seconds: 9}]", "seconds", id="slow"
        ),
        pytest.param("enrichers: [{name: A b, file: companies.csv}]", "name", id="no name"),
        pytest.param("enrichers: [{name: a, path: b}]", "path", id="an unknown key"),
        pytest.param("enrichers: [", "does not load", id="no YAML"),
        pytest.param(
            "enrichers: [{name: a, file: companies.csv}, {name: a, file: companies.csv}]",
            "two enrichers 'a'",
            id="a name twice",
        ),
        pytest.param(f"enrichers: [{', '.join(['{name: a}'] * 6)}]", "more than 5", id="too many"),
        pytest.param("enrichers: [{name: a, file: other.csv}]", "cannot read", id="no such file"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StartProblem, match=said):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartProblem, match="cannot read"):
        enrichers_in(tmp_path / "none.yaml", {}, lambda: 0.0)
