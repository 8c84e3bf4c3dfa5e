"""A queue has one owner, whoever names it: what two places say differently is a mistake."""

from collections.abc import Callable

import pytest

from scoring_service.domain.lifecycle.telling import answers_for
from scoring_service.domain.policy import Policy
from scoring_service.values.owner import QueueOwner

Refused = Callable[..., list[str]]
Loaded = Callable[..., Policy]

WRITTEN = "{{name: r{0}, when: 'employees > {0}', assign: {1}}}"
TABLE = "{{name: rows, table: territories.csv, assign: {0}}}"
ONE = "a queue has one owner: name the same"


def routing(*entries: str, otherwise: str = "{track: not-now}") -> str:
    lines = "".join(f"  - {entry}\n" for entry in entries)
    return f"routes:\n{lines}otherwise: {otherwise}\n"


def written(*assigned: str) -> list[str]:
    """Routes by hand, each with a condition of its own."""
    return [WRITTEN.format(number, assign) for number, assign in enumerate(assigned)]


@pytest.mark.parametrize(
    ("assigned", "otherwise", "told"),
    [
        pytest.param(["{queue: odd, owner: desk}"] * 2, "{track: not-now}", [], id="the same"),
        pytest.param(["{queue: odd, owner: desk}", "{queue: even, owner: ben}"],
                     "{track: not-now}", [], id="two queues of two owners"),
        pytest.param(["{queue: odd, owner: desk}", "{queue: odd, owner: ben}"], "{track: not-now}",
                     ["routing.yaml:3: $.routes[1].assign.owner: the queue 'odd' has another owner,"
                      f" desk, in a route above; {ONE}"], id="the later route"),
        pytest.param(["{queue: odd, owner: desk}"], "{queue: odd, owner: ben}",
                     ["routing.yaml:3: $.otherwise.owner: the queue 'odd' has another owner, desk,"
                      f" in a route above; {ONE}"], id="the last"),
        pytest.param(["{queue: odd, owner: a}", "{queue: odd, owner: b}", "{queue: odd, owner: a}"],
                     "{track: not-now}",
                     ["routing.yaml:3: $.routes[1].assign.owner: the queue 'odd' has another owner,"
                      f" a, in a route above; {ONE}"], id="the one that differs from the first"),
        pytest.param(["{queue: intake, owner: sales-ops}"], "{track: not-now}", [],
                     id="the intake with its own owner"),
        pytest.param(["{queue: intake, owner: ben}"], "{track: not-now}",
                     ["routing.yaml:2: $.routes[0].assign.owner: the queue 'intake' has another"
                      f" owner, sales-ops, as the intake of lifecycle.yaml; {ONE}"],
                     id="the intake with another"),
    ],
)  # fmt: skip
def test_routes_name_one_owner_of_a_queue(
    refused: Refused, assigned: list[str], otherwise: str, told: list[str]
) -> None:
    text = routing(*written(*assigned), otherwise=otherwise)
    assert refused(routing=text, routing_test="") == told


@pytest.mark.parametrize(
    ("assign", "table", "told"),
    [
        pytest.param("{queue: '{q}', owner: '{o}'}", "country,q,o\nDE,odd,a\nAT,odd,a\n", [],
                     id="rows that agree"),
        pytest.param("{queue: '{q}', owner: '{o}'}", "country,q,o\nDE,odd,a\nAT,even,b\n", [],
                     id="rows of two queues"),
        pytest.param("{queue: '{q}', owner: '{o}'}", "country,q,o\nDE,odd,a\nAT,odd,b\n",
                     ["territories.csv:3: o: the queue 'odd' has another owner, a, in a route"
                      f" above; {ONE}"], id="the row that differs from the one above"),
        pytest.param("{queue: odd, owner: '{o}'}", "country,o\nDE,a\nAT,b\nCH,b\n",
                     [f"territories.csv:{line}: o: the queue 'odd' has another owner, a, in a route"
                      f" above; {ONE}" for line in (3, 4)], id="each row that differs"),
        pytest.param("{queue: '{q}', owner: ben}", "country,q\nDE,odd\nAT,intake\n",
                     ["territories.csv:3: q: the queue 'intake' has another owner, sales-ops, as"
                      f" the intake of lifecycle.yaml; {ONE}"],
                     id="the intake, in the column of the queue where none is of the owner"),
        pytest.param("{queue: intake, owner: ben}", "country\nDE\nAT\n",
                     ["routing.yaml:2: $.routes[0].assign.owner: the queue 'intake' has another"
                      f" owner, sales-ops, as the intake of lifecycle.yaml; {ONE}"],
                     id="once, where no row says anything of it"),
    ],
)  # fmt: skip
def test_rows_name_one_owner_of_a_queue(
    refused: Refused, assign: str, table: str, told: list[str]
) -> None:
    text = routing(TABLE.format(assign))
    assert refused(routing=text, territories=table, routing_test="") == told


