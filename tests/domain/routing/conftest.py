"""Pools in motion: a rotation driven turn by turn, with the exact shares counted beside it."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import pytest

from scoring_service.domain.routing.rotation import TURN, Entrant, apply, draw, fixed, give_back
from scoring_service.values.decision import Draw
from scoring_service.values.stored import Credit, Rotation


class Rota:
    """Turns taken and given back; `shares` is the sum of weight / W of each draw, by rep."""

    def __init__(self) -> None:
        self.rotation = Rotation("pool")
        self.turns: Counter[str] = Counter()
        self.shares: dict[str, Fraction] = {}
        self.made: list[Draw] = []
        self.weights: list[Mapping[str, int]] = []
        self.largest = 1

    def turn(self, weights: Mapping[str, int]) -> str:
        """A draw among these reps."""
        return self._take(draw("pool", self.rotation.draws + 1, self._entrants(weights)), weights)

    def fixed_turn(self, weights: Mapping[str, int], winner: str) -> str:
        """A draw among these reps whose winner is fixed."""
        entrants = self._entrants(weights)
        made = fixed("pool", self.rotation.draws + 1, entrants, winner)
        return self._take(made, weights or {winner: 1})

    def undo(self, index: int) -> None:
        """Give back the draw at this place among those still standing."""
        made, weights = self.made.pop(index), self.weights.pop(index)
        self.rotation = give_back(self.rotation, made)
        self._count(made.winner, weights, -1)

    def credit(self, rep: str) -> int:
        return self._place(rep).credit

    def check_first_law(self) -> None:
        """credit = 10^12 x (sum of shares - turns), to rounding, and all credits sum to 0."""
        rounding = self.rotation.draws * self.largest
        for place in self.rotation.credits:
            due = TURN * (self.shares[place.rep_id] - self.turns[place.rep_id])
            assert abs(place.credit - due) <= rounding, f"{place.rep_id}: {place.credit}, {due}"
        assert sum(place.credit for place in self.rotation.credits) == 0, "credits leak"

    def check_second_law(self) -> None:
        """|turns - sum of shares| < the number of reps the pool ever had."""
        for rep, share in self.shares.items():
            assert abs(self.turns[rep] - share) < len(self.shares), f"{rep}: {self.turns[rep]}"

    def _place(self, rep: str) -> Credit:
        return next((c for c in self.rotation.credits if c.rep_id == rep), Credit(rep))

    def _entrants(self, weights: Mapping[str, int]) -> list[Entrant]:
        places = {place.rep_id: place for place in self.rotation.credits}
        found = []
        for rep, weight in weights.items():
            place = places.get(rep) or Credit(rep)
            found.append(Entrant(rep, weight, 2, place.credit, place.last_draw))
        return found

    def _take(self, made: Draw, weights: Mapping[str, int]) -> str:
        self.rotation = apply(self.rotation, made)
        self.made.append(made)
        self.weights.append(weights)
        self._count(made.winner, weights, 1)
        return made.winner

    def _count(self, winner: str, weights: Mapping[str, int], sign: int) -> None:
        total = sum(weights.values())
        self.largest = max(self.largest, total)
        for rep, weight in weights.items():
            self.shares[rep] = self.shares.get(rep, Fraction(0)) + sign * Fraction(weight, total)
        self.shares.setdefault(winner, Fraction(0))
        self.turns[winner] += sign


@pytest.fixture(scope="session")
def new_rota() -> type[Rota]:
    """A pool's rotation from its first draw on."""
    return Rota
