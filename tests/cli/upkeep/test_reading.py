"""A store that a command only reads is never made by it, and spans are told apart."""

from datetime import timedelta
from pathlib import Path

import click
import pytest

from scoring_service.cli.problem import Problem
from scoring_service.cli.upkeep.reading import reading, since_span
from scoring_service.store.database import open_database
from scoring_service.store.problems import StoreProblem


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'leads.db'}"
    with pytest.raises(Problem, match=r"there is no store at .*; ask somebody"):
        reading(store, "ask somebody").__enter__()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "leads.db").write_bytes(b"")
    with pytest.raises(StoreProblem):
        reading(f"sqlite:///{tmp_path / 'leads.db'}").__enter__()


def test_a_store_is_read_and_given_back(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'leads.db'}"
    database = open_database(store)
    database.migrate()
    database.close()
    with reading(store) as reader:
        assert reader.lead("nobody") is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        pytest.param("30d", timedelta(days=30), id="days"),
        pytest.param("36h", timedelta(hours=36), id="hours"),
    ],
)
def test_how_far_back_is_elapsed_time(text: str, span: timedelta) -> None:
    assert since_span(text) == span


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("4bh", "is business time; write elapsed time", id="business hours"),
        pytest.param("soon", "--since .*soon", id="a word"),
        pytest.param("30", "--since ", id="a bare number"),
    ],
)
def test_what_is_no_elapsed_time_is_told(text: str, what: str) -> None:
    with pytest.raises(click.UsageError, match=what):
        since_span(text)
