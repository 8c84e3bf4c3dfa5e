"""What sales operations does in the machine of all acts: days away, books handed over, pins."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from scoring_service.workflows.rep_requests import HandOver, PinLead, SetAvailability, UnpinLead
from scoring_service.workflows.sales.pinning import pin_lead, unpin_lead
from scoring_service.workflows.team.availability import set_availability
from scoring_service.workflows.team.handing_over import hand_over

REPS = ("ann", "bob", "cat", "dan", "eve", "flo")
PEOPLE = st.integers(0, 4)
OWNER = "its owner"
ACTORS = st.sampled_from([OWNER, OWNER, OWNER, OWNER, "ann", "mia", "sales-ops", "", "stranger"])


class ActsOfOps(RuleBasedStateMachine):
    """Acts about reps; the machine says who asks, when, and runs them."""

    now: datetime
    _asked: Callable[[str], dict[str, Any]]
    _run: Callable[[Callable[..., Any]], None]
    _do: Callable[..., None]

    @rule(
        rep=st.sampled_from(REPS),
        days=st.tuples(st.integers(0, 9), st.integers(0, 9)),
        back=st.booleans(),
        backup=st.sampled_from(["", "", *REPS]),
    )
    def away(self, rep: str, days: tuple[int, int], back: bool, backup: str) -> None:
        """Somebody says when a rep is away, or that he is there after all."""
        first = (self.now + timedelta(days=days[0])).date()
        period: dict[str, Any] = {"first": first, "last": first + timedelta(days=days[1])}
        request = SetAvailability(
            **self._asked("sales-ops"),
            rep_id=rep,
            backup="" if back else backup,
            withdraw=back,
            **({} if back and not days[0] else period),
        )
        self._run(lambda tx, policy, now: set_availability(tx, policy, request, now))

    @rule(rep=st.sampled_from(REPS), to=st.sampled_from(["", "", *REPS]))
    def hand_over(self, rep: str, to: str) -> None:
        """A rep's book goes to others."""
        asks = self._asked("sales-ops")
        request = HandOver(**asks, rep_id=rep, to=to, reason="new territory")
        self._run(lambda tx, policy, now: hand_over(tx, policy, request, now))

    @rule(number=PEOPLE, actor=ACTORS, rep=st.sampled_from(["", *REPS]))
    def pin(self, number: int, actor: str, rep: str) -> None:
        """Somebody pins a lead to a rep, or takes the pin out."""
        if rep:
            self._do(pin_lead, PinLead, number, actor, rep_id=rep, reason="he knows them")
        else:
            self._do(unpin_lead, UnpinLead, number, actor)
