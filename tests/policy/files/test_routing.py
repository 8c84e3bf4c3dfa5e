"""routing.yaml and its tables: where each route sends a lead, and which names it may use."""

from collections.abc import Callable

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.guard import Guard
from scoring_service.domain.routing.routes import (
    Assign,
    Route,
    ToAccountOwner,
    ToPool,
    ToQueue,
    ToTrack,
)

Loaded = Callable[..., Policy]
Refused = Callable[..., list[str]]

OTHERWISE = "otherwise: {queue: triage, owner: sales-ops}\n"


def routing(*entries: str, otherwise: str = OTHERWISE) -> str:
    lines = "".join(f"  - {entry}\n" for entry in entries)
    return f"routes:{' []' if not entries else ''}\n{lines}{otherwise}"


def routes(loaded: Loaded, *entries: str, **more: str) -> tuple[Route, ...]:
    policy = loaded(routing=routing(*entries), routing_test="", **more)
    return tuple(policy.routes.routes)


@pytest.fixture
def said(refused: Refused) -> Refused:
    """What loading says of these entries, and of the table they use."""

    def told(*entries: str, **more: str) -> list[str]:
        return refused(routing=routing(*entries), routing_test="", **more)

    return told


@pytest.mark.parametrize(
    ("assign", "to"),
    [
        pytest.param("{pool: sdr}", ToPool("sdr"), id="a pool"),
        pytest.param("{account_owner: {}}", ToAccountOwner(), id="the account's owner"),
        pytest.param("{account_owner: {backup_pool: sdr}}", ToAccountOwner("sdr"), id="a backup"),
        pytest.param("{track: not-now}", ToTrack("not-now"), id="a track"),
        pytest.param("{queue: odd, owner: ben}", ToQueue("odd", "ben"), id="a queue of a rep"),
        pytest.param("{queue: odd, owner: desk}", ToQueue("odd", "desk"), id="of a mailbox"),
    ],
)
def test_a_route_sends_a_lead_to_one_place(loaded: Loaded, assign: str, to: Assign) -> None:
    first, _ = routes(loaded, f"{{name: x, when: 'employees > 1', assign: {assign}}}")
    assert first.assign == to


@pytest.mark.parametrize(
    ("otherwise", "to"),
    [
        pytest.param("{track: not-now}", ToTrack("not-now"), id="a track"),
        pytest.param("{queue: odd, owner: desk}", ToQueue("odd", "desk"), id="a queue"),
        pytest.param("{pool: sdr}", ToPool("sdr"), id="a pool, whose queue always holds"),
    ],
)
def test_the_last_route_takes_whatever_is_left(loaded: Loaded, otherwise: str, to: Assign) -> None:
    policy = loaded(routing=routing(otherwise=f"otherwise: {otherwise}\n"), routing_test="")
    (last,) = policy.routes.routes
    assert (last.name, last.text, last.assign, last.row) == ("otherwise", "true", to, None)
    assert last.condition({})


def test_a_route_below_the_bars_says_so(loaded: Loaded) -> None:
    entry = "{name: x, when: 'employees > 1', assign: {pool: sdr}, below_bar: true}"
    first, last = routes(loaded, entry)
    assert (first.below_bar, last.below_bar) == (True, False)


def test_the_rows_of_a_table_share_what_their_route_says(loaded: Loaded) -> None:
    entry = (
        "{name: x, table: territories.csv, assign: {pool: '{pool}'}, sla: hot, during: office,"
        " below_bar: true}"
    )
    found = routes(loaded, entry, territories="country,pool\nDE,sdr\nUS,executives\n")
    assert [(one.name, one.row, one.place) for one in found[:-1]] == [
        ("x", 1, "territories.csv:2"), ("x", 2, "territories.csv:3"),
    ]  # fmt: skip
    assert {(one.sla, one.during, one.below_bar) for one in found[:-1]} == {("hot", "office", True)}


@pytest.mark.parametrize(
    ("assign", "row", "to"),
    [
        pytest.param("{pool: '{to}'}", "sdr", ToPool("sdr"), id="a pool"),
        pytest.param("{track: '{to}'}", "not-now", ToTrack("not-now"), id="a track"),
        pytest.param("{account_owner: {backup_pool: '{to}'}}", "sdr", ToAccountOwner("sdr"),
                     id="the backup of an account owner"),
        pytest.param("{queue: '{to}', owner: desk}", "odd", ToQueue("odd", "desk"), id="a queue"),
        pytest.param("{queue: 'q-{to}', owner: '{to}'}", "ben", ToQueue("q-ben", "ben"),
                     id="a queue and its owner from one column"),
        pytest.param("{pool: 's{to}r'}", "d", ToPool("sdr"), id="a part of a name"),
    ],
)  # fmt: skip
def test_a_column_fills_a_name(loaded: Loaded, assign: str, row: str, to: Assign) -> None:
    entry = f"{{name: x, table: territories.csv, assign: {assign}}}"
    first, _ = routes(loaded, entry, territories=f"country,to\nDE,{row}\n")
    assert first.assign == to


