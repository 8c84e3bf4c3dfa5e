"""A stored decision in sections: what is told of its route, its people, its worth, its rules."""

from collections.abc import Iterator
from typing import Any

import pytest
from leadscoring.v1 import routing_pb2 as pb
from leadscoring.v1 import types_pb2

from scoring_service.cli.rules.explain.told import told
from scoring_service.cli.rules.git import InGit

AT = "2026-03-02T09:30:00Z"


@pytest.fixture
def decision() -> pb.Decision:
    """One of the route 'big'."""
    made = pb.Decision(decision_id="d1", lead_id="l1", rep_id="ann", route="big")
    made.policy_revision = "r1"
    made.decided_at.FromJsonString(AT)
    made.sentences.extend(["Lead l1 went to ann.", "What was known then is gone."])
    return made


def _sections(decision: pb.Decision, git: InGit | None = None) -> dict[str, list[str]]:
    """The lines below each title; those above the first below ""."""
    found: dict[str, list[str]] = {"": []}
    lines: Iterator[str] = told(decision, git)
    title = ""
    for line in lines:
        if not line:
            title = next(lines)
            found[title] = []
        else:
            found[title].append(line)
    return found


@pytest.fixture
def sections(decision: pb.Decision) -> Any:
    """What is told of the decision once it has more in it."""
    decision.facts_trimmed_at.FromJsonString(AT)
    return lambda **more: _sections(_with(decision, **more))


def _with(decision: pb.Decision, **more: Any) -> pb.Decision:
    decision.MergeFrom(pb.Decision(**more))
    return decision


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        pytest.param({}, ["Decided at 2026-03-02 09:30 UTC (decision d1)."], id="by nobody"),
        pytest.param(
            {"actor_id": "crm"},
            ["Decided at 2026-03-02 09:30 UTC, asked by crm (decision d1)."],
            id="by somebody",
        ),
    ],
)
def test_when_it_was_decided_and_who_asked(
    sections: Any, more: dict[str, Any], lines: list[str]
) -> None:
    assert sections(**more)[""] == ["Lead l1 went to ann.", *lines]


def test_when_a_response_was_due(decision: pb.Decision, sections: Any) -> None:
    decision.respond_by.FromJsonString("2026-03-02T10:30:00Z")
    assert sections(sla="hour")[""][-1] == (
        "A response was due by 2026-03-02 10:30 UTC (SLA hour)."
    )


def test_reps_stand_below_their_pools_in_the_order_they_were_looked_at(sections: Any) -> None:
    reps = [("", "ivy owns it."), ("west", "ann was next."), ("west", "ben is away."), ("", "x.")]
    seen = [pb.RepStanding(pool=pool, sentence=sentence) for pool, sentence in reps]
    assert sections(reps=seen)["Who was looked at"] == [
        "  Before any pool:",
        "    ivy owns it.",
        "  In the pool west:",
        "    ann was next.",
        "    ben is away.",
        "  Before any pool:",
        "    x.",
    ]


def test_what_it_was_worth(decision: pb.Decision, sections: Any) -> None:
    score = types_pb2.Score(fit=62.25, fit_grade="B", behaviour=0.04, behaviour_level=1)
    score.bars.add(name="fit", met=True, value=62.25, threshold=40)
    score.bars.add(name="behaviour", value=0.0399999, threshold=0.5)
    decision.score.CopyFrom(score)
    lines = [
        "  Fit 62.2 (B), behaviour 0.0 (level 1).",
        "  The bar fit was met: 62.25 of 40.",
        "  The bar behaviour was missed: 0.04 of 0.5.",
    ]
    assert sections()["What it was worth"] == lines
    decision.score.win_probability = 0.1234
    decision.score.win_probability_low, decision.score.win_probability_high = 0.05, 0.2
    lines.insert(1, "  It is won with 12.3% (5.0% to 20.0%).")
    assert sections()["What it was worth"] == lines


