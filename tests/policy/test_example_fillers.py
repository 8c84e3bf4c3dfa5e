"""What gives a lead points, so that an example has the score that it is about."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.examples.fillers import CRITERIA_MAX, TYPES_MAX, fillers
from scoring_service.policy.language.symbols import table_symbols

Fill = Callable[..., list[Mapping[str, Any]]]
DEED = "activity.demo_request.count"


@pytest.fixture(scope="session")
def filled(loaded: Callable[..., Policy]) -> Fill:
    """The ways to give points by these criteria and activities, beside some values."""

    def ways(fit: str = "", activities: str = "", **values: Any) -> list[Mapping[str, Any]]:
        known = activities or "demo_request: {points: 1, half_life: 7d, once: true}"
        scoring = (
            f"fit: [{fit}]\nmql: {{fit_min: 40, behaviour_min: 100}}\n"
            + f"behaviour: {{activities: {{{known}}}}}\n"
        )
        routing = "routes: []\notherwise: {queue: triage, owner: sales-ops}\n"
        policy = loaded(scoring=scoring, routing=routing, routing_test="[]")
        symbols = table_symbols(policy.schema, policy.scoring.activities)
        return list(fillers(policy.scoring, policy.compiled, symbols, values))

    return ways


def criterion(when: str, points: float) -> str:
    return f"{{name: '{points:g} points', when: '{when}', points: {points}}}"


def fits(found: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those without any activity, in order."""
    return [one for one in found if not any(name.startswith("activity.") for name in one)]


def test_nothing_at_all_is_tried_first(filled: Fill) -> None:
    assert filled(criterion("seats >= 5", 40))[0] == {}
    assert filled(criterion("seats >= 5", 40), country="DE")[0] == {"country": "DE"}


def test_criteria_are_met_together_and_each_alone(filled: Fill) -> None:
    both = ", ".join([criterion("seats >= 5", 20), criterion('country == "DE"', 30)])
    assert fits(filled(both)) == [
        {},
        {"country": "DE", "seats": 5},
        {"country": "DE"},
        {"seats": 5},
    ]


def test_of_two_that_exclude_each_other_the_one_of_more_points_is_met(filled: Fill) -> None:
    both = ", ".join([criterion('country == "FR"', 20), criterion('country == "DE"', 30)])
    assert fits(filled(both))[1] == {"country": "DE"}


def test_what_takes_points_is_not_met(filled: Fill) -> None:
    assert fits(filled(criterion("seats >= 5", -40))) == [{}]
    assert fits(filled(criterion("seats >= 5", 0))) == [{}]


def test_what_is_given_is_never_changed(filled: Fill) -> None:
    found = filled(criterion('country == "DE"', 30), country="FR")
    assert {one["country"] for one in found} == {"FR"}


def test_a_criterion_that_tells_no_value_is_left_out(filled: Fill) -> None:
    assert fits(filled(criterion('job_title =~~ "x"', 30))) in (
        [{}],
        [{}, {"job_title": "example"}],
    )


def test_no_more_criteria_than_the_limit_are_tried_and_those_of_most_points(filled: Fill) -> None:
    many = ", ".join(criterion(f"employees >= {n}", n) for n in range(1, CRITERIA_MAX + 6))
    alone = {one["employees"] for one in fits(filled(many)) if one}
    assert alone == set(range(6, CRITERIA_MAX + 6))


@pytest.mark.parametrize(
    ("activity", "counts"),
    [
        pytest.param("points: 60, once: true", [1], id="of one that counts once"),
        pytest.param("points: 10, points_max: 40", [4, 3, 2, 1], id="of four that reach its most"),
        pytest.param("points: 10, points_max: 80", [8, 6, 4, 2], id="of eight in quarters"),
        pytest.param("points: 30, points_max: 40", [2, 1], id="rounded up, each once"),
        pytest.param("points: 25", [4, 3, 2, 1], id="of one without a most up to a hundred points"),
        pytest.param("points: 90, points_max: 50", [1], id="of one that is capped at once"),
        pytest.param("points: -5", [], id="of one that takes points"),
        pytest.param("points: 0", [], id="of one that says nothing"),
    ],
)
def test_how_often_an_activity_is_done(filled: Fill, activity: str, counts: list[int]) -> None:
    found = filled(activities=f"demo_request: {{half_life: 7d, {activity}}}")
    assert [one[DEED] for one in found if DEED in one] == counts
    assert {} in found


def test_of_many_types_those_that_give_most_are_done(filled: Fill) -> None:
    many = ", ".join(
        f"t{n}: {{points: {n}, half_life: 7d, once: true}}" for n in range(1, TYPES_MAX + 4)
    )
    done = {name for one in filled(activities=many) for name in one}
    assert done == {f"activity.t{n}.count" for n in range(4, TYPES_MAX + 4)}


def test_points_for_fit_and_for_behaviour_come_in_every_combination(filled: Fill) -> None:
    found = filled(criterion("seats >= 5", 40), "demo_request: {half_life: 7d, points: 50}")
    seen = {(one.get("seats"), one.get(DEED)) for one in found}
    assert seen == {(seats, count) for seats in (None, 5) for count in (None, 2, 1)}
    assert len(found) == len(seen), "none twice"
