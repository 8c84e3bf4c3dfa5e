"""Compiled policies at hand: the active one always, some others, and the newest of these."""

from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.policy import Policy
from scoring_service.policy.mistake import Mistake, Mistakes
from scoring_service.store.policies import KEPT_MAX, Policies
from scoring_service.values.absence import Absence
from scoring_service.values.errors import Unavailable
from scoring_service.values.team import Leave, Rep

FEW = settings(max_examples=40)
"""Enough to meet each branch: the tables have the edges."""

ANN = Absence("ann", date(2026, 3, 2), date(2026, 3, 6), "bob")


def bare(revision: str) -> Policy:
    """A policy with a rep and no rules; only its revision and its team are looked at."""
    nothing = cast(Any, None)
    reps = {"ann": Rep("ann")}
    return Policy(revision, nothing, nothing, nothing, nothing, reps, {}, frozenset(), {}, nothing)


def compiled(content: bytes) -> Policy:
    """The content is the revision's name; one of a later version is refused."""
    if content.startswith(b"!"):
        raise Mistakes([Mistake("routing.yaml", 1, "$", "is of tomorrow", "install a newer one")])
    return bare(content.decode())


@pytest.fixture
def policies() -> Policies:
    return Policies(compiled)


def test_before_the_first_activation_there_is_none_to_decide_by(policies: Policies) -> None:
    assert policies.revision == ""
    with pytest.raises(Unavailable, match="no policy is active yet; try again") as refused:
        _ = policies.active
    assert refused.value.reason == "NO_POLICY"


def test_the_policy_that_is_followed_is_active_and_at_hand(policies: Policies) -> None:
    one, two = bare("r1"), bare("r2")
    policies.follow(one)
    policies.add(two)
    assert (policies.active, policies.revision) == (one, "r1")
    assert (policies.get("r1"), policies.get("r2"), policies.get("r3")) == (one, two, None)
    policies.follow(two)
    assert policies.active is two
    assert policies.get("r1") is one


def test_what_is_compiled_is_kept_and_a_later_one_of_the_revision_takes_its_place(
    policies: Policies,
) -> None:
    made = policies.compile(b"r1")
    assert policies.get("r1") is made
    assert policies.revision == "", "compiling activates nothing"
    again = policies.compile(b"r1")
    assert policies.get("r1") is again is not made


def test_of_many_the_active_one_and_the_newest_others_are_kept(policies: Policies) -> None:
    policies.follow(bare("active"))
    for number in range(10):
        policies.add(bare(f"r{number}"))
    kept = [name for name in ("active", *(f"r{n}" for n in range(10))) if policies.get(name)]
    assert kept == ["active", *(f"r{n}" for n in range(10 - KEPT_MAX, 10))]


ACTS = st.lists(st.tuples(st.booleans(), st.sampled_from("abcdefgh")), max_size=20)


@FEW
@given(ACTS)
def test_what_is_at_hand_is_the_active_one_and_no_more_than_so_many_beside_it(
    acts: list[tuple[bool, str]],
) -> None:
    """The slow twin keeps all of them in the order in which they were added last."""
    policies, order, active = Policies(compiled), list[str](), ""
    for follow, name in acts:
        (policies.follow if follow else policies.add)(bare(name))
        order = [one for one in order if one != name] + [name]
        active = name if follow else active
        at_hand = [one for one in order if policies.get(one)]
        beside = [one for one in at_hand if one != active]
        assert policies.revision == active
        assert name in at_hand
        assert not active or active in at_hand
        assert len(beside) <= KEPT_MAX
        assert beside == [one for one in order if one != active][-len(beside) :] or not beside


@pytest.mark.parametrize(
    ("revision", "content", "found"),
    [
        pytest.param("at hand", None, True, id="it is at hand, whatever is stored"),
        pytest.param("r1", b"r1", True, id="it is stored"),
        pytest.param("r1", None, False, id="nothing is stored of it"),
        pytest.param("r1", b"!r1", False, id="this version refuses it"),
    ],
)
def test_a_policy_of_the_past(
    policies: Policies, revision: str, content: bytes | None, found: bool
) -> None:
    policies.add(bare("at hand"))
    policy = policies.once_active(revision, lambda asked: content)
    assert (policy.revision if policy else None) == (revision if found else None)
    assert policies.revision == "", "it is not the active one"


def test_a_policy_of_the_past_is_read_once_while_it_is_at_hand(policies: Policies) -> None:
    asked: list[str] = []

    def content_of(revision: str) -> bytes:
        asked.append(revision)
        return revision.encode()

    assert policies.once_active("r1", content_of) is policies.once_active("r1", content_of)
    assert asked == ["r1"]


def test_what_cannot_be_compiled_for_another_reason_is_told(policies: Policies) -> None:
    with pytest.raises(UnicodeDecodeError):
        policies.once_active("r1", lambda revision: b"\xff")


def test_with_nobody_away_the_policy_is_the_one_of_the_files(policies: Policies) -> None:
    policy = bare("r1")
    assert policies.with_absences(policy, ()) is policy


def test_who_is_away_is_in_the_team_and_the_policy_is_made_once(policies: Policies) -> None:
    policy = bare("r1")
    made = policies.with_absences(policy, (ANN,))
    assert made.reps["ann"].leave == (Leave(ANN.first, ANN.last, "bob"),)
    assert policies.with_absences(policy, (ANN,)) is made
    assert policies.with_absences(policy, (replace_first(ANN),)) is not made
    assert policies.with_absences(policy, ()) is policy


def replace_first(absence: Absence) -> Absence:
    return Absence(absence.rep_id, date(2026, 3, 3), absence.last, absence.backup)


def test_another_policy_of_the_same_absences_is_made_anew(policies: Policies) -> None:
    one, two = bare("r1"), replace(bare("r1"), reps={"ann": Rep("ann", "Anna")})
    assert policies.with_absences(one, (ANN,)).reps["ann"].name == ""
    assert policies.with_absences(two, (ANN,)).reps["ann"].name == "Anna"
