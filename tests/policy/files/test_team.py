"""team.yaml: reps, their leave, and the pools in which they share turns."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.facts import MEMBERS_MAX
from scoring_service.values.team import Counts, Hours, Leave, Order, Queue, Rep

Loaded = Callable[..., Policy]
Refused = Callable[..., list[str]]

ROUTING = "routes: []\notherwise: {queue: triage, owner: sales-ops}\n"


def of(loaded: Loaded, team: str) -> Policy:
    return loaded(team=team, routing=ROUTING, routing_test="")


@pytest.fixture
def said(refused: Refused) -> Refused:
    """What loading says of this team.yaml."""

    def told(team: str) -> list[str]:
        found = refused(team=team, routing=ROUTING, routing_test="")
        return [line.removeprefix("team.yaml:") for line in found]

    return told


def test_a_rep_has_sensible_defaults(loaded: Loaded) -> None:
    rep = of(loaded, "reps: {anna: {}}\npools: {}\n").reps["anna"]
    assert rep == Rep("anna", name="anna", zone="Europe/Berlin", calendar="default")


def test_a_rep_is_read_as_written(loaded: Loaded) -> None:
    text = (
        "reps:\n  carla: {}\n  ben: {}\n"
        "  anna: {name: Anna, email: a@b.example, role: sdr, team: north, zone: Europe/London,"
        " calendar: always, manager: carla, active: false, open_leads_max: 0, per_day_max: 5,"
        " per_week_max: 20, leave: [{from: 2025-03-03, to: 2025-03-03, backup: ben}]}\n"
        "pools: {}\n"
    )
    assert of(loaded, text).reps["anna"] == Rep(
        "anna", "Anna", "a@b.example", "sdr", "north", "Europe/London", "always", "carla",
        active=False, open_leads_max=0, per_day_max=5, per_week_max=20,
        leave=(Leave(date(2025, 3, 3), date(2025, 3, 3), "ben"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pool", "members"),
    [
        pytest.param("{members: [{rep: ben}, {rep: anna}]}", ["ben", "anna"], id="by name"),
        pytest.param("{role: sdr}", ["anna", "ben"], id="everybody of a role"),
        pytest.param("{team: north}", ["anna", "carla"], id="everybody of a team"),
        pytest.param("{role: sdr, team: north}", ["anna"], id="of a role in a team"),
        pytest.param("{role: nobody}", [], id="of a role that nobody has"),
    ],
)
def test_a_pool_is_of_names_or_of_a_role(loaded: Loaded, pool: str, members: list[str]) -> None:
    text = (
        "reps: {anna: {role: sdr, team: north}, ben: {role: sdr, team: south},"
        " carla: {role: manager, team: north}, dora: {role: sdr, team: north, active: false}}\n"
        f"pools: {{a: {pool}}}\n"
    )
    assert [one.rep_id for one in of(loaded, text).pools["a"].members] == members


def test_a_pool_is_read_as_written(loaded: Loaded) -> None:
    text = (
        "reps: {anna: {}}\n"
        "pools:\n  b: {role: x}\n"
        "  a: {members: [{rep: anna, weight: 3, priority: 4, when: 'employees >= 5'}],"
        " hours: working, order: win_probability, counts: all, fallback: [b],"
        " queue: {name: wait, owner: olga, calendar: always}}\n"
    )
    pool = of(loaded, text).pools["a"]
    assert (pool.hours, pool.order, pool.counts) == (
        Hours.WORKING, Order.WIN_PROBABILITY, Counts.ALL,
    )  # fmt: skip
    assert pool.fallback == ("b",)
    assert pool.queue == Queue("wait", "olga", "always")
    (member,) = pool.members
    assert (member.weight, member.priority, member.condition_text) == (3, 4, "employees >= 5")
    assert member.condition is not None
    assert member.condition({"employees": 5})


@pytest.mark.parametrize(
    ("fallbacks", "drawn_from"),
    [
        pytest.param({}, (), id="none"),
        pytest.param({"a": ["b", "c"]}, ("b", "c"), id="in the order they are written in"),
        pytest.param(
            {"a": ["b", "c"], "b": ["d"]}, ("b", "d", "c"), id="each with its own behind it"
        ),
        pytest.param(
            {"a": ["b", "c"], "b": ["c"], "c": ["d"]}, ("b", "c", "d"), id="every pool once"
        ),
        pytest.param(
            {"a": ["b"], "b": ["c"], "c": ["d"]}, ("b", "c", "d"), id="as deep as they go"
        ),
    ],
)
def test_fallbacks_are_nested(
    loaded: Loaded, fallbacks: dict[str, list[str]], drawn_from: tuple[str, ...]
) -> None:
    pools = ", ".join(
        f"{name}: {{role: x, fallback: [{', '.join(fallbacks.get(name, []))}]}}" for name in "abcd"
    )
    pool = of(loaded, f"reps: {{}}\npools: {{{pools}}}\n").pools["a"]
    assert pool.fallback == drawn_from


def test_a_pool_without_a_queue_has_one_of_its_name(loaded: Loaded) -> None:
    pool = of(loaded, "reps: {}\npools: {a: {role: x}}\n").pools["a"]
    assert pool.queue == Queue("a", "sales-ops", "default")
    assert (pool.hours, pool.order, pool.counts) == (Hours.ANY, Order.OLDEST, Counts.DRAWN)


def test_a_members_condition_sees_what_routes_see(loaded: Loaded) -> None:
    text = "reps: {a: {}}\npools: {p: {members: [{rep: a, when: 'score.fit >= 50'}]}}\n"
    (member,) = of(loaded, text).pools["p"].members
    assert member.condition is not None
    assert member.condition({"score": {"fit": 60.0}})
    assert not member.condition({"score": {"fit": 40.0}})


def test_operators_are_read(loaded: Loaded) -> None:
    assert of(loaded, "reps: {}\npools: {}\noperators: [olga]\n").operators == {"olga"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("reps: {a: {manager: b}}\npools: {}", "1: $.reps.a.manager: unknown rep 'b'",
                     id="a manager who is nobody"),
        pytest.param("reps: {a: {manager: a}}\npools: {}",
                     "1: $.reps.a.manager: a cannot stand above or in for himself", id="oneself"),
        pytest.param("reps: {a: {leave: [{from: 2025-01-01, to: 2025-01-02, backup: a}]}}\n"
                     "pools: {}", "1: $.reps.a.leave[0].backup: a cannot stand above or in for "
                     "himself", id="one's own backup"),
        pytest.param("reps: {a: {leave: [{from: 2025-01-02, to: 2025-01-01}]}}\npools: {}",
                     "1: $.reps.a.leave[0]: the leave ends on 2025-01-01, before it begins",
                     id="a leave that ends before it begins"),
        pytest.param("reps: {a: {per_day_max: -1}}\npools: {}",
                     "1: $.reps.a.per_day_max: -1 is not allowed here", id="a limit below none"),
        pytest.param("reps: {a: {zone: Nowhere}}\npools: {}",
                     "1: $.reps.a.zone: unknown time zone 'Nowhere'", id="no zone"),
        pytest.param("reps: {a: {}}\npools: {p: {members: [{rep: a, priority: 5}]}}",
                     "2: $.pools.p.members[0].priority: 5 is not allowed here", id="priority 5"),
        pytest.param("reps: {a: {}}\npools: {p: {members: [{rep: a, weight: 1001}]}}",
                     "2: $.pools.p.members[0].weight: 1001 is not allowed here", id="weight 1001"),
        pytest.param("reps: {a: {}}\npools: {p: {members: [{rep: a, when: 'employes > 1'}]}}",
                     "2: $.pools.p.members[0].when: unknown symbol 'employes'",
                     id="a condition that names nothing"),
        pytest.param("reps: {}\npools: {p: {}}", "2: $.pools.p: a pool is either a list of members "
                     "or everybody of a role or team", id="a pool of nothing"),
        pytest.param("reps: {}\npools: {p: {role: x, fallback: [p]}}",
                     "2: $.pools.p.fallback: the fallbacks go round: p -> p", id="itself"),
        pytest.param("reps: {}\npools: {a: {role: x, fallback: [b]}, b: {role: x, fallback: [c]},"
                     " c: {role: x, fallback: [a]}}",
                     "2: $.pools.a.fallback: the fallbacks go round: a -> b -> c -> a",
                     id="a circle of three, told once"),
        pytest.param("reps: {}\npools: {a: {role: x, queue: {name: b, owner: o}}, b: {role: x}}",
                     "2: $.pools.b: the pools a and b share the queue 'b'",
                     id="a queue of another pool's name"),
        pytest.param("reps: {}\npools: {a: {role: x, queue: {name: q}}}",
                     "2: $.pools.a.queue: the key 'owner' is missing", id="a queue of nobody"),
        pytest.param("reps: {}", "1: $: the key 'pools' is missing", id="no pools"),
        pytest.param("reps: {'': {}}\npools: {}", None, id="a rep without a name"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(said: Refused, text: str, what: str | None) -> None:
    found: list[Any] = said(text)
    assert len(found) == 1
    assert what is None or found[0].startswith(f"{what};")


def test_a_pool_has_no_more_members_than_a_decision_can_remember(
    said: Refused, loaded: Loaded
) -> None:
    def team(count: int, *, by_role: bool) -> str:
        reps = "".join(f"  r{at}: {{role: x}}\n" for at in range(count))
        members = "".join(f"      - {{rep: r{at}}}\n" for at in range(count))
        pool = "    role: x\n" if by_role else f"    members:\n{members}"
        return f"reps:\n{reps}pools:\n  p:\n{pool}"

    for by_role in (False, True):
        full = of(loaded, team(MEMBERS_MAX, by_role=by_role))
        assert len(full.pools["p"].members) == MEMBERS_MAX
        told = said(team(MEMBERS_MAX + 1, by_role=by_role))
        assert ["501 members are more than 500" in line for line in told] == [True]
