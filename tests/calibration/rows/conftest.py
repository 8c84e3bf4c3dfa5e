"""Files and stores to read training rows from, written by the tests themselves."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from scoring_service.calibration.rows.mapping import mapping_of
from scoring_service.calibration.rows.read_file import read_file
from scoring_service.calibration.table import Readings
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.server.folders import rule_files
from scoring_service.store.database import Reader, open_database
from scoring_service.store.transaction import Transaction
from scoring_service.store.url import SqliteUrl, parse
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    FieldChange,
    StageEntry,
    StoredActivity,
    StoredDecision,
    StoredLead,
)

ROOT = Path(__file__).parents[3]
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

ATTRIBUTES = """
seniority:       {type: text}
team_size:       {type: integer, min: 0}
budget_approved: {type: boolean}
decision_by:     {type: date}
"""
SCORING = """
fit:
  - {name: large,          when: 'employees >= 200',              points: 30}
  - {name: decides,        when: 'seniority == "owner"',          points: 20}
  - {name: we know it,     when: 'account.account_id != null',    points: 10}
  - {name: from the fair,  when: 'source == "fair"',              points: 10}
behaviour:
  activities:
    visit:       {points: 10, half_life: 7d,   points_max: 25}
    demo:        {points: 40, half_life: 14d,  high_intent: true}
    reply:       {points: 15, half_life: 10d,  once: true}
    webinar:     {points: 20, half_life: 20d,  expires_after: 30d}
    unsubscribe: {points: -30, half_life: 90d, points_max: 40}
