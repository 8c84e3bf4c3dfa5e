"""Rules that would give many leads another owner: refused at a reload and at a start, unless
somebody says that they are meant.
"""

import io
import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from scoring_service.domain.policy import Policy
from scoring_service.server import logs
from scoring_service.server.clock import new_id
from scoring_service.server.first_policy import first_policy
from scoring_service.server.folders import shipped
from scoring_service.server.guarding import Guarding
from scoring_service.server.loading import compile_stored, load_folder
from scoring_service.server.metrics import Metrics
from scoring_service.server.readiness import Readiness
from scoring_service.server.reload import Reloader
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store, open_store
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import PermissionDenied, Unavailable
from scoring_service.values.lead import Lead
from scoring_service.workflows.assignment import route
from scoring_service.workflows.diff.guarding import Judged
from scoring_service.workflows.due import run_due
from scoring_service.workflows.forcing import force_policy
from scoring_service.workflows.keys import of_route
from scoring_service.workflows.lifecycle_requests import ForcePolicy, PolicyForced
from scoring_service.workflows.requests import AssignmentView, RouteLead

GUARD = "\nguard: {owners_changed_max: 20%, leads: 10}\n"
LEADS = 4


def now() -> datetime:
    return datetime.now(UTC)


def _route(request: RouteLead, tx: Transaction, policy: Policy, at: datetime) -> AssignmentView:
    return route(tx, policy, request, at)


class Bench:
    """A store, a folder of rules, and a server's part that has the one follow the other."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.start()

    def start(self) -> None:
        """As a server that has just started, before anything decides in it."""
        self.stream = io.BytesIO()
        self.log = logs.open_log(now, "info", self.stream).logger
        self.metrics = Metrics()
        self.reloader = Reloader(self.folder, self.store, self.metrics, self.log)
        self.readiness = Readiness(self.store, self.reloader, self.metrics, self.log)

    async def first(self) -> str:
        return await first_policy(
            self.store, self.folder, anyway=False, guarding=self.reloader.guarding
        )

    def edit(self, old: str, new: str) -> None:
        file = self.folder / "routing.yaml"
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))

    async def route(self, leads: int = LEADS) -> None:
        """Leads of firms of 30, who serve themselves once that is said of firms below 50."""
        for n in range(leads):
            lead = Lead(f"lead-{n}", email=f"{n}@firm{n}.example", employees=30, source="web")
            request = RouteLead(f"r-{n}", lead=lead, digest=str(n))
            await self.store.writer.write(partial(_route, request), of_route(request))

    async def force(self, revision: str, actor: str = "sales-ops") -> PolicyForced:
        request = ForcePolicy(
            request_id=str(uuid4()), actor_id=actor, revision=revision, reason="meant", digest="d"
        )
        return await self.store.writer.write(
            lambda tx, policy, at: force_policy(tx, policy, request, at)
        )

    def said(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]

    def metric(self, name: str) -> float:
        lines = self.metrics.exposition().decode().splitlines()
        [found] = [line.split()[1] for line in lines if line.startswith(f"leadscoring_{name} ")]
        return float(found)

    def folders_revision(self) -> str:
        return load_folder(self.folder).policy.revision


def guarded(folder: Path) -> Path:
    """A folder with the starter rules, less their tests, and a guard."""
    shutil.copytree(shipped("rules"), folder, ignore=shutil.ignore_patterns("*_test.yaml"))
    with (folder / "routing.yaml").open("a") as routing:
        routing.write(GUARD)
    return folder


async def opened(url: str, folder: Path) -> Bench:
    """A bench whose folder's rules decide."""
    store = open_store(url, clock=now, new_id=new_id, compile=compile_stored, due=run_due)
    made = Bench(store, folder)
    assert await made.first() == ""
    made.reloader.accept(store.policies.revision)
    return made


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """The starter rules with a guard decide."""
    made = await opened(f"sqlite:///{tmp_path / 'leads.db'}", guarded(tmp_path / "rules"))
    yield made
    await made.store.close()


