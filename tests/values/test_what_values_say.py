"""What values say of themselves, and what is the same whatever wrote it."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from typing import Any, get_args

import msgspec
import pytest

from scoring_service import values
from scoring_service.values.happening import Happening
from scoring_service.values.instant import MICROSECOND
from scoring_service.values.lead import Lead
from scoring_service.values.score import Contribution, Dimension
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.values.webhook import Endpoint

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def stored(stage: Stage, merged_into: str = "") -> StoredLead:
    return StoredLead(
        Lead("l1"), "l1", stage, MONDAY, MONDAY, MONDAY, merged_into=merged_into
    )  # fmt: skip


@pytest.mark.parametrize("stage", Stage)
def test_a_lead_is_unfinished_until_it_is_customer_or_disqualified(stage: Stage) -> None:
    assert stored(stage).unfinished is (stage not in {Stage.CUSTOMER, Stage.DISQUALIFIED})


@pytest.mark.parametrize("stage", Stage)
def test_nobody_has_to_do_anything_about_a_lead_that_is_merged(stage: Stage) -> None:
    assert not stored(stage, "l2").unfinished


@pytest.mark.parametrize(
    ("types", "wanted"),
    [
        pytest.param(frozenset(), True, id="no types are all"),
        pytest.param(frozenset({"lead.assigned"}), True, id="the type is among them"),
        pytest.param(frozenset({"lead.won"}), False, id="it is not"),
        pytest.param(frozenset({"lead"}), False, id="a part of its name is another name"),
    ],
)
def test_which_events_a_receiver_wants(types: frozenset[str], wanted: bool) -> None:
    assert Endpoint("crm", "https://a.example", b"", types).wants("lead.assigned") is wanted


def _kinds() -> Iterator[tuple[str, type]]:
    for kind in get_args(Happening):
        yield str(kind.__struct_config__.tag), kind


def test_every_kind_of_happening_has_a_word_of_its_own() -> None:
    words = [word for word, _ in _kinds()]
    assert len(words) == len(set(words)) == 14
    assert all(word.isidentifier() and word == word.lower() for word in words)


@pytest.mark.parametrize(
    ("at", "occurred"),
    [
        pytest.param(None, None, id="points of a type or a criterion have no instant"),
        pytest.param(0, datetime(1970, 1, 1, tzinfo=UTC), id="the first instant is one"),
        pytest.param(1_772_445_600_000_001, MONDAY + MICROSECOND, id="to the microsecond"),
    ],
)
def test_when_what_points_are_for_happened(at: int | None, occurred: datetime | None) -> None:
    assert Contribution(Dimension.BEHAVIOUR, "visit", 0.3, at).occurred_at == occurred


def _values() -> Iterator[Any]:
    """Every class of values but the words and what is raised."""
    for module in pkgutil.iter_modules(values.__path__):
        found = importlib.import_module(f"{values.__name__}.{module.name}")
        for kind in vars(found).values():
            mine = isinstance(kind, type) and kind.__module__ == found.__name__
            if mine and not issubclass(kind, Enum | Exception):
                yield pytest.param(kind, id=f"{module.name}.{kind.__name__}")


@pytest.mark.parametrize("kind", [*_values()])
def test_every_value_is_frozen_and_has_no_place_for_anything_else(kind: Any) -> None:
    struct, plain = issubclass(kind, msgspec.Struct), dataclasses.is_dataclass(kind)
    assert struct or plain
    assert kind.__struct_config__.frozen if struct else kind.__dataclass_params__.frozen
    assert "__dict__" not in dir(kind)


def test_the_search_for_values_finds_them() -> None:
    found = {case.id for case in _values()}
    assert {"team.Rep", "lead.Lead", "stored.StoredLead", "happening.Win"} <= found
    assert len(found) > 70
