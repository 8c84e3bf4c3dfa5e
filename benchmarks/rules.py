"""What a written condition costs, compiled and in rule-engine.

    python benchmarks/rules.py

Compiled and library run interleaved over the same mix of conditions and the same leads; ratios are
medians of five rounds. The exit code is 1 where the promise is missed. What they cost to
load is told by benchmarks/loading.py.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import rule_engine

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType
from scoring_service.domain.symbols import lead_symbols, route_symbols
from scoring_service.policy.conditions import compile_condition
from scoring_service.policy.language.symbols import scope, table_symbols
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.condition import Condition, ConditionError
from scoring_service.values.lead import Lead
from scoring_service.values.score import Quadrant, Score

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
SCHEMA = {name: Attribute(name, kind, typed=True) for name, kind in TYPED_FIELDS.items()} | {
    "seats": Attribute("seats", AttributeType.INTEGER),
    "vip": Attribute("vip", AttributeType.BOOLEAN),
}
ACTIVITIES = ("demo_request", "pricing_page_view", "webinar")
MIX = (
    "employees >= 200",
    "employees >= 50 and employees < 200",
    'industry in ["software", "finance", "health"]',
    'region == "EMEA" and employees >= 1000',
    'country in ["DE", "AT", "CH"] and employees >= 200 and employees < 1000',
    'country not in ["US", "CA"]',
    "account.owner != null",
    'account.country == "DE" and account.owner == null',
    'score.quadrant in ["nurture", "deprioritise"]',
    "score.behaviour >= 25 and score.fit >= 40",
    "activity.demo_request.days_since <= 1",
    "activity.webinar.count >= 2 or activity.demo_request.count > 0",
    'email_domain in ["gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "gmx.de", "web.de"]',
    'website_domain in ["rival.example"] or email_domain in ["rival.example"]',
    'industry == "education" or email_domain =~ ".*[.]edu$"',
    'not (job_title =~~ "(?i)student|intern") and seats != null',
    '"salesforce" in technologies or "hubspot" in technologies',
    "vip or annual_revenue > 5000000.50",
    'stage == "mql" and source != "import"',
)
"""The forms that shipped rule files have, and a search that no shortcut serves."""
ROUNDS = 5


def symbols_of(rng: Random, number: int) -> dict[str, Any]:
    lead = Lead(
        lead_id=f"l{number}",
        email=f"ada@{rng.choice(('acme.de', 'uni.edu', 'gmail.com'))}",
        job_title=rng.choice(("CEO", "Working student", "Buyer")),
        country=rng.choice(("DE", "AT", "US", "FR")),
        region=rng.choice(("EMEA", "NA")),
        industry=rng.choice(("software", "retail")),
        employees=rng.choice((5, 250, 1_500)),
        annual_revenue=rng.choice((1e6, 7.5e6)),
        technologies=rng.choice(((), ("salesforce", "sap"))),
        source=rng.choice(("web", "import")),
        attributes={"seats": 5, "vip": rng.random() < 0.1},
    )
    account = Account("acme", country=rng.choice(("DE", "US")))
    match = AccountMatch(account, owner_rep_id=rng.choice((None, "anna")))
    quadrant = rng.choice(tuple(Quadrant))
    score = Score(rng.random() * 100, rng.random() * 100, "B", 2, quadrant, True, (), (), NOW, "r")
    seen = {"demo_request": (1, datetime(2026, 3, 2, tzinfo=UTC)), "webinar": (3, NOW)}
    return route_symbols(lead_symbols(lead, SCHEMA, match), score, seen, ACTIVITIES, "mql", NOW)


def each(conditions: Sequence[Callable[[Any], Any]], leads: Sequence[dict[str, Any]]) -> float:
    """Seconds a condition and lead; one that cannot be evaluated costs as it does in service."""
    began = perf_counter()
    for lead in leads:
        for condition in conditions:
            try:
                condition(lead)
            except (ConditionError, rule_engine.errors.EngineError, TypeError):
                continue
    return (perf_counter() - began) / (len(conditions) * len(leads))


def speed() -> float:
    """How many times faster compiled conditions are; prints each of the mix."""
    rng, seen = Random(4), scope(table_symbols(SCHEMA, ACTIVITIES))
    leads = [symbols_of(rng, number) for number in range(400)]
    compiled: list[Condition] = [compile_condition(text, seen).condition for text in MIX]
    library = [rule_engine.Rule(text, context=seen.context).matches for text in MIX]
    ratios, ours, theirs = [], [], []
    for _ in range(ROUNDS):
        theirs.append(each(library, leads[:40]))
        ours.append(each(compiled, leads))
        ratios.append(theirs[-1] / ours[-1])
    for text, condition, rule in zip(MIX, compiled, library, strict=True):
        alone = each([condition], leads), each([rule], leads[:40])
        print(f"{alone[0] * 1e6:6.2f} us {alone[1] / alone[0]:5.0f} x  {text}")
    print(f"compiled {median(ours) * 1e6:.2f} us, rule.matches {median(theirs) * 1e6:.1f} us")
    return median(ratios)


def main() -> int:
    ratio = speed()
    print(f"compiled is {ratio:.0f} x as fast as rule.matches (promise: at least 40)")
    return 0 if ratio >= 40 else 1


if __name__ == "__main__":
    sys.exit(main())