async def test_a_reload_that_gives_most_leads_another_owner_is_refused(bench: Bench) -> None:
    before = bench.store.policies.revision
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    await bench.reloader.reload()
    assert bench.store.policies.revision == before, "the last good one goes on deciding"
    refused = bench.folders_revision()
    assert f"revision {refused} would change the owner of 4 of the last 4" in bench.reloader.detail
    assert f"rules diff active {bench.folder}" in bench.reloader.detail
    assert f"rules force {refused}" in bench.reloader.detail
    assert [line["why"] in bench.reloader.detail for line in bench.said("policy_refused")] == [True]
    assert json.loads(bench.readiness.readyz().body)["detail"] == bench.reloader.detail
    metrics = ("policy_reload_failed", "policy_guard_leads", "policy_guard_owners_changed")
    assert [bench.metric(name) for name in metrics] == [1, 4, 4]


async def test_what_was_forced_decides_at_the_next_look(bench: Bench) -> None:
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    await bench.reloader.reload()
    await bench.reloader.look()
    assert bench.reloader.detail, "nobody has said anything yet"
    refused = bench.folders_revision()
    assert await bench.force(refused) == PolicyForced(refused)
    await bench.readiness.probe()
    assert bench.reloader.detail, "a probe looks at the store and loads nothing"
    await bench.reloader.look()
    assert (bench.store.policies.revision, bench.reloader.detail) == (refused, "")
    assert bench.reloader.own == refused
    assert [line["forced"] for line in bench.said("policy_judged")] == [False, True]
    assert (await bench.force(refused)).active, "once it decides there is nothing to force"
    (change, _, who), *_ = await bench.store.read(lambda r: r.field_changes("policy", refused))
    assert (change.field, change.new, who) == ("forced", '"meant"', "sales-ops")


async def test_a_force_holds_for_one_activation(bench: Bench) -> None:
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    await bench.force(bench.folders_revision())
    await bench.reloader.reload()
    assert bench.reloader.detail == ""
    bench.edit("employees < 50", "employees < 10")
    await bench.reloader.reload()
    assert "would change the owner of 4" in bench.reloader.detail, "the way back is a change too"
    await bench.force(bench.folders_revision())
    await bench.reloader.reload()
    assert bench.reloader.detail == ""
    bench.edit("employees < 10", "employees < 50")
    await bench.reloader.reload()
    assert "would change the owner of 4" in bench.reloader.detail


async def test_a_start_with_rules_that_the_guard_refuses_serves_the_last_ones(bench: Bench) -> None:
    before = bench.store.policies.revision
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    bench.start()
    said = await bench.first()
    refused = bench.folders_revision()
    assert f"revision {before} goes on deciding: revision {refused} would change" in said
    assert bench.store.policies.revision == before
    bench.reloader.refuse(said)
    await bench.force(refused)
    await bench.reloader.look()
    assert (bench.store.policies.revision, bench.reloader.detail) == (refused, "")


async def test_forced_before_the_start_it_decides_at_once(bench: Bench) -> None:
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    await bench.force(bench.folders_revision())
    bench.start()
    assert await bench.first() == ""
    assert bench.store.policies.revision == bench.folders_revision()


@pytest.mark.parametrize(
    ("leads", "old", "new"),
    [
        pytest.param(LEADS, "employees < 10", "employees < 20", id="nobody-gets-another-owner"),
        pytest.param(0, "employees < 10", "employees < 50", id="there-is-no-lead"),
    ],
)
async def test_a_change_that_moves_nobody_passes(
    leads: int, old: str, new: str, bench: Bench
) -> None:
    await bench.route(leads)
    bench.edit(old, new)
    await bench.reloader.reload()
    assert bench.reloader.detail == ""
    assert bench.store.policies.revision == bench.folders_revision()


async def test_an_edit_does_not_lift_the_guard_it_is_held_against(bench: Bench) -> None:
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    bench.edit(GUARD, "")
    await bench.reloader.reload()
    assert "would change the owner of 4" in bench.reloader.detail
    bench.edit("employees < 50", "employees < 10")
    await bench.reloader.reload()
    assert bench.reloader.detail == "", "lifting it alone moves no lead"
    bench.edit("employees < 10", "employees < 50")
    await bench.reloader.reload()
    assert bench.reloader.detail == "", "without a guard everything passes"
    assert bench.metric("policy_guard_leads") == 0


