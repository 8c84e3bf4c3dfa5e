"""Conditions of rule files, compiled once: text in, a function of a lead's symbols out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from scoring_service.domain.schema import Schema
from scoring_service.policy.document import Document, Path
from scoring_service.policy.language.compiling import compiled, release
from scoring_service.policy.language.narrowing import narrowing
from scoring_service.policy.language.parsing import parsed
from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.symbols import Scope, fit_symbols, scope, table_symbols
from scoring_service.policy.mistake import Mistake
from scoring_service.policy.necessary import Necessary
from scoring_service.values.condition import Condition


@dataclass(frozen=True, slots=True)
class Compiled:
    """One condition of a rule file.

    `necessary` are tests without which it does not match: what the index works with. With `exact`
    they are the whole condition.
    """

    text: str
    condition: Condition
    necessary: tuple[Necessary, ...] = ()
    exact: bool = False


def compile_condition(text: str, seen: Scope) -> Compiled:
    """The text as a function of the symbols of this scope; Refused where it is not one we read."""
    expression = parsed(text, seen)
    condition = compiled(expression, seen)
    narrow = narrowing(expression, seen.symbols)
    release(expression)
    return Compiled(text, condition, narrow.tests, narrow.exact)


class Conditions:
    """The conditions of one policy, with every mistake in them.

    `known` is Policy.compiled of the policy before: what it compiled, by schema, then by text.
    """

    def __init__(
        self,
        schema: Schema,
        activity_types: Collection[str],
        known: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        self.mistakes: list[Mistake] = []
        self._fit = scope(fit_symbols(schema))
        self._route = scope(table_symbols(schema, activity_types))
        self._known = known or {}
        self._used: dict[str, dict[str, Compiled]] = {}

    def fit(self, document: Document, path: Path, text: str) -> Compiled:
        """A criterion of fit or disqualification: it sees the lead, its account and its source."""
        return self._compiled(self._fit, document, path, text)

    def route(self, document: Document, path: Path, text: str) -> Compiled:
        """A condition of a route or a pool's member: it sees every symbol."""
        return self._compiled(self._route, document, path, text)

    @property
    def compiled(self) -> Mapping[str, Mapping[str, object]]:
        """What this policy uses, for Policy.compiled."""
        return self._used

    def _compiled(self, seen: Scope, document: Document, path: Path, text: str) -> Compiled:
        used = self._used.setdefault(seen.digest, {})
        if text in used:
            return used[text]
        found = self._known.get(seen.digest, {}).get(text)
        try:
            used[text] = found if isinstance(found, Compiled) else compile_condition(text, seen)
        except Refused as refused:
            self.mistakes.append(document.mistake(path, refused.what, refused.remedy))
            return Compiled(text, _never)
        return used[text]


def _never(_: object) -> bool:
    """Stands where a mistake is; a policy with mistakes is never used."""
    return False