grades: {fit: {A: 75, B: 50, C: 25}, behaviour: {1: 60, 2: 35, 3: 15}}
mql: {fit_min: 30, behaviour_min: 30}
"""


@pytest.fixture(scope="session")
def policy() -> Policy:
    """Rules with criteria, activity types of every kind and declared attributes."""
    files = dict(rule_files(ROOT / "rules"))
    kept = {
        name: content
        for name, content in files.items()
        if name in ("team.yaml", "calendars.yaml", "lifecycle.yaml")
    }
    routing = b"routes: []\notherwise: {queue: inbox, owner: sales-ops}\n"
    return load(
        source_of(
            {
                **kept,
                "routing.yaml": routing,
                "attributes.yaml": ATTRIBUTES.encode(),
                "scoring.yaml": SCORING.encode(),
            }
        )
    )


class Files:
    """Writes files of rows and reads them back as training rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, text: str, name: str = "leads.csv") -> Path:
        """A file with a text; lines may be indented for the reader of the test."""
        lines = [line.strip() for line in text.strip("\n").splitlines()]
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def read(self, text: str, *, mapping: str = "", activities: str = "", **asked: Any) -> Readings:
        """What is read of a file with a text, under a mapping and beside activities."""
        if mapping:
            asked["mapping"] = mapping_of(self.write(mapping, "mapping.yaml"))
        if activities:
            asked["activities"] = self.write(activities, "activities.csv")
        return read_file(self.write(text), **{"outcome": "outcome", **asked})


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A folder for files of rows."""
    return Files(tmp_path)


@pytest.fixture
def engine() -> str:
    """SQLite, unless a test asks for both."""
    return "sqlite"


@pytest.fixture
def url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store is, on the engine."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'leads.db'}"
    return str(request.getfixturevalue("new_postgres_url")())


class Stored:
    """A store in which leads live: each call is a unit of work at an instant."""

    start = START

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = open_database(url)
        self.database.migrate()
        self.session = self.database.writing()
        self.session.not_durable()
        self.reader: Reader = self.database.reading()
        self._ids = count(1)

    def do(self, now: datetime, *units: Callable[[Transaction], Any]) -> None:
        """Run units in one batch at an instant."""
        self.session.begin()
        batch = self.session.batch(now, lambda: f"id-{next(self._ids)}")
        batch.prefetch([])
        for unit in units:
            tx = batch.transaction()
            unit(tx)
            batch.keep(tx)
        batch.flush()
        self.session.commit()

    def create(
        self,
        lead_id: str,
        at: datetime = START,
        stage: Stage = Stage.KNOWN,
        cause: str = "routed",
        created_at: datetime | None = None,
        account: str = "",
        **fields: Any,
    ) -> None:
        """Store a new lead in a stage, as a decision leaves it that took `account` for its own."""
        lead = Lead(lead_id, **fields)
        stored = StoredLead(lead, f"person of {lead_id}", stage, created_at or at, at, at, visit=1)
        entry = self._entry(lead_id, 1, "", stage, at, cause)
        self.do(
            at,
            lambda tx: tx.save_lead(stored),
            lambda tx: tx.record_stage(entry),
            lambda tx: tx.record_decision(_decision(lead_id, at, account)),
        )

    def create_many(self, names: list[str], **fields: Any) -> None:
        """Store new leads in one batch, without stages or decisions."""
        leads = [
            StoredLead(Lead(name, **fields), f"person of {name}", Stage.KNOWN, START, START, START)
            for name in names
        ]
        self.do(START, *(partial(Transaction.save_lead, lead=lead) for lead in leads))

    def change(self, lead_id: str, at: datetime, **values: Any) -> None:
        """Change fields (attributes where Lead has none of that name), and record the changes."""
        stored = self.reader.lead(lead_id)
        assert stored is not None
        lead, changes = stored.lead, []
        for name, value in values.items():
            own = name in Lead.__struct_fields__
            old = getattr(lead, name) if own else lead.attributes.get(name)
            changes.append(
                FieldChange(name if own else f"attributes.{name}", _json(old), _json(value))
            )
            new = {name: value} if own else {"attributes": {**lead.attributes, name: value}}
            lead = msgspec.structs.replace(lead, **new)
        saved = msgspec.structs.replace(stored, lead=lead, updated_at=at)
        self.do(
            at,
            lambda tx: tx.save_lead(saved),
            lambda tx: tx.record_changes("lead", lead_id, changes, "me"),
        )

    def forget_facts(self, lead_id: str) -> None:
        """Take the facts from every decision on a lead, as is done with old ones."""
        place = parse(self.url)
        driver: Any
        if isinstance(place, SqliteUrl):
            driver = sqlite3.connect(place.path, isolation_level=None)
        else:
            driver = psycopg.connect(place.conninfo, autocommit=True)
        driver.execute(f"update decisions set facts = '' where lead_id = '{lead_id}'")
        driver.close()

    def decide(self, lead_id: str, at: datetime, account: str) -> None:
        """Record a decision that took an account for the lead's."""
        self.do(at, lambda tx: tx.record_decision(_decision(lead_id, at, account)))

    def move(self, lead_id: str, at: datetime, stage: Stage, **fields: Any) -> None:
        """Move a lead to a stage."""
        stored = self.reader.lead(lead_id)
        assert stored is not None
        visit = stored.visit + 1
        entry = self._entry(lead_id, visit, stored.stage.value, stage, at, **fields)
        moved = msgspec.structs.replace(stored, stage=stage, visit=visit, entered_at=at)
        self.do(at, lambda tx: tx.save_lead(moved), lambda tx: tx.record_stage(entry))

    def did(
        self, lead_id: str, kind: str, at: datetime, recorded_at: datetime | None = None
    ) -> None:
        """Store something that a lead did, recorded at once or later."""
        recorded = recorded_at or at
        activity = Activity(kind, at, f"a{next(self._ids)}")
        stored = StoredActivity(lead_id, activity, "d", recorded)
        self.do(recorded, lambda tx: tx.add_activities([stored]))

    def _entry(
        self,
        lead_id: str,
        visit: int,
        before: str,
        stage: Stage,
        at: datetime,
        cause: str = "sales",
        reason: str = "",
    ) -> StageEntry:
        where = (lead_id, visit, 1, before, stage.value, at, "me", cause)
        return StageEntry(*where, "rep:ann", "{}", "r1", reason=reason)

    def close(self) -> None:
        """Give the connections back."""
        self.session.close()
        self.reader.close()
        self.database.close()


def _decision(lead_id: str, at: datetime, account: str) -> StoredDecision:
    match = AccountMatch(Account(account)) if account else AccountMatch()
    facts = msgspec.json.encode({"lead": {}, "account": match, "now": at})
    name = f"decision {lead_id} {at.isoformat()}"
    return StoredDecision(name, lead_id, at, "me", "r1", "", 1, facts, b"{}")


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


@pytest.fixture
def stored(url: str) -> Iterator[Stored]:
    """An empty store."""
    stored = Stored(url)
    yield stored
    stored.close()
