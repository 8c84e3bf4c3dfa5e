"""A store with its writer, asked as the rim would ask it, and a clock that the test moves."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from shutil import copy
from threading import Event
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import settings

from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    Term,
    TextTerm,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.schema import AttributeType
from scoring_service.server.collector import collect_seldom, spare_what_started
from scoring_service.store.database import open_database
from scoring_service.store.store import Store, open_store
from scoring_service.store.transaction import Transaction
from scoring_service.store.writer_due import DueWork
from scoring_service.values.account import Account
from scoring_service.values.activity import Activity
from scoring_service.values.errors import NotFound
from scoring_service.values.lead import Lead
from scoring_service.values.score import Score
from scoring_service.values.stored import Keys, StoredDecision, StoredLead
from scoring_service.workflows import records
from scoring_service.workflows.accounts import upsert
from scoring_service.workflows.activation import activate
from scoring_service.workflows.assignment import route
from scoring_service.workflows.due import run_due
from scoring_service.workflows.keys import of_accounts, of_route
from scoring_service.workflows.requests import (
    AccountItem,
    AccountsUpserted,
    ActivatePolicy,
    AssignmentView,
    PolicyActivated,
    RouteLead,
    ScoreLead,
    UpsertAccounts,
)
from scoring_service.workflows.scoring import score_stored
from tests.postgres_server import new_postgres_url, postgres_server

__all__ = ["new_postgres_url", "postgres_server"]  # fixtures of every folder

LONGEST_FIRST = (
    "test_lifecycle_machine.py",
    "test_docs_run.py",
    "test_load.py",
    "test_docs_ops.py",
    "test_days_of_leads.py",
    "test_agreement.py",
    "test_calibrate.py",
    "test_bank.py",
    "test_lost_connection.py",
)
"""Files that take longest: begun first, so that no process works on one when all else is done."""

T = TypeVar("T")


def pytest_configure() -> None:
    """What tests start keeps what it compiled, or hundreds of processes compile all of it anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order in which they are found, but for the longest."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_collection_finish() -> None:
    """What is collected stays to the end: the collector need not look through it in every test."""
    spare_what_started()


collect_seldom()  # so it is while modules are imported and tests collected


MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NO_KEYS = Keys()

# A machine may be busy; and what passed passes again. `--hypothesis-profile explore` draws anew.
settings.register_profile("same draws", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile("same draws")


class Clock:
    """Time as the test sets it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


class Desk:
    """A store with its writer, asked as the rim would ask it; ids come in order.

    The store is the SQLite file at `path`, or the one at `url`, or that of `beside`, another desk:
    then both give out the same ids and know the same policies, as servers of one store. `due`
    is what the writer does by itself: it drains, unless the test wants to.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        policy: Policy,
        due: DueWork = run_due,
        url: str = "",
        beside: "Desk | None" = None,
    ) -> None:
        self.path, self.clock, self.policy, self.url = path, clock, policy, url
        self._ids, self._requests, self._active = count(1), count(1), False
        self._compiled: dict[bytes, Policy] = {}
        if beside is not None:
            self.url, self._active, self._compiled = beside.url, True, beside._compiled
            self._ids, self._requests = beside._ids, beside._requests
        self.store: Store = open_store(
            self.url or f"sqlite:///{path}",
            clock=clock,
            new_id=lambda: f"id-{next(self._ids):06}",
            compile=lambda content: self._compiled[content],
            due=due,
            work_max=60.0,
            look_every=timedelta(days=1),  # time is the test's: what is due is done when it says
            durable=False,  # no test outlives a power cut
        )

    async def activate(self, policy: Policy) -> PolicyActivated:
        """Make a policy the active one, after the test's own."""
        if not self._active:
            self._active = True
            await self.activate(self.policy)
        content = policy.revision.encode()
        self._compiled[content] = policy
        request = ActivatePolicy(content, "tester")
        activated = await self.store.writer.activate(
            lambda tx, policy, now: activate(tx, policy, request, now), policy
        )
        self.policy = policy
        return activated

    async def run(
        self, unit: Callable[[Transaction, Policy, datetime], T], keys: Keys = NO_KEYS
    ) -> T:
        """What a unit of work gives; the first one finds the test's policy active."""
        if not self._active:
            await self.activate(self.policy)
        return await self.store.writer.write(unit, keys)

    def request(self, lead: Lead | None = None, **fields: Any) -> RouteLead:
        """A Route request under a new request_id unless one is given."""
        fields.setdefault("request_id", f"r-{next(self._requests)}")
        asked = RouteLead(lead=lead, **fields)
        rest = msgspec.structs.replace(asked, request_id="")
        return msgspec.structs.replace(asked, digest=msgspec.json.encode(rest).decode())

    async def ask(self, request: RouteLead) -> AssignmentView:
        """The answer to a Route request."""
        return await self.run(
            lambda tx, policy, now: route(tx, policy, request, now), of_route(request)
        )

    async def route(self, lead: Lead | None = None, **fields: Any) -> AssignmentView:
        """Route a lead."""
        return await self.ask(self.request(lead, **fields))

    async def settle(self, *requests: RouteLead) -> list[Any]:
        """The answers or refusals of requests that share one batch."""
        gate = Event()
        held = asyncio.ensure_future(self.run(lambda tx, policy, now: gate.wait(10)))
        await asyncio.sleep(0.005)
        asked = [asyncio.ensure_future(self.ask(request)) for request in requests]
        await asyncio.sleep(0)
        gate.set()
        assert await held
        return list(await asyncio.gather(*asked, return_exceptions=True))

    async def together(self, *requests: RouteLead) -> list[AssignmentView]:
        """The answers to requests that share one batch."""
        answers = await self.settle(*requests)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    async def upsert(self, *accounts: Account, request_id: str | None = None) -> AccountsUpserted:
        """Store accounts."""
        items = tuple(AccountItem(account) for account in accounts)
        digest = msgspec.json.encode(items).decode()
        if request_id is None:
            request_id = f"r-{next(self._requests)}"
        request = UpsertAccounts(request_id, "tester", items, digest)
        return await self.run(
            lambda tx, policy, now: upsert(tx, policy, request, now), of_accounts(request)
        )

    async def drain(self) -> None:
        """Do what is due by now, slice by slice."""
        while await self.run(run_due):
            pass

    async def lead(self, lead_id: str) -> StoredLead:
        """A lead as it is stored."""
        found = await self.store.read(lambda reader: reader.lead(lead_id))
        assert found is not None, f"no lead {lead_id}"
        return found

    async def score(self, lead_id: str, activities: Sequence[Activity] = ()) -> Score:
        """The score of a stored lead, from its events."""
        request = ScoreLead(lead_id=lead_id, activities=tuple(activities))
        return await self.store.read(
            lambda reader: score_stored(self.policy, reader, reader, request, self.clock.now)
        )

    async def decisions(self, after: str = "") -> list[StoredDecision]:
        """Every decision record behind that id."""
        return list(await self.store.read(lambda reader: reader.decisions(after, 1_000_000)))

    def records(self, tx: Transaction) -> Transaction:
        """What records are read from: the unit of work is one."""
        return tx

    def missing(self, tx: Transaction) -> list[str]:
        """The reasons of what is not found."""
        with pytest.raises(NotFound) as no_assignment:
            records.assignment(tx, "who")
        with pytest.raises(NotFound) as no_decision:
            records.decision(tx, "who", lambda revision: None)
        return [no_assignment.value.reason, no_decision.value.reason]

    async def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as reading:
            tables = reading.execute("select name from sqlite_master where type = 'table'")
            found = {
                name: sorted(reading.execute(f'select * from "{name}"').fetchall(), key=repr)
                for (name,) in tables.fetchall()
            }
        reading.close()
        return found


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its schema and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "leads.db"
    database = open_database(f"sqlite:///{path}")
    database.prepare()
    database.close()
    return path


