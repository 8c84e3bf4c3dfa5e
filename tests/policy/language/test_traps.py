"""The twelve traps of rule-engine, each as it is in the library and as it is with us."""

import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import InvalidOperation
from math import nan
from threading import Thread
from typing import Any

import pytest
import rule_engine

from scoring_service.domain.intake import has_type
from scoring_service.domain.schema import AttributeType, Schema
from scoring_service.domain.symbols import lead_symbols
from scoring_service.policy.conditions import Compiled, compile_condition
from scoring_service.policy.language.oracle import oracle
from scoring_service.policy.language.symbols import Scope, fit_symbols, scope
from scoring_service.values.account import AccountMatch
from scoring_service.values.condition import ConditionError
from scoring_service.values.lead import Lead

Says = Callable[..., bool | None]
Refusal = Callable[[str], str]
Compile = Callable[[str], Compiled]


def test_1_cents_added_as_floats_are_not_decimals_so_conditions_do_not_calculate(
    refused: Refusal,
) -> None:
    lead = {"a": 0.1, "b": 0.2}
    assert rule_engine.Rule("a + b == 0.3").matches(lead)
    assert lead["a"] + lead["b"] != 0.3
    assert "conditions do not calculate" in refused("annual_revenue + 0.2 == 0.3")


@pytest.mark.parametrize("number", [0.1, 0.3, 0.1 + 0.2, 19.99, 1e-7, 123456789.123456, 5, 1e15])
@pytest.mark.parametrize("bound", ["0.1", "0.3", "19.99", "0.0000001", "123456789.123456", "5.0"])
def test_1_compared_with_a_written_number_a_float_is_what_it_is_as_a_decimal(
    says: Says, number: float, bound: str
) -> None:
    for sign in ("==", "!=", ">=", "<", "in"):
        says(
            f"annual_revenue {sign} {bound if sign != 'in' else f'[{bound}]'}",
            annual_revenue=number,
        )
    assert says(f"annual_revenue == {bound}", annual_revenue=float(bound))


def test_2_true_is_not_equal_to_1_and_yet_in_a_list_that_has_it(says: Says) -> None:
    account = {"employees": True}
    assert says("account.employees == 1", account=account) is False
    assert says("account.employees in [1, 2]", account=account) is True
    assert says("account.employees >= 1", account=account) is None


def test_2_a_number_is_not_equal_to_true_and_yet_in_a_list_that_has_it(says: Says) -> None:
    assert says("account.vip == true", account={"vip": 1}) is False
    assert says("account.vip in [true]", account={"vip": 1}) is True
    assert says("account.vip", account={"vip": 1}) is True


def test_2_a_flag_in_place_of_a_lead_s_number_cannot_be_evaluated(says: Says) -> None:
    assert says("employees == 1", employees=True) is None
    assert says("employees in [1]", employees=True) is None


def test_3_nan_has_no_order_for_the_library_either_which_raises_no_error_of_its_own(
    says: Says,
) -> None:
    with pytest.raises(InvalidOperation):
        rule_engine.Rule("x > 1").matches({"x": nan})
    assert says("annual_revenue > 1", annual_revenue=nan) is None
    assert says("not (annual_revenue > 1)", annual_revenue=nan) is None
    assert says("annual_revenue == 1", annual_revenue=nan) is False


@pytest.mark.parametrize("text", ["employees > nan", "employees == inf", "employees < -inf"])
def test_3_nan_and_infinity_are_not_written_in_conditions(refused: Refusal, text: str) -> None:
    assert "is no number of a lead" in refused(text)


def test_3_what_is_no_whole_number_never_becomes_an_integer_of_a_lead() -> None:
    assert not has_type(AttributeType.INTEGER, nan)
    assert not has_type(AttributeType.INTEGER, float("inf"))


def test_4_a_missing_symbol_is_null_in_either_order_of_the_operands(says: Says) -> None:
    with pytest.raises(rule_engine.errors.SymbolResolutionError):
        rule_engine.Rule("a == 1 or b == 1").matches({"b": 1})
    assert rule_engine.Rule("b == 1 or a == 1").matches({"b": 1})
    for text in ("vip or country == null", "country == null or vip"):
        assert says(text) is True


def test_4_an_error_behind_a_short_circuit_is_not_met(says: Says) -> None:
    assert says('country == "DE" or employees > 5', country="DE") is True
    assert says('employees > 5 or country == "DE"', country="DE") is None
    assert says('country == "DE" and employees > 5', country="AT") is False


def test_5_null_has_no_order_and_matches_no_pattern(says: Says) -> None:
    assert says("employees > 1") is None
    assert says("employees >= account.employees", account={}) is True
    assert says("employees > account.employees", account={}) is False
    assert says('country =~ "US"') is False
    assert says('country !~ "US"') is True
    assert says('country !~~ "US"', country=None) is True
    assert says("company_name.length > 1") is None
    assert says("company_name.length == null") is True


def test_6_one_tilde_looks_at_the_start_and_two_look_everywhere(says: Says) -> None:
    assert says('company_name =~ "GmbH"', company_name="Example GmbH") is False
    assert says('company_name =~~ "GmbH"', company_name="Example GmbH") is True
    assert says('company_name !~ "GmbH"', company_name="Example GmbH") is True
    assert says('company_name !~~ "GmbH"', company_name="Example GmbH") is False


