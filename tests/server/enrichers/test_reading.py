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
            "enrichers: [{name: a, url: 'https://x/'}]", "write {domain} there", id="no place"
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


def at(url: str) -> str:
    return f"enrichers: [{{name: a, url: {url!r}}}]"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://x/{domain}", id="in the path"),
        pytest.param("https://x/companies/{domain}/facts?full=1", id="amid the path"),
        pytest.param("http://x:8080?of={domain}", id="in the query, at a port"),
        pytest.param("https://h/{domain}", id="at a host that the scheme has letters of"),
    ],
)
def test_an_address_says_where_the_domain_goes(tmp_path: Path, url: str) -> None:
    (http,) = read(tmp_path, at(url))
    assert isinstance(http, CompanyHttp)
    assert http.url == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param(
            "https://{domain}/about", "{domain} in its host", id="a lead chooses the host"
        ),
        pytest.param(
            "https://{domain}.x.example/{domain}", "{domain} in its host", id="a part of the host"
        ),
        pytest.param(
            "https://x/#{domain}", "where the domain of a company goes", id="a part never sent"
        ),
        pytest.param("https://[::x/{domain}", "is no address (Invalid IPv6", id="half a bracket"),
        pytest.param("https://x:port/{domain}", "is no address (Port", id="a port that is a word"),
        pytest.param("https://x:0/{domain}", "has port 0", id="port 0"),
        pytest.param("https://x/ü/{domain}", "beyond ASCII", id="an umlaut"),
        pytest.param("https://me:pw@x/{domain}", "a user before its host", id="a password"),
        pytest.param("https://a..b/{domain}", "empty or too long part", id="two dots"),
        pytest.param("https:///{domain}", "begin it with https://", id="no host"),
        pytest.param("file:///etc/{domain}", "begin it with https://", id="a file"),
    ],
)
def test_an_address_that_cannot_be_asked_is_named_at_the_start(
    tmp_path: Path, url: str, said: str
) -> None:
    with pytest.raises(StartProblem) as refused:
        read(tmp_path, at(url))
    assert f"enrichers.yaml, enricher 'a': {url!r} " in str(refused.value)
    assert said in str(refused.value)


def test_no_enrichers_are_none(tmp_path: Path) -> None:
    assert read(tmp_path, "enrichers: []") == read(tmp_path, "{}") == ()


@pytest.mark.parametrize(("many", "fine"), [(5, True), (6, False)])
def test_so_many_are_asked_and_no_more(tmp_path: Path, many: int, fine: bool) -> None:
    entries = ", ".join(f"{{name: a{n}, file: companies.csv}}" for n in range(many))
    if fine:
        assert len(read(tmp_path, f"enrichers: [{entries}]")) == many
    else:
        with pytest.raises(StartProblem, match="names more than 5 enrichers"):
            read(tmp_path, f"enrichers: [{entries}]")


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        pytest.param("a", True, id="a letter"),
        pytest.param("crm-2_b", True, id="letters, digits and dashes"),
        pytest.param("x" * 50, True, id="as long as may be"),
        pytest.param("x" * 51, False, id="a letter longer"),
        pytest.param("", False, id="nothing"),
        pytest.param("A", False, id="a capital"),
        pytest.param("a b", False, id="a blank"),
    ],
)
def test_an_enricher_has_a_name_that_stands_in_histories(
    tmp_path: Path, name: str, fine: bool
) -> None:
    text = f"enrichers: [{{name: '{name}', file: companies.csv}}]"
    if fine:
        (found,) = read(tmp_path, text)
        assert isinstance(found, CompanyFile)
        assert found.name == name
    else:
        with pytest.raises(StartProblem, match="name"):
            read(tmp_path, text)


def test_an_address_is_asked_without_a_token_where_none_is_named(tmp_path: Path) -> None:
    (http,) = read(tmp_path, at("https://x/{domain}"))
    assert isinstance(http, CompanyHttp)
    assert (http.token, http.seconds) == ("", 2.0)


@pytest.mark.parametrize("seconds", ["0", "-1", "2.01"])
def test_an_answer_may_take_some_time_and_not_much(tmp_path: Path, seconds: str) -> None:
    with pytest.raises(StartProblem, match="seconds"):
        read(tmp_path, f"enrichers: [{{name: a, url: 'https://x/{{domain}}', seconds: {seconds}}}]")


def test_an_empty_token_is_none(tmp_path: Path) -> None:
    with pytest.raises(StartProblem, match="the environment has no DATA_TOKEN"):
        read(tmp_path, GOOD, DATA_TOKEN="")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartProblem, match="cannot read"):
        enrichers_in(tmp_path / "none.yaml", {}, lambda: 0.0)
