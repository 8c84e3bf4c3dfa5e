"""What `leadscoring rules diff` reads: the rows of a file, as the past they tell."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import click
import msgspec
from leadscoring.v1 import routing_pb2

from scoring_service.api.convert_request import upsert_accounts
from scoring_service.cli.files.messages import Types, account_of
from scoring_service.cli.files.results import Tally, lines_in
from scoring_service.cli.files.rows import BadRow, Raw, Row, raw_rows, row_of, rows
from scoring_service.cli.instant import instant_in
from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.diff.forked import at_once, processes
from scoring_service.cli.rules.diff.leads import found_in
from scoring_service.domain.intake import Violation, violations
from scoring_service.domain.policy import Policy
from scoring_service.values.account import Account
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.workflows.diff.accounts import Accounts
from scoring_service.workflows.diff.arriving import Sent, past_of
from scoring_service.workflows.diff.past import Past

AT = ("at", "now", "created_at")
LEFT = ("left_at",)
RESPONDED = ("responded_at",)
BESIDE = frozenset({"request_id", "requestId"})

ROWS_MIN = 2_000
"""Fewer are read one after the other."""


class Columns(NamedTuple):
    """The columns that say when a lead came, left its owner's hands and was first answered.

    None takes the usual name, where no attribute has it.
    """

    at: str | None = None
    left: str | None = None
    responded: str | None = None


class Policies(NamedTuple):
    """The two whose leads these are."""

    old: Policy
    new: Policy

    @property
    def types(self) -> Types:
        """The type of each attribute that either declares."""
        declared = {**self.old.schema, **self.new.schema}
        return {name: attribute.type for name, attribute in declared.items()}


class Read(NamedTuple):
    """A past, what was left out of it by line, and what else there is to say of it."""

    past: Past
    left_out: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()


def read_leads(
    file: str, columns: Columns, policies: Policies, accounts: str | None, as_of: datetime
) -> Read:
    """The leads of a file in the order of their instants; those without one came at `as_of`.

    A bad row is named on stderr and left out. Raises Problem where the file cannot be read.
    """
    tally = Tally(file, "leads read")
    raw = list(progressing(raw_rows(file), file))
    _require(columns, raw, file)
    found = _sent(raw, _Reader(columns, policies, as_of))
    for line, why in found.left_out:
        tally.leave_out(line, BadRow(why))
    known = None if accounts is None else Accounts(_accounts(accounts, policies.types, tally))
    past, conflicts = past_of(found.sent, known)
    for line, why in conflicts:
        tally.leave_out(line, BadRow(why))
    return Read(past, tuple(tally.left_out))


def _require(columns: Columns, rows: Sequence[Raw], file: str) -> None:
    """Raises Problem where no row has a column that was named: all leads would come at once."""
    good = [raw for _, raw in rows if not isinstance(raw, BadRow)]
    for option, name in columns._asdict().items():
        if name is not None and good and not any(name in raw for raw in good):
            raise Problem(f"no row of {file} has the column {name!r} that --{option} names")


def progressing(given: Iterator[Any], file: str) -> Iterator[Any]:
    """The same, with a progress bar where stderr is a terminal."""
    length = lines_in(file) if sys.stderr.isatty() else None
    with click.progressbar(given, length, "reading", file=sys.stderr, hidden=not length) as bar:
        yield from bar


class _Part(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What some rows say, and those that cannot be taken, by line."""

    sent: tuple[Sent, ...]
    left_out: tuple[tuple[int, str], ...]


def _sent(rows: Sequence[Raw], reader: "_Reader") -> _Part:
    """Every row by its line; many are read at the same time."""
    many = processes() if len(rows) >= ROWS_MIN else 1
    parts = at_once([partial(_part, rows[n::many], reader) for n in range(many)], _Part)
    sent = sorted(chain.from_iterable(part.sent for part in parts), key=_number)
    left_out = sorted(chain.from_iterable(part.left_out for part in parts))
    return _Part(tuple(sent), tuple(left_out))


