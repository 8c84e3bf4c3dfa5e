"""Which account a lead belongs to: by its account id, else by a domain, else by its name."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from scoring_service.domain.matching.candidates import as_good_as_the_best
from scoring_service.values.account import Account, AccountMatch, MatchedBy, NamedAccount
from scoring_service.values.lead import Lead

_UNKNOWN: Mapping[str, Account] = {}


def match_account(
    lead: Lead,
    by_id: Account | None,
    on_domain: Sequence[Account],
    ancestors: Mapping[str, Account] = _UNKNOWN,
    named: Sequence[NamedAccount] = (),
) -> AccountMatch:
    """The account a lead belongs to, its owner, and who was looked at.

    `by_id` is the account the lead names, `on_domain` are those on its e-mail's or website's
    registrable domain (free-mail domains have none), `named` those of names like its company's, the
    best first; `ancestors` has all of these and those above them by id. An unknown id is noted and
    the domain looked at; where no account is on it, the name.
    """
    note = ""
    if lead.account_id:
        if by_id is not None:
            return _matched(by_id, MatchedBy.ACCOUNT_ID, (by_id.account_id,), ancestors)
        note = f"account {lead.account_id!r} is not known"
    if on_domain:
        return _chosen(lead, on_domain, MatchedBy.DOMAIN, ancestors, note)
    known = [one for one in named if one.account_id in ancestors]
    best = [ancestors[one.account_id] for one in as_good_as_the_best(known)]
    if not best:
        return AccountMatch(note=note)
    found = _chosen(lead, best, MatchedBy.NAME, ancestors, note)
    return msgspec.structs.replace(found, named=tuple(named))


def _chosen(
    lead: Lead,
    among: Sequence[Account],
    matched_by: MatchedBy,
    ancestors: Mapping[str, Account],
    note: str,
) -> AccountMatch:
    candidates = tuple(sorted({account.account_id for account in among}))
    found = _of_several(lead, among, ancestors)
    if found is None:
        return AccountMatch(candidates=candidates, ambiguous=True, note=note)
    return _matched(found, matched_by, candidates, ancestors, note)


def _of_several(
    lead: Lead, among: Sequence[Account], ancestors: Mapping[str, Account]
) -> Account | None:
    """The one in the lead's country, else the nearest ancestor that all have, else None."""
    if len(among) == 1:
        return among[0]
    here = [account for account in among if lead.country and account.country == lead.country]
    if len(here) == 1:
        return here[0]
    first, *others = [list(_upwards(account, ancestors)) for account in among]
    shared = [{account.account_id for account in line} for line in others]
    return next((a for a in first if all(a.account_id in line for line in shared)), None)


def _matched(
    account: Account,
    matched_by: MatchedBy,
    candidates: tuple[str, ...],
    ancestors: Mapping[str, Account],
    note: str = "",
) -> AccountMatch:
    for above in _upwards(account, ancestors):
        if above.owner_rep_id:
            owner, owned = above.owner_rep_id, above.account_id
            return AccountMatch(account, matched_by, owner, owned, candidates, note=note)
    return AccountMatch(account, matched_by, candidates=candidates, note=note)


def _upwards(account: Account, ancestors: Mapping[str, Account]) -> Iterator[Account]:
    """The account, then its known ancestors, nearest first; a loop of parents ends it."""
    seen: set[str] = set()
    above: Account | None = account
    while above is not None and above.account_id not in seen:
        seen.add(above.account_id)
        yield above
        above = ancestors.get(above.parent_id) if above.parent_id else None
