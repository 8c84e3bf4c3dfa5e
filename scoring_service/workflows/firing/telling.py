"""Clocks that only have somebody told: they move nothing."""

from scoring_service.domain.lifecycle.recipients import answers_for, manager, top
from scoring_service.workflows.firing.firing import Firing

LAPSED = "qualification_lapsed"
"""What is recorded where time alone has taken a lead below the bar of behaviour."""


def late(firing: Firing) -> None:
    """First contact or opening an opportunity is late: the manager is told; the breach stays."""
    what = f"{firing.clock.name} of {firing.lead_id} is late"
    _told(firing, (_manager(firing),), what)
    firing.keep(firing.after())


def incomplete(firing: Firing) -> None:
    """Who answers for the intake queue is told that something is missing of the lead."""
    what = f"{firing.lead_id} has no contact or no source yet"
    _told(firing, (answers_for(firing.policy, firing.lead),), what)
    firing.keep(firing.after())


def review(firing: Firing) -> None:
    """The track's owner is told that the lead did nothing for long."""
    what = f"{firing.lead_id} has shown nothing for long; is it in the right track?"
    _told(firing, (answers_for(firing.policy, firing.lead),), what)
    firing.keep(firing.after())


def escalate(firing: Firing) -> None:
    """Nobody accepted the mql for days: the manager is told, and the top."""
    what = f"{firing.lead_id} has been an mql for long and nobody accepted it"
    _told(firing, (_manager(firing), top(firing.policy)), what)
    firing.keep(firing.after())


def lapsed(firing: Firing) -> None:
    """The lead is no longer qualified: recorded, the owner told, nothing is moved."""
    text = f"{firing.lead_id} no longer meets the bar of behaviour: its interest has faded"
    told = firing.tell(answers_for(firing.policy, firing.lead), LAPSED, text)
    firing.escalated(told, LAPSED)
    firing.keep(firing.after())


def again(firing: Firing) -> None:
    """An opportunity is overdue or silent: owner and manager are told, again and again."""
    what = f"the opportunity of {firing.lead_id} is {firing.clock.name}"
    _told(firing, (answers_for(firing.policy, firing.lead), _manager(firing)), what)
    firing.keep(firing.after())


def _manager(firing: Firing) -> str:
    return manager(firing.policy, firing.lead, firing.now)


def _told(firing: Firing, recipients: tuple[str, ...], text: str) -> None:
    told = [firing.tell(one, firing.clock.name, text) for one in dict.fromkeys(recipients)]
    firing.escalated(tuple(dict.fromkeys(name for names in told for name in names)))
