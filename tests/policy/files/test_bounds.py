"""Every number and length of the rule files that has a bound: good at it, told beyond it."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.policy.document import compose
from scoring_service.policy.files.attributes import ATTRIBUTES_MAX, schema
from scoring_service.policy.files.folder import NEEDED, OPTIONAL, belongs, documents, is_test
from scoring_service.policy.files.lifecycle import LifecycleFile
from scoring_service.policy.files.lifecycle_questions import wrong_questions
from scoring_service.policy.files.reading import read
from scoring_service.policy.files.routing_shape import GUARD_LEADS_MAX, GuardEntry, RoutingFile
from scoring_service.policy.files.scoring_shape import ScoringFile
from scoring_service.policy.files.team import _cycle_through, _fallbacks
from scoring_service.policy.files.team_shape import PoolEntry, TeamFile

MQL = "mql: {fit_min: 40, behaviour_min: 40}\n"
ROUTES = "routes: []\notherwise: {track: t}\n"


def said(kind: type, text: str) -> list[str]:
    found, wrong = read(compose("rules.yaml", text.encode()), kind)
    assert (found is None) is bool(wrong)
    return [f"{one.what}; {one.remedy}" for one in wrong]


def member(entry: str) -> str:
    return f"reps: {{}}\npools: {{p: {{members: [{{rep: a, {entry}}}]}}}}\n"


def activity(entry: str) -> str:
    return f"{MQL}behaviour: {{activities: {{a: {{half_life: 7d, {entry}}}}}}}\n"


def guard(entry: str) -> str:
    return f"{ROUTES}guard: {{owners_changed_max: 20%, {entry}}}\n"


def rep(entry: str) -> str:
    return f"reps: {{a: {{{entry}}}}}\npools: {{}}\n"


WHOLE, ANY = "a whole number", "a number"
BOUNDS = [
    ("a member's weight", TeamFile, lambda v: member(f"weight: {v}"), "1", "1000", WHOLE),
    ("a member's priority", TeamFile, lambda v: member(f"priority: {v}"), "0", "4", WHOLE),
    ("a limit of open leads", TeamFile, lambda v: rep(f"open_leads_max: {v}"), "0", "1000000",
     WHOLE),
    ("a limit a day", TeamFile, lambda v: rep(f"per_day_max: {v}"), "0", "1000000", WHOLE),
    ("a limit a week", TeamFile, lambda v: rep(f"per_week_max: {v}"), "0", "1000000", WHOLE),
    ("points", ScoringFile, lambda v: activity(f"points: {v}"), "-1000", "1000", ANY),
    ("a bar", ScoringFile, lambda v: f"mql: {{fit_min: {v}, behaviour_min: 1}}", "0", "100", ANY),
    ("a bar on P", ScoringFile, lambda v: f"{MQL}sql: {{win_probability_min: {v}}}", "0", "1",
     ANY),
    ("what is added to a bar", ScoringFile,
     lambda v: f"mql: {{fit_min: 1, behaviour_min: 1, hysteresis: {v}}}", "0", "100", ANY),
    ("a grade", ScoringFile, lambda v: f"{MQL}grades: {{fit: {{A: {v}}}}}", "0", "100", ANY),
    ("how often a lead recycles", LifecycleFile, lambda v: f"recycles_max: {v}", "0", "100",
     WHOLE),
    ("what a guard looks at", RoutingFile, lambda v: guard(f"leads: {v}"), "1",
     str(GUARD_LEADS_MAX), WHOLE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "least", "most", "what"),
    [pytest.param(*rest, id=name) for name, *rest in BOUNDS],
)
def test_a_number_is_good_at_its_bounds_and_told_beyond(
    kind: type, text: Callable[[str], str], least: str, most: str, what: str
) -> None:
    assert said(kind, text(least)) == said(kind, text(most)) == []
    below, above = str(int(least) - 1), str(int(most) + 1)
    wrong = "is not allowed here; write"
    assert said(kind, text(below)) == [f"{below} {wrong} {what} >= {_float(least, what)}"]
    assert said(kind, text(above)) == [f"{above} {wrong} {what} <= {_float(most, what)}"]


def _float(bound: str, what: str) -> str:
    return bound if what == WHOLE else f"{float(bound)}"


@pytest.mark.parametrize("cap", ["0", "-1"])
def test_a_cap_is_above_nothing(cap: str) -> None:
    (told,) = said(ScoringFile, activity(f"points: 1, points_max: {cap}"))
    assert told == f"{cap} is not allowed here; write a number > 0.0"
    assert said(ScoringFile, activity("points: 1, points_max: 0.001")) == []


@pytest.mark.parametrize(
    ("length", "told"),
    [
        pytest.param(0, ["this is empty; write a name"], id="no letter"),
        pytest.param(1, [], id="one"),
        pytest.param(200, [], id="two hundred"),
        pytest.param(201, ["this is longer than 200; write a name"], id="one more"),
    ],
)
def test_how_long_a_name_may_be(length: int, told: list[str]) -> None:
    text = f"routes: [{{name: '{'n' * length}', when: a, assign: {{track: t}}}}]\n"
    assert said(RoutingFile, f"{text}otherwise: {{track: t}}\n") == told


@pytest.mark.parametrize(
    ("text", "share"),
    [
        pytest.param("0%", 0.0, id="nobody"),
        pytest.param("20%", 0.2, id="a fifth"),
        pytest.param("20 %", 0.2, id="with a blank"),
        pytest.param("0.5%", 0.005, id="half a per cent"),
        pytest.param("99.999%", 0.99999, id="three digits behind the point"),
        pytest.param("100%", 1.0, id="all"),
        pytest.param("100.001%", None, id="more than all"),
        pytest.param("101%", None, id="one more"),
        pytest.param("1000%", None, id="ten times as many"),
        pytest.param("0.0001%", None, id="four digits"),
        pytest.param("-1%", None, id="less than nobody"),
        pytest.param("20", None, id="no sign"),
        pytest.param("20  %", None, id="two blanks"),
        pytest.param("20%\n", None, id="a line end"),
        pytest.param(".5%", None, id="no digit before the point"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_what_is_a_share_of_the_leads(text: str, share: float | None) -> None:
    if share is not None:
        assert GuardEntry(text).share() == pytest.approx(share)
        return
    with pytest.raises(ValueError, match="is no share of the leads; write a percentage"):
        GuardEntry(text)


@pytest.mark.parametrize(
    ("entry", "good"),
    [
        pytest.param("{pool: p}", True, id="a pool"),
        pytest.param("{queue: q, owner: o}", True, id="a queue with its owner"),
        pytest.param("{account_owner: {}}", True, id="the account's owner"),
        pytest.param("{}", False, id="nowhere"),
        pytest.param("{pool: p, track: t}", False, id="two places"),
        pytest.param("{queue: q}", False, id="a queue without an owner"),
        pytest.param("{pool: p, owner: o}", False, id="a pool with one"),
        pytest.param("{owner: o}", False, id="an owner alone"),
    ],
)
def test_a_lead_goes_to_one_place(entry: str, good: bool) -> None:
    text = f"routes: [{{name: n, when: a, assign: {entry}}}]\notherwise: {{track: t}}\n"
    assert bool(said(RoutingFile, text)) is not good


@pytest.mark.parametrize(
    ("given", "good"),
    [
        pytest.param("members: []", True, id="nobody yet"),
        pytest.param("role: r", True, id="a role"),
        pytest.param("team: t", True, id="a team"),
        pytest.param("role: r, team: t", True, id="a role of a team"),
        pytest.param("hours: any", False, id="neither"),
        pytest.param("members: [], role: r", False, id="both"),
        pytest.param("members: [], team: t", False, id="both, by a team"),
    ],
)
def test_a_pool_is_a_list_or_everybody(given: str, good: bool) -> None:
    assert bool(said(TeamFile, f"reps: {{}}\npools: {{p: {{{given}}}}}\n")) is not good


@pytest.mark.parametrize(
    ("count", "told"),
    [
        pytest.param(ATTRIBUTES_MAX, 0, id="as many as may be"),
        pytest.param(ATTRIBUTES_MAX + 1, 1, id="one more"),
    ],
)
def test_how_many_attributes_there_may_be(count: int, told: int) -> None:
    text = "".join(f"a{n}: {{type: text}}\n" for n in range(count))
    wrong = schema(compose("attributes.yaml", text.encode()))[1]
    assert len(wrong) == told
    assert all("are more than 1,000" in one.what for one in wrong)


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        pytest.param((), ["there are 0 questions; give 1 to 50, or 'bant' or 'meddic'"], id="none"),
        pytest.param(("a",), [], id="one"),
        pytest.param(tuple(map(str, range(50))), [], id="fifty"),
        pytest.param(
            tuple(map(str, range(51))),
            ["there are 51 questions; give 1 to 50, or 'bant' or 'meddic'"],
            id="one more",
        ),
        pytest.param(
            ("a", "b", "a", "a"),
            ["the question 'a' is there twice; remove one of them"] * 2,
            id="one again and again",
        ),
        pytest.param("bant", [], id="a known set"),
    ],
)
def test_how_many_questions_there_may_be(questions: str | tuple[str, ...], told: list[str]) -> None:
    wrong = wrong_questions(compose("lifecycle.yaml", b"{}"), questions)
    assert [f"{one.what}; {one.remedy}" for one in wrong] == told


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        pytest.param("team.yaml", True, id="a rule file"),
        pytest.param("team.yml", True, id="one with a shorter name"),
        pytest.param("TEAM.YAML", True, id="one in capitals"),
        pytest.param("rows.xlsx", True, id="a spreadsheet is a slip"),
        pytest.param("README.md", False, id="a note"),
        pytest.param(".team.yaml", False, id="a hidden file"),
        pytest.param("~team.yaml", False, id="what an editor leaves"),
        pytest.param("#team.yaml#", False, id="another editor"),
        pytest.param("team.yaml.bak", False, id="a copy"),
    ],
)
def test_what_belongs_to_a_folder(name: str, reads: bool) -> None:
    assert belongs(name) is reads
    strange = documents({name: b"{}"} if reads else {name: b"["})[1]
    here = [one for one in strange if one.file == name and one.what == "no rule file has this name"]
    assert bool(here) is (reads and name not in (*NEEDED, *OPTIONAL))


def test_a_table_and_a_test_belong_and_are_not_strange() -> None:
    assert is_test("a_test.yaml")
    assert not is_test("a_test.yml")
    assert belongs("rows.csv")
    found, wrong = documents({"rows.csv": b"", "a_test.yaml": b"[]", "rows.CSV": b""})
    assert set(found) == {*NEEDED, "a_test.yaml"}
    assert [one.file for one in wrong] == [*NEEDED, "rows.CSV"]


GRAPHS = st.dictionaries(
    st.sampled_from("abcde"), st.lists(st.sampled_from("abcdex"), max_size=3).map(tuple), min_size=1
)


def in_order(name: str, graph: dict[str, tuple[str, ...]], seen: list[str]) -> list[str]:
    """Depth first, by recursion: each pool with its own fallbacks behind it."""
    for other in graph.get(name, ()):
        if other not in seen:
            seen.append(other)
            in_order(other, graph, seen)
    return seen


@settings(max_examples=60)
@given(GRAPHS)
def test_fallbacks_are_in_the_order_of_a_walk_that_goes_down_first(
    graph: dict[str, tuple[str, ...]],
) -> None:
    pools = {name: PoolEntry(role="r", fallback=fallback) for name, fallback in graph.items()}
    file = TeamFile({}, pools)
    for name in graph:
        walked = in_order(name, graph, [name])[1:]
        assert _fallbacks(name, file) == tuple(walked)
        reached = {other for one in (name, *walked) for other in graph.get(one, ())}
        assert bool(_cycle_through(name, file)) is (name in reached)