def _part(rows: Sequence[Raw], reader: "_Reader") -> _Part:
    sent: list[Sent] = []
    left_out: list[tuple[int, str]] = []
    for line, raw in rows:
        try:
            sent.append(reader.sent(line, _good(row_of(raw))))
        except BadRow as bad:
            left_out.append((line, str(bad)))
    return _Part(tuple(sent), tuple(left_out))


def _number(sent: Sent) -> int:
    return sent.number


def _good(row: Row | BadRow) -> Row:
    if isinstance(row, BadRow):
        raise row
    return row


class _Reader:
    """Reads one row after the other."""

    def __init__(self, columns: Columns, policies: Policies, as_of: datetime) -> None:
        self.columns, self.policies, self.as_of = columns, policies, as_of
        self.types = policies.types
        self.checks = (
            ("OLD", policies.old, policies.new),
            ("NEW", policies.new, policies.old),
        )

    def sent(self, line: int, row: Row) -> Sent:
        """The row. Raises BadRow."""
        rest = {name: value for name, value in _flat(row).items() if name not in BESIDE}
        at = self._instant(rest, self.columns.at, AT) or self.as_of
        left = self._instant(rest, self.columns.left, LEFT)
        responded = self._instant(rest, self.columns.responded, RESPONDED)
        if left is not None and left < at:
            raise BadRow(f"left its owner's hands at {left}, before it came at {at}")
        lead, activities = found_in(rest, self.types)
        wrong = self._wrong(lead, activities, max(at, self.as_of))
        if wrong:
            raise BadRow("; ".join(wrong))
        return Sent(line, at, lead, activities, left, responded)

    def _instant(self, row: Row, named: str | None, usual: tuple[str, ...]) -> datetime | None:
        """The instant in a column, taken out of the row; of the usual ones the first it has."""
        if named is not None:
            return _instant_of(named, row.pop(named, None))
        for name in usual:
            if name in row and name not in self.types:
                return _instant_of(name, row.pop(name))
        return None

    def _wrong(self, lead: Lead, activities: tuple[Activity, ...], now: datetime) -> list[str]:
        """What either policy would refuse at intake; what only the other knows it does not see."""
        found = []
        for name, policy, other in self.checks:
            for field, remedy in violations_of(policy, other, lead, activities, now):
                found.append(f"{name} refuses {field}: {remedy}")
        return found


def violations_of(
    policy: Policy,
    other: Policy,
    lead: Lead,
    activities: tuple[Activity, ...],
    now: datetime,
) -> tuple[Violation, ...]:
    """What a policy's intake would say of a lead, less what only the other policy declares."""
    foreign = [k for k in lead.attributes if k not in policy.schema and k in other.schema]
    if foreign:
        kept = {k: v for k, v in lead.attributes.items() if k not in foreign}
        lead = msgspec.structs.replace(lead, attributes=kept)
    known, others = policy.scoring.activities, other.scoring.activities
    if any(done.type not in known for done in activities):
        activities = tuple(
            done for done in activities if done.type in known or done.type not in others
        )
    return violations(policy.schema, policy.scoring, lead, activities, now)


def _flat(row: Row) -> Row:
    """A row that has its lead under `lead`, as a rule test does, like any other."""
    lead = row.get("lead")
    if not isinstance(lead, Mapping):
        return row
    return {**lead, **{name: value for name, value in row.items() if name != "lead"}}


def _instant_of(column: str, value: Any) -> datetime | None:
    try:
        return None if value is None else instant_in(value)
    except ValueError as error:
        raise BadRow(f"{column}: {error}") from None


def _accounts(file: str, types: Types, tally: Tally) -> Iterator[Account]:
    for line, row in rows(file):
        try:
            yield _account(_good(row), types)
        except BadRow as bad:
            tally.leave_out(line, BadRow(f"account: {bad}"))


def _account(row: Row, types: Types) -> Account:
    request = routing_pb2.UpsertAccountsRequest(accounts=[account_of(row, types)])
    (item,) = upsert_accounts(request).items
    if item.violations:
        raise BadRow("; ".join(f"{field}: {remedy}" for field, remedy in item.violations))
    return item.account