def test_6_a_pattern_that_hangs_python_answers_at_once(says: Says) -> None:
    began = time.perf_counter()
    assert says('company_name =~ "^(a+)+$"', company_name="a" * 5_000 + "!") is False
    assert says('company_name =~ r"(.*)*x"', company_name="b" * 5_000) is False
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("pattern", "text", "by_re"),
    [
        pytest.param(r"edu$", "edu\n", True, id="the end is before a newline for re only"),
        pytest.param(r"\d", "\u0661", True, id="a digit is ASCII"),
        pytest.param(r"\w", "\u00e9", True, id="a letter of a word is ASCII"),
        pytest.param(r"\s", "\u00a0", True, id="a space is ASCII"),
    ],
)
def test_6_the_library_searches_with_our_engine_where_python_s_differs(
    says: Says, pattern: str, text: str, by_re: bool
) -> None:
    assert bool(re.match(pattern, text)) is by_re
    assert says(f'company_name =~ r"{pattern}"', company_name=text) is not by_re


@pytest.fixture
def far_from_utc() -> Iterator[None]:
    """The machine's zone is Auckland's while the test runs."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Auckland"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


def test_7_dates_are_utc_wherever_the_machine_stands(
    far_from_utc: None, schema: Schema, says: Says
) -> None:
    here = scope(fit_symbols(schema))
    midnight = {"since": datetime(2026, 3, 31, tzinfo=UTC)}
    for text in ('since == d"2026-03-31"', 'since == d"2026-03-31T00:00:00+00:00"'):
        assert compile_condition(text, here).condition(midnight)
        assert oracle(text, here)(midnight)
    naive = datetime(2026, 3, 31)  # noqa: DTZ001 - what the trap is about
    assert says('since == d"2026-03-31"', since=naive) is True
    assert says('since >= d"2026-03-31"', since=naive) is True


def test_8_three_thousand_ands_are_a_mistake_and_no_recursion_error(refused: Refusal) -> None:
    with pytest.raises(RecursionError):
        rule_engine.Rule(" and ".join(["a"] * 3_000))
    assert "longer than 4,096 bytes" in refused(" and ".join(["vip"] * 3_000))
    assert "nested deeper than 50" in refused(" and ".join(["vip"] * 450))
    assert "nested deeper than 50" in refused("not " * 1_000 + "vip")


def test_8_a_power_is_refused_before_it_is_calculated(refused: Refusal) -> None:
    with pytest.raises(rule_engine.errors.ArithmeticError):
        rule_engine.Rule("9 ** 99999999 > 1")
    assert "conditions do not calculate" in refused("9 ** 99999999 > 1")


@pytest.mark.parametrize(
    "text",
    [
        "country.__class__ == null",
        "account.__class__ == null",
        "account.owner.__len__ == null",
        "__class__ == null",
        "activity.demo.DESCRIPTOR == null",
    ],
)
def test_9_nothing_of_python_can_be_reached_by_a_name(refused: Refusal, text: str) -> None:
    assert "unknown symbol" in refused(text) or "there is no property" in refused(text)


def test_9_symbols_are_plain_dicts_and_what_they_lack_is_null(says: Says, schema: Schema) -> None:
    symbols = lead_symbols(Lead(lead_id="l"), schema, AccountMatch())
    assert type(symbols) is dict
    assert type(symbols["account"]) is dict
    assert says("account.owner == null", **symbols) is True
    assert says("account.owner == null", account=None) is None
    assert says("account.owner == null", account="x") is None


def test_9_a_map_in_the_place_of_a_text_lends_it_no_properties(says: Says) -> None:
    account = {"name": {"length": 7, "as_lower": "acme"}}
    assert says("account.name.length == 7", account=account) is False
    assert says('account.name.as_lower == "acme"', account=account) is None


def test_10_conditions_of_one_scope_do_not_see_each_other_s_symbols(
    schema: Schema, compiled: Compile
) -> None:
    context = rule_engine.Context()
    rule_engine.Rule("a == 1", context=context)
    rule_engine.Rule("b == 1", context=context)
    assert context.symbols == {"a", "b"}
    compiled('country == "DE"')
    assert {test.symbol for test in compiled("employees > 1").necessary} == {"employees"}


@pytest.mark.parametrize("kind", [int, float])
def test_11_a_number_of_another_kind_is_not_taken_for_one(compiled: Compile, kind: type) -> None:
    class Scalar:
        """Compares like numpy's, and is none of Python's numbers."""

        def __ge__(self, other: object) -> bool:
            return True

    condition = compiled("employees >= 1").condition
    assert condition({"employees": kind(1)})
    with pytest.raises(ConditionError):
        condition({"employees": Scalar()})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('employees == "5"', "'==' never holds: employees is a number and \"5\" a text"),
        ('employees != "5"', "'!=' always holds: employees is a number and \"5\" a text"),
        ('employees in ["5"]', "'in' never holds: employees is a number and \"5\" a text"),
        ("country == 5", "'==' never holds: country is a text and 5 a number"),
        ('vip == "true"', "'==' never holds: vip is true or false and \"true\" a text"),
        ('since == "2026-03-31"', "'==' never holds: since is a date and \"2026-03-31\" a text"),
        ("country == employees", "'==' never holds: country is a text and employees a number"),
        ("account.country == 5", "'==' never holds: account.country is a text and 5 a number"),
    ],
)
def test_12_sides_of_two_types_are_refused_where_the_library_takes_them(
    refused: Refusal, seen: Scope, text: str, said: str
) -> None:
    assert rule_engine.Rule(text, context=seen.context)
    assert refused(text).startswith(said)


def test_conditions_are_compiled_in_several_threads_at_once(compiled: Compile) -> None:
    found: list[Any] = []

    def compile_some(number: int) -> None:
        for at in range(40):
            bound = number * 100 + at
            condition = compiled(f"employees == {bound} and country != null").condition
            found.append(condition({"employees": bound, "country": "DE"}))

    threads = [Thread(target=compile_some, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 160
