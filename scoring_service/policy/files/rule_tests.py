"""`*_test.yaml` as values: a lead, what is known around it, and what is expected."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from scoring_service.domain.domains import registrable_domain
from scoring_service.domain.intake import violations
from scoring_service.domain.schema import Schema
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.names import Names
from scoring_service.policy.files.reading import at as value_at
from scoring_service.policy.files.reading import not_a_text, read
from scoring_service.policy.files.rule_test_shape import (
    AccountGiven,
    ActivityGiven,
    Expected,
    LeadGiven,
    RuleTestEntry,
)
from scoring_service.policy.mistake import Mistake, did_you_mean
from scoring_service.values.account import Account
from scoring_service.values.activity import Activity
from scoring_service.values.lead import AttributeValue, Lead
from scoring_service.values.owner import SUPPRESSED
from scoring_service.values.stage import Stage

NOW = datetime(2025, 1, 15, 10, 0, tzinfo=UTC)
"""The instant of a test that gives none, a Wednesday: a test says the same on every day."""

_JUST_NOW = timedelta(0)
_STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One test of the rules. `stage` None is a lead that was not known before."""

    it: str
    file: str
    line: int
    lead: Lead
    expect: Expected
    now: datetime = NOW
    accounts: tuple[Account, ...] = ()
    activities: tuple[Activity, ...] = ()
    stage: Stage | None = None
    owner: str | None = None


def rule_tests(
    document: Document, schema: Schema, scoring: Scoring, names: Names, routes: Collection[str]
) -> tuple[tuple[RuleTest, ...], list[Mistake]]:
    """The tests of a file, and what is wrong with them; an empty file has none."""
    if document.value in ({}, None):
        return (), []
    entries, mistakes = read(document, tuple[RuleTestEntry, ...])
    found = []
    for index, entry in enumerate(entries or ()):
        test = _test(document, index, entry)
        found.append(test)
        mistakes.extend(_wrong_lead(document, (index,), test, schema, scoring))
        mistakes.extend(_wrong_lists(document, (index,), entry.lead))
        mistakes.extend(_wrong_accounts(document, (index,), entry.accounts))
        mistakes.extend(_wrong_names(document, (index,), entry, names, routes))
    return tuple(found), mistakes


def _test(document: Document, index: int, entry: RuleTestEntry) -> RuleTest:
    now = entry.now or NOW
    return RuleTest(
        it=entry.it,
        file=document.file,
        line=document.line((index,)),
        lead=_lead(entry.lead),
        expect=entry.expect,
        now=now,
        accounts=tuple(map(_account, entry.accounts)),
        activities=tuple(_activity(given, now) for given in entry.activities),
        stage=entry.stage,
        owner=entry.owner,
    )


def _lead(given: LeadGiven) -> Lead:
    fields = msgspec.structs.asdict(given)
    return Lead(lead_id="test", **(fields | {"attributes": _attributes(given.attributes)}))


def _attributes(given: Mapping[str, Any]) -> dict[str, AttributeValue]:
    return {name: _value(value) for name, value in given.items()}


def _value(given: Any) -> Any:
    """A value as the wire would bring it: a date as its text, a list of texts as a tuple."""
    if isinstance(given, date):
        return given.isoformat()
    return tuple(given) if isinstance(given, list) else given


def _account(given: AccountGiven) -> Account:
    return Account(
        account_id=given.account_id,
        name=given.name,
        domains=tuple(registrable_domain(domain) or domain for domain in given.domains),
        country=given.country,
        parent_id=given.parent,
        owner_rep_id=given.owner,
        attributes=_attributes(given.attributes),
    )


def _activity(given: ActivityGiven, now: datetime) -> Activity:
    ago = given.ago.elapsed if given.ago else _JUST_NOW
    return Activity(given.type, now - ago)


def _wrong_lead(
    document: Document, path: Path, test: RuleTest, schema: Schema, scoring: Scoring
) -> Iterator[Mistake]:
    """What intake would refuse, at its place in the file."""
    for field, remedy in violations(schema, scoring, test.lead, test.activities, test.now):
        steps = [int(step) if step.isdigit() else step for step in _STEP.findall(field)]
        at: Path = (*path, *steps)
        if document.written(at) is not None and remedy.endswith("send text"):
            yield not_a_text(document, at, value_at(document.value, at))
        else:
            what, _, mend = remedy.partition("; ")
            yield document.mistake(at, f"{_shown(field)} {what}", mend or "change it")


def _wrong_lists(document: Document, path: Path, lead: LeadGiven) -> Iterator[Mistake]:
    """What is no text in the list of an attribute that has several: NO is false there too."""
    for name, value in lead.attributes.items():
        for index, entry in enumerate(value if isinstance(value, list) else ()):
            if not isinstance(entry, str):
                yield not_a_text(document, (*path, "lead", "attributes", name, index), entry)


def _wrong_accounts(
    document: Document, path: Path, accounts: Sequence[AccountGiven]
) -> Iterator[Mistake]:
    """Accounts that no store would hold beside each other."""
    known = [account.account_id for account in accounts]
    for index, account_id in enumerate(known):
        if account_id in known[:index]:
            what = f"the account '{account_id}' is there twice"
            at: Path = (*path, "accounts", index, "account_id")
            yield document.mistake(at, what, "remove or rename one of the two")


def _shown(field: str) -> str:
    """The last step of a field's path.

    >>> _shown("lead.attributes[plan]"), _shown("activities[0].type")
    ('plan', 'type')
    """
    return str(_STEP.findall(field)[-1])


def _wrong_names(
    document: Document, path: Path, entry: RuleTestEntry, names: Names, routes: Collection[str]
) -> Iterator[Mistake]:
    expect = entry.expect
    named: list[tuple[Path, str, str | None, Collection[str]]] = [
        (("owner",), "rep", entry.owner, names.reps),
        (("expect", "owner"), "rep", expect.owner, names.reps),
        (("expect", "route"), "route", expect.route, routes),
        (("expect", "pool"), "pool", expect.pool, names.pools),
        (("expect", "track"), "track", expect.track, names.tracks | {SUPPRESSED.id}),
        (("expect", "disqualified"), "reason", expect.disqualified, names.reasons),
    ]
    for below, kind, name, known in named:
        if name is not None and name not in known:
            what = f"unknown {kind} '{name}'"
            yield document.mistake((*path, *below), what, did_you_mean(name, known))
