"""team.yaml: reps, their leave, and the pools in which they share turns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.policy.conditions import Conditions
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.names import Names
from scoring_service.policy.files.reading import read
from scoring_service.policy.files.team_shape import MemberEntry, PoolEntry, RepEntry, TeamFile
from scoring_service.policy.mistake import Mistake, did_you_mean
from scoring_service.values.facts import MEMBERS_MAX
from scoring_service.values.team import Leave, Member, Pool, Queue, Rep


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody, and how they share turns."""

    reps: Mapping[str, Rep]
    pools: Mapping[str, Pool]
    operators: frozenset[str]


NOBODY = Team({}, {}, frozenset())


def team(
    document: Document,
    calendars: Mapping[str, Calendar],
    conditions: Conditions,
    names: Names,
    escalation_contact: str,
) -> tuple[Team, list[Mistake]]:
    """The team, and what is wrong with it. A pool without a queue gets one of its own name."""
    file, mistakes = read(document, TeamFile)
    if file is None:
        return NOBODY, mistakes
    reps = {name: _rep(name, entry, calendars) for name, entry in file.reps.items()}
    pools = {}
    for name, entry in file.pools.items():
        queue = entry.queue
        pools[name] = Pool(
            name,
            members=tuple(_members(document, name, entry, reps, conditions)),
            queue=Queue(queue.name, queue.owner, queue.calendar)
            if queue
            else Queue(name, escalation_contact, "default"),
            hours=entry.hours,
            order=entry.order,
            counts=entry.counts,
            fallback=_fallbacks(name, file),
        )
    return Team(reps, pools, frozenset(file.operators)), [
        *_wrong_reps(document, file, names),
        *_wrong_pools(document, file, names),
        *_wrong_queues(document, file, pools),
        *_too_large(document, pools),
        *_fallback_cycles(document, file),
    ]


def _rep(name: str, entry: RepEntry, calendars: Mapping[str, Calendar]) -> Rep:
    calendar = calendars.get(entry.calendar, calendars["default"])
    return Rep(
        rep_id=name,
        name=entry.name or name,
        email=entry.email,
        role=entry.role,
        team=entry.team,
        zone=entry.zone or calendar.zone.key,
        calendar=entry.calendar,
        manager=entry.manager,
        active=entry.active,
        open_leads_max=entry.open_leads_max,
        per_day_max=entry.per_day_max,
        per_week_max=entry.per_week_max,
        leave=tuple(Leave(leave.first, leave.last, leave.backup) for leave in entry.leave),
    )


def _members(
    document: Document,
    pool: str,
    entry: PoolEntry,
    reps: Mapping[str, Rep],
    conditions: Conditions,
) -> Iterator[Member]:
    for index, member in enumerate(entry.members or ()):
        path: Path = ("pools", pool, "members", index, "when")
        yield _member(document, path, member, conditions)
    if entry.members is None:
        for rep in reps.values():
            if rep.active and entry.role in (None, rep.role) and entry.team in (None, rep.team):
                yield Member(rep.rep_id)


def _member(document: Document, path: Path, entry: MemberEntry, conditions: Conditions) -> Member:
    if entry.when is None:
        return Member(entry.rep, entry.weight, entry.priority)
    condition = conditions.route(document, path, entry.when).condition
    return Member(entry.rep, entry.weight, entry.priority, condition, entry.when)


def _wrong_reps(document: Document, file: TeamFile, names: Names) -> Iterator[Mistake]:
    for name, entry in file.reps.items():
        path: Path = ("reps", name)
        if entry.calendar not in names.calendars:
            remedy = did_you_mean(entry.calendar, names.calendars)
            what = f"unknown calendar '{entry.calendar}'"
            yield document.mistake((*path, "calendar"), what, remedy)
        if entry.zone is not None and not _is_zone(entry.zone):
            remedy = did_you_mean(entry.zone, available_timezones())
            yield document.mistake((*path, "zone"), f"unknown time zone '{entry.zone}'", remedy)
        named: list[Path] = [("manager",)]
        named.extend(("leave", index, "backup") for index in range(len(entry.leave)))
        whom = [entry.manager, *(leave.backup for leave in entry.leave)]
        for below, rep in zip(named, whom, strict=True):
            if rep is not None and rep not in file.reps:
                remedy = did_you_mean(rep, file.reps)
                yield document.mistake((*path, *below), f"unknown rep '{rep}'", remedy)
            elif rep == name:
                what = f"{name} cannot stand above or in for himself"
                yield document.mistake((*path, *below), what, "name somebody else")


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (KeyError, OSError, ValueError):
        return False


