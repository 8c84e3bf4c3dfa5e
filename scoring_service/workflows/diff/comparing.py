"""Two replays of one window, held against each other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.workflows.diff.past import Past
from scoring_service.workflows.diff.results import (
    Change,
    Diff,
    Fate,
    OwnerLoad,
    Pair,
    PoolLoad,
    Replayed,
    RepLoad,
)

Both = Sequence[tuple[Fate, Fate]]


def compared(old: Replayed, new: Replayed, past: Past) -> Diff:
    """What differs between two replays of `past`."""
    both = list(zip(old.fates, new.fates, strict=True))
    changes = tuple(_changes(both))
    has_model = bool(old.model_version or new.model_version)
    moments = past.moments
    return Diff(
        old_revision=old.revision,
        new_revision=new.revision,
        leads=len(both),
        changes=changes,
        owner=sum(change.owner.differs for change in changes),
        route=sum(change.route.differs for change in changes),
        quadrant=sum(change.quadrant.differs for change in changes),
        mql=sum(change.mql.differs for change in changes),
        qualified=_counted(both, lambda fate: fate.mql == "qualified"),
        routed=_counted(both, lambda fate: fate.mql == "routed"),
        outside_hours=_counted(both, lambda fate: fate.outside_hours),
        reps=tuple(_reps(old, new, has_model)),
        pools=tuple(_pools(old, new)),
        owners=tuple(_owners(old, new)),
        model_version=new.model_version or old.model_version,
        expected_wins=Pair(_expected(old.fates), _expected(new.fates)) if has_model else None,
        moved_wins=_moved(both) if has_model else None,
        first=moments[0].at if moments else None,
        last=moments[-1].at if moments else None,
        foreseen=new.foreseen,
    )


def owner_text(owner: Owner | None) -> str:
    """A rep by his id, others with what they are: `queue:triage`, `track:newsletter`."""
    if owner is None:
        return ""
    if isinstance(owner, RepOwner):
        return owner.id
    return f"{'queue' if isinstance(owner, QueueOwner) else 'track'}:{owner.id}"


def _changes(both: Both) -> Iterator[Change]:
    for old, new in both:
        same = old.owner == new.owner and old.route == new.route
        if same and old.quadrant == new.quadrant and old.mql == new.mql:
            continue
        yield Change(
            old.lead_id,
            Pair(owner_text(old.owner), owner_text(new.owner)),
            Pair(old.route, new.route),
            Pair(old.quadrant, new.quadrant),
            Pair(old.mql, new.mql),
            new.won if new.won is not None else old.won,
        )


def _counted(both: Both, holds: Callable[[Fate], bool]) -> Pair[int]:
    return Pair(sum(holds(old) for old, _ in both), sum(holds(new) for _, new in both))


def _expected(fates: Iterable[Fate]) -> float:
    """Wins expected of the leads that reps have."""
    return sum(fate.won or 0.0 for fate in fates if isinstance(fate.owner, RepOwner))


def _moved(both: Both) -> float:
    moved = (new for old, new in both if old.owner != new.owner)
    return sum(fate.won or 0.0 for fate in moved)


def _reps(old: Replayed, new: Replayed, has_model: bool) -> Iterator[RepLoad]:
    leads = Pair(_held(old.fates), _held(new.fates))
    wins = Pair(_won(old.fates), _won(new.fates))
    for rep_id in sorted({*leads.old, *leads.new, *old.taken, *new.taken}):
        yield RepLoad(
            rep_id,
            Pair(leads.old[rep_id], leads.new[rep_id]),
            Pair(old.taken.get(rep_id, 0), new.taken.get(rep_id, 0)),
            Pair(wins.old[rep_id], wins.new[rep_id]) if has_model else None,
        )


def _held(fates: Iterable[Fate]) -> Counter[str]:
    return Counter(fate.owner.id for fate in fates if isinstance(fate.owner, RepOwner))


def _won(fates: Iterable[Fate]) -> Mapping[str, float]:
    """Expected wins by rep; 0 where he has no lead."""
    found: defaultdict[str, float] = defaultdict(float)
    for fate in fates:
        if isinstance(fate.owner, RepOwner):
            found[fate.owner.id] += fate.won or 0.0
    return found


def _pools(old: Replayed, new: Replayed) -> Iterator[PoolLoad]:
    for pool in sorted({*old.drawn, *new.drawn, *old.waiting, *new.waiting}):
        yield PoolLoad(
            pool,
            Pair(old.drawn.get(pool, 0), new.drawn.get(pool, 0)),
            Pair(old.waiting.get(pool, 0), new.waiting.get(pool, 0)),
        )


def _owners(old: Replayed, new: Replayed) -> Iterator[OwnerLoad]:
    leads = Pair(_others(old.fates), _others(new.fates))
    for owner in sorted({*leads.old, *leads.new}):
        yield OwnerLoad(owner, Pair(leads.old[owner], leads.new[owner]))


def _others(fates: Iterable[Fate]) -> Counter[str]:
    return Counter(owner_text(f.owner) for f in fates if not isinstance(f.owner, RepOwner))
