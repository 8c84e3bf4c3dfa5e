"""Having rules decide that the guard refuses: who may, what is kept of it, and for how long."""

from itertools import count
from typing import Any

import msgspec
import pytest

from scoring_service.values.errors import AlreadyExists, InvalidArgument, PermissionDenied
from scoring_service.workflows.forcing import force_policy, is_forced
from scoring_service.workflows.lifecycle_requests import ForcePolicy, PolicyForced

_requests = count(1)


async def force(desk: Any, revision: str = "r2", actor: str = "sales-ops", **fields: Any) -> Any:
    """The answer to a request to force a revision."""
    given = {"request_id": f"f-{next(_requests)}", "reason": "meant", "digest": revision, **fields}
    asked = ForcePolicy(actor_id=actor, revision=revision, **given)
    return await desk.run(lambda tx, policy, now: force_policy(tx, policy, asked, now))


async def passes(desk: Any, revision: str = "r2") -> bool:
    """Whether the guard lets a revision pass."""
    return bool(await desk.store.read(lambda reader: is_forced(reader, revision)))


@pytest.mark.parametrize("actor", ["sales-ops", "olu"])
async def test_an_operator_or_a_rep_with_role_ops_may(desk: Any, actor: str) -> None:
    assert await force(desk, actor=actor) == PolicyForced("r2")
    assert await passes(desk)
    assert not await passes(desk, "r3"), "no other revision does"


@pytest.mark.parametrize("actor", ["ann", "mia", "", "stranger"])
async def test_nobody_else_may(desk: Any, actor: str) -> None:
    who = repr(actor) if actor else "an unnamed actor"
    with pytest.raises(PermissionDenied) as refused:
        await force(desk, actor=actor)
    assert refused.value.reason == "MAY_NOT_MOVE"
    assert refused.value.message == (
        f"{who} may not force rules; an operator or a rep with role ops may"
    )
    assert not await passes(desk)


async def test_nothing_passes_that_nobody_forced(desk: Any) -> None:
    await desk.run(lambda tx, policy, now: None)
    assert not await passes(desk)
    assert not await passes(desk, desk.policy.revision)


async def test_who_when_and_why_is_kept(desk: Any) -> None:
    await force(desk, reason='a merger, "as agreed"')
    [(change, at, who)] = await desk.store.read(lambda reader: reader.field_changes("policy", "r2"))
    assert (change.field, change.old, change.new) == (
        "forced",
        None,
        '"a merger, \\"as agreed\\""',
    )
    assert (at, who) == (desk.clock.now, "sales-ops")


async def test_it_holds_until_another_revision_decides(desk: Any, small: Any) -> None:
    await force(desk)
    desk.clock.advance(hours=1)
    assert await passes(desk), "however long that takes"
    await desk.activate(small(per_day_max=3))
    assert not await passes(desk), "what was meant then is not meant for ever"
    await force(desk)
    assert await passes(desk), "said once more it is meant again"


async def test_said_at_the_instant_of_an_activation_it_holds(desk: Any, small: Any) -> None:
    await desk.activate(small(per_day_max=3))
    await force(desk)
    assert await passes(desk)


async def test_one_that_decides_already_stays_and_nothing_is_kept(desk: Any) -> None:
    await desk.run(lambda tx, policy, now: None)
    active = desk.policy.revision
    assert await force(desk, active) == PolicyForced(active, active=True)
    changes = await desk.store.read(lambda reader: reader.field_changes("policy", active))
    assert not changes
    assert not await passes(desk, active)


async def test_what_the_rim_found_wrong_is_told_before_who_may(desk: Any) -> None:
    wrong = (("reason", "is missing: why these rules are meant"),)
    with pytest.raises(InvalidArgument) as refused:
        await force(desk, actor="stranger", violations=wrong)
    assert refused.value.violations == wrong


async def test_the_same_request_is_answered_once(desk: Any) -> None:
    first = await force(desk, request_id="once")
    again = await force(desk, request_id="once")
    assert again == msgspec.structs.replace(first, replayed=True)
    assert len(await desk.store.read(lambda reader: reader.field_changes("policy", "r2"))) == 1
    with pytest.raises(AlreadyExists):
        await force(desk, "r3", request_id="once")
    assert not await passes(desk, "r3")
