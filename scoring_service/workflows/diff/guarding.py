"""Holding other rules against a guard: how many of the latest leads they give another owner."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from scoring_service.domain.experiments.foreseen import begun_by
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.guard import Guard
from scoring_service.store.reader import Reader
from scoring_service.values.owner import RepOwner
from scoring_service.workflows.diff.comparing import Both, compared
from scoring_service.workflows.diff.latest import latest_leads
from scoring_service.workflows.diff.past import Past
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.results import Diff, Enrolled, Pair, enrolled_said

LOADS_TOLD = 3
"""Pools, queues and tracks that a judgement names, those that change most."""


class Judged(msgspec.Struct, frozen=True):
    """What a guard found: of how many leads how many get another owner.

    `swapped` of these only change places with another lead of their route, as turns shift.
    `loads` are the pools (leads drawn of them), queues and tracks (leads they own) that change
    most. `foreseen` are the experiments that the new rules would begin, and whom of the leads they
    were taken to enrol. `since` is the first instant of what was replayed, None without a lead.
    """

    guard: Guard
    leads: int = 0
    changed: int = 0
    swapped: int = 0
    loads: tuple[tuple[str, Pair[int]], ...] = ()
    foreseen: tuple[Enrolled, ...] = ()
    since: datetime | None = None

    @property
    def counted(self) -> int:
        """The leads that the guard counts as changed."""
        return self.changed if self.guard.swaps_count else self.changed - self.swapped

    @property
    def refused(self) -> bool:
        """Whether those are too many."""
        return self.guard.refuses(self.leads, self.counted)


def guard_between(active: Policy, new: Policy) -> Guard | None:
    """The guard of the rules that decide; where they have none, the new ones' own."""
    return active.guard or new.guard


def judged(reader: Reader, guard: Guard, active: Policy, new: Policy, now: datetime) -> Judged:
    """The latest leads through both policies. Takes a second for some thousand leads.

    An experiment that the new one would begin moves those who come from now on: so it is taken to
    run all the while, and to enrol each of these leads that it would if it came now.
    """
    past = latest_leads(reader, guard.leads, {**active.reps, **new.reps})
    return judged_by(guard, active, new, past, now)


def judged_by(guard: Guard, active: Policy, new: Policy, past: Past, now: datetime) -> Judged:
    """What the guard makes of a past."""
    begun = begun_by(new, active, now)
    old, other = replay(active, past), replay(new, past, foreseen=begun)
    found = compared(old, other, past)
    both = tuple(zip(old.fates, other.fates, strict=True))
    return Judged(
        guard,
        leads=found.leads,
        changed=found.owner,
        swapped=_swapped(both),
        loads=tuple(_loads(found))[:LOADS_TOLD],
        foreseen=found.foreseen,
        since=found.first,
    )


def _swapped(both: Both) -> int:
    """Leads that change places among the reps of one route: of those that change their rep there,
    all but by how many the reps' loads differ.
    """
    by_route: defaultdict[str, Counter[str]] = defaultdict(Counter)
    changed = 0
    for old, new in both:
        same = old.route == new.route and old.owner != new.owner
        if same and isinstance(old.owner, RepOwner) and isinstance(new.owner, RepOwner):
            changed += 1
            by_route[new.route][new.owner.id] += 1
            by_route[new.route][old.owner.id] -= 1
    return changed - sum(sum((+moved).values()) for moved in by_route.values())


def _loads(found: Diff) -> Iterator[tuple[str, Pair[int]]]:
    each = [
        *((f"pool {one.pool}", one.drawn) for one in found.pools),
        *((one.owner.replace(":", " "), one.leads) for one in found.owners if one.owner),
    ]
    yield from sorted((one for one in each if one[1].differs), key=_by_change)


def _by_change(load: tuple[str, Pair[int]]) -> tuple[int, str]:
    name, count = load
    return -abs(count.new - count.old), name


def told(found: Judged, revision: str, folder: str, now: datetime) -> str:
    """Why rules are refused, what to look at, and how to have them decide all the same."""
    return "; ".join(_said(found, revision, folder, now))


def unjudged(revision: str) -> str:
    """Why rules are refused where the latest leads could not be gone through."""
    return (
        f"revision {revision} could not be held against the guard of routing.yaml; the log says why"
        f"; have it decide all the same: leadscoring rules force {revision} --actor YOU"
        " --reason WHY"
    )


def _said(found: Judged, revision: str, folder: str, now: datetime) -> Iterator[str]:
    share, most = 100 * found.counted / found.leads, 100 * found.guard.owners_changed_max
    yield (
        f"revision {revision} would change the owner of {found.counted:,} of the last"
        f" {found.leads:,} leads ({share:.4g}%, and the guard of routing.yaml allows {most:.4g}%)"
    )
    if found.swapped:
        counted = "counted as well" if found.guard.swaps_count else "not counted"
        yield f"{found.swapped:,} only swap reps within a route, {counted}"
    yield from map(enrolled_said, found.foreseen)
    if found.loads:
        yield ", ".join(f"{name} {load.old:,} -> {load.new:,}" for name, load in found.loads)
    since = _span(found, now)
    yield f"see which: leadscoring rules diff active {folder} --store URL --since {since}"
    yield f"have it decide: leadscoring rules force {revision} --actor YOU --reason WHY"


def _span(found: Judged, now: datetime) -> str:
    """Whole hours, or days, that reach back to the first of the leads."""
    hours = int((now - (found.since or now)) / timedelta(hours=1)) + 1
    return f"{hours}h" if hours < 2 * 24 else f"{hours // 24 + 1}d"
