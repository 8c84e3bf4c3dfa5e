"""A condition's text as rule-engine's typed tree, within limits and without what we do not read.

The library builds its tree in two steps. Between them we look at every node: building evaluates
what is constant, so what may hang or reach into Python must not get that far.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from threading import Lock
from typing import Any

import rule_engine
from rule_engine import ast, errors

from scoring_service.policy.language.nodes import READ, REFUSED, RegexComparison
from scoring_service.policy.language.refusal import Refused, shortened
from scoring_service.policy.language.symbols import Scope
from scoring_service.policy.language.untyped import explained

BYTES_MAX = 4 * 1024
NODES_MAX = 200
DEPTH_MAX = 50
DIGITS_MAX = 15
"""Decimal digits that a float always keeps: beyond them equality would depend on rounding."""

_PARSER = rule_engine.Rule.parser
_LOCK = Lock()
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = frozenset("\\'\"abfnrtvxuUN01234567\n")


def parsed(text: str, seen: Scope) -> Any:
    """The tree's uppermost expression; Refused where the text is no condition we read."""
    if len(text.encode(errors="replace")) > BYTES_MAX:
        what = f"the condition is longer than {BYTES_MAX:,} bytes"
        raise Refused(what, "split it, or put its values into a decision table")
    if not text.strip():
        raise Refused("the condition is empty", "write one, such as country == \"DE\", or 'true'")
    tree = _tree(text, seen.context)
    check_nodes(tree)
    try:
        return tree.build().expression
    except errors.EngineError as error:
        raise explained(error, tree, seen) from None
    except (ArithmeticError, ValueError, TypeError, RecursionError) as error:
        what = f"the condition cannot be read: {type(error).__name__}"
        raise Refused(what, "write it in a simpler way") from None


def _tree(text: str, context: rule_engine.Context) -> Any:
    """The nodes as read, none of them built. The parser keeps its state, so one at a time."""
    with _LOCK:
        _PARSER.context = context
        try:
            return _PARSER._parser.parse(text, lexer=_Lexer())
        except errors.EngineError as error:
            raise _unread(text, error) from None
        finally:
            _PARSER.context = None


class _Lexer:
    """The library's, except that a backslash which escapes nothing stays one (as in "\\d+")."""

    def __init__(self) -> None:
        self._lexer = _PARSER._lexer.clone()
        self._lexer.lineno = 1

    def input(self, text: str) -> None:
        self._lexer.input(text)

    def token(self) -> Any:
        token = self._lexer.token()
        if token is not None and token.type == "STRING" and token.value[0] != "r":
            token.value = _ESCAPE.sub(_kept, token.value)
        return token


def _kept(found: re.Match[str]) -> str:
    return found[0] if found[1] in _ESCAPES else f"\\{found[0]}"


def _unread(text: str, error: errors.EngineError) -> Refused:
    """Said so that whoever does not program sees what to change."""
    token = getattr(error, "token", None)
    if token is None:
        if "reserved" in error.message:
            return Refused("else, elif and while are not read in conditions", "write two entries")
        if isinstance(error, errors.RuleSyntaxError):
            return Refused("the condition ends too early", "complete it, and close its brackets")
        value = shortened(str(getattr(error, "value", "")))
        return Refused(f"{error.message}: {value}", "look at its quotes and backslashes")
    at = str(token.value)
    if "illegal character" in error.message:
        at = at[:1]
    what = f"the condition cannot be read at '{shortened(at)}' (character {token.lexpos + 1})"
    if text[: token.lexpos].split()[-1:] == ["NOT"]:
        return Refused(what, "write it in small letters: not")
    return Refused(what, _remedy(at, text))


def _remedy(at: str, text: str) -> str:
    if at.lower() in ("and", "or", "not", "in") and at != at.lower():
        return f"write it in small letters: {at.lower()}"
    if "&&" in text or "||" in text:
        return "write and, or"
    return _REMEDIES.get(at, 'conditions look like: country == "DE" and employees >= 200')


_REMEDIES = {
    "=": "write == to compare",
    "'": "close the quotes, and keep a text on one line",
    '"': "close the quotes, and keep a text on one line",
    "is": "write == null or != null",
    "IS": "write == null or != null",
    "!": "write != to compare, not to turn a condition round",
}


def check_nodes(tree: Any) -> None:
    """Every node of a tree that is not built is one we read, and there are not too many; else
    Refused.
    """
    count = 0
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if count > NODES_MAX:
            what = f"the condition has more than {NODES_MAX} parts"
            raise Refused(what, "split it, or put its values into a decision table")
        if depth > DEPTH_MAX:
            what = f"the condition is nested deeper than {DEPTH_MAX}"
            raise Refused(what, "split it into several, or write a list: x in [...]")
        _read(node)
        waiting.extend((child, depth + 1) for child in children(node))


def children(node: Any) -> Iterator[Any]:
    """The unbuilt nodes directly below an unbuilt one."""
    for value in (*node.args, *node.kwargs.values()):
        for each in value if isinstance(value, tuple | list) or _is_queue(value) else (value,):
            if type(each) is type(node):
                yield each


def _is_queue(value: Any) -> bool:
    return type(value).__name__ == "deque"


def _read(node: Any) -> None:
    kind = node.cls
    if kind in REFUSED:
        raise Refused(*REFUSED[kind])
    if kind not in READ:
        raise Refused(f"{kind.__name__} is not read in conditions", "write it in another way")
    if check := _CHECKS.get(kind):
        check(node)


def _symbol(node: Any) -> None:
    name = node.args[1]
    if node.kwargs.get("scope") is None:
        return
    if name in ("now", "today"):
        what = f"${name} would read the clock, and the decision could not be replayed"
        raise Refused(what, "use activity.<type>.days_since, or 'during:' with a calendar")
    raise Refused(f"${name} is not read in conditions", "name an attribute, without the $")


def _attribute(node: Any) -> None:
    if node.kwargs.get("safe"):
        raise Refused("&. is not read in conditions", "write a plain dot: missing values are null")


def _item(node: Any) -> None:
    if node.kwargs.get("safe"):
        raise Refused("&[ is not read in conditions", "write [...] after a test that it is there")


def _minus(node: Any) -> None:
    operator, right = node.args[1:]
    if operator == "UMINUS" and right.cls is not ast.FloatExpression:
        raise Refused(*REFUSED[ast.ArithmeticExpression])


def _number(node: Any) -> None:
    text = node.args[1]
    if text in ("nan", "inf"):
        raise Refused(f"{text} is no number of a lead", "write a number, or test with == null")
    try:
        number = Decimal(text)
    except ArithmeticError:
        raise Refused(f"{shortened(text)} is not a decimal number", "write digits only") from None
    digits = len(number.as_tuple().digits)
    if digits > DIGITS_MAX or not -DIGITS_MAX <= number.adjusted() < DIGITS_MAX:
        raise Refused(f"{shortened(text)} has more than {DIGITS_MAX} digits", "round it")


def _regex(node: Any) -> None:
    if node.args[3].cls is not ast.StringExpression:
        what = "a regular expression must stand there as a text"
        raise Refused(what, 'write it in quotes: email_domain =~ ".*[.]edu$"')
    node.cls = RegexComparison


_CHECKS = {
    ast.SymbolExpression: _symbol,
    ast.GetAttributeExpression: _attribute,
    ast.GetItemExpression: _item,
    ast.GetSliceExpression: _item,
    ast.UnaryExpression: _minus,
    ast.FloatExpression: _number,
    ast.FuzzyComparisonExpression: _regex,
}
