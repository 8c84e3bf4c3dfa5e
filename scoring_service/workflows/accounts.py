"""Accounts: stored, changed with their history, and looked up."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from scoring_service.domain.domains import is_free_mail, registrable_domain
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.account import Account
from scoring_service.values.errors import InvalidArgument, NotFound
from scoring_service.values.stored import FieldChange
from scoring_service.workflows.account_lookup import AccountLookup
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.requests import (
    AccountItem,
    AccountResult,
    AccountsUpserted,
    ItemRefusal,
    UpsertAccounts,
    Violations,
)

PARENTS_MAX = 32
"""Accounts above an account; more is taken for a mistake."""

_BUILT_IN = frozenset({"account_id", "name", "country", "owner", "parent"})


@once("UpsertAccounts", AccountsUpserted)
def upsert(
    tx: Transaction, policy: Policy, request: UpsertAccounts, now: datetime
) -> AccountsUpserted:
    """Store every account that is right; refuse the others, each with what is wrong with it.

    Present fields replace, absent ones change nothing, attributes merge by key; an empty
    `parent_id` or `owner_rep_id` clears it. A parent may come in the same request, anywhere.
    Raises AlreadyExists, and InvalidArgument where the request_id is missing.
    """
    if not request.request_id:
        raise InvalidArgument((("request_id", "is required: a UUID that names this call"),))
    upsertion = _Upsertion(tx, policy, request.actor_id)
    results = upsertion.results(request.items)
    return AccountsUpserted(results)


def get(accounts: AccountLookup, account_id: str) -> Account:
    """The account of that id, or NotFound (ACCOUNT_NOT_FOUND)."""
    account = accounts.account(account_id)
    if account is None:
        raise NotFound(f"no account {account_id!r} is stored", "ACCOUNT_NOT_FOUND")
    return account


class _Upsertion:
    """The items of one request, each judged after its parent. `stored` is what was accepted."""

    def __init__(self, tx: Transaction, policy: Policy, actor_id: str) -> None:
        self.tx, self.policy, self.actor_id = tx, policy, actor_id
        self.stored: dict[str, Account] = {}
        self.sent: frozenset[str] = frozenset()

    def results(self, items: tuple[AccountItem, ...]) -> tuple[AccountResult, ...]:
        self.sent = frozenset(item.account.account_id for item in items)
        results: dict[int, AccountResult] = {}
        for position in parents_first(items):
            results[position] = self._result(items[position])
        return tuple(results[position] for position in range(len(items)))

    def _result(self, item: AccountItem) -> AccountResult:
        found = item.violations + tuple(self._violations(item.account))
        if found:
            return AccountResult(refusal=_refusal(found))
        old = self.tx.account(item.account.account_id)
        account, changes = merged(old, item.account)
        if changes or old is None:
            self.tx.save_account(account)
            self.tx.record_changes("account", account.account_id, changes, self.actor_id)
        self.stored[account.account_id] = account
        return AccountResult(account=account)

    def _violations(self, account: Account) -> Iterator[tuple[str, str]]:
        if not account.account_id:
            yield "account_id", "is required"
        elif account.account_id in self.stored:
            yield "account_id", f"{account.account_id!r} is in this request twice; send it once"
        if account.owner_rep_id and account.owner_rep_id not in self.policy.reps:
            yield "owner_rep_id", f"no rep {account.owner_rep_id!r} in team.yaml; add him there"
        if account.parent_id:
            yield from self._of_parent(account)
        yield from _of_domains(account.domains)
        for name in sorted(_BUILT_IN & account.attributes.keys()):
            yield f"attributes[{name}]", "is a field of every account; choose another name"

    def _of_parent(self, account: Account) -> Iterator[tuple[str, str]]:
        above, parent_id = 0, account.parent_id
        while parent_id:
            parent = self.stored.get(parent_id) or self.tx.account(parent_id)
            above += 1
            if parent_id == account.account_id:
                yield "parent_id", "its parents lead back to it; break the loop"
            elif parent is None and above == 1:
                yield "parent_id", self._without(parent_id)
            elif above > PARENTS_MAX:
                yield "parent_id", f"more than {PARENTS_MAX} accounts above it"
            else:
                parent_id = parent.parent_id if parent else None
                continue
            return

    def _without(self, parent_id: str) -> str:
        if parent_id in self.sent:
            return f"{parent_id!r}, sent along, is refused or is below this one; mend that first"
        return f"no account {parent_id!r} is stored; send the parent too"


def parents_first(items: tuple[AccountItem, ...]) -> list[int]:
    """Positions of the items, every parent before its children; those of a loop come last.

    >>> parents_first(tuple(AccountItem(Account(i, parent_id=p)) for i, p in ["ab", "bc", "c "]))
    [2, 1, 0]
    """
    place = {item.account.account_id: i for i, item in reversed(list(enumerate(items)))}
    children: dict[int, list[int]] = {}
    order: list[int] = []
    for i, item in enumerate(items):
        parent = place.get(item.account.parent_id or "", i)
        if parent == i:
            order.append(i)
        else:
            children.setdefault(parent, []).append(i)
    for i in order:
        order += children.get(i, ())
    return order + sorted(set(range(len(items))) - set(order))


def merged(old: Account | None, sent: Account) -> tuple[Account, tuple[FieldChange, ...]]:
    """The account with what was sent, and what that changed.

    Of a new account only the owner counts as a change, so that his time with it has a beginning.
    """
    before = old or Account(sent.account_id)
    new: dict[str, Any] = {}
    if sent.name:
        new["name"] = sent.name
    if sent.domains:
        domains = (registrable_domain(domain) for domain in sent.domains)
        new["domains"] = tuple(dict.fromkeys(domain for domain in domains if domain))
    for field in ("country", "parent_id", "owner_rep_id"):
        if getattr(sent, field) is not None:
            new[field] = getattr(sent, field) or None
    new["attributes"] = {**before.attributes, **sent.attributes}
    account = msgspec.structs.replace(before, **new)
    return account, tuple(_changes(before, account, ("owner_rep_id",) if old is None else new))


def _changes(before: Account, after: Account, fields: Iterable[str]) -> Iterator[FieldChange]:
    for field in fields:
        if field == "attributes":
            yield from _of_attributes(before.attributes, after.attributes)
        elif getattr(before, field) != getattr(after, field):
            yield _change(field, getattr(before, field), getattr(after, field))


def _of_attributes(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[FieldChange]:
    for name, value in after.items():
        if before.get(name) != value:
            yield _change(f"attributes.{name}", before.get(name), value)


def _change(field: str, old: object, new: object) -> FieldChange:
    return FieldChange(field, _json(old), _json(new))


def _json(value: object) -> str | None:
    return None if value in (None, ()) else msgspec.json.encode(value).decode()


def _of_domains(domains: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for i, domain in enumerate(domains):
        registrable = registrable_domain(domain)
        if registrable is None:
            yield f"domains[{i}]", f"{domain!r} is no internet domain; send it as example.com"
        elif is_free_mail(registrable):
            yield f"domains[{i}]", f"{domain!r} is a free-mail domain, which matches no company"


def _refusal(found: Violations) -> ItemRefusal:
    message = "; ".join(f"{field}: {remedy}" for field, remedy in found)
    return ItemRefusal(message, "INVALID", found)
