"""Whose turn it is: smooth weighted round robin with integer credits, so that it is replayable."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scoring_service.values.decision import Draw
from scoring_service.values.stored import Credit, Rotation

TURN = 10**12
"""What a whole turn is worth in credit."""


class Entrant(NamedTuple):
    """A member who is eligible at a draw. `last_draw` is the number of his latest, 0 for never."""

    rep_id: str
    weight: int = 1
    priority: int = 2
    credit: int = 0
    last_draw: int = 0


def draw(pool: str, number: int, entrants: Sequence[Entrant]) -> Draw:
    """The turn of the richest once each has gained his share; he pays what all gained.

    Ties: larger weight, higher priority, least recently drawn, rep id.

    >>> draw("west", 1, [Entrant("ann", weight=5), Entrant("bob"), Entrant("cat")]).winner
    'ann'
    """
    assert entrants, "a draw needs somebody to win it"
    share, total = _share(entrants)
    riches = [entrant.credit + share * entrant.weight for entrant in entrants]
    most = max(riches)
    richest = [entrant for entrant, rich in zip(entrants, riches, strict=True) if rich == most]
    winner = richest[0] if len(richest) == 1 else min(richest, key=_among_equals)
    return _paid_by(winner.rep_id, pool, number, entrants, share, total)


def fixed(pool: str, number: int, entrants: Sequence[Entrant], winner: str) -> Draw:
    """A turn whose winner was fixed before; he need not be among those who gain.

    Where nobody was eligible he is the only one who was: he gains what he pays.
    """
    present = entrants or [Entrant(winner)]
    share, total = _share(present)
    return _paid_by(winner, pool, number, present, share, total)


def apply(rotation: Rotation, made: Draw) -> Rotation:
    """The rotation after a draw. Reps who were not eligible keep their credit."""
    assert rotation.pool == made.pool, (rotation.pool, made.pool)
    assert made.number == rotation.draws + 1, (made.number, rotation.draws)
    return _changed(rotation, made, 1, {made.winner: made.number}, made.number)


def give_back(rotation: Rotation, made: Draw) -> Rotation:
    """The rotation with a draw undone: from those gone from the pool too. Its number stays taken.

    When each was last drawn stays known.
    """
    assert rotation.pool == made.pool, (rotation.pool, made.pool)
    return _changed(rotation, made, -1, {}, rotation.draws)


def _among_equals(entrant: Entrant) -> tuple[int, int, int, str]:
    """Who comes first of those equally rich is the least in this order."""
    return -entrant.weight, -entrant.priority, entrant.last_draw, entrant.rep_id


def _share(entrants: Sequence[Entrant]) -> tuple[int, int]:
    """Credit gained for each unit of weight, and what the winner pays."""
    total = sum([entrant.weight for entrant in entrants])
    share = TURN // total
    return share, share * total


def _paid_by(
    winner: str, pool: str, number: int, entrants: Sequence[Entrant], share: int, paid: int
) -> Draw:
    gains = tuple([(entrant.rep_id, share * entrant.weight) for entrant in entrants])
    return Draw(pool, number, winner, gains, paid)


def _changed(
    rotation: Rotation, made: Draw, sign: int, drawn: Mapping[str, int], draws: int
) -> Rotation:
    places = {credit.rep_id: credit for credit in rotation.credits}
    change: dict[str, int] = {}
    for rep_id, gain in made.gains:
        change[rep_id] = sign * gain
    change[made.winner] = change.get(made.winner, 0) - sign * made.paid
    for rep_id, by in change.items():
        place = places.get(rep_id) or Credit(rep_id)
        latest = drawn.get(rep_id, place.last_draw)
        places[rep_id] = Credit(rep_id, place.credit + by, latest)
    return Rotation(rotation.pool, tuple(places.values()), draws)
