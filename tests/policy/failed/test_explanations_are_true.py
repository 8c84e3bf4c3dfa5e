"""Explanations are true: change just the value that is named, and the condition holds; or another
part is named, until it holds.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from scoring_service.policy.conditions import compile_condition
from scoring_service.policy.failed.finding import Came, Finding, found_in, value_text
from scoring_service.policy.failed.parts import Joined, Part, leaves, taken_apart
from scoring_service.policy.failed.sentences import said
from scoring_service.values.condition import ConditionError
from tests.policy.failed.comparisons import named
from tests.policy.failed.conditions import DOMAINS, SEEN, Lead, conditions, instead, leads


def outcome(condition: Callable[[Any], bool], lead: Lead) -> Came:
    try:
        return Came.HELD if condition(lead.symbols) else Came.FAILED
    except ConditionError:
        return Came.ERROR


def turned(part: Part, lead: Lead, finding: Finding) -> Lead | None:
    """The lead with one value changed so that the named comparison is as it must be; None where
    none of its values makes it so.
    """
    (leaf,) = (leaf for leaf in leaves(part) if leaf.text == finding.condition)
    (symbol,) = leaf.symbols
    wanted = Came.FAILED if finding.came is Came.HELD else Came.HELD
    if finding.came is Came.ERROR and _is_turned_round(part, leaf):
        wanted = Came.FAILED
    return next(
        (other for other in instead(lead, symbol) if outcome(leaf.condition, other) is wanted), None
    )


def _is_turned_round(part: Part, leaf: Part) -> bool:
    """Whether an odd number of `not` stands over a comparison."""
    nots = [inner for inner in _with_parts(part) if inner.joined is Joined.NOT]
    return sum(leaf in tuple(leaves(inner)) for inner in nots) % 2 == 1


def _with_parts(part: Part) -> Iterator[Part]:
    yield part
    for below in part.parts:
        yield from _with_parts(below)


@settings(max_examples=100)
@given(conditions(), leads())
def test_what_is_found_is_what_the_condition_says(text: str, lead: Lead) -> None:
    part, whole = taken_apart(text, SEEN), compile_condition(text, SEEN).condition
    finding = found_in(part, lead.symbols)
    assert finding.came is outcome(whole, lead)
    for one in named([finding]):
        (leaf,) = (leaf for leaf in leaves(part) if leaf.text == one.condition)
        assert outcome(compile_condition(leaf.text, SEEN).condition, lead) is one.came
        assert one.values == tuple((s, value_text(s, lead.symbols)) for s in leaf.symbols)
        if finding.came is not Came.HELD:
            assert leaf.text[:70] in said(finding)


@settings(max_examples=100)
@given(conditions(), leads(), st.randoms(use_true_random=False))
def test_changing_just_the_named_values_makes_it_match(text: str, lead: Lead, chance: Any) -> None:
    """Each step changes one value that is named; none is ever named again once it is mended."""
    part, whole = taken_apart(text, SEEN), compile_condition(text, SEEN).condition
    mended: set[str] = set()
    while (finding := found_in(part, lead.symbols)).came is not Came.HELD:
        choices = [one for one in named([finding]) if one.condition not in mended]
        assert choices, f"{said(finding)}: nothing is left to mend"
        chosen = chance.choice(choices)
        changed = turned(part, lead, chosen)
        assert changed is not None, chosen
        lead = changed
        mended.add(chosen.condition)
    event(f"{len(mended)} values changed")
    assert outcome(whole, lead) is Came.HELD


@settings(max_examples=50)
@given(conditions(), leads())
def test_of_an_or_that_failed_any_alternative_would_do(text: str, lead: Lead) -> None:
    """Of each alternative that is a comparison: changing its value alone makes the `or` hold."""
    part = taken_apart(text, SEEN)
    finding = found_in(part, lead.symbols)
    if finding.joined is not Joined.OR or part.text != finding.condition:
        return
    for alternative in finding.parts:
        if not alternative.parts and alternative.condition in {p.text for p in part.parts}:
            changed = turned(part, lead, alternative)
            assert changed is not None
            assert found_in(part, changed.symbols).came is not Came.FAILED


@settings(max_examples=50)
@given(conditions(), leads())
def test_a_value_that_is_not_named_does_not_mend_an_and(text: str, lead: Lead) -> None:
    """Of an `and`, whatever a later part's value is, the same part is named."""
    part = taken_apart(text, SEEN)
    finding = found_in(part, lead.symbols)
    if finding.came is Came.HELD or part.joined is not Joined.AND:
        return
    read = {symbol for one in named([finding]) for symbol, _ in one.values}
    held = len([below for below in part.parts if outcome(below.condition, lead) is Came.HELD])
    later = [s for below in part.parts[held + 1 :] for leaf in leaves(below) for s in leaf.symbols]
    for symbol in set(later) - read:
        for other in instead(lead, symbol):
            if all(outcome(below.condition, other) is Came.HELD for below in part.parts[:held]):
                assert found_in(part, other.symbols) == finding


@pytest.mark.parametrize("symbol", sorted(DOMAINS))
def test_every_symbol_of_these_tests_may_be_missing(symbol: str) -> None:
    assert None in DOMAINS[symbol]
