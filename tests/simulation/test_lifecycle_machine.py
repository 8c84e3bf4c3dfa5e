"""Whatever people, leads and clocks do, in any order: what must be true of the store stays true."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy, rmtree
from tempfile import mkdtemp
from typing import Any

import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.simulation.bench import Bench
from scoring_service.store.database import open_database
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.workflows import lifecycle_requests as asked
from scoring_service.workflows.assignment import route
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.due import run_due
from scoring_service.workflows.intake.merging import merge as merge_leads
from scoring_service.workflows.intake.record_activities import record_activities
from scoring_service.workflows.intake.upsert import upsert as upsert_lead
from scoring_service.workflows.requests import RouteLead
from scoring_service.workflows.sales.accept import accept_lead
from scoring_service.workflows.sales.assign import assign_lead
from scoring_service.workflows.sales.close import close_lost, close_won
from scoring_service.workflows.sales.contact import log_contact
from scoring_service.workflows.sales.disqualify import disqualify_lead
from scoring_service.workflows.sales.move import move_lead
from scoring_service.workflows.sales.opportunity import open_opportunity
from scoring_service.workflows.sales.qualify import qualify_lead
from scoring_service.workflows.sales.recycle import recycle_lead
from scoring_service.workflows.sales.reject import reject_lead
from tests.simulation.acts_of_ops import ACTORS, OWNER, PEOPLE, REPS, ActsOfOps

RULES = {path.name: path.read_bytes() for path in (Path(__file__).parent / "rules").glob("*.yaml")}
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
REASONS = st.sampled_from(
    ["timing", "budget", "wrong_icp", "wrong_owner", "spam", "chose_competitor", "other", "", "no"]
)
KINDS = st.sampled_from(["page_view", "demo_request", "unsubscribe"])


def _policy(**reps: dict[str, Any]) -> tuple[Policy, bytes]:
    team = yaml.safe_load(RULES["team.yaml"])
    for name, changes in reps.items():
        team["reps"][name] |= changes
    source = source_of({**RULES, "team.yaml": yaml.safe_dump(team).encode()})
    return load(source), source.pack()


POLICIES = [
    _policy(),
    _policy(ann={"active": False}, dan={"active": False}),
    _policy(bob={"leave": [{"from": "2026-03-03", "to": "2026-03-20", "backup": "cat"}]}),
    _policy(cat={"per_day_max": 0}, flo={"open_leads_max": 1}),
]


class Lifecycle(ActsOfOps):
    """A team, five people who may become its leads, and all the time there is."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="machine-"))
        self.store = Path(copy(_empty(), self.folder / "leads.db"))
        self.database = open_database(f"sqlite:///{self.store}")
        policy, content = POLICIES[0]
        self.bench = Bench(self.database, policy, run_due, durable=False)
        self.now = MONDAY
        self.bench.activate(content, self.now)
        self.sent = 0

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.bench.close()
        self.store.unlink()  # nobody reads it any more, so nothing need be put in order
        self.database.close()
        rmtree(self.folder)

    @rule(
        number=PEOPLE,
        fields=st.fixed_dictionaries(
            {},
            optional={
                "country": st.sampled_from(["DE", "US", "FR"]),
                "employees": st.sampled_from([5, 60, 500]),
                "source": st.sampled_from(["web", "fair"]),
                "full_name": st.just("Jo Doe"),
                "company_name": st.just("Firm"),
                "product_interest": st.sampled_from(["pro", "basic"]),
                "do_not_contact": st.sampled_from([False, False, False, True]),
                "company_domain": st.sampled_from(["firm.de", "firm.de", "rival.com"]),
            },
        ),
        mailed=st.booleans(),
        batch=st.sampled_from(["", "", "", "batch-1"]),
        actor=ACTORS,
        release=st.booleans(),
    )
    def upsert(
        self,
        number: int,
        fields: dict[str, Any],
        mailed: bool,
        batch: str = "",
        actor: str = "",
        release: bool = False,
    ) -> None:
        """A system sends what it knows of a person."""
        mail: dict[str, Any] = {"email": f"p{number}@mail.example"} if mailed else {}
        request = asked.UpsertLead(
            **self._asked(actor),
            lead=Lead(f"l{number}", **mail, **fields),
            batch_id=batch,
            release_do_not_contact=release and actor == "sales-ops",
        )
        self._run(lambda tx, policy, now: upsert_lead(tx, policy, request, now))

    @initialize(countries=st.lists(st.sampled_from(["DE", "US", "FR"]), min_size=5, max_size=5))
    def everybody_comes(self, countries: list[str]) -> None:
        """Five people come, one after the other."""
        for number, country in enumerate(countries):
            if number % 2:
                self.ask_for_a_demo(number, country)
            else:
                self.upsert(number, {"country": country}, mailed=number > 0)

    @rule(number=PEOPLE, country=st.sampled_from(["DE", "US", "FR"]))
    def ask_for_a_demo(self, number: int, country: str) -> None:
        """A person of a large company asks for a demo: one that sales wants to talk to."""
        lead = Lead(
            f"l{number}",
            email=f"p{number}@mail.example",
            country=country,
            employees=500,
            source="web",
        )
        asks = Activity("demo_request", self.now, f"demo-{self.sent}")
        request = asked.UpsertLead(**self._asked(""), lead=lead, activities=(asks,))
        self._run(lambda tx, policy, now: upsert_lead(tx, policy, request, now))

    @rule(number=PEOPLE, kinds=st.lists(KINDS, min_size=1, max_size=3), hours=st.integers(0, 400))
    def act(self, number: int, kinds: list[str], hours: int) -> None:
        """A person does something, now or some time ago."""
        at = self.now - timedelta(hours=hours % 50 if hours < 300 else 0)
        did = tuple(Activity(kind, at, f"a{self.sent}-{i}") for i, kind in enumerate(kinds))
        request = asked.RecordActivities(**self._asked(""), lead_id=f"l{number}", activities=did)
        self._run(lambda tx, policy, now: record_activities(tx, policy, request, now))

    @rule(number=PEOPLE, actor=ACTORS, again=st.booleans())
    def route(self, number: int, actor: str, again: bool) -> None:
        """A system routes a lead, or somebody has it taken from its owner."""
        given = self._asked("" if actor == OWNER else actor)
        reason = "wrong desk" if again else ""
        request = RouteLead(**given, lead_id=f"l{number}", reassign_reason=reason)
        self._run(lambda tx, policy, now: route(tx, policy, request, now))

    @rule(number=PEOPLE, actor=ACTORS)
    def accept(self, number: int, actor: str) -> None:
        """Somebody takes a lead on."""
        self._do(accept_lead, asked.AcceptLead, number, actor)

    @rule(number=PEOPLE)
    def go_on(self, number: int) -> None:
        """The owner goes one step further with a lead, whatever that is."""
        lead = self.bench.reader.lead(f"l{number}")
        if lead is None or lead.owner is None:
            return
        step: dict[Stage, tuple[Any, Any, dict[str, Any]]] = {
            Stage.MQL: (accept_lead, asked.AcceptLead, {}),
            Stage.SAL: (qualify_lead, asked.QualifyLead, {"criteria": self._answers()}),
            Stage.SQL: (open_opportunity, asked.OpenOpportunity, {"product": "pro"}),
            Stage.OPPORTUNITY: (close_won, asked.CloseWon, {"value": 10.0}),
        }
        if lead.stage in step:
            workflow, request, fields = step[lead.stage]
            self._do(workflow, request, number, lead.owner.id, **fields)

    @rule(number=PEOPLE, actor=ACTORS, reason=REASONS, note=st.sampled_from(["", "because"]))
    def reject(self, number: int, actor: str, reason: str, note: str) -> None:
        """Somebody gives a lead back."""
        self._do(reject_lead, asked.RejectLead, number, actor, reason=reason, note=note)

    @rule(
        number=PEOPLE,
        actor=ACTORS,
        hours_ago=st.integers(0, 30),
        next_in=st.sampled_from([None, 1, 30, 70]),
    )
    def contact(self, number: int, actor: str, hours_ago: int, next_in: int | None) -> None:
        """Somebody gets in touch."""
        again = None if next_in is None else self.now + timedelta(days=next_in)
        self._do(
            log_contact,
            asked.LogContact,
            number,
            actor,
            channel="phone",
            direction="outbound",
            occurred_at=self.now - timedelta(hours=hours_ago),
            next_contact_at=again,
        )

    @rule(number=PEOPLE, actor=ACTORS, reason=REASONS)
    def lose(self, number: int, actor: str, reason: str) -> None:
        """An opportunity is lost."""
        self._do(close_lost, asked.CloseLost, number, actor, reason=reason, note="lost")

    @rule(number=PEOPLE, actor=ACTORS, reason=REASONS, recycled=st.booleans())
    def put_aside(self, number: int, actor: str, reason: str, recycled: bool) -> None:
        """Somebody recycles or disqualifies a lead."""
        if recycled:
            self._do(recycle_lead, asked.RecycleLead, number, actor, reason=reason)
        else:
            self._do(disqualify_lead, asked.DisqualifyLead, number, actor, reason=reason)

    @rule(number=PEOPLE, actor=ACTORS, rep=st.sampled_from(REPS))
    def assign(self, number: int, actor: str, rep: str) -> None:
        """Somebody gives a lead to a rep by hand."""
        self._do(assign_lead, asked.AssignLead, number, actor, rep_id=rep, reason="by hand")

    @rule(number=PEOPLE, actor=ACTORS, stage=st.sampled_from(sorted(Stage)))
    def move(self, number: int, actor: str, stage: Stage) -> None:
        """Somebody moves a lead where he wants it."""
        self._do(move_lead, asked.MoveLead, number, actor, stage=stage, reason="a mistake")

    @rule(number=PEOPLE, other=PEOPLE, actor=ACTORS)
    def merge(self, number: int, other: int, actor: str) -> None:
        """Two leads turn out to be one person."""
        self._do(merge_leads, asked.MergeLeads, number, actor, other_lead_id=f"l{other}")

    @rule(
        span=st.one_of(
            st.timedeltas(timedelta(minutes=1), timedelta(hours=12)),
            st.timedeltas(timedelta(days=1), timedelta(days=30)),
            st.timedeltas(timedelta(days=1), timedelta(days=9)),
            st.just(timedelta(days=200)),
        )
    )
    def time_passes(self, span: timedelta) -> None:
        """Nobody does anything for a while; timers fire at their instants."""
        ends = self.now + span
        while (due := self.bench.next_due()) is not None and due <= ends:
            self.now = max(self.now, due) + timedelta(microseconds=1)
            self.bench.run(self.now, ())
        self.now = ends
        self.bench.run(self.now, ())

    @rule(days=st.integers(1, 12))
    def the_service_is_down(self, days: int) -> None:
        """Nothing happens at all, and then everything that was due."""
        self.now += timedelta(days=days)
        self.bench.run(self.now, ())

    @rule(which=st.integers(0, len(POLICIES) - 1))
    def reload(self, which: int) -> None:
        """The rules change."""
        policy, content = POLICIES[which]
        before, refused = self.bench.policy, len(self.bench.refused)
        self.bench.policy = policy
        self.bench.activate(content, self.now)
        if len(self.bench.refused) > refused:
            self.bench.policy = before

    @invariant()
    def everything_is_as_it_must_be(self) -> None:
        """The doctor finds nothing."""
        self.bench.run(self.now, ())
        assert list(findings(self.bench.reader, self.bench.policy)) == []

    def _answers(self) -> dict[str, str]:
        return dict.fromkeys(self.bench.policy.lifecycle.questions, "yes")

    def _asked(self, actor: str) -> dict[str, Any]:
        self.sent += 1
        return {"request_id": f"r{self.sent}", "actor_id": actor, "digest": str(self.sent)}

    def _do(
        self, workflow: Callable[..., Any], request: Any, number: int, actor: str, **fields: Any
    ) -> None:
        lead = self.bench.reader.lead(f"l{number}")
        if actor == OWNER:
            actor = lead.owner.id if lead and lead.owner else ""
        made = request(**self._asked(actor), lead_id=f"l{number}", **fields)
        self._run(lambda tx, policy, now: workflow(tx, policy, made, now))

    def _run(self, work: Callable[..., Any]) -> None:
        self.now += timedelta(seconds=1)
        self.bench.run(self.now, [work])


def _stores() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="machine-"))
    database = open_database(f"sqlite:///{folder}/empty.db")
    database.prepare()
    database.close()
    while True:
        yield folder / "empty.db"


_made = _stores()


def _empty() -> Path:
    """A store with its schema and nothing in it, made once."""
    return next(_made)


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=120,
    derandomize=True,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
