"""A lead to explain: a rule test without its expectations, or the fields of a lead as they are."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scoring_service.cli.instant import instant_in
from scoring_service.domain.policy import Policy
from scoring_service.policy.document import Document, compose
from scoring_service.policy.files.names import names_of
from scoring_service.policy.files.rule_test_shape import LeadGiven, RuleTestEntry
from scoring_service.policy.files.rule_tests import RuleTest, rule_tests
from scoring_service.policy.mistake import Mistakes

_AROUND = frozenset(RuleTestEntry.__struct_fields__) - {"lead"}
_FIELDS = frozenset(LeadGiven.__struct_fields__)
_NOTHING_EXPECTED = {"mql_ready": False}
"""A test must expect something; what it is plays no part here."""

Case = dict[str, Any]


def cases(policy: Policy, file: str, content: bytes, now: datetime) -> tuple[RuleTest, ...]:
    """The leads of a JSON or YAML file: one, or a list as in *_test.yaml. Raises Mistakes.

    A lead that gives no `now` is looked at as of `now`.
    """
    document = compose(file, content)
    given = document.value if isinstance(document.value, list) else [document.value]
    if not (content.strip() and given):
        raise Mistakes([document.mistake((), "there is no lead", "give its fields")])
    whole = [_case(value, f"lead {n}", now) for n, value in enumerate(given, 1)]
    routes = {route.name for route in policy.routes.routes}
    asked = Document(file, whole, document.root)
    found, wrong = rule_tests(asked, policy.schema, policy.scoring, names_of(policy), routes)
    if wrong:
        raise Mistakes(wrong)
    return found


def _case(value: Any, it: str, now: datetime) -> Any:
    if not isinstance(value, dict):
        return value
    case: Case = {"it": it, "now": now, "expect": _NOTHING_EXPECTED}
    case |= value if "lead" in value else _around(value)
    if isinstance(case.get("activities"), list):
        case["activities"] = [_activity(item, case["now"]) for item in case["activities"]]
    return case


def _around(row: Case) -> Case:
    """A lead's fields and attributes, apart from what is known around it."""
    case = {name: value for name, value in row.items() if name in _AROUND}
    lead = {name: value for name, value in row.items() if name in _FIELDS}
    loose = {name: row[name] for name in row.keys() - _FIELDS - _AROUND - {"lead_id"}}
    return case | {"lead": lead | {"attributes": lead.get("attributes", {}) | loose}}


def _activity(given: Any, now: Any) -> Any:
    """An activity with an `occurred_at` instead of `ago`, as rows have it."""
    if not isinstance(given, dict) or "occurred_at" not in given:
        return given
    try:
        at = instant_in(str(given["occurred_at"]))  # YAML makes dates of its own
        seconds = int((instant_in(str(now)) - at).total_seconds())
    except ValueError:
        return given
    return dict(_kept(given)) | {"ago": f"{max(0, seconds)}s"}


def _kept(given: Case) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if name not in ("occurred_at", "activity_id"):
            yield name, value
