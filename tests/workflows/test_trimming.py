"""Decisions whose facts are no longer kept: read back plainly, by everything that reads facts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from leadscoring.v1 import routing_pb2

from scoring_service.api.convert_decision import decision_into
from scoring_service.cli.rules.diff.recorded import recorded
from scoring_service.domain.policy import Policy
from scoring_service.store.reader import Reader
from scoring_service.values.account import AccountMatch
from scoring_service.values.lead import Lead
from scoring_service.workflows import records
from scoring_service.workflows.diff.latest import asked_then, latest_leads
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.explanation import explained_decision
from scoring_service.workflows.replay import Verdict, replay, trimmed_note

LEAD = Lead(employees=500)
LIFECYCLE = yaml.safe_load((Path(__file__).parent / "rules" / "lifecycle.yaml").read_text())


@pytest.fixture
async def old(desk: Any) -> Any:
    """The answer to a Route call of 401 days ago, whose facts have been dropped since."""
    view = await desk.route(LEAD)
    desk.clock.advance(days=401)
    await desk.drain()
    return view


async def stored(desk: Any, view: Any) -> Any:
    (found,) = [one for one in await desk.decisions() if one.decision_id == view.decision_id]
    return found


async def test_facts_are_kept_as_long_as_the_rules_say(desk: Any) -> None:
    view = await desk.route(LEAD)
    desk.clock.advance(days=400)
    await desk.drain()
    kept = await stored(desk, view)
    assert kept.facts
    assert (kept.trimmed_at, trimmed_note(kept)) == (None, "")
    desk.clock.advance(hours=1)
    await desk.drain()
    gone = await stored(desk, view)
    assert (gone.facts, gone.trimmed_at, gone.decision) == (b"", desk.clock.now, kept.decision)


async def test_rules_that_keep_them_for_less_hold_within_the_hour(
    desk: Any, policy_of: Any
) -> None:
    view = await desk.route(LEAD)
    desk.clock.advance(days=31)
    await desk.drain()
    assert (await stored(desk, view)).facts
    await desk.activate(policy_of(lifecycle={**LIFECYCLE, "decisions_keep": "30d"}))
    desk.clock.advance(hours=1)
    await desk.drain()
    assert not (await stored(desk, view)).facts


async def test_the_record_tells_what_was_decided_and_when_the_rest_went(
    desk: Any, old: Any, policy: Policy
) -> None:
    def read(reader: Reader) -> Any:
        return explained_decision(reader, old.decision_id, {policy.revision: policy}.get)

    record = await desk.store.read(read)
    note = f"its facts were kept 401 days; trimmed on {desk.clock.now:%Y-%m-%d}"
    assert (record.facts, record.facts_trimmed_at) == (None, desk.clock.now)
    assert (record.replay.verdict, record.replay.note) == (Verdict.TRIMMED, note)
    assert record.explained.tried == ()
    assert f"went to {old.owner.id}" in record.sentences[0]
    assert record.sentences[-1] == f"What was known then is gone: {note}."
    assert record.activation.revision == policy.revision
    message = routing_pb2.Decision()
    decision_into(message, record)
    assert (message.facts_json, message.HasField("account")) == ("", False)
    assert message.facts_trimmed_at.ToDatetime(desk.clock.now.tzinfo) == desk.clock.now
    assert message.replay.verdict == routing_pb2.REPLAY_VERDICT_TRIMMED
    assert (message.route, message.rep_id) == (old.route, old.owner.id)


async def test_no_policy_is_asked_for_what_cannot_be_decided_again(desk: Any, old: Any) -> None:
    asked: list[str] = []
    record = await desk.store.read(
        lambda reader: records.decision(reader, old.decision_id, asked.append)
    )
    assert (record.replay.verdict, asked) == (Verdict.TRIMMED, [])


async def test_a_replay_says_that_there_is_nothing_to_replay(
    desk: Any, old: Any, policy: Policy
) -> None:
    found = replay(policy, await stored(desk, old))
    assert (found.verdict, found.decision, found.differing) == (Verdict.TRIMMED, None, ())
    assert "kept 401 days" in found.note


async def test_an_assignment_stays_but_for_the_account_it_was_made_with(
    desk: Any, old: Any
) -> None:
    view = await desk.store.read(lambda reader: records.assignment(reader, old.assignment_id))
    assert view.account == AccountMatch()
    assert (view.owner, view.route, view.score) == (old.owner, old.route, old.score)
    assert view.considered == old.considered


async def test_a_retry_gets_its_first_answer_all_the_same(desk: Any) -> None:
    request = desk.request(LEAD)
    first = await desk.ask(request)
    desk.clock.advance(days=500)
    await desk.drain()
    again = await desk.ask(request)
    assert again.replayed
    assert (again.decision_id, again.account) == (first.decision_id, first.account)


async def test_what_looks_back_leaves_it_out_and_counts_it(desk: Any, old: Any) -> None:
    assert asked_then(await stored(desk, old)) is None
    (record,) = await desk.store.read(lambda reader: reader.records_of([old.lead_id]))
    assert (record.accounts, record.trimmed) == ((), 1)
    new = await desk.route(LEAD)
    (other,) = await desk.store.read(lambda reader: reader.records_of([new.lead_id]))
    assert (len(other.accounts), other.trimmed) == (1, 0)
    past = await desk.store.read(lambda reader: latest_leads(reader, 10, {}))
    assert {moment.lead.lead_id for moment in past.moments} == {new.lead_id}


async def test_a_diff_counts_those_it_cannot_replay(desk: Any, old: Any) -> None:
    new, then = await desk.route(LEAD), desk.clock.now - timedelta(days=500)
    found, forgotten = await desk.store.read(lambda reader: recorded(reader, then))
    assert (set(found.asked), forgotten) == ({new.lead_id}, 1)


async def test_a_checkup_finds_nothing_wrong_with_it(desk: Any, old: Any, policy: Policy) -> None:
    assert await desk.store.read(lambda reader: tuple(findings(reader, policy))) == ()
