"""The nodes of a condition: those we read, those we refuse and why; google-re2 in the library's
regex node.
"""

import operator
from typing import Any

from rule_engine import ast

from scoring_service.policy.language.regex import engine


class RegexComparison(ast.FuzzyComparisonExpression):  # type: ignore[misc]
    """The library's node for `=~` and its kin, with google-re2 in place of `re`."""

    def _compile_regex(self, regex: str) -> Any:
        return engine(regex)


READ = frozenset(
    {
        ast.Statement,
        ast.LogicExpression,
        ast.UnaryExpression,
        ast.ComparisonExpression,
        ast.ArithmeticComparisonExpression,
        ast.FuzzyComparisonExpression,
        ast.ContainsExpression,
        ast.SymbolExpression,
        ast.GetAttributeExpression,
        ast.GetItemExpression,
        ast.GetSliceExpression,
        ast.CoalesceExpression,
        ast.ArrayExpression,
        ast.BooleanExpression,
        ast.DatetimeExpression,
        ast.FloatExpression,
        ast.NullExpression,
        ast.StringExpression,
    }
)

_NO_ARITHMETIC = (
    "conditions do not calculate",
    "compare the attribute with a number, or send the result as an attribute of its own",
)
REFUSED: dict[type, tuple[str, str]] = {
    ast.AddExpression: _NO_ARITHMETIC,
    ast.SubtractExpression: _NO_ARITHMETIC,
    ast.ArithmeticExpression: _NO_ARITHMETIC,
    ast.BitwiseExpression: ("& and | are not read in conditions", "write and, or"),
    ast.BitwiseShiftExpression: _NO_ARITHMETIC,
    ast.FunctionCallExpression: (
        "conditions call no functions",
        'use a comparison: =~ "abc" for how a text begins, =~~ "abc" for what is in it',
    ),
    ast.ComprehensionExpression: (
        "conditions build no lists with for",
        'test one value: "salesforce" in technologies',
    ),
    ast.TernaryExpression: (
        "? : is not read in conditions",
        "write two entries, or join both cases with and, or",
    ),
    ast.SetExpression: ("{...} is not read in conditions", "write a list: [...]"),
    ast.MappingExpression: ("{...} is not read in conditions", "write a list: [...]"),
    ast.BytesExpression: ('b"..." is not read in conditions', "write a text without the b"),
    ast.TimedeltaExpression: (
        'spans of time t"..." are not read in conditions',
        "compare activity.<type>.days_since with a number of days",
    ),
}

ORDER = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}
FLIPPED = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}
SIGNS = {
    "ge": ">=",
    "gt": ">",
    "le": "<=",
    "lt": "<",
    "eq": "==",
    "ne": "!=",
    "eq_fzm": "=~",
    "eq_fzs": "=~~",
    "ne_fzm": "!~",
    "ne_fzs": "!~~",
}
