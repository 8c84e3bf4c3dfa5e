"""Which accounts a company's name could mean, of those whose names share a key with it."""

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import extract

from scoring_service.domain.matching.similarity import Likeness, likeness
from scoring_service.values.account import NamedAccount

SURE = 0.7
"""The score from which two names mean one company."""

HAIR = 0.05
"""Scores no further below the best are as good as it. The very same name is better than any."""

HELD_MAX = 500
"""Accounts that may hold a key; a key that more of them hold tells nothing and is left out."""

COMPARED_MAX = 16
"""Names that are compared word by word: of more, those with the most in common at first sight."""

TOLD_MAX = 5
"""Accounts that are told of, the best first."""


def ranked(normal: str, sharing: Mapping[str, str]) -> tuple[NamedAccount, ...]:
    """Accounts whose names are alike enough, the best first, at most TOLD_MAX.

    `normal` is the name sought, `sharing` the names by account id that share a key with it, all of
    them normalised; in which order they come changes nothing.
    """
    if not normal:
        return ()
    ids = _at_first_sight(normal, sharing)
    likely = ((account_id, likeness(normal, sharing[account_id])) for account_id in ids)
    found = [
        _told(account_id, sharing[account_id], one)
        for account_id, one in likely
        if one.score >= SURE
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, one.account_id))[:TOLD_MAX])


def as_good_as_the_best(found: Sequence[NamedAccount]) -> tuple[NamedAccount, ...]:
    """Of ranked accounts those that the best one is not clearly better than."""
    if not found:
        return ()
    best = found[0].score
    hair = HAIR if best < 1.0 else 0.0
    return tuple(one for one in found if one.score >= best - hair)


def _at_first_sight(normal: str, sharing: Mapping[str, str]) -> Iterable[str]:
    if len(sharing) <= COMPARED_MAX:
        return sharing
    ids = sorted(sharing)
    names = [sharing[account_id] for account_id in ids]
    found = extract(normal, names, scorer=token_sort_ratio, limit=COMPARED_MAX)
    return [ids[place] for _, _, place in found]


def _told(account_id: str, name: str, found: Likeness) -> NamedAccount:
    shared = tuple(a if a == b else f"{a} ~ {b}" for a, b in found.alike)
    return NamedAccount(account_id, name, round(found.score, 4), shared, found.left, found.right)
