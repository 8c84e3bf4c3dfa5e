"""What names a store."""

from pathlib import Path

import pytest

from scoring_service.store.database import open_database
from scoring_service.store.problems import StoreProblem
from scoring_service.store.url import PostgresUrl, SqliteUrl, parse


@pytest.mark.parametrize(
    ("url", "place"),
    [
        pytest.param("sqlite:///leads.db", SqliteUrl(Path("leads.db")), id="three slashes, here"),
        pytest.param("sqlite:////var/l.db", SqliteUrl(Path("/var/l.db")), id="four, from the root"),
        pytest.param("sqlite:///./a b.db", SqliteUrl(Path("a b.db")), id="any file name"),
        pytest.param(
            "postgresql://u:p@h:5/d?sslmode=require",
            PostgresUrl("postgresql://u:p@h:5/d?sslmode=require"),
            id="a server",
        ),
        pytest.param("postgres://h/d", PostgresUrl("postgresql://h/d"), id="its short name"),
    ],
)
def test_a_url_names_a_store(url: str, place: object) -> None:
    assert parse(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "",
        "leads.db",
        "sqlite://",
        "sqlite:///",
        "sqlite://leads.db",
        pytest.param("sqlite:///.", id="the folder we are in"),
        pytest.param("sqlite:////", id="the folder of all folders"),
        pytest.param("sqlite:///data/..", id="a folder by the way up"),
        pytest.param("sqlite:///..", id="the folder above"),
        pytest.param("SQLITE:///leads.db", id="a scheme in capitals"),
        "postgresql://",
        "mysql://h/d",
    ],
)
def test_anything_else_is_refused_with_what_would_do(url: str) -> None:
    with pytest.raises(StoreProblem, match=r"sqlite:///path or postgresql://user@host/database\.$"):
        open_database(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("mysql://h/d", "at mysql://...:", id="another scheme is shown alone"),
        pytest.param("leads.db", "at it:", id="what has no scheme is not shown"),
    ],
)
def test_what_is_shown_of_a_refused_url(url: str, shown: str) -> None:
    with pytest.raises(StoreProblem, match="no store can be opened") as problem:
        parse(url)
    assert shown in str(problem.value)


def test_a_refused_url_is_not_repeated_for_it_may_hold_a_password() -> None:
    with pytest.raises(StoreProblem) as problem:
        parse("mysql://root:secret@host/leads")
    assert "secret" not in str(problem.value)
    assert "mysql://" in str(problem.value)
