"""Reps as lines for people, or as JSON."""

import json
from collections.abc import Iterator, Sequence

from leadscoring.v1 import routing_pb2 as pb

from scoring_service.cli.plain import row_of


def reps_told(reps: Sequence[pb.RepState], *, as_json: bool) -> str:
    """One line a rep, and below it his days away and who said so."""
    if as_json:
        return json.dumps([row_of(rep) for rep in reps], ensure_ascii=False)
    width = max((len(rep.availability.rep_id) for rep in reps), default=0)
    return "\n".join(line for rep in reps for line in _of_rep(rep, width))


def availability_told(made: pb.Availability, *, as_json: bool) -> str:
    """Whether he is away, and all days on which he is."""
    if as_json:
        return json.dumps(row_of(made), ensure_ascii=False)
    until = f"away until {made.away_until}" if made.away_until else "there"
    return "\n".join((f"{made.rep_id} is {until}", *_days(made)))


def handover_told(made: pb.Handover, *, as_json: bool) -> str:
    """What came of a hand-over."""
    if as_json:
        return json.dumps(row_of(made), ensure_ascii=False)
    to = f" to {made.to}" if made.to else ""
    stayed = f", {made.left} stayed: nobody else may have them" if made.left else ""
    accounts = f" and {made.accounts_moved} accounts" if made.accounts_moved else ""
    return f"{made.moved} leads{accounts} of {made.rep_id} handed over{to}{stayed}"


def _of_rep(rep: pb.RepState, width: int) -> Iterator[str]:
    open_leads = _of(rep.open_leads, rep, "open_leads_max")
    today = _of(rep.taken_today, rep, "per_day_max")
    week = _of(rep.taken_this_week, rep, "per_week_max")
    counts = f"open {open_leads}, today {today}, this week {week}"
    pools = f", pools {', '.join(rep.pools)}" if rep.pools else ""
    yield f"{rep.availability.rep_id:{width}}  {_is(rep)}, {counts}{pools}"
    yield from _days(rep.availability)
    if rep.HasField("handover"):
        book = rep.handover
        yield f"  handed over by {book.actor_id}: {book.moved} of {book.leads} leads"


def _is(rep: pb.RepState) -> str:
    if not rep.active:
        return "inactive"
    until = rep.availability.away_until
    return f"away until {until}" if until else "there"


def _of(count: int, rep: pb.RepState, limit: str) -> str:
    return f"{count} of {getattr(rep, limit)}" if rep.HasField(limit) else str(count)  # type: ignore[arg-type]


def _days(made: pb.Availability) -> Iterator[str]:
    for one in made.away:
        backup = f", backup {one.backup}" if one.backup else ""
        who = f"by {one.entered_by}" if one.entered_by else "entered"
        said = (
            f"{who}, {one.entered_at.ToJsonString()}" if one.HasField("entered_at") else "team.yaml"
        )
        yield f"  away {one.first_day} to {one.last_day}{backup} ({said})"
