"""The active policy, its reps and the owners it must keep, as a unit reads and writes them."""

from collections import Counter
from collections.abc import Collection, Mapping

from scoring_service.store import rows, rows_lifecycle
from scoring_service.store.connection import Row
from scoring_service.store.transaction_queues import Queues
from scoring_service.values.instant import micros
from scoring_service.values.owner import Owner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Rep


class Policies(Queues):
    """Policies by revision, reps as they were, and who else owns leads."""

    def active_revision(self) -> str | None:
        """The revision of the active policy; None before the first."""
        own = self.own.activations
        return own[-1][0] if own else self._known.active_revision()

    def latest_activation(self) -> int:
        """The number of the latest activation, 0 before the first; not of this batch's."""
        return int(self._known.connection.rows("latest_activation")[0][0])

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
        were known. Those who are gone stay as the last policy had them.
        """
        self._known.flush()
        stored = {row[0]: row for row in self._known.connection.rows("reps")}
        for rep_id, rep in reps.items():
            row = rep_id, revision, rows.text(rep), 1
            self._change_rep(stored.get(rep_id, row), row, actor)
        for rep_id in sorted(stored.keys() - reps.keys()):
            self._change_rep(stored[rep_id], (*stored[rep_id][:3], 0), actor)

    def rep_as_known(self, rep_id: str) -> Rep | None:
        """A rep as the last policy had him that had him."""
        for row in self._known.connection.rows("rep", rep_id):
            return rows_lifecycle.rep(row)
        return None

    def reps_with_leads(self) -> Mapping[str, frozenset[Stage]]:
        """Every rep who owns leads, and the stages they are in, as it was before this unit."""
        self._known.flush()
        found: dict[str, set[Stage]] = {}
        for rep_id, stage, _ in self._known.connection.rows("leads_of_reps"):
            found.setdefault(rep_id, set()).add(Stage(stage))
        return {rep_id: frozenset(stages) for rep_id, stages in found.items()}

    def leads_of_rep_in(
        self, rep_id: str, stages: Collection[Stage], after: str, at_most: int
    ) -> tuple[str, ...]:
        """A rep's leads in these stages, by id, those behind `after`, as before this unit."""
        self._known.flush()
        key = rep_id, rows.strings([stage.value for stage in stages]), after, at_most
        return tuple(row[0] for row in self._known.connection.rows("leads_of_rep_in", *key))

    def _change_rep(self, before: Row, after: Row, actor: str) -> None:
        self.own.reps[after[0]] = after
        changes = rows.rep_changes(before, after)
        if changes:
            self.record_changes("rep", after[0], changes, actor)

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
