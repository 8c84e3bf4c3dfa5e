"""`leadscoring rules explain`: what rules make of a lead, and why no earlier route matched."""

import json
from pathlib import Path
from typing import Any

import pytest

DEMO_RULES = Path(__file__).parents[4] / "examples" / "demo" / "rules"

STUDENT = {
    "job": "student",
    "contact_channel": "cellular",
    "now": "2026-03-10T12:00:00Z",
    "activities": [{"type": "earlier_purchase", "occurred_at": "2026-03-04T12:00:00Z"}],
}


def _explain(run: Any, lead: object, *more: str) -> Any:
    return run("rules", "explain", DEMO_RULES, "--lead", "-", *more, stdin=json.dumps(lead))


def test_every_point_and_every_route_is_said(run: Any) -> None:
    said = _explain(run, STUDENT)
    assert said.exit_code == 0, said.output
    assert "+30.00  student or retired" in said.stdout
    assert "earlier_purchase" in said.stdout
    assert "did not match" in said.stdout
    assert "matched" in said.stdout.split("routes tried")[1]


def test_points_are_those_of_the_score(run: Any) -> None:
    (said,) = json.loads(_explain(run, STUDENT, "--json").stdout)
    score = said["decision"]["score"]
    for dimension in ("fit", "behaviour"):
        parts = [c["points"] for c in score["contributions"] if c["dimension"] == dimension]
        assert sum(parts) == pytest.approx(score[dimension])
    assert score["behaviour"] == pytest.approx(70 * 0.5 ** (6 / 30))


def test_a_route_before_the_one_that_decided_did_not_match(run: Any) -> None:
    (said,) = json.loads(_explain(run, STUDENT, "--json").stdout)
    *earlier, last = said["routes"]
    assert last["name"] == said["decision"]["route"]
    assert last["outcome"] == "matched"
    assert earlier
    assert all(route["outcome"] != "matched" for route in earlier)


def test_a_lead_may_come_with_what_is_known_around_it(run: Any) -> None:
    lead = {
        "lead": {"account_id": "Isdom"},
        "accounts": [{"account_id": "Isdom", "owner": "vicki-laflamme"}],
    }
    (said,) = json.loads(_explain(run, lead, "--json").stdout)
    assert said["decision"]["owner"]["id"] == "vicki-laflamme"


def test_a_whole_test_file_can_be_explained(run: Any) -> None:
    file = DEMO_RULES / "routing_test.yaml"
    said = json.loads(run("rules", "explain", DEMO_RULES, "--lead", file, "--json").stdout)
    assert len(said) >= 4
    assert all(one["lead"] and one["sentences"] for one in said)


def test_a_lead_that_no_policy_takes_is_said_with_its_place(run: Any) -> None:
    refused = _explain(run, {"jbo": "student"})
    assert refused.exit_code == 1
    assert "jbo" in refused.stdout
    assert "did you mean 'job'?" in refused.stdout


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="half an object"),
        pytest.param("just words", id="a text"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_lead_is_said(run: Any, text: str) -> None:
    refused = run("rules", "explain", DEMO_RULES, "--lead", "-", stdin=text)
    assert refused.exit_code == 1, refused.output
    assert refused.stdout.startswith("mistake ")


def test_without_an_instant_it_is_now(run: Any) -> None:
    lead = {"activities": [{"type": "earlier_contact", "ago": "0d"}]}
    (said,) = json.loads(_explain(run, lead, "--json").stdout)
    assert said["decision"]["score"]["behaviour"] == pytest.approx(20)


def test_what_in_a_route_failed_and_who_was_looked_at_is_said(run: Any) -> None:
    said = _explain(run, STUDENT | {"activities": []})
    assert (
        "'bought before' (routing.yaml:4) did not match:"
        " activity.earlier_purchase.days_since <= 30 could not be evaluated,"
        " there was no earlier_purchase"
    ) in said.stdout
    assert "west: vicki-laflamme (weight 2) got it, by turn" in said.stdout


def test_what_in_a_route_failed_and_who_was_looked_at_is_said_to_machines(run: Any) -> None:
    (said,) = json.loads(_explain(run, STUDENT | {"activities": []}, "--json").stdout)
    assert said["routes"][1]["failed"]["condition"] == "activity.earlier_purchase.days_since <= 30"
    gains = dict(said["decision"]["draw"]["gains"])
    assert {rep["rep_id"]: rep["gain"] for rep in said["reps"]} == gains
