"""The parser of conditions begins with its tables: those of the library that is installed."""

import sys
from pathlib import Path
from runpy import run_path
from typing import Any

from rule_engine.engine import Rule

from scoring_service.policy.language import parser_tables

SCRIPT = Path(__file__).parents[3] / ".ci" / "parser_tables.py"


def _words(text: str) -> list[str]:
    """Without regard to how docstrings are indented, which later Pythons change."""
    return text.replace("\\n", " ").split()


def test_they_are_what_the_library_would_build() -> None:
    script: dict[str, Any] = run_path(str(SCRIPT))
    assert parser_tables.__file__ is not None
    committed = Path(parser_tables.__file__).read_text(encoding="utf-8")
    assert _words(script["written"]()) == _words(committed), f"run python {SCRIPT.name}"


def test_they_are_used() -> None:
    """From Python 3.13 on, whose docstrings differ, the library builds its own."""
    used = Rule.parser._parser.action is parser_tables._lr_action
    assert used is (sys.version_info < (3, 13))
