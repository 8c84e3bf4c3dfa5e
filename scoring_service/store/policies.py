"""Compiled policies by revision, and which of them is the active one."""

from collections.abc import Callable
from threading import Lock

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.absences import with_absences
from scoring_service.policy.mistake import Mistakes
from scoring_service.values.absence import Absence
from scoring_service.values.errors import Unavailable

KEPT_MAX = 4
"""Compiled policies kept beside the active one; one of 10,000 rules takes some 50 MB."""


class Policies:
    """Compiled policies; safe to use from any thread.

    `compile` makes a policy from a revision's stored content. What is active is decided in the
    store; this follows it, so that Score decides by the policy that Route decides by.
    """

    def __init__(self, compile: Callable[[bytes], Policy]) -> None:
        self._compile = compile
        self._known: dict[str, Policy] = {}
        self._active: Policy | None = None
        self._changing = Lock()
        self._present: Policy | None = None

    @property
    def active(self) -> Policy:
        """The policy of the latest activation; Unavailable (NO_POLICY) before the first."""
        if self._active is None:
            raise Unavailable("no policy is active yet; try again", "NO_POLICY")
        return self._active

    @property
    def revision(self) -> str:
        """The active policy's revision, "" before the first activation."""
        return "" if self._active is None else self._active.revision

    def get(self, revision: str) -> Policy | None:
        """The compiled policy of that revision, if it is at hand."""
        return self._known.get(revision)

    def add(self, policy: Policy) -> None:
        """Keep a compiled policy at hand; the oldest ones are forgotten."""
        with self._changing:
            self._known.pop(policy.revision, None)
            self._known[policy.revision] = policy
            others = [revision for revision in self._known if revision != self.revision]
            for revision in others[:-KEPT_MAX]:
                del self._known[revision]

    def follow(self, policy: Policy) -> None:
        """Have `policy` be the active one."""
        self.add(policy)
        self._active = policy

    def compile(self, content: bytes) -> Policy:
        """The policy of a revision's stored content, kept at hand. Takes seconds for a big one."""
        policy = self._compile(content)
        self.add(policy)
        return policy

    def with_absences(self, policy: Policy, away: tuple[Absence, ...]) -> Policy:
        """The policy with who is away; made once until either changes. Used by the writer only."""
        if not away:
            return policy
        made = self._present
        if made is None or made.by_files is not policy or made.away != away:
            made = self._present = with_absences(policy, away)
        return made

    def once_active(
        self, revision: str, content_of: Callable[[str], bytes | None]
    ) -> Policy | None:
        """A policy of the past, at hand or compiled from its content; None where there is no
        content, or this version refuses it.
        """
        policy = self.get(revision)
        content = None if policy else content_of(revision)
        if content is None:
            return policy
        try:
            return self.compile(content)
        except Mistakes:
            return None
