"""What is wrong, said so that an ops person can mend it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.policy.mistake import Finding, Mistake, Mistakes, Severity, did_you_mean

LATE = Mistake("team.yaml", 14, "$.reps.anna", "unknown calendar 'berln'", "add it")
EARLY = Mistake("team.yaml", 2, "$.reps", "a key is missing", "add it")
OTHER = Mistake("routing.yaml", 99, "$", "this is not YAML", "look at it")


def test_a_mistake_is_one_line_with_its_place_and_its_remedy() -> None:
    assert str(LATE) == "team.yaml:14: $.reps.anna: unknown calendar 'berln'; add it"


def test_mistakes_stand_in_the_order_of_files_and_lines_each_once() -> None:
    found = Mistakes([LATE, OTHER, EARLY, LATE])
    assert found.mistakes == (OTHER, EARLY, LATE)
    assert str(found) == "\n".join(map(str, (OTHER, EARLY, LATE)))


def test_a_finding_reads_like_a_mistake_and_says_how_bad_it_is() -> None:
    found = Finding("a.yaml", 1, "$", "what", "remedy")
    assert str(found) == "a.yaml:1: $: what; remedy"
    assert found.severity is Severity.FINDING
    assert Finding("a.yaml", 1, "$", "what", "remedy", Severity.MISTAKE) != found


@pytest.mark.parametrize(
    ("name", "known", "remedy"),
    [
        pytest.param("sdrs", ["sdr", "ae"], "did you mean 'sdr'?", id="a letter too many"),
        pytest.param("employes", ["employees", "email"], "did you mean 'employees'?", id="a slip"),
        pytest.param("zzz", ["b", "a"], "known are: a, b", id="nothing near"),
        pytest.param("zzz", [], "there is none yet: define it first", id="nothing at all"),
        pytest.param("", ["a"], "known are: a", id="an empty name"),
    ],
)
def test_an_unknown_name_has_a_remedy(name: str, known: list[str], remedy: str) -> None:
    assert did_you_mean(name, known) == remedy


def test_of_many_names_twelve_are_listed() -> None:
    remedy = did_you_mean("?", [f"pool-{at:02}" for at in range(40)])
    assert remedy.startswith("known are: pool-00, pool-01")
    assert remedy.endswith("pool-11 and 28 more")


@given(st.text(max_size=20), st.lists(st.text(min_size=1, max_size=8), max_size=20))
def test_a_remedy_never_names_what_is_not_known(name: str, known: list[str]) -> None:
    remedy = did_you_mean(name, known)
    if remedy.startswith("did you mean"):
        assert remedy.removeprefix("did you mean '").removesuffix("'?") in known
