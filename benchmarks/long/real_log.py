"""What the clocks would have shown: half a year of a bank's real loan applications, replayed.

    python benchmarks/long/real_log.py DATA [cases]

DATA holds bpic2012_first70 (cases.csv, events.csv.gz). Applications become leads, what the bank's
handlers did becomes what sales does, at the instants at which it happened, through the workflows
that serve calls; clocks run between them. What is printed was counted from what the store recorded.

The mapping: an application that passes the bank's first check is an mql that waits in a queue; the
handler who first begins on it takes it (accepts it); each finished piece of handlers' work is a
contact; an application accepted in content is qualified; an offer sent opens the opportunity; its
end wins it, or loses it as declined (no need of ours) or cancelled (unresponsive).
"""

import csv
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, NamedTuple

import yaml

from scoring_service.domain.business_time.deadline import deadline
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import Source, source_of
from scoring_service.simulation.bench import Bench
from scoring_service.store.database import open_database
from scoring_service.store.transaction import Transaction
from scoring_service.values.activity import Activity
from scoring_service.values.happening import ClockChanged, Escalation
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows import lifecycle_requests as asked
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.due import run_due
from scoring_service.workflows.intake.record_activities import record_activities
from scoring_service.workflows.intake.upsert import upsert as upsert_lead
from scoring_service.workflows.sales.assign import assign_lead
from scoring_service.workflows.sales.close import close_lost, close_won
from scoring_service.workflows.sales.contact import log_contact
from scoring_service.workflows.sales.disqualify import disqualify_lead
from scoring_service.workflows.sales.move import move_lead
from scoring_service.workflows.sales.opportunity import open_opportunity
from scoring_service.workflows.sales.qualify import qualify_lead
from scoring_service.workflows.sales.reject import reject_lead

DESK, QUEUE, CALENDAR = "desk", "handling", "bank"
AUTOMATON = "112"
"""The resource under which the bank's system itself acts."""


class Happened(NamedTuple):
    """One event of the log."""

    at: datetime
    case: str
    name: str
    transition: str
    who: str


def main(folder: Path, cases: int) -> None:
    """Replay the log and print what the clocks showed."""
    known = list(csv.DictReader((folder / "cases.csv").open()))[:cases]
    amounts = {row["case_id"]: int(row["amount_req"]) for row in known}
    events = sorted(event for event in _events(folder) if event.case in amounts)
    source = _rules({event.who for event in events} - {"", AUTOMATON})
    policy = load(source)
    with TemporaryDirectory() as scratch:
        database = open_database(f"sqlite:///{scratch}/log.db")
        database.prepare()
        bench = Bench(database, policy, run_due, durable=False)
        bench.activate(source.pack(), events[0].at - timedelta(days=1))
        began = monotonic()
        replayed = Replay(bench, policy, amounts)
        replayed.live(events)
        print(f"{len(events):,} events, {replayed.acts:,} acts, {monotonic() - began:.0f} s")
        for reason, many in Counter(r.reason for r in bench.refused).most_common(8):
            print(f"  refused {many:>6,}  {reason}")
        _told(bench, policy)
        print(f"doctor: {len(list(findings(bench.reader, policy)))} findings")
        bench.close()
        database.close()


