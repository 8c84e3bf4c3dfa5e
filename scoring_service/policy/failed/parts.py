"""A condition taken apart: each sub-condition with its text and the closure that serving uses."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rule_engine import ast

from scoring_service.policy.language.compiling import chain, compiled, release
from scoring_service.policy.language.parsing import parsed
from scoring_service.policy.language.symbols import Scope
from scoring_service.policy.language.written import symbols_in, written
from scoring_service.values.condition import Condition


class Joined(StrEnum):
    """How the parts of a condition make it; `alone` has none."""

    ALONE = "alone"
    AND = "and"
    OR = "or"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Part:
    """A condition or a part of one. `symbols` are those it reads, of one that is alone."""

    text: str
    condition: Condition
    joined: Joined = Joined.ALONE
    parts: tuple["Part", ...] = ()
    symbols: tuple[str, ...] = ()


def taken_apart(text: str, seen: Scope) -> Part:
    """The parts of a condition that was loaded before. Raises Refused for any other."""
    expression = parsed(text, seen)
    found = _part(expression, seen)
    release(expression)
    return found


def _part(node: Any, seen: Scope) -> Part:
    if isinstance(node, ast.LogicExpression):
        return _joined(node, seen, Joined(node.type), tuple(chain(node)))
    if isinstance(node, ast.UnaryExpression) and node.type == "not":
        return _joined(node, seen, Joined.NOT, (node.right,))
    return Part(written(node), compiled(node, seen), symbols=symbols_in(node))


def _joined(node: Any, seen: Scope, how: Joined, below: tuple[Any, ...]) -> Part:
    parts = tuple(_part(each, seen) for each in below)
    return Part(written(node), compiled(node, seen), how, parts)


def leaves(part: Part) -> Iterator[Part]:
    """The parts that are not made of others, in the order in which they are asked."""
    if part.joined is Joined.ALONE:
        yield part
    for below in part.parts:
        yield from leaves(below)