def _wrong_pools(document: Document, file: TeamFile, names: Names) -> Iterator[Mistake]:
    for name, entry in file.pools.items():
        path: Path = ("pools", name)
        for index, other in enumerate(entry.fallback):
            if other not in file.pools:
                what, remedy = f"unknown pool '{other}'", did_you_mean(other, file.pools)
                yield document.mistake((*path, "fallback", index), what, remedy)
        if entry.queue and entry.queue.calendar not in names.calendars:
            what = f"unknown calendar '{entry.queue.calendar}'"
            remedy = did_you_mean(entry.queue.calendar, names.calendars)
            yield document.mistake((*path, "queue", "calendar"), what, remedy)
        yield from _wrong_members(document, path, entry, file)


def _wrong_members(
    document: Document, path: Path, entry: PoolEntry, file: TeamFile
) -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, member in enumerate(entry.members or ()):
        at: Path = (*path, "members", index, "rep")
        if member.rep not in file.reps:
            remedy = did_you_mean(member.rep, file.reps)
            yield document.mistake(at, f"unknown rep '{member.rep}'", remedy)
        if member.rep in seen:
            what = f"{member.rep} is in this pool twice"
            yield document.mistake(at, what, "keep one entry, with the weight meant")
        seen.add(member.rep)


def _too_large(document: Document, pools: Mapping[str, Pool]) -> Iterator[Mistake]:
    for name, pool in pools.items():
        if len(pool.members) > MEMBERS_MAX:
            what = f"{len(pool.members)} members are more than {MEMBERS_MAX}"
            yield document.mistake(("pools", name), what, "split the pool")


def _wrong_queues(
    document: Document, file: TeamFile, pools: Mapping[str, Pool]
) -> Iterator[Mistake]:
    owners: dict[str, str] = {}
    for name, pool in pools.items():
        if (other := owners.setdefault(pool.queue.name, name)) != name:
            what = f"the pools {other} and {name} share the queue '{pool.queue.name}'"
            path: Path = ("pools", name, "queue") if file.pools[name].queue else ("pools", name)
            yield document.mistake(path, what, "give each pool a queue of its own")


def _fallbacks(name: str, file: TeamFile) -> tuple[str, ...]:
    """The pools that a pool falls back to, in the order in which they are drawn from: each with its
    own fallbacks behind it, every pool once.
    """
    found: dict[str, None] = {}
    ahead = [*reversed(file.pools[name].fallback)]
    while ahead:
        other = ahead.pop()
        if other != name and other not in found:
            found[other] = None
            ahead += reversed(file.pools[other].fallback if other in file.pools else ())
    return tuple(found)


def _fallback_cycles(document: Document, file: TeamFile) -> Iterator[Mistake]:
    reported: set[frozenset[str]] = set()
    for name in file.pools:
        cycle = _cycle_through(name, file)
        if cycle and frozenset(cycle) not in reported:
            reported.add(frozenset(cycle))
            what = f"the fallbacks go round: {' -> '.join((*cycle, name))}"
            yield document.mistake(("pools", name, "fallback"), what, "remove one of them")


def _cycle_through(start: str, file: TeamFile) -> tuple[str, ...]:
    """The pools on a way of fallbacks from `start` back to it, () without one."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while paths:
        path = paths.pop()
        entry = file.pools.get(path[-1])
        for following in entry.fallback if entry else ():
            if following == start:
                return path
            if following not in seen:
                seen.add(following)
                paths.append((*path, following))
    return ()