def _events(folder: Path) -> Iterator[Happened]:
    with gzip.open(folder / "events.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["timestamp_utc"]).astimezone(UTC)
            yield Happened(at, row["case_id"], row["activity"], row["transition"], row["resource"])


def _rules(handlers: set[str]) -> Source:
    reps = {f"h{who}": {"calendar": CALENDAR, "manager": "lead-desk"} for who in sorted(handlers)}
    reps["lead-desk"] = {"role": "manager", "calendar": CALENDAR}
    files: dict[str, Any] = {
        "attributes": {},
        "scoring": {
            "fit": [{"name": "an application", "when": "source != null", "points": 50}],
            "behaviour": {
                "activities": {
                    "passed_check": {"points": 60, "half_life": "60d", "high_intent": True},
                    "answered": {"points": 5, "half_life": "30d", "points_max": 20},
                }
            },
            "grades": {
                "fit": {"A": 60, "B": 40, "C": 20},
                "behaviour": {1: 60, 2: 35, 3: 10},
            },
            "mql": {"fit_min": 40, "behaviour_min": 40},
        },
        "routing": {"routes": [], "otherwise": {"queue": QUEUE, "owner": "lead-desk"}},
        "team": {"reps": reps, "pools": {}, "operators": [DESK]},
        "calendars": {
            "default": CALENDAR,
            CALENDAR: {
                "zone": "Europe/Amsterdam",
                "weekly": {"mon-fri": "08:00-21:00", "sat": "09:00-17:00"},
                "holidays": "NL",
            },
        },
        "lifecycle": {"escalation_contact": "lead-desk"},
    }
    return source_of(
        {f"{name}.yaml": yaml.safe_dump(value).encode() for name, value in files.items()}
    )


class Replay:
    """Lives through a log; the events of a minute share a transaction."""

    def __init__(self, bench: Bench, policy: Policy, amounts: dict[str, int]) -> None:
        self.bench, self.policy, self.amounts = bench, policy, amounts
        self.acts = 0

    def live(self, events: list[Happened]) -> None:
        """Every event at its minute, and every clock that runs out between them."""
        for minute, group in groupby(
            events, lambda event: event.at.replace(second=0, microsecond=0)
        ):
            now = minute + timedelta(minutes=1)
            self._time_passes(now)
            self.bench.run(now, [work for event in group for work in self._works(event)])
        self._time_passes(events[-1].at + timedelta(minutes=2))

    def _time_passes(self, until: datetime) -> None:
        while (due := self.bench.next_due()) is not None and due < until:
            self.bench.run(due + timedelta(seconds=30), ())

    def _works(self, event: Happened) -> Iterator[Callable[..., Any]]:
        if event.name == "A_SUBMITTED":
            yield self._submitted(event)
        elif event.name == "A_PREACCEPTED" or (event.name, event.transition) == (
            "W_Afhandelen leads",
            "SCHEDULE",
        ):
            yield self._passed(event)
        elif event.transition == "START" and event.who not in ("", AUTOMATON):
            yield self._on(event, self._begins)
        elif event.name.startswith("W_") and event.transition == "COMPLETE" and event.who:
            yield self._on(event, self._contact)
        elif event.name == "A_ACCEPTED":
            yield self._on(event, self._qualified)
        elif event.name == "O_SENT":
            yield self._on(event, self._offered)
        elif event.name in ("A_APPROVED", "A_DECLINED", "A_CANCELLED"):
            yield self._on(event, self._ended)

    def _id(self) -> dict[str, Any]:
        self.acts += 1
        return {"request_id": f"act-{self.acts}", "actor_id": DESK}

    def _submitted(self, event: Happened) -> Callable[..., Any]:
        lead = Lead(event.case, email=f"{event.case}@applicant.example", source="application")
        request = asked.UpsertLead(**self._id(), lead=lead)
        return lambda tx, policy, now: upsert_lead(tx, policy, request, now)

    def _passed(self, event: Happened) -> Callable[..., Any]:
        def work(tx: Transaction, policy: Policy, now: datetime) -> Any:
            did = Activity("passed_check", now, f"passed-{event.case}-{self.acts}")
            request = asked.RecordActivities(**self._id(), lead_id=event.case, activities=(did,))
            return record_activities(tx, policy, request, now)

        return work

    def _on(self, event: Happened, act: Callable[..., Any]) -> Callable[..., Any]:
        def work(tx: Transaction, policy: Policy, now: datetime) -> Any:
            lead = tx.lead(event.case)
            assert lead is not None, event
            given = {**self._id(), "lead_id": event.case}
            return act(tx, lead, event, given, now) if lead.unfinished else None

        return work

    def _begins(
        self,
        tx: Transaction,
        lead: StoredLead,
        event: Happened,
        given: dict[str, Any],
        now: datetime,
    ) -> Any:
        if lead.stage is Stage.MQL:
            rep = f"h{event.who}"
            request = asked.AssignLead(**{**given, "actor_id": rep}, rep_id=rep, reason="takes it")
            return assign_lead(tx, self.policy, request, now)
        return None

    def _contact(
        self,
        tx: Transaction,
        lead: StoredLead,
        event: Happened,
        given: dict[str, Any],
        now: datetime,
    ) -> Any:
        if lead.stage not in (Stage.SAL, Stage.SQL, Stage.OPPORTUNITY):
            return None
        request = asked.LogContact(
            **given, channel="phone", direction="outbound", occurred_at=event.at
        )
        return log_contact(tx, self.policy, request, now)

    def _qualified(
        self,
        tx: Transaction,
        lead: StoredLead,
        event: Happened,
        given: dict[str, Any],
        now: datetime,
    ) -> Any:
        answers = dict.fromkeys(self.policy.lifecycle.questions, "yes")
        if lead.stage is not Stage.SAL:
            return None
        return qualify_lead(tx, self.policy, asked.QualifyLead(**given, criteria=answers), now)

    def _offered(
        self,
        tx: Transaction,
        lead: StoredLead,
        event: Happened,
        given: dict[str, Any],
        now: datetime,
    ) -> Any:
        if lead.stage is not Stage.SQL:
            return None
        request = asked.OpenOpportunity(
            **given,
            product="loan",
            value=float(self.amounts[event.case]),
            currency="EUR",
            expected_close=(now + timedelta(days=21)).date(),
        )
        return open_opportunity(tx, self.policy, request, now)

    def _ended(
        self,
        tx: Transaction,
        lead: StoredLead,
        event: Happened,
        given: dict[str, Any],
        now: datetime,
    ) -> Any:
        if event.name == "A_APPROVED":
            if lead.stage is not Stage.OPPORTUNITY:
                return None
            request = asked.CloseWon(**given, closed_at=event.at)
            return close_won(tx, self.policy, request, now)
        reason = "no_need" if event.name == "A_DECLINED" else "unresponsive"
        if lead.stage is Stage.OPPORTUNITY:
            return close_lost(tx, self.policy, asked.CloseLost(**given, reason=reason), now)
        if lead.stage is Stage.MQL:
            return reject_lead(tx, self.policy, asked.RejectLead(**given, reason=reason), now)
        if lead.stage not in (Stage.SAL, Stage.SQL, Stage.CLOSED_LOST):
            request = asked.MoveLead(**given, stage=Stage.DISQUALIFIED, reason=reason)
            return move_lead(tx, self.policy, request, now)
        return disqualify_lead(
            tx, self.policy, asked.DisqualifyLead(**given, reason="no_need"), now
        )


def _told(bench: Bench, policy: Policy) -> None:
    reached: Counter[str] = Counter()
    late: dict[str, list[float]] = defaultdict(list)
    rungs: Counter[str] = Counter()
    clocks: Counter[tuple[str, str]] = Counter()
    calendar, accept = policy.calendars[CALENDAR], policy.lifecycle.slas["accept"]
    in_time = waited = 0
    for checkup in bench.reader.lead_checkups():
        stages = {entry.stage_to: entry.at for entry in checkup.entries}
        reached.update(stages.keys())
        if "mql" in stages and "sal" in stages:
            waited += 1
            in_time += stages["sal"] <= deadline(calendar, stages["mql"], accept)
            late["hours until somebody began"].append(
                (stages["sal"] - stages["mql"]) / timedelta(hours=1)
            )
        for each in bench.reader.happenings(checkup.lead.lead.lead_id):
            if isinstance(each.happening, Escalation):
                rungs[f"{each.happening.clock} {each.happening.step}"] += 1
            elif isinstance(each.happening, ClockChanged):
                clocks[each.happening.clock.name.value, each.happening.how] += 1
    print("reached:", dict(reached.most_common()))
    print(f"taken within the accept SLA of 4 business hours: {in_time:,} of {waited:,}")
    for name, hours in late.items():
        hours.sort()
        middle, most = hours[len(hours) // 2], hours[int(len(hours) * 0.9)]
        print(
            f"{name}: median {middle:.1f}, nine of ten within {most:.1f} (by the clock on the wall)"
        )
    print("escalations:", dict(rungs.most_common(12)))
    for name in ("accept", "first_contact", "open_opportunity", "no_contact", "stalled", "silent"):
        mine = {how: many for (clock, how), many in clocks.items() if clock == name}
        print(f"  {name:<18}", mine)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "bpic2012_first70", int([*sys.argv, "1000000"][2]))
