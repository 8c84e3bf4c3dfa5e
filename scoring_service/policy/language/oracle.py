"""The library's own evaluation of a condition: what ours is compared with, in tests and benchmarks.

Only its regex node is ours: `re` and google-re2 differ on `$` before a newline and on `\\d \\w \\s`
beyond ASCII.
"""

import decimal
from collections.abc import Callable

from scoring_service.policy.language.parsing import parsed
from scoring_service.policy.language.symbols import Scope
from scoring_service.values.condition import ConditionError, Symbols


def oracle(text: str, scope: Scope) -> Callable[[Symbols], bool]:
    """The condition as the library has it; ConditionError for whatever the library raises."""
    context = scope.context
    expression = parsed(text, scope)

    def matches(symbols: Symbols) -> bool:
        try:
            with decimal.localcontext(context.decimal_context):
                return bool(expression.evaluate(symbols))
        except Exception as error:
            raise ConditionError(f"{type(error).__name__}: {error}") from None

    return matches
