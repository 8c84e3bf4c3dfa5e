"""BPIC 2012 (a loan company's event log) as leads scored one hour after their submission.

A case that was decided within that hour is no lead any more when it would be scored: it is left
out by its `closed_at`. The events become activities, the handler at the time an attribute.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

FOLDER = "bpic2012_first70"
SCORED_AFTER = timedelta(hours=1)
DECIDED = {"APPROVED": "A_APPROVED", "DECLINED": "A_DECLINED", "CANCELLED": "A_CANCELLED"}
AUTOMATIC = {"", "112"}
"""Events of nobody, and of the account that files what comes from the web."""


class Event(NamedTuple):
    at: datetime
    activity: str
    transition: str
    handler: str

    @property
    def type(self) -> str:
        words = f"{self.activity}_{self.transition}".lower().replace(" ", "_")
        return words.replace("-", "_")


class Case(NamedTuple):
    case_id: str
    submitted: datetime
    amount: str
    outcome: str
    events: tuple[Event, ...]

    @property
    def scored_at(self) -> datetime:
        return self.submitted + SCORED_AFTER

    @property
    def closed_at(self) -> datetime | None:
        decided = [e.at for e in self.events if e.activity == DECIDED.get(self.outcome)]
        return min(decided, default=None)

    @property
    def handler(self) -> str:
        """Who of the staff had it last when it was scored."""
        known = [e.handler for e in self.events if e.at <= self.scored_at]
        return next((h for h in reversed(known) if h not in AUTOMATIC), "")


def cases(data: Path) -> list[Case]:
    folder, events = data / FOLDER, defaultdict(list)
    with gzip.open(folder / "events.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            event = Event(
                _instant(row["timestamp_utc"]), row["activity"], row["transition"], row["resource"]
            )
            events[row["case_id"]].append(event)
    with (folder / "cases.csv").open(encoding="utf-8") as file:
        return [
            Case(
                row["case_id"],
                _instant(row["registered_utc"]),
                row["amount_req"],
                row["outcome"],
                tuple(sorted(events[row["case_id"]])),
            )
            for row in csv.DictReader(file)
        ]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def write(found: list[Case], place: Path, *, later_events: bool = True) -> None:
    """leads.csv, activities.csv, mapping.yaml; `later_events` are those after the scoring."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    with (place / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        leads = csv.writer(file)
        leads.writerow(LEAD_COLUMNS)
        leads.writerows(_lead(case) for case in found)
    with (place / "activities.csv").open("w", encoding="utf-8", newline="") as file:
        activities = csv.writer(file)
        activities.writerow(("lead_id", "type", "occurred_at"))
        for case in found:
            activities.writerows(_activities(case, later_events))


LEAD_COLUMNS = (
    "lead_id", "scored_at", "closed_at", "outcome", "amount_requested", "hour", "weekday", "handler"
)  # fmt: skip


def _lead(case: Case) -> tuple[str, ...]:
    closed, at = case.closed_at, case.submitted
    return (
        case.case_id,
        case.scored_at.isoformat(),
        closed.isoformat() if closed else "",
        case.outcome.lower(),
        case.amount,
        str(at.hour),
        f"{at:%a}",
        f"handler {case.handler}" if case.handler else "",
    )


def _activities(case: Case, later_events: bool) -> Iterator[tuple[str, str, str]]:
    for event in case.events:
        if later_events or event.at <= case.scored_at:
            yield case.case_id, event.type, event.at.isoformat()


MAPPING = "outcome: {won: [approved], lost: [declined, cancelled], open: [open]}\n"
SCORING = """fit:
  - {name: a larger loan, when: 'amount_requested >= 10000', points: 20}
behaviour:
  activities:
"""
REST = """grades: {fit: {A: 75, B: 50, C: 25}, behaviour: {1: 60, 2: 35, 3: 15}}
mql: {fit_min: 20, behaviour_min: 40}
"""
RULES = {
    "attributes.yaml": "amount_requested: {type: number}\nhour: {type: integer}\n"
    "weekday: {type: text}\nhandler: {type: text}\n",
    "calendars.yaml": "default: always\n",
    "routing.yaml": "routes: []\notherwise: {queue: inbox, owner: sales-ops}\n",
    "lifecycle.yaml": "intake: {queue: intake, owner: sales-ops}\ndefault_track: nurture\n"
    "tracks: {nurture: {owner: marketing}}\nslas: {accept: 4bh}\nescalation_contact: sales-ops\n",
    "team.yaml": "reps: {ada: {name: Ada, role: agent, team: one, zone: UTC}}\npools: {}\n",
}


def write_rules(found: list[Case], place: Path) -> None:
    """Rules by which each kind of event before the scoring gives 10 points, three times at most."""
    place.mkdir(parents=True, exist_ok=True)
    types = {event.type for case in found for event in case.events if event.at <= case.scored_at}
    lines = [
        f"    {kind}: {{points: 10, half_life: 30d, points_max: 30}}\n" for kind in sorted(types)
    ]
    scoring = SCORING + "".join(lines) + REST
    for name, text in {**RULES, "scoring.yaml": scoring}.items():
        (place / name).write_text(text, encoding="utf-8")
