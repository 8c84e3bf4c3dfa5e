"""Accounts and the active policy, as a unit of work reads and writes them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scoring_service.store import rows
from scoring_service.store.transaction_leads import Leads
from scoring_service.values.account import Account
from scoring_service.values.instant import micros
from scoring_service.values.owner import Owner, RepOwner
from scoring_service.values.stored import FieldChange
from scoring_service.values.team import Rep

ABOVE_MAX = 64
"""Accounts above an account that are followed; more is a loop."""


class Accounts(Leads):
    """Accounts by id, domain and upwards; policies by revision; reps."""

    def account(self, account_id: str) -> Account | None:
        """The account of that id."""
        own = self.own.accounts.get(account_id)
        if own is not None:
            return own
        self._known.fetch_accounts((account_id,))
        return self._known.accounts.get(account_id)

    def accounts_on_domain(self, domain: str) -> Sequence[Account]:
        """Every account that has this registrable domain, by id."""
        self._known.fetch_domains((domain,))
        ids = set(self._known.domains[domain])
        for account_id, account in self.own.accounts.items():
            (ids.add if domain in account.domains else ids.discard)(account_id)
        self._known.fetch_accounts(ids)
        found = (self.account(account_id) for account_id in sorted(ids))
        return tuple(account for account in found if account)

    def ancestors(self, account_id: str) -> Sequence[Account]:
        """The account and those above it, nearest first, each once."""
        found: dict[str, Account] = {}
        above: str | None = account_id
        while above and above not in found and len(found) <= ABOVE_MAX:
            account = self.account(above)
            if account is None:
                break
            found[above] = account
            above = account.parent_id
        return tuple(found.values())

    def save_account(self, account: Account) -> None:
        """Store an account as it is now."""
        self.account(account.account_id)
        self.own.accounts[account.account_id] = account

    def active_revision(self) -> str | None:
        """The revision of the active policy; None before the first."""
        own = self.own.activations
        return own[-1][0] if own else self._known.active_revision()

    def revision_content(self, revision: str) -> bytes | None:
        """The packed files of a policy that was once active."""
        own = self.own.revisions.get(revision) or self._known.unsent.revisions.get(revision)
        content: bytes | None = own[1] if own else None
        if own is None:
            content = rows.any_value(self._known.connection.rows("revision_content", revision))
        return content

    def activate(self, revision: str, content: bytes, actor: str) -> None:
        """Make a policy the active one, and keep its content."""
        now = micros(self.now)
        self.own.revisions[revision] = revision, content, now
        self.own.activations.append((revision, now, actor))

    def save_reps(self, reps: Mapping[str, Rep], revision: str, actor: str = "") -> None:
        """Keep every rep as the policy of `revision` has him, and record what changed of those who
        were known. Those who are gone stay as they were.
        """
        self._known.flush()
        stored = {row[0]: row[2] for row in self._known.connection.rows("reps")}
        for rep_id, rep in reps.items():
            body = rows.text(rep)
            before = stored.get(rep_id)
            if before is not None and before != body:
                changes = rows.rep_changes(before, body)
                self.record_changes("rep", rep_id, changes, actor)
            self.own.reps[rep_id] = rep_id, revision, body
        for rep_id in stored.keys() - reps.keys():
            gone = FieldChange("in_team", "true", "false")
            self.record_changes("rep", rep_id, (gone,), actor)

    def owners_not_reps(self) -> tuple[tuple[Owner, int], ...]:
        """Every queue and track that owns leads, and how many, by kind and id."""
        self._known.flush()
        found = self._known.connection.rows("leads_by_owner")
        counts = Counter({(kind, owner_id): count for kind, owner_id, count in found})
        for lead_id, lead in self.own.leads.items():
            before = self._stored_lead(lead_id)
            if before and before.owner:
                counts[rows.kind(before.owner), before.owner.id] -= 1
            if lead.owner:
                counts[rows.kind(lead.owner), lead.owner.id] += 1
        owners = ((rows.owner_of(*key), count) for key, count in sorted(counts.items()))
        return tuple(
            (owner, count)
            for owner, count in owners
            if count > 0 and not isinstance(owner, RepOwner)
        )
