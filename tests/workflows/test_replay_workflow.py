"""A stored decision, decided again from its facts, is the same; of other semantics it says so."""

from typing import Any

import msgspec
import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.account import Account
from scoring_service.values.facts import SEMANTICS_VERSION
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import StoredDecision
from scoring_service.workflows import records
from scoring_service.workflows.replay import Verdict, decision_in, replay


async def recorded(desk: Any, view: Any) -> StoredDecision:
    found: StoredDecision = await desk.run(lambda tx, *_: tx.decision(view.decision_id))
    return found


@pytest.mark.parametrize(
    ("lead", "fields"),
    [
        pytest.param(Lead(employees=500), {}, id="a-turn"),
        pytest.param(Lead(employees=5), {}, id="a-track"),
        pytest.param(Lead(email="x@acme.de", employees=500), {}, id="an-account-owner"),
        pytest.param(Lead(company_name="ACME, Inc.", employees=500), {}, id="by-a-companys-name"),
        pytest.param(Lead(do_not_contact=True), {}, id="suppressed"),
        pytest.param(Lead(country="GB", employees=500), {}, id="a-pool-with-limits"),
        pytest.param(Lead(), {}, id="the-otherwise"),
    ],
)
async def test_a_replay_is_equal(desk: Any, policy: Policy, lead: Lead, fields: Any) -> None:
    await desk.upsert(Account("acme", "Acme", ("acme.de",), owner_rep_id="bob"))
    view = await desk.route(lead, **fields)
    assert replay(policy, await recorded(desk, view)).verdict is Verdict.EQUAL


async def test_a_replay_that_differs_names_the_fields(desk: Any, policy: Policy, big: Any) -> None:
    stored = await recorded(desk, await desk.route(big(1)))
    made = msgspec.structs.replace(decision_in(stored), owner=RepOwner("cat"), sla="hot")
    tampered = msgspec.structs.replace(stored, decision=msgspec.json.encode(made))
    found = replay(policy, tampered)
    assert (found.verdict, found.differing) == (Verdict.DIFFERENT, ("owner", "sla"))


async def test_other_semantics_are_said_not_compared(desk: Any, policy: Policy, big: Any) -> None:
    stored = await recorded(desk, await desk.route(big(1)))
    older = msgspec.structs.replace(stored, semantics=SEMANTICS_VERSION - 1)
    found = replay(policy, older)
    assert found.verdict is Verdict.OTHER_SEMANTICS
    assert str(SEMANTICS_VERSION - 1) in found.note


async def test_a_record_reads_with_its_sentences(desk: Any, policy: Policy, big: Any) -> None:
    view = await desk.route(big(1), actor_id="importer")
    by_revision = {policy.revision: policy}.get
    record = await desk.run(
        lambda tx, policy, now: records.decision(desk.records(tx), view.decision_id, by_revision)
    )
    assert (record.lead_id, record.actor_id) == (view.lead_id, "importer")
    assert record.decision.owner == view.owner
    assert any("ann" in sentence for sentence in record.sentences)
    assert [sentence.split(" (")[0] for sentence in record.sentences[-3:]] == [
        "'known account'",
        "'small firms'",
        "'british'",
    ]


async def test_a_record_whose_policy_cannot_be_had_reads_without_the_earlier_routes(
    desk: Any, big: Any
) -> None:
    view = await desk.route(big(1))
    record = await desk.run(
        lambda tx, policy, now: records.decision(
            desk.records(tx), view.decision_id, lambda revision: None
        )
    )
    assert any("ann" in sentence for sentence in record.sentences)
    assert not any("did not match" in sentence for sentence in record.sentences)


async def test_an_assignment_reads_as_it_was_answered(desk: Any, big: Any) -> None:
    view = await desk.route(big(1))
    read = await desk.run(
        lambda tx, policy, now: records.assignment(desk.records(tx), view.assignment_id)
    )
    assert read == view


async def test_what_is_not_stored_is_not_found(desk: Any) -> None:
    found = await desk.run(lambda tx, policy, now: desk.missing(tx))
    assert found == ["ASSIGNMENT_NOT_FOUND", "DECISION_NOT_FOUND"]