@pytest.fixture
def clock() -> Clock:
    """Monday morning, until the test says otherwise."""
    return Clock()


@pytest.fixture
async def open_desk(
    empty_store: Path, tmp_path: Path, clock: Clock
) -> AsyncIterator[Callable[..., Desk]]:
    """Opens a desk of its own by name, which works by a policy."""
    opened: list[Desk] = []

    def make(name: str, policy: Policy, due: DueWork = run_due) -> Desk:
        path = Path(copy(empty_store, tmp_path / f"{name}.db"))
        opened.append(Desk(path, clock, policy, due))
        return opened[-1]

    yield make
    for desk in opened:
        desk.path.unlink(missing_ok=True)  # nobody reads it any more: nothing is put in order
        await desk.store.close()


def _cell(weight: float, place: int, *, variance: float = 0.0) -> Cell:
    """A cell of its own row: 0.1 at its place of 12, half of it before."""
    row = [0.05 if k < place else 0.1 if k == place else 0.0 for k in range(12)]
    return Cell(weight, tuple(row), variance)


@pytest.fixture(scope="session")
def scorecard() -> Callable[..., Scorecard]:
    """A scorecard of every kind of term, for leads with `employees`, `plan` and `country`; other
    terms in place of its own, or another base.
    """

    def make(*terms: Term, base: float = -2.0) -> Scorecard:
        own: tuple[Term, ...] = (
            CriterionTerm("company size", "employees >= 200", _cell(0.8, 1)),
            NumberTerm(
                "employees",
                AttributeType.INTEGER,
                (10.0, 50.5),
                (_cell(-0.5, 2), _cell(0.1, 3), _cell(0.4, 4)),
                _cell(-0.2, 5),
            ),
            TextTerm(
                "plan",
                AttributeType.TEXT,
                {"free": _cell(-0.7, 6), "pro": _cell(0.3, 7)},
                _cell(0.05, 8),
                _cell(0.0, 9, variance=0.25),
            ),
            ActivityTerm("demo_request", 60.0, 21 * 86_400.0, _cell(0.03, 10), points_max=60.0),
            ActivityTerm("pricing_page_view", 10.0, 3 * 86_400.0, _cell(0.02, 11), 25.0),
        )
        return Scorecard(_cell(base, 0), terms or own, base_rate=0.1, rows=1000, won=100)

    return make


@pytest.fixture(scope="session")
def scorecard_json(scorecard: Callable[..., Scorecard]) -> Callable[..., bytes]:
    """The bytes of such a scorecard."""
    return lambda *terms, **other: msgspec.json.encode(scorecard(*terms, **other))
