"""Types that are scored and never sent, and types that are sent and not scored."""

from collections.abc import Callable

import pytest

from scoring_service.policy.check import check
from scoring_service.policy.checking.sent import Sent
from scoring_service.policy.source import Source

Told = Callable[[Sent], list[str]]


@pytest.fixture(scope="module")
def told(source: Callable[..., Source]) -> Told:
    """What is said of the small folder, which scores page_view and demo_request."""
    return lambda sent: [str(finding) for finding in check(source(), sent)]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        pytest.param({"page_view": 9, "demo_request": 1}, [], id="all that is scored is sent"),
        pytest.param(
            {"page_view": 1_200},
            [
                "scoring.yaml:8: $.behaviour.activities.demo_request: nobody sends demo_request:"
                " none of the 1,200 activities of acts.csv is one; mend the sender, or remove"
                " the type"
            ],
            id="a type that nobody sends",
        ),
        pytest.param(
            {"page_view": 5, "demo-request": 2},
            [
                "scoring.yaml:6: $.behaviour.activities: 2 activities of acts.csv are of the type"
                " 'demo-request', the first on line 7, which is not scored; did you mean"
                " 'demo_request'?",
                "scoring.yaml:8: $.behaviour.activities.demo_request: nobody sends demo_request:"
                " none of the 7 activities of acts.csv is one; is it sent as 'demo-request'?",
            ],
            id="a type under another name",
        ),
        pytest.param(
            {"page_view": 5, "demo_request": 2, "fax": 1},
            [
                "scoring.yaml:6: $.behaviour.activities: 1 activity of acts.csv is of the type"
                " 'fax', which is not scored; add it, with 0 points if it says nothing"
            ],
            id="a type that is not scored",
        ),
        pytest.param(
            {},
            [
                "scoring.yaml:1: $.behaviour.activities: there is no activity in acts.csv, so"
                " types are not held against it; give more of the past"
            ],
            id="no activity at all",
        ),
    ],
)
def test_what_is_sent_is_held_against_what_is_scored(
    told: Told, counts: dict[str, int], said: list[str]
) -> None:
    assert told(Sent("acts.csv", counts, {"demo-request": 7})) == said


def test_no_more_than_a_hundred_types_are_told(told: Told) -> None:
    counts = {f"kind_{n}": 1 for n in range(5_000)} | {"page_view": 1, "demo_request": 1}
    assert len(told(Sent("acts.csv", counts))) == 101


def test_a_folder_that_scores_no_activities_may_be_sent_some(
    source: Callable[..., Source],
) -> None:
    rules = source(
        scoring="mql: {fit_min: 0, behaviour_min: 0}\n",
        routing="routes: []\notherwise: {queue: triage, owner: sales-ops}\n",
        routing_test="- {it: x, lead: {}, expect: {queue: triage}}",
    )
    said = [f for f in check(rules, Sent("acts.csv", {"fax": 3})) if "fax" in f.what]
    assert [(f.file, f.line, f.path) for f in said] == [("scoring.yaml", 1, "$")]