def _activation(actor: str, *, active: bool = False) -> pb.PolicyActivation:
    made = pb.PolicyActivation(revision="r1", actor_id=actor, active=active)
    made.activated_at.FromJsonString("2026-03-01T08:00:00Z")
    return made


@pytest.mark.parametrize(
    ("actor", "active", "line"),
    [
        pytest.param(
            "serve",
            True,
            "Revision r1, activated at 2026-03-01 08:00 UTC when the server started (serve); it"
            " decides now too.",
            id="at the start",
        ),
        pytest.param(
            "reload",
            False,
            "Revision r1, activated at 2026-03-01 08:00 UTC when the folder changed under a running"
            " server (reload); another revision decides now.",
            id="by a change of the folder",
        ),
        pytest.param(
            "ops",
            False,
            "Revision r1, activated at 2026-03-01 08:00 UTC by ops; another revision decides now.",
            id="by somebody",
        ),
    ],
)
def test_when_its_rules_were_activated(sections: Any, actor: str, active: bool, line: str) -> None:
    found = sections(activation=_activation(actor, active=active))["The rules that decided"]
    assert found[0] == f"  {line}"


def test_rules_that_nobody_recorded_are_told_by_their_revision(sections: Any) -> None:
    assert sections()["The rules that decided"][0] == (
        "  Revision r1; when it was activated is not recorded."
    )


@pytest.mark.parametrize(
    ("verdict", "line"),
    [
        pytest.param(
            pb.REPLAY_VERDICT_EQUAL,
            "Decided again from what was known then, by these rules, it comes out the same.",
            id="the same",
        ),
        pytest.param(
            pb.REPLAY_VERDICT_NO_POLICY,
            "It was not decided again: its rules are not stored, or this version refuses them.",
            id="without its rules",
        ),
        pytest.param(pb.REPLAY_VERDICT_TRIMMED, "It cannot be decided again.", id="trimmed"),
        pytest.param(pb.REPLAY_VERDICT_UNSPECIFIED, "It was not decided again.", id="nobody tried"),
    ],
)
def test_whether_it_comes_out_the_same(sections: Any, verdict: Any, line: str) -> None:
    found = sections(replay=pb.Replay(verdict=verdict, note="its rules are gone"))
    assert found["The rules that decided"][-2:] == [f"  {line}", "  Its rules are gone."]
    assert found[""][0] == "Lead l1 went to ann.", "no warning"


@pytest.mark.parametrize(
    ("differing", "note", "why"),
    [
        pytest.param(["owner", "route"], "", "(owner, route)", id="what differs"),
        pytest.param([], "its facts are of another lead", "(its facts are of", id="else why"),
    ],
)
def test_what_comes_out_differently_is_warned_of_first(
    sections: Any, differing: list[str], note: str, why: str
) -> None:
    replay = pb.Replay(verdict=pb.REPLAY_VERDICT_DIFFERENT, differing=differing, note=note)
    lines = list(sections(replay=replay).values())
    assert lines[0][0].startswith("WARNING: decided again from what was known then")
    assert why in lines[0][0]
    assert (
        "  Decided again from what was known then, by these rules, it comes out DIFFERENTLY."
        in (lines[-1])
    )


def test_what_git_says_stands_among_the_rules(decision: pb.Decision, sections: Any) -> None:
    sections()
    found = _sections(decision, InGit(None, "The rules that decided are not committed."))
    assert "  The rules that decided are not committed." in found["The rules that decided"]


def test_what_an_earlier_version_decided_is_told_by_its_route(decision: pb.Decision) -> None:
    decision.facts_json = '{"lead":{},"now":"2026-03-02T09:30:00Z","policy_revision":"r1"}'
    other = pb.Replay(verdict=pb.REPLAY_VERDICT_OTHER_SEMANTICS, note="of semantics 1")
    found = _sections(_with(decision, replay=other))
    lines = [line for section in found.values() for line in section]
    assert "  By the route 'big'." in lines
    assert any(line.startswith("  An earlier version of this program decided") for line in lines)
    assert not any("cannot be had" in line for line in lines)
