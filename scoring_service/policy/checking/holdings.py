"""What these rules would take from whom: reps who left, queues and tracks that are gone."""

from collections import Counter
from collections.abc import Iterable, Iterator

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.owners import queues_and_tracks
from scoring_service.policy.checking.places import at, limited
from scoring_service.policy.document import Path
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding
from scoring_service.values.holdings import Held, Holdings
from scoring_service.values.owner import Owner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage

_REROUTED = (Stage.MQL, Stage.SAL, Stage.SQL)
_GIVEN = (Stage.OPPORTUNITY, Stage.CLOSED_LOST, Stage.CUSTOMER)


def holdings_findings(folder: Folder, policy: Policy, holdings: Holdings) -> Iterator[Finding]:
    """Who would lose leads if these rules became active over what a store holds."""
    yield from limited(_reps_gone(folder, policy, holdings))
    yield from limited(_owners_gone(folder, policy, holdings.held))


def _reps_gone(folder: Folder, policy: Policy, holdings: Holdings) -> Iterator[Finding]:
    by_rep: dict[str, Counter[Stage]] = {}
    for held in holdings.held:
        if isinstance(held.owner, RepOwner):
            by_rep.setdefault(held.owner.id, Counter())[held.stage] += held.leads
    owning = by_rep.keys() | holdings.accounts.keys()
    for rep_id in sorted(name for name in owning if not _is_active(policy, name)):
        leads, accounts = by_rep.get(rep_id, Counter()), holdings.accounts.get(rep_id, 0)
        if leads or rep_id in holdings.reps:
            yield _gone(folder, policy, holdings, rep_id, leads, accounts)


def _gone(
    folder: Folder,
    policy: Policy,
    holdings: Holdings,
    rep_id: str,
    leads: Counter[Stage],
    accounts: int,
) -> Finding:
    """What becomes of all that a rep has who is no longer active."""
    above = heir(policy, holdings, rep_id)
    rerouted, given = _counted(leads, _REROUTED), _counted(leads, _GIVEN)
    parts = [f"{rerouted} are routed anew"] if rerouted else []
    if given:
        parts.append(f"{given} go to {above}" if above else f"{given} have nobody to go to")
    if accounts:
        parts.append(f"{_several(accounts, 'account')} would have no owner")
    what = f"{rep_id} is not active and owns {_several(leads.total(), 'lead')}: {'; '.join(parts)}"
    remedy = "activating these rules does this; hand them over before where others should have them"
    if given and above is None:
        what += ", so activating these rules is refused"
        remedy = f"give {rep_id} an active manager, or hand these leads over first"
    document = folder.documents["team.yaml"]
    assert document is not None
    path: Path = ("reps", rep_id) if rep_id in policy.reps else ("reps",)
    return at(document, path, what, remedy)


def heir(policy: Policy, holdings: Holdings, rep_id: str) -> str | None:
    """The nearest active manager above a rep, as the last policy that had them knew them."""
    seen, above = {rep_id}, _manager(policy, holdings, rep_id)
    while above is not None and above not in seen:
        if _is_active(policy, above):
            return above
        seen.add(above)
        above = _manager(policy, holdings, above)
    return None


def _owners_gone(folder: Folder, policy: Policy, held: Iterable[Held]) -> Iterator[Finding]:
    """Queues and tracks that are gone: what waits for a pool a drain takes, all else is refused."""
    known = frozenset(queues_and_tracks(policy))
    kept: Counter[Owner] = Counter()
    for one in held:
        if not isinstance(one.owner, RepOwner) and one.owner not in known:
            kept[one.owner] += one.leads - one.waiting
    for owner, leads in kept.items():
        if leads:
            track = isinstance(owner, TrackOwner)
            kind, file = ("track", "lifecycle.yaml") if track else ("queue", "routing.yaml")
            what = (
                f"the {kind} '{owner.id}' is gone and owns {_several(leads, 'lead')}, so activating"
                " these rules is refused"
            )
            document = folder.documents.get(file)
            path: Path = ("tracks",) if track else ("routes",)
            remedy = "keep it until they have moved"
            if document is None or path[0] not in document.value:
                yield Finding(file, 1, f"$.{path[0]}", what, remedy)
            else:
                yield at(document, path, what, remedy)


def _counted(leads: Counter[Stage], stages: Iterable[Stage]) -> str:
    """How many of each stage, those that there are.

    >>> _counted(Counter({Stage.MQL: 12, Stage.SQL: 1}), (Stage.MQL, Stage.SAL, Stage.SQL))
    '12 mql, 1 sql'
    """
    return ", ".join(f"{leads[stage]:,} {stage}" for stage in stages if leads[stage])


def _several(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _manager(policy: Policy, holdings: Holdings, rep_id: str) -> str | None:
    rep = policy.reps.get(rep_id) or holdings.reps.get(rep_id)
    return rep.manager if rep else None


def _is_active(policy: Policy, rep_id: str) -> bool:
    rep = policy.reps.get(rep_id)
    return rep is not None and rep.active