def test_two_columns_may_fill_one_name(loaded: Loaded) -> None:
    entry = "{name: x, table: territories.csv, assign: {queue: '{a}-{b}', owner: desk}}"
    first, _ = routes(loaded, entry, territories="country,a,b\nDE,north,large\n")
    assert first.assign == ToQueue("north-large", "desk")


def test_two_routes_may_use_one_table_each_its_own_column(loaded: Loaded) -> None:
    found = routes(
        loaded,
        "{name: by day, table: territories.csv, assign: {pool: '{day}'}, during: office}",
        "{name: by night, table: territories.csv, assign: {track: '{night}'}}",
        territories="country,day,night\nDE,sdr,not-now\n",
    )
    assert [one.assign for one in found[:-1]] == [ToPool("sdr"), ToTrack("not-now")]


def test_a_table_may_send_all_its_rows_to_one_place(loaded: Loaded) -> None:
    entry = "{name: x, table: territories.csv, assign: {pool: sdr}}"
    found = routes(loaded, entry, territories="country,employees\nDE,>=5\nAT,\n")
    assert [one.assign for one in found[:-1]] == [ToPool("sdr")] * 2


def test_a_column_may_be_any_symbol_of_a_route(loaded: Loaded) -> None:
    entry = "{name: x, table: territories.csv, assign: {pool: '{pool}'}}"
    table = (
        "account.country,score.quadrant,activity.page_view.count,stage,plan,pool\n"
        "DE,sales_ready,>=2,mql,pro,sdr\n"
    )
    first, _ = routes(loaded, entry, territories=table)
    lead = {
        "account": {"country": "DE"},
        "score": {"quadrant": "sales_ready"},
        "activity": {"page_view": {"count": 2}},
        "stage": "mql",
        "plan": "pro",
    }
    assert first.condition(lead)
    assert not first.condition(lead | {"stage": "sal"})


def test_rows_that_send_to_the_same_share_one_value(loaded: Loaded) -> None:
    entry = "{name: x, table: territories.csv, assign: {pool: '{pool}'}}"
    rows = "".join(f"DE,{size},sdr\n" for size in range(50))
    found = routes(loaded, entry, territories=f"country,employees,pool\n{rows}")
    assert len({id(one.assign) for one in found[:-1]}) == 1


WHEN = "name: x, when: 'employees > 1'"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        pytest.param(f"{{{WHEN}, assign: {{}}}}", "2: $.routes[0].assign: a lead goes to exactly "
                     "one place", id="nowhere"),
        pytest.param(f"{{{WHEN}, assign: {{pool: sdr, queue: a, owner: b}}}}",
                     "2: $.routes[0].assign: a lead goes to exactly one place", id="two places"),
        pytest.param(f"{{{WHEN}, assign: {{pool: sdr, owner: ben}}}}", "2: $.routes[0].assign: a "
                     "queue is given with the owner who answers for it, and only a queue is",
                     id="a pool with an owner"),
        pytest.param(f"{{{WHEN}, table: a.csv, assign: {{pool: sdr}}}}", "2: $.routes[0]: "
                     "a route has a condition or a table", id="a condition and a table"),
        pytest.param(f"{{{WHEN}, assign: {{pool: '{{pool}}'}}}}", "2: $.routes[0].assign.pool: "
                     "'{pool}' names a column, and there is no table here", id="no table"),
        pytest.param(f"{{{WHEN}, assign: {{account_owner: {{backup_pool: '{{a}}'}}}}}}",
                     "2: $.routes[0].assign.account_owner.backup_pool: '{a}' names a column, and "
                     "there is no table here", id="no table for a backup"),
        pytest.param(f"{{{WHEN}, assign: {{queue: executives, owner: ben}}}}",
                     "2: $.routes[0].assign.queue: 'executives' is the queue of the pool "
                     "executives", id="the queue that a pool has by itself"),
        pytest.param(f"{{{WHEN}, assign: {{track: suppressed}}}}",
                     "2: $.routes[0].assign.track: unknown track 'suppressed'",
                     id="the track that is built in"),
        pytest.param(f"{{{WHEN}, assign: {{pool: sdr}}, sla: warm}}",
                     "2: $.routes[0].sla: unknown SLA 'warm'", id="an unknown SLA"),
        pytest.param(f"{{{WHEN}, assign: {{pool: sdr}}, during: night}}",
                     "2: $.routes[0].during: unknown calendar 'night'", id="an unknown calendar"),
        pytest.param("{name: otherwise, when: 'true', assign: {pool: sdr}}",
                     "2: $.routes[0].name: 'otherwise' is the name of the last", id="the last"),
        pytest.param("{name: x, table: a.csv, assign: {pool: sdr}}",
                     "2: $.routes[0].table: there is no table 'a.csv' in the folder", id="no file"),
        pytest.param("{name: x, table: team.yaml, assign: {pool: sdr}}",
                     "2: $.routes[0].table: there is no table 'team.yaml' in the folder",
                     id="a file that is no table"),
    ],
)  # fmt: skip
def test_a_route_that_does_not_fit_is_refused(said: Refused, entry: str, what: str) -> None:
    found = said(entry)
    assert len(found) == 1
    assert found[0].startswith(f"routing.yaml:{what};")


