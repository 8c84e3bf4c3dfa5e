"""Which lead stands for a person: for whom an id answers, and where his next doings arrive."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.values.lead import Lead
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.persons import latest_of, open_lead_of, survivor_of

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
OPEN = sorted(set(Stage) - FINISHED)


class People:
    """Leads as they are stored, by cycle."""

    def __init__(self, *leads: StoredLead) -> None:
        self._leads = {one.lead.lead_id: one for one in leads}

    def __getitem__(self, lead_id: str) -> StoredLead:
        return self._leads[lead_id]

    def lead(self, lead_id: str) -> StoredLead | None:
        """The lead of that id."""
        return self._leads.get(lead_id)

    def leads_of_person(self, person_id: str) -> Sequence[StoredLead]:
        """Every lead of a person, by cycle."""
        mine = [one for one in self._leads.values() if one.person_id == person_id]
        return sorted(mine, key=lambda one: (one.cycle, one.lead.lead_id))


def a_lead(lead_id: str, stage: Stage, cycle: int = 1, into: str = "") -> StoredLead:
    return StoredLead(
        Lead(lead_id), "p", stage, MONDAY, MONDAY, MONDAY, cycle=cycle, merged_into=into
    )


def people(text: str) -> People:
    """Leads as `id:stage` or `id:stage>survivor`, in the order of their cycles.

    Whoever was merged ended in the cycle of whom he was merged into.
    """
    found = []
    for cycle, one in enumerate(text.split(), start=1):
        lead_id, _, rest = one.partition(":")
        stage, _, into = rest.partition(">")
        found.append(a_lead(lead_id, Stage(stage), cycle, into))
    return People(*found)


@pytest.mark.parametrize(
    ("leads", "asked", "survivor"),
    [
        pytest.param("a:mql", "a", "a", id="a lead answers for itself"),
        pytest.param("a:disqualified>b b:mql", "a", "b", id="the one it was merged into does"),
        pytest.param(
            "a:disqualified>b b:disqualified>c c:nurture", "a", "c", id="however often it was"
        ),
        pytest.param("a:disqualified>b b:mql", "b", "b", id="who survived is asked no further"),
    ],
)
def test_who_survived(leads: str, asked: str, survivor: str) -> None:
    stored = people(leads)
    assert survivor_of(stored, stored[asked]) == stored[survivor]


def test_a_loop_of_merges_ends() -> None:
    """No workflow makes one; a store that has it must not hang whoever asks."""
    stored = people("a:disqualified>b b:disqualified>a")
    assert survivor_of(stored, stored["a"]) == stored["b"]


def test_a_merge_into_nothing_is_a_broken_store() -> None:
    stored = people("a:disqualified>gone")
    with pytest.raises(AssertionError, match="a was merged into nothing"):
        survivor_of(stored, stored["a"])


@pytest.mark.parametrize(
    ("leads", "asked", "answers"),
    [
        pytest.param("a:mql", "a", "a", id="an open lead for itself"),
        pytest.param("a:customer", "a", "a", id="a customer, where nothing is open"),
        pytest.param("a:customer b:mql", "a", "b", id="once it is finished the open one does"),
        pytest.param("a:customer b:mql", "b", "b", id="and the open one for itself"),
        pytest.param("a:customer b:disqualified c:nurture", "b", "c", id="from whichever cycle"),
        pytest.param("a:customer b:disqualified", "a", "a", id="a finished cycle does not"),
        pytest.param(
            "a:disqualified>b b:customer c:sql",
            "a",
            "c",
            id="first the survivor, then his open one",
        ),
        pytest.param("a:disqualified>b b:customer", "a", "b", id="or the survivor, finished too"),
        pytest.param("a:closed_lost", "a", "a", id="what is lost is still open"),
        pytest.param("a:customer b:closed_lost", "a", "b", id="and answers for the finished"),
        pytest.param("a:customer b:mql>c c:recycled", "a", "c", id="what was merged is not open"),
    ],
)
def test_which_lead_answers_for_an_id(leads: str, asked: str, answers: str) -> None:
    stored = people(leads)
    assert open_lead_of(stored, stored[asked]) == stored[answers]


@pytest.mark.parametrize(
    ("leads", "asked", "latest"),
    [
        pytest.param("a:nurture", "a", "a", id="at the one there is"),
        pytest.param("a:customer b:mql", "a", "b", id="at the open one"),
        pytest.param("a:customer b:customer", "a", "b", id="else at the last cycle"),
        pytest.param("a:disqualified b:disqualified", "a", "b", id="of disqualified ones too"),
        pytest.param(
            "a:customer b:disqualified",
            "b",
            "a",
            id="a cycle that ended disqualified is passed over",
        ),
        pytest.param("a:customer b:customer c:disqualified", "a", "b", id="to the latest customer"),
        pytest.param(
            "a:disqualified b:customer c:disqualified", "a", "b", id="wherever he stands between"
        ),
        pytest.param("a:customer>b b:disqualified", "a", "b", id="what was merged is no cycle"),
        pytest.param("a:customer b:customer>a", "b", "a", id="nor the last one"),
    ],
)
def test_where_a_persons_next_doings_arrive(leads: str, asked: str, latest: str) -> None:
    stored = people(leads)
    assert latest_of(stored, stored[asked]) == stored[latest]


STAGES = st.lists(st.sampled_from(sorted(FINISHED)), min_size=1, max_size=6)


@given(STAGES, st.none() | st.sampled_from(OPEN), st.data())
def test_every_id_of_a_person_leads_to_the_same_lead(
    finished: list[Stage], still_open: Stage | None, data: st.DataObject
) -> None:
    """One person, one open lead: whichever of his ids is asked for, his doings arrive there."""
    stages = [*finished, still_open] if still_open else finished
    stored = People(*(a_lead(f"l{i}", stage, i) for i, stage in enumerate(stages, start=1)))
    found = {latest_of(stored, stored[f"l{i}"]).lead.lead_id for i in range(1, len(stages) + 1)}
    assert len(found) == 1
    asked = stored[f"l{data.draw(st.integers(1, len(stages)))}"]
    answers = open_lead_of(stored, asked)
    assert answers.unfinished == (still_open is not None)
    assert answers == asked or answers.unfinished
    assert latest_of(stored, answers).lead.lead_id in found
