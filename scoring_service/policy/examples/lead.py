"""A lead of which conditions see given values, and how a rule test writes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from scoring_service.domain.schema import Schema
from scoring_service.policy.files.rule_test_shape import Expected
from scoring_service.policy.files.rule_tests import NOW, RuleTest
from scoring_service.values.account import Account
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage

ACTIVITIES_MAX = 500
"""A lead with more is no example: nobody sends so many at once."""

_ACCOUNT = "example-account"
_EXPECTED = Expected(mql_ready=False)
_DAY = timedelta(days=1)
_OWN = ("account_id", "name", "country", "owner", "parent")
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))

Values = Mapping[str, Any]
"""Values by symbol, dotted ones under their dotted names; what is not there is null."""


def lead_of(values: Values, schema: Schema, now: datetime = NOW) -> RuleTest | None:
    """A lead, its account and what it did, so that conditions see these values; None where no lead
    can have them. What stands in `score` comes from all others, and is not looked at.
    """
    parts = _Parts(schema, now)
    for symbol, value in values.items():
        if value is not None and not parts.put(symbol, value):
            return None
    return parts.lead()


@dataclass(slots=True)
class _Parts:
    """A lead in the making."""

    schema: Schema
    now: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    account: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    days: dict[str, float] = field(default_factory=dict)
    stage: Stage | None = None

    def put(self, symbol: str, value: Any) -> bool:
        """Have a symbol this value; False where it has another already."""
        holder, _, name = symbol.rpartition(".")
        if holder == "account":
            return _put(self.account, name, value)
        if holder.startswith("activity."):
            kept: dict[str, Any] = self.counts if name == "count" else self.days
            return _put(kept, holder.removeprefix("activity."), value)
        if holder == "score":
            return True
        if symbol == "stage":
            self.stage = Stage(value)
            return True
        return self._put_own(symbol, value)

    def _put_own(self, symbol: str, value: Any) -> bool:
        if symbol == "email_domain":
            return _put(self.fields, "email", f"somebody@{value}")
        if symbol == "website_domain":
            return _put(self.fields, "company_domain", value)
        typed = self.schema[symbol].typed
        return _put(self.fields if typed else self.attributes, symbol, _plain(value))

    def lead(self) -> RuleTest | None:
        accounts = tuple(self._accounts())
        activities = tuple(self._activities())
        if len(activities) > ACTIVITIES_MAX:
            return None
        lead = Lead("test", **self.fields, attributes=self.attributes)
        return RuleTest(
            "example", "", 0, lead, _EXPECTED, self.now, accounts, activities, self.stage
        )

    def _accounts(self) -> Iterator[Account]:
        """The account, which the lead names; only where something is asked of it."""
        given = self.account
        if not given:
            return
        account_id = given.get("account_id") or self.fields.get("account_id") or _ACCOUNT
        self.fields["account_id"] = account_id
        yield Account(
            account_id,
            given.get("name", ""),
            country=given.get("country"),
            parent_id=given.get("parent"),
            owner_rep_id=given.get("owner"),
            attributes={name: _plain(given[name]) for name in given.keys() - set(_OWN)},
        )

    def _activities(self) -> Iterator[Activity]:
        """Of each type so many, the latest so long ago; one where no number is given."""
        for name in sorted(self.counts.keys() | self.days.keys()):
            days = self.days.get(name, 0)
            at = self.now - timedelta(seconds=round(days * _DAY.total_seconds()))
            count = int(self.counts.get(name, 1))
            yield from (Activity(name, at) for _ in range(min(count, ACTIVITIES_MAX + 1)))


def _put(kept: dict[str, Any], name: str, value: Any) -> bool:
    return bool(kept.setdefault(name, value) == value)


def _plain(value: Any) -> Any:
    """A value as a lead carries it: a whole number as one, a date as its text."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Written(msgspec.Struct, omit_defaults=True):
    """A rule test as it is written."""

    it: str
    lead: dict[str, Any]
    accounts: tuple[dict[str, Any], ...] = ()
    activities: tuple[dict[str, str], ...] = ()
    stage: str | None = None
    owner: str | None = None
    now: str | None = None
    expect: dict[str, Any] = {}


def written(test: RuleTest) -> str:
    """The test as one line of JSON, which `*_test.yaml` and `rules explain --lead` read as well."""
    lead: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(test.lead, lead_id=""))
    return msgspec.json.encode(
        _Written(
            test.it,
            lead,
            tuple(map(_account, test.accounts)),
            tuple(_activity(activity, test.now) for activity in test.activities),
            test.stage,
            test.owner,
            None if test.now == NOW else test.now.isoformat(),
            {
                name: value
                for name, value in msgspec.structs.asdict(test.expect).items()
                if value is not None
            },
        )
    ).decode()


def _account(account: Account) -> dict[str, Any]:
    given: dict[str, Any] = msgspec.to_builtins(account)
    for ours, theirs in (("parent_id", "parent"), ("owner_rep_id", "owner")):
        if ours in given:
            given[theirs] = given.pop(ours)
    return given


def _activity(activity: Activity, now: datetime) -> dict[str, str]:
    seconds = round((now - activity.occurred_at).total_seconds())
    return {"type": activity.type} | ({"ago": _span(seconds)} if seconds else {})


def _span(seconds: int) -> str:
    """The span in the largest unit that it is whole in.

    >>> _span(86_400), _span(5_400)
    ('1d', '90m')
    """
    return next(f"{seconds // unit}{name}" for unit, name in _UNITS if seconds % unit == 0)
