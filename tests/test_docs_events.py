"""The page for intake tells of every event, with a payload that is one of its type."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scoring_service.workflows.events import (
    EVENT_TYPES,
    JoinedExperiment,
    OwnerChanged,
    StageChanged,
)
from scoring_service.workflows.firing.book import HandedOver
from scoring_service.workflows.firing.firing import Escalated
from scoring_service.workflows.firing.handover import Disowned
from scoring_service.workflows.notices import NoticeSent
from scoring_service.workflows.pins import PinChanged
from scoring_service.workflows.sales.telling import Acted, Contacted, Traded
from scoring_service.workflows.team.availability import AvailabilityChanged

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8")
PAYLOADS: dict[str, type[msgspec.Struct]] = {
    "lead.assigned": OwnerChanged,
    "lead.queued": OwnerChanged,
    "lead.enrolled": OwnerChanged,
    "lead.stage_changed": StageChanged,
    "lead.accepted": Acted,
    "lead.rejected": Acted,
    "lead.qualified": Acted,
    "lead.lost": Acted,
    "lead.contacted": Contacted,
    "lead.opportunity_opened": Traded,
    "lead.won": Traded,
    "lead.joined_experiment": JoinedExperiment,
    "lead.escalated": Escalated,
    "notice": NoticeSent,
    "account.disowned": Disowned,
    "lead.pinned": PinChanged,
    "lead.unpinned": PinChanged,
    "rep.availability_changed": AvailabilityChanged,
    "rep.handed_over": HandedOver,
}
TELLS = {"emit", "acted", "_type"}
"""Functions whose constants, given or returned, are types of events."""


def _constants(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        called = isinstance(node, ast.Call) and getattr(node.func, "id", "") in TELLS
        if called or (isinstance(node, ast.FunctionDef) and node.name in TELLS):
            yield from (
                inner.value
                for inner in ast.walk(node)
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
            )


def test_every_type_that_is_emitted_is_told_of() -> None:
    emitted = {
        constant
        for path in (ROOT / "scoring_service" / "workflows").rglob("*.py")
        for constant in _constants(path)
        if re.fullmatch(r"[a-z]+\.[a-z_]+|notice", constant)
    }
    assert emitted == set(PAYLOADS) == EVENT_TYPES
    assert {name for name in PAYLOADS if f"`{name}`" not in PAGE} == set()


def _examples() -> dict[str, Any]:
    found = re.search(r"<!-- payloads -->\n```json\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    together: dict[str, Any] = {}
    for line in found[1].splitlines():
        together |= json.loads(line)
    return together


def test_there_is_an_example_of_each() -> None:
    assert set(_examples()) == set(PAYLOADS)


@pytest.mark.parametrize("name", PAYLOADS)
def test_an_example_is_what_is_sent(name: str) -> None:
    """It comes back as it was: no field too many, none missing, every value as it is written."""
    example = _examples()[name]
    payload = msgspec.convert(example, PAYLOADS[name])
    assert json.loads(msgspec.json.encode(payload)) == example
