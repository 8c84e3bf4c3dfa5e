"""Pages: as many rows as asked for, and tokens that only fit the list they came from."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.api import pages
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.reads import Wanted

IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)
ANYTHING = Wanted()
ANNS = Wanted(Stage.MQL, RepOwner("ann"), "acme")
AT = datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC)


@pytest.mark.parametrize(("asked", "rows"), [(0, 100), (1, 1), (1000, 1000)])
def test_a_page_has_as_many_rows_as_asked_for(asked: int, rows: int) -> None:
    assert pages.rows_of(asked) == rows


@pytest.mark.parametrize("asked", [-1, 1001, 2**31 - 1])
def test_a_page_of_no_sensible_size_is_refused(asked: int) -> None:
    with pytest.raises(InvalidArgument, match="1 to 1000, or 0 for 100") as refused:
        pages.rows_of(asked)
    assert refused.value.violations[0][0] == "page_size"


def test_a_page_that_is_followed_by_another_ends_before_the_row_too_many() -> None:
    assert pages.page_of([1, 2, 3], 2) == ([1, 2], 2)


@pytest.mark.parametrize("found", [[], [1], [1, 2]])
def test_the_last_page_names_no_other(found: list[int]) -> None:
    assert pages.page_of(found, 2) == (found, None)


@given(IDS)
def test_a_token_of_accounts_leads_behind_its_account(account_id: str) -> None:
    assert pages.accounts_place(pages.accounts_token(account_id)) == account_id


@given(IDS)
def test_a_token_of_reps_leads_behind_its_rep_and_to_no_other_list(rep_id: str) -> None:
    token = pages.reps_token(rep_id)
    assert pages.reps_place(token) == rep_id
    assert pages.reps_place("") == ""
    with pytest.raises(InvalidArgument, match="is not of this list"):
        pages.accounts_place(token)
    with pytest.raises(InvalidArgument, match="is not of this list"):
        pages.reps_place(pages.accounts_token(rep_id))


@given(IDS, IDS, IDS)
def test_a_token_of_assignments_leads_before_its_assignment(lead: str, rep: str, it: str) -> None:
    token = pages.assignments_token(lead, rep, AT, it)
    assert pages.assignments_place(token, lead, rep) == (AT, it)


def test_no_token_is_the_first_page() -> None:
    assert pages.accounts_place("") == ""
    assert pages.assignments_place("", "l", "r") is None


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("x", id="too-short"),
        pytest.param("%%%%", id="not-base64"),
        pytest.param("bm9wZQ", id="not-json"),
        pytest.param("W10", id="an-empty-list"),
        pytest.param("W10" * 2000, id="far-too-long"),
        pytest.param("ä", id="not-ascii"),
        pytest.param(pages.assignments_token("l", "r", AT, "a"), id="of-another-list"),
    ],
)
def test_a_token_that_is_none_is_refused(token: str) -> None:
    with pytest.raises(InvalidArgument, match="next_page_token of the page before"):
        pages.accounts_place(token)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda: pages.accounts_place(pages.accounts_token("a\0")), id="an-account"),
        pytest.param(lambda: pages.reps_place(pages.reps_token("a\0")), id="a-rep"),
        pytest.param(
            lambda: pages.assignments_place(pages.assignments_token("", "", AT, "\0"), "", ""),
            id="an-assignment",
        ),
        pytest.param(
            lambda: pages.leads_place(pages.leads_token(ANYTHING, (1.0, "\0")), ANYTHING),
            id="a-lead",
        ),
    ],
)
def test_a_token_with_an_id_that_no_database_takes_is_refused(read: Callable[[], object]) -> None:
    with pytest.raises(InvalidArgument, match="is not of this list"):
        read()


def test_an_id_that_only_looks_like_one_with_nul_is_none() -> None:
    assert pages.accounts_place(pages.accounts_token(r"a\u0000")) == r"a\u0000"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(pages.accounts_token("acme"), id="of-another-list"),
        pytest.param(pages.assignments_token("l2", "r", AT, "a"), id="of-another-lead"),
        pytest.param(pages.assignments_token("l", "r2", AT, "a"), id="of-another-rep"),
        pytest.param(
            "WyJhc3NpZ25tZW50cyIsImwiLCJyIiw5MjIzMzcyMDM2ODU0Nzc1ODA3LCJhIl0", id="far-future"
        ),
    ],
)
def test_a_token_of_another_question_is_refused(token: str) -> None:
    with pytest.raises(InvalidArgument, match="next_page_token of the page before"):
        pages.assignments_place(token, "l", "r")


@given(IDS)
def test_a_token_can_stand_in_an_address_as_it_is(account_id: str) -> None:
    token = pages.accounts_token(account_id)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("stray", [" ", "\n", "+", "/", "!"])
def test_a_token_that_somebody_touched_is_refused(stray: str) -> None:
    token = pages.accounts_token("acme")
    with pytest.raises(InvalidArgument):
        pages.accounts_place(token[:4] + stray + token[4:])


def test_a_token_longer_than_any_of_ours_is_not_looked_at() -> None:
    longest = "x" * 200  # the longest id a caller may give
    assert pages.accounts_place(pages.accounts_token(longest)) == longest
    with pytest.raises(InvalidArgument):
        pages.accounts_place(pages.accounts_token("x" * 1200))


@given(st.lists(st.integers(), max_size=12), st.integers(1, 12))
def test_a_page_and_what_follows_it(found: list[int], rows: int) -> None:
    page, last = pages.page_of(found[: rows + 1], rows)
    assert list(page) == found[:rows]
    assert last == (found[rows - 1] if len(found) > rows else None)


@given(st.floats(0, 200), IDS)
def test_a_token_of_leads_leads_behind_its_lead(score: float, lead_id: str) -> None:
    token = pages.leads_token(ANNS, (score, lead_id))
    assert pages.leads_place(token, ANNS) == (score, lead_id)
    assert len(token) <= 1600


def test_no_token_of_leads_is_the_first_page() -> None:
    assert pages.leads_place("", ANNS) is None


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ANYTHING, id="of-all-leads"),
        pytest.param(Wanted(Stage.SAL, RepOwner("ann"), "acme"), id="of-another-stage"),
        pytest.param(Wanted(Stage.MQL, QueueOwner("ann"), "acme"), id="of-another-kind-of-owner"),
        pytest.param(Wanted(Stage.MQL, RepOwner("bob"), "acme"), id="of-another-owner"),
        pytest.param(Wanted(Stage.MQL, RepOwner("ann"), "b"), id="of-another-account"),
    ],
)
def test_a_token_of_other_leads_is_refused(other: Wanted) -> None:
    with pytest.raises(InvalidArgument, match="next_page_token of the page before"):
        pages.leads_place(pages.leads_token(other, (1.0, "l")), ANNS)


def test_a_token_of_another_list_is_none_of_leads() -> None:
    with pytest.raises(InvalidArgument, match="next_page_token of the page before"):
        pages.leads_place(pages.accounts_token("acme"), ANYTHING)
    with pytest.raises(InvalidArgument, match="next_page_token of the page before"):
        pages.accounts_place(pages.leads_token(ANYTHING, (1.0, "l")))
