"""The conditions of one policy: mistakes with their place, what is reused, what is kept."""

import gc
import weakref
from collections.abc import Callable, Iterator, Mapping
from threading import Thread
from time import perf_counter
from typing import Any

import pytest
from rule_engine import ast

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType, Schema
from scoring_service.policy.conditions import Compiled, Conditions
from scoring_service.policy.document import Document
from scoring_service.policy.necessary import Between

SCHEMA: Schema = {name: Attribute(name, kind, typed=True) for name, kind in TYPED_FIELDS.items()}

Compose = Callable[[str], Document]


@pytest.fixture
def rules(document: Compose) -> Document:
    """Three routes, the last on line 4."""
    return document("routes:\n- when: vip\n- when: 'x'\n- when: 'country = 1'\n")


def conditions(
    known: Mapping[str, Mapping[str, object]] | None = None,
    activity_types: tuple[str, ...] = ("demo",),
    schema: Schema = SCHEMA,
) -> Conditions:
    return Conditions(schema, activity_types, known)


def test_a_condition_is_compiled_with_what_the_index_needs(rules: Document) -> None:
    found = conditions().route(rules, ("routes", 0, "when"), "employees >= 200")
    assert found.text == "employees >= 200"
    assert found.condition({"employees": 200})
    assert not found.condition({"employees": 199})
    assert found.necessary == (Between("employees", low=200),)
    assert found.exact


def test_every_mistake_is_kept_with_file_line_path_and_remedy(rules: Document) -> None:
    read = conditions()
    read.route(rules, ("routes", 1, "when"), "contry == 'DE'")
    read.route(rules, ("routes", 2, "when"), "country = 'DE'")
    assert [str(mistake) for mistake in read.mistakes] == [
        "rules.yaml:3: $.routes[1].when: unknown symbol 'contry'; did you mean 'country'?",
        "rules.yaml:4: $.routes[2].when: the condition cannot be read at '=' (character 9);"
        " write == to compare",
    ]


def test_the_same_mistake_twice_is_told_at_both_places(rules: Document) -> None:
    read = conditions()
    for index in (0, 1):
        read.route(rules, ("routes", index, "when"), "nonsense")
    assert [mistake.line for mistake in read.mistakes] == [2, 3]


def test_what_cannot_be_compiled_never_matches_and_is_not_kept(rules: Document) -> None:
    read = conditions()
    found = read.route(rules, ("routes", 1, "when"), "nonsense")
    assert not found.condition({})
    assert (found.necessary, found.exact) == ((), False)
    assert not any(read.compiled.values())


def test_criteria_of_fit_do_not_see_what_routes_see(rules: Document) -> None:
    read = conditions()
    for text in ("score.fit > 5", "activity.demo.count > 1", 'stage == "mql"'):
        assert read.route(rules, ("routes", 0, "when"), text).text == text
        assert read.mistakes == []
        read.fit(rules, ("routes", 0, "when"), text)
        (mistake,) = read.mistakes
        assert "is not known to fit and disqualify criteria" in mistake.what
        assert "the lead, its account and its source" in mistake.remedy
        read.mistakes.clear()
    for text in ('country == "DE"', "account.owner != null", 'source == "web"'):
        assert read.fit(rules, ("routes", 0, "when"), text).text == text
    assert read.mistakes == []


def compiled(read: Conditions, document: Document, *texts: str) -> list[Compiled]:
    return [read.route(document, ("routes", 0, "when"), text) for text in texts]


def test_the_same_text_is_compiled_once(rules: Document) -> None:
    one, other = compiled(conditions(), rules, "employees > 5", "employees > 5")
    assert one is other


def test_the_next_policy_reuses_what_it_still_says_and_drops_the_rest(rules: Document) -> None:
    before = conditions()
    kept, dropped = compiled(before, rules, "employees > 5", "employees > 6")
    after = conditions(before.compiled)
    again, new = compiled(after, rules, "employees > 5", "employees > 7")
    assert again is kept
    assert new is not dropped
    (texts,) = (texts for texts in after.compiled.values() if texts)
    assert set(texts) == {"employees > 5", "employees > 7"}


def test_what_was_compiled_for_fit_is_not_taken_for_a_route(rules: Document) -> None:
    read = conditions()
    by_fit = read.fit(rules, ("routes", 0, "when"), "employees > 5")
    (by_route,) = compiled(read, rules, "employees > 5")
    assert by_route is not by_fit


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"activity_types": ("demo", "web")}, id="another activity type"),
        pytest.param(
            {"schema": {**SCHEMA, "vip": Attribute("vip", AttributeType.TEXT)}},
            id="another attribute",
        ),
        pytest.param(
            {"schema": {**SCHEMA, "employees": Attribute("employees", AttributeType.TEXT)}},
            id="another type",
        ),
    ],
)
def test_under_another_schema_nothing_is_reused(rules: Document, changed: dict[str, Any]) -> None:
    before = conditions()
    (old,) = compiled(before, rules, "employees != null")
    after = conditions(before.compiled, **changed)
    (new,) = compiled(after, rules, "employees != null")
    assert new is not old
    assert after.mistakes == []


def test_a_mistake_under_the_new_schema_is_found_although_the_text_was_right(
    rules: Document,
) -> None:
    schema = {**SCHEMA, "employees": Attribute("employees", AttributeType.TEXT)}
    before = conditions()
    compiled(before, rules, "employees > 5")
    after = conditions(before.compiled, schema=schema)
    compiled(after, rules, "employees > 5")
    assert "employees is a text and 5 a number" in after.mistakes[0].what


@pytest.fixture
def without_collector() -> Iterator[None]:
    """What is kept alive by cycles stays."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def trees() -> int:
    """How many nodes of parsed conditions that the library evaluates are alive."""
    kinds = (ast.LogicExpression, ast.ComparisonExpression, ast.UnaryExpression)
    return sum(isinstance(found, kinds) for found in gc.get_objects())


def test_parsed_trees_are_gone_after_compilation_without_a_collection(
    rules: Document, without_collector: None
) -> None:
    read, before = conditions(), trees()
    kept = compiled(
        read,
        rules,
        *(f'not (country == "{n}") and employees > {n} or email =~ "{n}"' for n in range(50)),
    )
    assert trees() == before
    assert len(kept) == 50


def test_a_policy_that_is_gone_takes_its_conditions_with_it(rules: Document) -> None:
    read = conditions()
    (found,) = compiled(read, rules, "employees > 5 and country == account.country")
    gone = weakref.ref(found.condition)
    del read, found
    gc.collect()
    assert gone() is None


def written(count: int) -> list[str]:
    return [
        f'country in ["C{n}", "C{n + 1}"] and industry == "i{n % 20}" and employees >= {n}'
        for n in range(count)
    ]


def test_a_reload_costs_what_has_changed(rules: Document) -> None:
    texts = written(1_000)
    before, began = conditions(), perf_counter()
    compiled(before, rules, *texts)
    first = perf_counter() - began
    began = perf_counter()
    after = conditions(before.compiled)
    compiled(after, rules, *texts[:-1], "employees > 5")
    assert perf_counter() - began < first / 3
    assert len(max(after.compiled.values(), key=len)) == 1_000


def test_other_threads_go_on_while_conditions_are_compiled(rules: Document) -> None:
    read = conditions()
    loading = Thread(target=lambda: compiled(read, rules, *written(300)))
    waits, last = [0.0], perf_counter()
    loading.start()
    while loading.is_alive():
        now = perf_counter()
        waits.append(now - last)
        last = now
    loading.join()
    assert len(waits) > 100
    assert max(waits) < 1