def test_a_row_and_a_route_below_it_name_one_owner(refused: Refused) -> None:
    text = routing(TABLE.format("{queue: odd, owner: '{o}'}"), *written("{queue: odd, owner: ben}"))
    found = refused(routing=text, territories="country,o\nDE,desk\n", routing_test="")
    assert found == [
        "routing.yaml:3: $.routes[1].assign.owner: the queue 'odd' has another owner, desk, in a"
        f" route above; {ONE}"
    ]


def test_the_intake_may_have_any_owner_that_lifecycle_gives_it(refused: Refused) -> None:
    text = routing(*written("{queue: entry, owner: ben}"))
    given = "tracks: {not-now: {owner: marketing}}\nintake: {queue: entry, owner: %s}\n"
    assert refused(routing=text, lifecycle=given % "ben", routing_test="") == []
    assert len(refused(routing=text, lifecycle=given % "anna", routing_test="")) == 1


def test_who_answers_for_a_queue_is_whom_the_rules_name(loaded: Loaded) -> None:
    """What the checks above are for: only one of two owners could ever be asked."""
    text = routing(
        TABLE.format("{queue: '{q}', owner: '{o}'}"), *written("{queue: odd, owner: desk}")
    )
    table = "country,q,o\nDE,north,ben\nAT,south,carla\n"
    policy = loaded(routing=text, territories=table, routing_test="")
    asked = {"odd": "desk", "north": "ben", "south": "carla", "intake": "sales-ops"}
    for queue, owner in asked.items():
        assert answers_for(policy, QueueOwner(queue), None) == owner


@pytest.mark.parametrize(
    ("assign", "told"),
    [
        pytest.param("{pool: nobody}", "routing.yaml:2: $.routes[0].assign.pool: unknown pool"
                     " 'nobody'; known are: executives, sdr", id="a pool"),
        pytest.param("{track: nowhere}", "routing.yaml:2: $.routes[0].assign.track: unknown track"
                     " 'nowhere'; known are: competitive_recapture, not-now, welcome-nurture",
                     id="a track"),
        pytest.param("{account_owner: {backup_pool: nobody}}", "routing.yaml:2:"
                     " $.routes[0].assign.account_owner.backup_pool: unknown pool 'nobody'; known"
                     " are: executives, sdr", id="a backup"),
        pytest.param("{queue: sdr-waiting, owner: '{o}'}", "routing.yaml:2:"
                     " $.routes[0].assign.queue: 'sdr-waiting' is the queue of the pool sdr; write"
                     " {pool: sdr}", id="a queue beside a column"),
    ],
)  # fmt: skip
def test_a_name_that_no_row_gives_is_told_once_and_where_it_stands(
    refused: Refused, assign: str, told: str
) -> None:
    column = ",o" if "{o}" in assign else ""
    rows = "".join(f"{country}{column and ',ben'}\n" for country in ("DE", "AT", "CH"))
    text = routing(TABLE.format(assign))
    assert refused(routing=text, territories=f"country{column}\n{rows}", routing_test="") == [told]