def test_an_unknown_result_is_a_mistake_at_each_of_its_rows(said: Refused) -> None:
    entry = "{name: x, table: territories.csv, assign: {pool: '{pool}'}}"
    found = said(entry, territories="country,pool\nDE,sdr\nAT,sdrs\nCH,sdrs\n")
    assert found == [
        f"territories.csv:{line}: pool: unknown pool 'sdrs'; did you mean 'sdr'?" for line in (3, 4)
    ]


def test_no_more_than_a_hundred_rows_are_told(said: Refused) -> None:
    entry = "{name: x, table: territories.csv, assign: {pool: '{pool}'}}"
    rows = "".join(f"DE,{size},nobody\n" for size in range(500))
    assert len(said(entry, territories=f"country,employees,pool\n{rows}")) == 100


def test_a_table_that_two_routes_use_is_told_once(said: Refused) -> None:
    entry = "{{name: {}, table: territories.csv, assign: {{pool: '{{pool}}'}}}}"
    found = said(entry.format("a"), entry.format("b"), territories="contry,pool\nDE,sdr\n")
    assert len(found) == 1


def test_a_column_that_no_route_uses_must_be_a_symbol(said: Refused) -> None:
    entry = "{name: x, table: territories.csv, assign: {pool: sdr}}"
    found = said(entry, territories="country,pool\nDE,sdr\n")
    assert [line.split(";")[0] for line in found] == [
        "territories.csv:1: pool: the column 'pool' is no symbol, and no route uses {pool}"
    ]


GUARDED = "guard: {owners_changed_max: %s}\n"


@pytest.mark.parametrize(
    ("written", "guard"),
    [
        pytest.param("20%", Guard(0.2, 500), id="a-share-alone"),
        pytest.param("2.5 %, leads: 40", Guard(0.025, 40), id="of-so-many-leads"),
        pytest.param("2.8%", Guard(0.028, 500), id="the-share-as-written"),
        pytest.param("0%", Guard(0.0, 500), id="no-owner-may-change"),
        pytest.param("100%, swaps: ignored", Guard(1.0, 500, swaps_count=False), id="no-swaps"),
    ],
)
def test_a_guard_is_a_share_of_the_last_leads(loaded: Loaded, written: str, guard: Guard) -> None:
    text = routing(otherwise=OTHERWISE + GUARDED % written)
    assert loaded(routing=text, routing_test="").guard == guard


def test_without_a_guard_nothing_is_guarded(loaded: Loaded) -> None:
    assert loaded(routing=routing(), routing_test="").guard is None


@pytest.mark.parametrize(
    ("written", "what"),
    [
        pytest.param("0.2", "owners_changed_max", id="a-number-without-its-unit"),
        pytest.param("a lot", "write a percentage from 0% to 100%, as 20%", id="a-word"),
        pytest.param("101%", "write a percentage from 0% to 100%, as 20%", id="more-than-all"),
        pytest.param("20%, leads: 0", "leads", id="of-no-lead"),
        pytest.param("20%, leads: 5001", "leads", id="of-too-many-leads"),
        pytest.param("20%, swap: ignored", "swap", id="an-unknown-key"),
    ],
)
def test_what_is_no_guard_is_refused(refused: Refused, written: str, what: str) -> None:
    text = routing(otherwise=OTHERWISE + GUARDED % written)
    (mistake,) = refused(routing=text, routing_test="")
    assert "$.guard" in mistake
    assert what in mistake
