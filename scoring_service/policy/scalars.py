"""YAML scalars as values. What two readers would read differently stays a text, as written."""

import math
import re
from datetime import date, datetime
from typing import Any

import yaml

_TAG = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,18})")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]*([eE][-+]?[0-9]+)?")
_TRUE = frozenset({"yes", "true", "on"})
_CONSTRUCTOR = yaml.constructor.SafeConstructor()


class BadScalarError(Exception):
    """A scalar that is no value of a rule file."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def scalar(node: yaml.ScalarNode) -> Any:
    """Text, int, float, bool, None, date or datetime; BadScalarError for anything else.

    Octal, hexadecimal, sexagesimal and underscored numbers stay texts: `01234` is a postal code.
    """
    kind, text = node.tag.removeprefix(_TAG), node.value
    match kind:
        case "str":
            return text
        case "int":
            return int(text) if _DECIMAL.fullmatch(text) else text
        case "bool":
            return text.lower() in _TRUE
        case "null":
            return None
        case "float":
            return _float(text)
        case "timestamp":
            return _timestamp(node)
    raise BadScalarError(f"the tag {node.tag} is not read", "remove the tag")


def _float(text: str) -> float | str:
    if text.lower().lstrip("+-") in (".nan", ".inf"):
        raise BadScalarError(f"{text} is not a finite number", "write a plain number")
    if not _FLOAT.fullmatch(text):
        return text
    if not math.isfinite(number := float(text)):
        raise BadScalarError(f"{text} is not a finite number", "write a plain number")
    return number


def _timestamp(node: yaml.ScalarNode) -> date | datetime:
    try:
        value = _CONSTRUCTOR.construct_yaml_timestamp(node)
    except (ValueError, AttributeError, OverflowError):
        raise BadScalarError(
            f"there is no date {node.value}", "write a date such as 2026-08-03"
        ) from None
    assert isinstance(value, date)
    return value
