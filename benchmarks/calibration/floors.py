"""A table of figures beside what they must reach, and whether all of them do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`floor` must be reached, `goal` is hoped for; with `at_most` smaller is better."""

    name: str
    value: float
    floor: float
    goal: float | None = None
    at_most: bool = False

    @property
    def reached(self) -> bool:
        return self.value <= self.floor if self.at_most else self.value >= self.floor

    @property
    def met_goal(self) -> bool:
        if self.goal is None:
            return self.reached
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def printed(figures: list[Figure]) -> int:
    """The table on stdout; 1 where a floor is missed."""
    width = max(len(figure.name) for figure in figures)
    print(f"{'':{width}}  {'value':>9}  {'floor':>11}  {'goal':>9}")
    for one in figures:
        sense = "<=" if one.at_most else ">="
        goal = "" if one.goal is None else f"{one.goal:g}"
        verdict = "missed" if not one.reached else "goal met" if one.met_goal else "reached"
        floor = f"{sense} {one.floor:g}"
        print(f"{one.name:{width}}  {one.value:9.4f}  {floor:>11}  {goal:>9}  {verdict}")
    return 0 if all(one.reached for one in figures) else 1
