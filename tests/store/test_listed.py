"""What is listed page by page: in one order, nothing twice, nothing left out, whatever is asked."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.store.database import open_database
from scoring_service.store.statements import statements
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredDecision, StoredLead
from tests.store.conftest import MONDAY

FEW = settings(max_examples=40)
"""Enough to meet each branch: the tables have the edges."""

OWNERS = (RepOwner("ann"), RepOwner("bob"), QueueOwner("ann"), TrackOwner("ann"), None)
STAGES = (Stage.MQL, Stage.SAL, Stage.NURTURE)
ACCOUNTS = ("acme", "zen", None)
SCORES = (0.0, 12.5, 12.500001, 60.0, 100.0)
COUNT = 60


@pytest.fixture
def engine() -> str:
    """The statements are the same on each engine, and read there by the tests of the wire."""
    return "sqlite"


@pytest.fixture(scope="module")
def leads() -> tuple[StoredLead, ...]:
    """Leads of every owner, stage, account and score, among them many of one score."""
    return tuple(
        StoredLead(
            Lead(f"l{number:02}", account_id=ACCOUNTS[number % 3]),
            f"p{number}",
            STAGES[number // 2 % 3],
            MONDAY,
            MONDAY,
            MONDAY,
            owner=OWNERS[number % 5],
            score=SCORES[number * 7 % 5],
        )
        for number in range(COUNT)
    )


@pytest.fixture(scope="module")
def reader(new_sqlite_store: Callable[[], str], leads: tuple[StoredLead, ...]) -> Iterator[Any]:
    """Reads a store that holds them."""
    database = open_database(new_sqlite_store())
    session = database.writing()
    session.begin()
    batch = session.batch(MONDAY, lambda: "id")
    tx = batch.transaction()
    for lead in leads:
        tx.save_lead(lead)
    batch.keep(tx)
    batch.flush()
    session.commit()
    session.close()
    found = database.reading()
    yield found
    found.close()
    database.close()


def plain(
    leads: tuple[StoredLead, ...], stage: Stage | None, owner: Owner | None, account: str | None
) -> list[StoredLead]:
    """The slow twin: all that is wanted, by score and then by id, the highest and last first."""
    wanted = [
        one
        for one in leads
        if (stage is None or one.stage == stage)
        and (owner is None or one.owner == owner)
        and (account is None or one.lead.account_id == account)
    ]
    return sorted(wanted, key=lambda one: (one.score, one.lead.lead_id), reverse=True)


@FEW
@given(
    stage=st.none() | st.sampled_from(STAGES),
    owner=st.sampled_from(OWNERS),
    account=st.sampled_from(ACCOUNTS),
    rows=st.integers(1, COUNT + 1),
)
def test_pages_of_leads_are_all_that_are_wanted_once_and_in_order(
    reader: Any,
    leads: tuple[StoredLead, ...],
    stage: Stage | None,
    owner: Owner | None,
    account: str | None,
    rows: int,
) -> None:
    found: list[StoredLead] = []
    before = None
    while page := reader.leads(stage, owner, account, before, rows):
        assert len(page) <= rows
        found += page
        before = page[-1].score, page[-1].lead.lead_id
    assert found == plain(leads, stage, owner, account)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        pytest.param({}, COUNT, id="any lead"),
        pytest.param({"owner": RepOwner("ann")}, 12, id="a rep's"),
        pytest.param({"owner": QueueOwner("ann")}, 12, id="a queue's of his name"),
        pytest.param({"owner": RepOwner("nobody")}, 0, id="nobody's"),
        pytest.param({"stage": Stage.CUSTOMER}, 0, id="in a stage that none is in"),
        pytest.param({"account_id": "acme"}, 20, id="of an account"),
        pytest.param({"before": (-1.0, "")}, 0, id="behind the last score"),
        pytest.param({"before": (0.0, "l00")}, 0, id="behind the last id of the last score"),
        pytest.param({"before": (1e6, "")}, COUNT, id="before the first"),
        pytest.param({"limit": 0}, 0, id="none of them"),
    ],
)
def test_how_many_leads_are_listed(reader: Any, asked: dict[str, Any], count: int) -> None:
    assert len(reader.leads(**({"limit": 1000} | asked))) == count


@pytest.mark.parametrize(
    ("name", "index", "sorts"),
    [
        pytest.param("leads_listed_in", "leads_of_stage", False, id="of a stage"),
        pytest.param("leads_listed_of_owner_in", "leads_of_owner", False, id="of an owner"),
        pytest.param("leads_listed_of_account", "leads_of_account", True, id="of an account"),
    ],
)
def test_a_page_is_read_by_an_index_in_its_order(
    reader: Any, name: str, index: str, sorts: bool
) -> None:
    statement = statements("sqlite", "?")[name]
    places = (None,) * statement.sql.count("?")
    explained = reader._connection._driver.execute(f"explain query plan {statement.sql}", places)
    plan = [row[-1] for row in explained]
    assert plan[0].startswith(f"SEARCH leads USING INDEX {index} (")
    assert ["TEMP B-TREE" in step for step in plan[1:]] == [True] * sorts


def test_a_page_has_a_hundred_unless_it_is_said(reader: Any) -> None:
    assert len(reader.leads()) == COUNT < 100
    assert len(reader.leads(limit=7)) == 7


def decided(desk: Any, example: Any, names: str) -> None:
    def write(tx: Any) -> None:
        tx.save_lead(example.lead("l1"))
        for name in names:
            tx.record_decision(StoredDecision(name, "l1", tx.now, "x", "r1", "", 1, b"{}", b"{}"))

    desk.do(write)


def test_decisions_are_listed_forward_and_backward_by_id(desk: Any, example: Any) -> None:
    decided(desk, example, "dbeac")

    def ids(found: Any) -> str:
        return "".join(one.decision_id for one in found)

    reader = desk.reader
    assert (ids(reader.decisions()), ids(reader.latest_decisions())) == ("abcde", "edcba")
    assert (ids(reader.decisions(limit=2)), ids(reader.latest_decisions(limit=2))) == ("ab", "ed")
    assert (ids(reader.decisions("b", 2)), ids(reader.latest_decisions("d", 2))) == ("cd", "cb")
    assert (ids(reader.decisions("e")), ids(reader.latest_decisions("a"))) == ("", "")


def test_the_last_decision_is_the_last_whatever_letters_its_id_has(desk: Any, example: Any) -> None:
    decided(desk, example, "zé☎😀")
    assert [one.decision_id for one in desk.reader.latest_decisions()] == ["😀", "☎", "é", "z"]


def test_assignments_page_by_page_are_all_of_them_newest_first(desk: Any, example: Any) -> None:
    """Many of one instant, so that the id has to decide."""
    made = [
        example.assignment(
            f"s{number}", "ann" if number % 3 else "bob", f"l{number % 2}",
            assigned_at=MONDAY + timedelta(hours=number % 2),
        )
        for number in range(9)
    ]  # fmt: skip

    def write(tx: Any) -> None:
        for lead_id in ("l0", "l1"):
            tx.save_lead(example.lead(lead_id))
        for one in made:
            tx.record_assignment(one)

    desk.do(write)
    newest = sorted(made, key=lambda one: (one.assigned_at, one.assignment_id), reverse=True)
    for asked in ({}, {"rep_id": "ann"}, {"lead_id": "l1"}, {"rep_id": "ann", "lead_id": "l0"}):
        wanted = [
            one
            for one in newest
            if asked.get("rep_id", one.owner.id) == one.owner.id
            and asked.get("lead_id", one.lead_id) == one.lead_id
        ]
        found, before = [], None
        while page := desk.reader.assignments(**asked, before=before, limit=2):
            found += page
            before = page[-1].assigned_at, page[-1].assignment_id
        assert found == wanted, asked


def test_activations_are_numbered_and_the_latest_is_known(desk: Any) -> None:
    assert (desk.reader.latest_activation(), desk.reader.activations()) == (0, ())
    assert desk.do(lambda tx: tx.latest_activation()) == 0
    first = desk.now
    desk.do(lambda tx: tx.activate("r1", b"", "ann"))
    desk.later(hours=1)
    desk.run(lambda tx: tx.activate("r2", b"", "bob"), lambda tx: tx.activate("r1", b"", "ann"))
    assert desk.reader.activations() == (
        (1, "r1", first, "ann"),
        (2, "r2", desk.now, "bob"),
        (3, "r1", desk.now, "ann"),
    )
    assert desk.reader.latest_activation() == desk.do(lambda tx: tx.latest_activation()) == 3


def test_what_lines_of_many_leads_show_is_no_more_than_asked(desk: Any, example: Any) -> None:
    def write(tx: Any) -> None:
        for number in range(5):
            tx.save_lead(example.lead(f"l{number}"))
            tx.enqueue(example.place(f"l{number}", minutes_ago=number))

    desk.do(write)
    count, places = desk.reader.waiting("west", 2)
    assert (count, [place.lead_id for place in places]) == (5, ["l4", "l3"])
    assert desk.reader.waiting("nowhere") == (0, ())
