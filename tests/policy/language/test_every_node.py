"""Every kind of node that the library has: read and agreed upon, or refused with a remedy."""

from collections.abc import Callable, Iterator
from inspect import isclass
from typing import Any

import pytest
from rule_engine import ast

from scoring_service.policy.conditions import Compiled
from scoring_service.policy.language.nodes import READ, REFUSED
from scoring_service.policy.language.parsing import check_nodes, parsed
from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.symbols import Scope

Says = Callable[..., bool | None]
Refusal = Callable[[str], str]

NEVER_WRITTEN = {
    ast.ASTNodeBase,
    ast.BinaryExpressionBase,
    ast.Comment,
    ast.ExpressionBase,
    ast.FunctionExpression,
    ast.LeftOperatorRightExpressionBase,
    ast.LiteralExpressionBase,
}
"""Bases of others, notes behind a #, and functions as values, for which there is no literal."""

COMPILED = {
    ast.LogicExpression: 'country == "DE" and vip',
    ast.UnaryExpression: "not vip",
    ast.ComparisonExpression: 'country == "DE"',
    ast.ArithmeticComparisonExpression: "employees >= 5",
    ast.FuzzyComparisonExpression: 'country =~ "D"',
    ast.ContainsExpression: 'country in ["DE"]',
    ast.SymbolExpression: "vip",
    ast.GetAttributeExpression: 'account.country == "DE"',
    ast.CoalesceExpression: "(employees ?? 7) == 7",
    ast.ArrayExpression: "employees in [5, 7]",
    ast.BooleanExpression: "vip == true",
    ast.DatetimeExpression: 'since == d"2026-03-31"',
    ast.FloatExpression: "employees == 5",
    ast.NullExpression: "country == null",
    ast.StringExpression: '"DE" in technologies',
}
BY_THE_LIBRARY = {
    ast.ComparisonExpression: "country == account.country",
    ast.ArithmeticComparisonExpression: "employees > account.employees",
    ast.ContainsExpression: "country in technologies",
    ast.GetAttributeExpression: "since.year == 2026",
    ast.GetItemExpression: 'country[0] == "D"',
    ast.GetSliceExpression: 'country[:1] == "D"',
}
NOT_READ = {
    ast.AddExpression: "employees + 1 > 2",
    ast.SubtractExpression: "employees - 1 > 2",
    ast.ArithmeticExpression: "employees * 2 > 2",
    ast.BitwiseExpression: "vip | vip",
    ast.BitwiseShiftExpression: "employees << 2 > 2",
    ast.FunctionCallExpression: "$any(technologies)",
    ast.ComprehensionExpression: "[x for x in technologies] == []",
    ast.TernaryExpression: "vip ? vip : vip",
    ast.SetExpression: 'country in {"DE", "AT"}',
    ast.MappingExpression: '{"a": 1} == null',
    ast.BytesExpression: 'b"DE" == b"DE"',
    ast.TimedeltaExpression: 't"P1D" == null',
}
LEADS: tuple[dict[str, Any], ...] = (
    {"account": {}},
    {"country": "DE", "employees": 5, "vip": True, "account": {"country": "DE", "employees": 1}},
    {"country": "", "employees": 7.0, "technologies": ("DE", ""), "account": {"country": 5}},
    {"country": 5, "employees": "5", "vip": "x", "since": 5, "technologies": 5, "account": None},
)


def kinds() -> set[type]:
    """The library's nodes; a later version may have more."""
    return {
        found
        for found in vars(ast).values()
        if isclass(found) and issubclass(found, ast.ASTNodeBase)
    }


def test_each_node_of_the_library_is_read_refused_or_never_written() -> None:
    assert kinds() == READ | REFUSED.keys() | NEVER_WRITTEN
    assert not (READ | REFUSED.keys()) & NEVER_WRITTEN


def test_each_node_that_is_read_or_refused_is_shown_below() -> None:
    assert COMPILED.keys() | BY_THE_LIBRARY.keys() | {ast.Statement} == READ
    assert NOT_READ.keys() == REFUSED.keys()


