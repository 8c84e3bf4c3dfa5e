"""How many leads a change of the rules may give another owner before somebody has to say so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """Other rules are refused where they would give more than `owners_changed_max` (a share) of the
    last `leads` leads another owner.

    `swaps_count` is whether a lead counts that only another rep of the same route would have, while
    that rep's own lead goes the other way: turns shift whenever one lead more or less draws.
    """

    owners_changed_max: float
    leads: int
    swaps_count: bool = True

    def refuses(self, leads: int, changed: int) -> bool:
        """Whether so many changed ones among so many leads are too many.

        >>> Guard(0.2, 500).refuses(200, 40), Guard(0.2, 500).refuses(200, 41)
        (False, True)
        """
        return changed > 0 and changed / leads > self.owners_changed_max
