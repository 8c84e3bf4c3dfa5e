"""Whoever fails again and again is left alone for a minute, then tried by one call."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.server.enrichers.breaker import FAILURES_MAX, REST_SECONDS, Breaker


class Clock:
    """Stands still until it is moved; begins anywhere."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@pytest.fixture(params=[-1e9, 0.0, 1e9], ids=["long-before", "at-nought", "long-after"])
def clock(request: pytest.FixtureRequest) -> Clock:
    """A clock of any origin."""
    return Clock(request.param)


@pytest.fixture
def open_one(clock: Clock) -> Breaker:
    """One that has just seen as many failures as it takes."""
    breaker = Breaker(clock)
    for _ in range(FAILURES_MAX):
        assert breaker.lets_through()
        breaker.failed()
    return breaker


def test_a_minute_after_five_failures_as_the_page_for_ops_says() -> None:
    assert (FAILURES_MAX, REST_SECONDS) == (5, 60.0)


def test_one_that_never_failed_is_asked(clock: Clock) -> None:
    assert Breaker(clock).lets_through()


def test_one_failure_less_than_it_takes_changes_nothing(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(FAILURES_MAX - 1):
        breaker.failed()
    assert breaker.lets_through()


def test_a_success_between_failures_begins_the_count_anew(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(3):
        for _ in range(FAILURES_MAX - 1):
            breaker.failed()
        breaker.succeeded()
    assert breaker.lets_through()


@pytest.mark.parametrize(
    ("after", "asked"),
    [
        pytest.param(0.0, False, id="at-once"),
        pytest.param(REST_SECONDS - 0.001, False, id="just-before-the-rest-is-over"),
        pytest.param(REST_SECONDS, True, id="when-it-is-over"),
        pytest.param(10 * REST_SECONDS, True, id="long-after"),
    ],
)
def test_it_is_left_alone_for_its_rest(
    open_one: Breaker, clock: Clock, after: float, asked: bool
) -> None:
    clock.at += after
    assert open_one.lets_through() is asked


def test_after_its_rest_one_call_tries_and_the_others_wait_for_it(
    open_one: Breaker, clock: Clock
) -> None:
    clock.at += REST_SECONDS
    assert [open_one.lets_through() for _ in range(3)] == [True, False, False]
    open_one.succeeded()
    assert [open_one.lets_through() for _ in range(3)] == [True, True, True]


def test_a_try_that_fails_begins_the_rest_anew(open_one: Breaker, clock: Clock) -> None:
    clock.at += REST_SECONDS
    assert open_one.lets_through()
    clock.at += 5.0  # it took so long to fail
    open_one.failed()
    clock.at += REST_SECONDS - 1.0
    assert not open_one.lets_through()
    clock.at += 1.0
    assert open_one.lets_through()


def test_a_try_of_which_nobody_hears_again_does_not_end_all_trying(
    open_one: Breaker, clock: Clock
) -> None:
    clock.at += REST_SECONDS
    assert open_one.lets_through()  # and the call is cancelled
    clock.at += REST_SECONDS
    assert open_one.lets_through()


@dataclass
class Plain:
    """The same as it is told: failures in a row, and since when nobody asks."""

    row: int = 0
    since: float = 0.0

    def step(self, what: str, at: float) -> bool | None:
        if what == "failed":
            self.row += 1
            self.since = at if self.row >= 2 else self.since
        elif what == "succeeded":
            self.row = 0
        else:
            asked = self.row < 2 or at - self.since >= 10.0
            self.since = at if asked and self.row >= 2 else self.since
            return asked
        return None


steps = st.tuples(
    st.sampled_from(["ask", "failed", "succeeded"]), st.sampled_from([0.0, 4.0, 10.0])
)


@given(st.lists(steps, max_size=30))
def test_whatever_comes_it_does_as_it_is_told(taken: list[tuple[str, float]]) -> None:
    clock, plain = Clock(), Plain()
    breaker = Breaker(clock, failures_max=2, rest=10.0)
    for what, later in taken:
        clock.at += later
        ask = {"failed": breaker.failed, "succeeded": breaker.succeeded}.get(what)
        told = breaker.lets_through() if ask is None else ask()
        assert told == plain.step(what, clock.at)
