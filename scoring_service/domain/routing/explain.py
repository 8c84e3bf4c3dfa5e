"""A decision in sentences: why this lead went to her, and who was passed over."""

from collections.abc import Iterator
from datetime import datetime

from scoring_service.domain.routing.rotation import TURN
from scoring_service.values.account import AccountMatch, NamedAccount
from scoring_service.values.decision import Cause, Decision, Draw, Passed
from scoring_service.values.facts import Facts
from scoring_service.values.owner import SUPPRESSED, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import Score

_SILENT = frozenset({Passed.CHOSEN, Passed.OTHER_TURN})


def sentences(decision: Decision, facts: Facts) -> tuple[str, ...]:
    """What a sales manager is told, most important first. Instants are UTC."""
    return (
        _outcome(decision, facts.lead.lead_id, facts.now),
        *_claims(decision),
        *_turn(decision, facts),
        *_passed_over(decision),
        _worth(decision.score),
        *_arms(facts),
        *account_said(facts.account),
        *_errors(decision),
        *_clock(decision),
    )


def sentences_of_outcome(decision: Decision, lead_id: str, now: datetime) -> tuple[str, ...]:
    """What can be told of a decision made at `now` whose facts are no longer known."""
    return (
        _outcome(decision, lead_id, now),
        *_claims(decision),
        *_passed_over(decision),
        _worth(decision.score),
        *_errors(decision),
        *_clock(decision),
    )


def _outcome(decision: Decision, lead_id: str, now: datetime) -> str:
    lead = f"Lead {lead_id}" if lead_id else "The lead"
    because = f": {decision.note}" if decision.note else ""
    if decision.cause is Cause.KEPT:
        return f"{lead} stays with {_owner(decision)}{because}."
    if decision.owner == SUPPRESSED:
        return f"{lead} goes to nobody{because}."
    row = f", row {decision.row}" if decision.row is not None else ""
    route = f" by the route '{decision.route}'{row}" if decision.route else ""
    if isinstance(decision.owner, QueueOwner) and decision.pool:
        since = _at(decision.enqueued_at or now)
        return f"{lead} waits in {_owner(decision)} since {since}{route}: nobody can take it yet."
    moved = "was reassigned to" if decision.cause is Cause.REASSIGNED else "went to"
    return f"{lead} {moved} {_owner(decision)}{route}{because}."


def _owner(decision: Decision) -> str:
    match decision.owner:
        case RepOwner(rep):
            return f"{rep} of the pool {decision.pool}" if _is_drawn(decision) else rep
        case QueueOwner(queue):
            return f"the queue {queue}"
        case TrackOwner(track):
            return f"the track {track}"


def _claims(decision: Decision) -> Iterator[str]:
    """Why somebody got the lead without a draw, and for whom he stands in."""
    for one in decision.considered:
        if one.outcome is Passed.CHOSEN and not one.pool and decision.cause is not Cause.KEPT:
            yield f"{one.rep_id} {one.reason}."
    if decision.stood_in_for and _is_drawn(decision):
        yield f"{decision.owner.id} stands in for {decision.stood_in_for}."


def _is_drawn(decision: Decision) -> bool:
    """Whether the owner had a turn; else a turn that it costs was given to a fixed winner."""
    return any(one.outcome is Passed.CHOSEN and one.pool for one in decision.considered)


def _turn(decision: Decision, facts: Facts) -> Iterator[str]:
    """Counted in turns, what each was owed when the draw was made."""
    made = decision.draw
    if made is None:
        return
    if not _is_drawn(decision):
        yield f"It counts as {made.winner}'s turn in the pool {made.pool} (draw {made.number})."
        return
    owed = ", ".join(f"{rep} {turns / TURN:.2f}" for rep, turns in _owed(made, facts))
    yield f"It was {made.winner}'s turn (draw {made.number}); turns owed: {owed}."


def _owed(made: Draw, facts: Facts) -> list[tuple[str, int]]:
    pool = next(known for known in facts.pools if known.pool == made.pool)
    before = {member.rep_id: member.credit for member in pool.members}
    owed = [(rep, before[rep] + gain) for rep, gain in made.gains]
    return sorted(owed, key=lambda one: (one[0] != made.winner, -one[1], one[0]))


def _passed_over(decision: Decision) -> Iterator[str]:
    """Everybody who could not have the lead, those with one reason together."""
    reasons: dict[str, list[str]] = {}
    for one in decision.considered:
        if one.outcome not in _SILENT:
            reps = reasons.setdefault(one.reason, [])
            if one.rep_id not in reps:
                reps.append(one.rep_id)
    for reason, reps in reasons.items():
        yield f"Passed over: {', '.join(reps)} ({reason})."


def _arms(facts: Facts) -> Iterator[str]:
    """What its bars, tracks and pools may come from beside the rules."""
    for experiment, arm in sorted(facts.arms.items()):
        yield f"It is in the arm '{arm}' of the experiment '{experiment}'."


def _worth(score: Score) -> str:
    fit = f"fit {score.fit:.0f} ({score.fit_grade})"
    behaviour = f"behaviour {score.behaviour:.0f} (level {score.behaviour_level})"
    missed = ", ".join(
        f"{bar.name} {round(bar.value, 4):g} below {bar.threshold:g}"
        for bar in score.bars
        if not bar.met
    )
    return f"It has {fit} and {behaviour}; {f'missed: {missed}' if missed else 'every bar is met'}."


def account_said(match: AccountMatch) -> Iterator[str]:
    """The account a lead belongs to, and by what evidence; nothing where none was looked at."""
    if match.note:
        yield f"Of its account: {match.note}."
    if match.ambiguous:
        yield f"It could belong to any of the accounts {', '.join(match.candidates)}."
    elif match.account is not None:
        owned = f", owned by {match.owner_rep_id}" if match.owner_rep_id else ", owned by nobody"
        through = match.owner_account_id
        above = f" through {through}" if through not in (None, match.account.account_id) else ""
        by = match.matched_by.replace("_", " ")
        yield f"It belongs to the account {match.account.account_id} (by its {by}){owned}{above}."
    yield from map(_alike, match.named)


def _alike(found: NamedAccount) -> str:
    shared = ", ".join(found.shared)
    apart = [
        f"{whose} alone: {', '.join(words)}"
        for whose, words in (("the lead", found.of_lead), ("the account", found.of_account))
        if words
    ]
    score = f"{100 * found.score:.0f} % like its company's"
    told = "; ".join([f"both: {shared}", *apart])
    return f"The account {found.account_id} is named '{found.name}', {score} ({told})."


def _errors(decision: Decision) -> Iterator[str]:
    for error in decision.errors:
        route, why = error.route, error.error
        yield f"The route '{route}' could not be evaluated, so it did not match: {why}."


def _clock(decision: Decision) -> Iterator[str]:
    if decision.respond_by is not None:
        yield f"A response is due by {_at(decision.respond_by)} (SLA {decision.sla})."


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
