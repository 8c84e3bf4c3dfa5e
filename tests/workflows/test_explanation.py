"""A decision with all that explains it, read back: whose rules decided, and whether it replays."""

from typing import Any

import msgspec
import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.explaining.reps import ELIGIBLE
from scoring_service.policy.source import unpack
from scoring_service.values.facts import Facts
from scoring_service.workflows.explanation import explained_decision
from scoring_service.workflows.replay import Verdict, replay


async def read(desk: Any, view: Any, *policies: Policy) -> Any:
    """The decision of an answer, explained by these policies."""
    known = {policy.revision: policy for policy in policies}
    return await desk.store.read(
        lambda reader: explained_decision(reader, view.decision_id, known.get)
    )


async def test_who_activated_the_rules_that_decided_is_told(
    desk: Any, policy: Policy, big: Any
) -> None:
    found = await read(desk, await desk.route(big(1)), policy)
    began = found.activation
    assert (began.revision, began.number, began.actor_id) == (policy.revision, 1, "tester")
    assert began.at == desk.clock.now
    assert began.is_active


async def test_the_activation_is_the_last_one_before_the_decision(
    desk: Any, policy: Policy, small: Any, big: Any
) -> None:
    other = small(open_leads_max=3)
    first = await desk.route(big(1))
    for number, each in enumerate((other, policy, other)):
        desk.clock.advance(hours=1)
        await desk.activate(each)
        if number == 1:
            second = await desk.route(big(2))
    found = [(await read(desk, view, policy)).activation for view in (first, second)]
    assert [(one.number, one.is_active) for one in found] == [(1, False), (3, False)]


async def test_the_hashes_of_rule_files_are_told_where_they_can_be_read(
    desk: Any, policy: Policy, big: Any
) -> None:
    found = await read(desk, await desk.route(big(1)), policy)
    assert found.activation.files == ()  # this desk keeps a name where others keep the files
    with pytest.raises(ValueError, match="no stored revision"):
        unpack(policy.revision.encode())


async def test_a_decision_is_explained_by_the_policy_that_made_it(
    desk: Any, policy: Policy, big: Any
) -> None:
    found = await read(desk, await desk.route(big(1)), policy)
    assert found.replay.verdict is Verdict.EQUAL
    assert found.explained.routes[-1].name == found.decision.route
    eligible = {rep.rep_id for rep in found.explained.reps if rep.outcome in ELIGIBLE}
    assert eligible == {rep for rep, _ in found.decision.draw.gains}


async def test_without_the_policy_the_record_is_read_and_said_to_be_unexplained(
    desk: Any, big: Any
) -> None:
    found = await read(desk, await desk.route(big(1)))
    assert found.replay.verdict is Verdict.NO_POLICY
    assert (found.explained.routes, found.explained.reps) == ((), ())
    assert found.sentences


async def test_facts_that_lack_a_pool_are_another_decision_and_no_failure(
    desk: Any, policy: Policy, big: Any
) -> None:
    view = await desk.route(big(1))
    stored = await desk.run(lambda tx, *_: tx.decision(view.decision_id))
    facts = msgspec.json.decode(stored.facts, type=Facts)
    without = msgspec.json.encode(msgspec.structs.replace(facts, pools=()))
    found = replay(policy, msgspec.structs.replace(stored, facts=without))
    assert found.verdict is Verdict.DIFFERENT
    assert "west" in found.note
