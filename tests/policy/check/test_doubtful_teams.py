"""Pools, reps, managers and calendars that load and cannot be meant."""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]

REPS = """\
reps:
  anna: {role: sdr, manager: carla}
  ben: {role: sdr, manager: carla}
  carla: {role: manager}
"""
POOLS = "pools: {sdr: {members: [{rep: anna}, {rep: ben}]}, executives: {role: manager}}\n"


@pytest.fixture(scope="session")
def of_team(found: Said) -> Said:
    """What is said of team.yaml."""

    def said(text: str) -> list[str]:
        told = found(team=text, routing_test="- {it: x, lead: {}, expect: {queue: triage}}")
        return [line for line in told if line.startswith("team.yaml")]

    return said


def test_nothing_is_said_of_a_team_in_which_everybody_has_a_place(of_team: Said) -> None:
    assert of_team(REPS + POOLS) == []


@pytest.mark.parametrize(
    ("rep", "told"),
    [
        pytest.param("dora: {role: sdr}", True, id="a rep without a pool"),
        pytest.param("dora: {role: sdr, active: false}", False, id="a rep who has left"),
        pytest.param("dora: {role: ops}", False, id="whoever keeps the rules"),
        pytest.param("dora: {role: manager}", False, id="a rep who is in a pool by his role"),
        pytest.param("dora: {role: sdr}\n  ed: {role: ops, manager: dora}", False, id="a manager"),
        pytest.param(
            "dora: {}\n  ed: {role: ops, leave: "
            "[{from: 2025-01-01, to: 2025-01-01, backup: dora}]}",
            False,
            id="a rep who stands in for another",
        ),
    ],
)
def test_a_rep_whom_no_lead_reaches_is_told(of_team: Said, rep: str, told: bool) -> None:
    found = of_team(f"{REPS}  {rep}\n{POOLS}")
    assert any("dora is in no pool" in line for line in found) is told


@pytest.mark.parametrize(
    ("pool", "told"),
    [
        pytest.param("{members: []}", True, id="a pool without a member"),
        pytest.param("{role: director}", True, id="a role that nobody has"),
        pytest.param("{members: [{rep: dora}]}", True, id="members who have all left"),
        pytest.param("{role: old}", True, id="a role of those who have left"),
        pytest.param("{members: [{rep: dora}, {rep: ben}]}", False, id="one who is still there"),
    ],
)
def test_a_pool_with_nobody_in_it_is_told(of_team: Said, pool: str, told: bool) -> None:
    left = "  dora: {role: old, active: false}\n"
    found = of_team(f"{REPS}{left}{POOLS.rstrip()[:-1]}, new: {pool}}}\n")
    assert any(line.startswith("team.yaml:6: $.pools.new: nobody") for line in found) is told


@pytest.mark.parametrize(
    ("managers", "loops"),
    [
        pytest.param({"anna": "ben", "ben": "anna"}, ["anna -> ben -> anna"], id="two"),
        pytest.param(
            {"anna": "ben", "ben": "carla", "carla": "anna"},
            ["anna -> ben -> carla -> anna"],
            id="three, told once",
        ),
        pytest.param(
            {"anna": "ben", "ben": "carla", "carla": "ben"},
            ["ben -> carla -> ben"],
            id="a loop above somebody who is not in it",
        ),
        pytest.param({"anna": "ben", "ben": "carla"}, [], id="a line that ends"),
    ],
)
def test_managers_in_a_circle_are_told(
    of_team: Said, managers: dict[str, str], loops: list[str]
) -> None:
    reps = "".join(
        f"  {rep}: {{role: manager{f', manager: {managers[rep]}' if rep in managers else ''}}}\n"
        for rep in ("anna", "ben", "carla")
    )
    found = [line for line in of_team(f"reps:\n{reps}{POOLS}") if "go round" in line]
    assert [line.split("go round: ")[1].split(";")[0] for line in found] == loops


@pytest.mark.parametrize(
    ("calendar", "told"),
    [
        pytest.param("holidays: DE-BE, shifts: [{on: 2025-06-09, at: '10:00-11:00'}]", 1,
                     id="a shift on Whit Monday"),
        pytest.param("closed: [2025-06-10], shifts: [{on: 2025-06-10, at: '10:00-11:00'}]", 1,
                     id="a shift on a day that is closed"),
        pytest.param("holidays: DE-BE, shifts: [{on: 2025-06-10, at: '10:00-11:00'}]", 0,
                     id="a shift on any other day"),
        pytest.param("holidays: DE-BE, breaks: [{on: 2025-06-09, at: '10:00-11:00'}]", 0,
                     id="a break on a holiday, which changes nothing"),
    ],
)  # fmt: skip
def test_a_shift_on_a_holiday_is_told(found: Said, calendar: str, told: int) -> None:
    text = f"default: office\noffice: {{weekly: {{mon-fri: '09:00-17:00'}}, {calendar}}}\n"
    said = [line for line in found(calendars=text) if line.startswith("calendars.yaml")]
    assert len(said) == told
    assert all(line.startswith("calendars.yaml:2: $.office.shifts[0].on: 2025") for line in said)
