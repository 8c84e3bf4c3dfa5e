"""What came of a simulation, counted from what the store recorded."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scoring_service.store.reader import Reader
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import PATH, Stage
from scoring_service.values.stored import StageEntry, StoredAssignment

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    of_them: int
    of_all: int

    def __str__(self) -> str:
        if not self.of_all:
            return "none"
        return f"{self.of_them:,} of {self.of_all:,} ({100 * self.of_them / self.of_all:.1f} %)"


@dataclass(frozen=True, slots=True)
class Figures:
    """`reached` counts leads that were ever in a stage, `ended` where each is now.

    `accepted_in_time` is of leads given to a rep whose time to accept is over; `recycled_back` of
    those that were recycled, `recycled_won` of those that came back. `taken_away` counts
    reps' assignments that a clock ended, because they did nothing.
    """

    leads: int
    reached: dict[Stage, int]
    ended: dict[Stage, int]
    accepted_in_time: Share
    taken_away: int
    recycled: int
    recycled_back: Share
    recycled_won: Share
    won_a_rep: dict[str, int]
    assignments: int


def figures(reader: Reader, now: datetime) -> Figures:
    """The figures of everything stored, as of an instant."""
    reached: Counter[Stage] = Counter()
    ended: Counter[Stage] = Counter()
    won: Counter[str] = Counter()
    recycled = back = back_won = leads = 0
    accepted: dict[str, list[datetime]] = {}
    for checkup in reader.lead_checkups():
        lead, entries = checkup.lead, checkup.entries
        if lead.merged_into:
            continue
        leads += 1
        stages = [Stage(entry.stage_to) for entry in entries]
        reached.update(set(stages))
        ended[lead.stage] += 1
        accepted[lead.lead.lead_id] = [e.at for e in entries if e.stage_to == Stage.SAL]
        came_back = _came_back(stages)
        recycled += Stage.RECYCLED in stages
        back += came_back
        back_won += came_back and Stage.CUSTOMER in stages
        if lead.stage is Stage.CUSTOMER:
            won[_winner(entries)] += 1
    due, in_time, taken, many = _answered(reader, accepted, now)
    return Figures(
        leads=leads,
        reached=dict(reached),
        ended=dict(ended),
        accepted_in_time=Share(in_time, due),
        taken_away=taken,
        recycled=recycled,
        recycled_back=Share(back, recycled),
        recycled_won=Share(back_won, back),
        won_a_rep=dict(sorted(won.items())),
        assignments=many,
    )


def conversions(found: Figures) -> Iterator[tuple[Stage, int, Share]]:
    """Each stage of the path from mql on: how many reached it, and the share that went on."""
    path = PATH[PATH.index(Stage.MQL) :]
    for stage, after in zip(path, (*path[1:], None), strict=True):
        reached = found.reached.get(stage, 0)
        yield stage, reached, Share(found.reached.get(after, 0) if after else 0, reached)


def _came_back(stages: list[Stage]) -> bool:
    """Whether a lead was in mql after it was recycled."""
    if Stage.RECYCLED not in stages:
        return False
    return Stage.MQL in stages[stages.index(Stage.RECYCLED) :]


def _winner(entries: tuple[StageEntry, ...]) -> str:
    """The rep who had the opportunity that was won."""
    owners = [e.owner for e in entries if e.stage_to == Stage.OPPORTUNITY]
    return owners[-1].partition(":")[2] if owners else ""


def _answered(
    reader: Reader, accepted: dict[str, list[datetime]], now: datetime
) -> tuple[int, int, int, int]:
    """Assignments of mqls to reps: due by now, accepted in time, taken away; and all there were."""
    due = in_time = taken = many = 0
    for one in _assignments(reader):
        many += 1
        if not isinstance(one.owner, RepOwner) or one.respond_by is None:
            continue
        if one.sla in ("first_contact", "open_opportunity"):
            continue
        ended = one.ended_at or now
        answers = [at for at in accepted.get(one.lead_id, ()) if one.assigned_at <= at <= ended]
        taken += one.ended_how == "clock"
        if one.respond_by < now:
            due += 1
            in_time += bool(answers) and answers[0] <= one.respond_by
    return due, in_time, taken, many


def _assignments(reader: Reader) -> Iterator[StoredAssignment]:
    before: tuple[datetime, str] | None = None
    while True:
        page = reader.assignments(before=before, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        before = page[-1].assigned_at, page[-1].assignment_id