async def test_another_server_had_it_decide(bench: Bench) -> None:
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    await bench.reloader.reload()
    other = Bench(bench.store, bench.folder)
    await bench.force(bench.folders_revision())
    await other.reloader.reload()
    await bench.reloader.look()
    assert bench.reloader.detail == ""
    assert bench.reloader.own == bench.folders_revision()


async def test_only_who_may_move_leads_may_force(bench: Bench) -> None:
    with pytest.raises(PermissionDenied):
        await bench.force(bench.folders_revision(), actor="somebody")


async def test_a_folder_that_is_broken_since_is_not_loaded_at_every_look(bench: Bench) -> None:
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    await bench.reloader.reload()
    await bench.force(bench.folders_revision())
    bench.edit("employees < 50", "employees < fifty")
    await bench.reloader.reload()
    failures = bench.metric("policy_reload_failures_total")
    await bench.reloader.look()
    assert bench.metric("policy_reload_failures_total") == failures
    bench.edit("employees < fifty", "employees < 50")
    await bench.reloader.reload()
    assert bench.reloader.detail == "", "forced is forced, whatever was saved between"


class Failing(Guarding):
    """Whose store fails at what it is told to fail at."""

    judging: Exception | None = None
    asking: Exception | None = None

    def _judge(self, reader: Reader, new: Policy) -> Judged | None:
        if self.judging is not None:
            raise self.judging
        return super()._judge(reader, new)

    async def is_forced(self, revision: str) -> bool:
        if self.asking is not None:
            raise self.asking
        return await super().is_forced(revision)


def failing(bench: Bench) -> Failing:
    made = Failing(bench.folder, bench.store, bench.metrics, bench.log)
    bench.reloader.guarding = made
    return made


async def test_rules_on_which_the_guard_fails_wait_until_somebody_forces_them(bench: Bench) -> None:
    failing(bench).judging = KeyError("what nobody thought of")
    before = bench.store.policies.revision
    bench.edit("employees < 10", "employees < 50")
    refused = bench.folders_revision()
    await bench.reloader.reload()
    assert f"rules force {refused}" in bench.reloader.detail
    assert bench.store.policies.revision == before
    assert "KeyError" in json.dumps(bench.said("policy_not_judged"))
    await bench.force(refused)
    await bench.reloader.look()
    assert (bench.store.policies.revision, bench.reloader.detail) == (refused, "")


async def test_a_start_with_rules_on_which_the_guard_fails_serves_the_last_ones(
    bench: Bench,
) -> None:
    failing(bench).judging = KeyError("what nobody thought of")
    before = bench.store.policies.revision
    bench.edit("employees < 10", "employees < 50")
    assert "could not be held against the guard" in await bench.first()
    assert bench.store.policies.revision == before


async def test_what_was_forced_is_tried_again_after_an_outage(bench: Bench) -> None:
    guarding = failing(bench)
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    await bench.reloader.reload()
    await bench.force(bench.folders_revision())
    guarding.judging = Unavailable("the database is away")
    await bench.reloader.look()
    assert "away" in bench.reloader.detail
    guarding.judging = None
    await bench.reloader.look()
    assert bench.reloader.detail == ""


async def test_a_store_that_fails_does_not_end_the_looking(bench: Bench) -> None:
    guarding = failing(bench)
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    await bench.reloader.reload()
    guarding.asking = OSError("of a driver")
    await bench.reloader.look()
    await bench.readiness.probe()
    assert bench.readiness.is_ready


async def test_of_two_that_start_at_once_the_later_one_finds_it_decides(bench: Bench) -> None:
    await bench.route()
    bench.edit("employees < 10", "employees < 50")
    revision = bench.folders_revision()
    await bench.force(revision)
    assert await bench.reloader.guarding.is_forced(revision)
    await bench.reloader.reload()
    assert await bench.reloader.guarding.is_forced(revision), "it was activated, by the other"