def nodes(node: Any) -> Iterator[Any]:
    """A built tree from above, by whatever holds nodes."""
    yield node
    names = {name for kind in type(node).__mro__ for name in getattr(kind, "__slots__", ())}
    for name in (names | vars(node).keys()) - {"context"}:
        below = getattr(node, name, None)
        for each in below if isinstance(below, tuple | list) else (below,):
            if isinstance(each, ast.ASTNodeBase):
                yield from nodes(each)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(kind, text, id=f"{kind.__name__} {how}")
        for how, examples in (("compiled", COMPILED), ("by the library", BY_THE_LIBRARY))
        for kind, text in examples.items()
    ],
)
def test_a_node_that_is_read_says_what_the_library_says(
    says: Says, seen: Scope, kind: type, text: str
) -> None:
    assert any(isinstance(node, kind) for node in nodes(parsed(text, seen)))
    outcomes = {says(text, **lead) for lead in LEADS}
    assert len(outcomes) > 1


@pytest.mark.parametrize(
    ("kind", "text"),
    [pytest.param(kind, text, id=kind.__name__) for kind, text in NOT_READ.items()],
)
def test_a_node_that_is_not_read_is_refused_as_such(
    refused: Refusal, kind: type, text: str
) -> None:
    assert refused(text) == "; ".join(REFUSED[kind])


class Unbuilt:
    """A node as the library's parser leaves it: its class and what it will be built from."""

    def __init__(self, cls: type, *args: Any) -> None:
        self.cls, self.args, self.kwargs = cls, (None, *args), dict[str, Any]()


class LaterExpression(ast.ExpressionBase):  # type: ignore[misc]
    """A kind of node that a later version of the library may have."""


@pytest.mark.parametrize("kind", [LaterExpression, ast.FunctionExpression, ast.Comment])
def test_a_node_that_nobody_has_thought_of_is_refused_wherever_it_stands(kind: type) -> None:
    for tree in (Unbuilt(kind), Unbuilt(ast.UnaryExpression, "not", Unbuilt(kind))):
        with pytest.raises(Refused, match=f"{kind.__name__} is not read in conditions"):
            check_nodes(tree)
    check_nodes(Unbuilt(ast.NullExpression))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            'country["__class__"] == "x"',
            'there is no "__class__" in country, which is a text;'
            " only texts and lists have parts, by number: postal_code[:2]",
            id="Python's insides of a text",
        ),
        pytest.param(
            'account["__class__"] == null',
            'there is no "__class__" in account, which is a group of symbols;'
            " write a dot: account.account_id",
            id="Python's insides of a group",
        ),
        pytest.param(
            'account["owner"] == "anna"',
            'there is no "owner" in account, which is a group of symbols;'
            " write a dot: account.account_id",
            id="brackets for a dot",
        ),
        pytest.param(
            'country == "DE" and technologies["sap"] == "x"',
            'there is no "sap" in technologies, which is a list;'
            " only texts and lists have parts, by number: postal_code[:2]",
            id="a text for a place, in the second part",
        ),
        pytest.param(
            "employees[0] == 5",
            "there is no 0 in employees, which is a number;"
            " only texts and lists have parts, by number: postal_code[:2]",
            id="a digit of a number",
        ),
        pytest.param(
            'country["a":"b"] == "x"',
            "a place in [...] must be a number; write it out: postal_code[:2]",
            id="from a text to a text",
        ),
    ],
)
def test_a_part_that_nothing_has_is_refused_by_the_symbol_s_name(
    refused: Refusal, text: str, said: str
) -> None:
    assert refused(text) == said


def test_a_place_beyond_the_end_cannot_be_evaluated(
    compiled: Callable[[str], Compiled], says: Says
) -> None:
    assert compiled('country[7] == "x"').necessary == ()
    assert says('country[7] == "x"', country="DE") is None
    assert says('country[7:] == ""', country="DE") is True
