"""Whatever is upserted, imported and done, in whatever order: no stage ever moves backward."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.domain.lifecycle.moves import AUTOMATION
from scoring_service.domain.policy import Policy
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import InitialState

NAMES = ("a", "b", "c")
TYPES = ("demo_request", "pricing_page_view", "unsubscribe")
WORKED = (Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CLOSED_LOST, Stage.CUSTOMER)

fields = st.fixed_dictionaries(
    {},
    optional={
        "email": st.just("given"),
        "source": st.sampled_from(["web", ""]),
        "employees": st.sampled_from([1, 50, 500]),
        "country": st.sampled_from(["DE", "GB", "FR"]),
        "company_domain": st.sampled_from(["rival.com", "fine.example"]),
        "do_not_contact": st.sampled_from([False, False, True]),
        "product_interest": st.sampled_from(["seats", "support"]),
    },
)
did = st.lists(st.tuples(st.sampled_from(TYPES), st.integers(0, 40)), max_size=2)
batches = st.sampled_from(["", "", "batch"])
named = st.sampled_from(NAMES)
nothing: st.SearchStrategy[dict[str, str]] = st.just({})


def verb(name: str, *more: Any) -> st.SearchStrategy[Any]:
    return st.tuples(st.just(name), named, *more)


steps: st.SearchStrategy[Any] = st.lists(
    st.one_of(
        verb("upsert", fields, did, batches),
        verb("upsert", fields, did, batches),
        verb("record", nothing, did, batches),
        verb("work", nothing, st.just([]), st.sampled_from(WORKED)),
        verb("merge", nothing, st.just([]), batches),
    ),
    min_size=3,
    max_size=14,
)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_no_stage_ever_moves_backward(
    steps: list[Any], empty_store: Path, policy: Policy, front_at: Callable[..., Any]
) -> None:
    async def run() -> None:
        with TemporaryDirectory() as folder:
            front = front_at(Path(copy(empty_store, Path(folder) / "leads.db")), policy)
            try:
                await _live(front, steps)
            finally:
                await front.desk.store.close()

    asyncio.run(run())


async def _live(front: Any, steps: list[Any]) -> None:
    for verb, name, known, doings, more in steps:
        front.clock.advance(hours=7)
        await _step(front, verb, name, known, doings, more)
    for lead_id in await front.every_lead():
        by_hand = [
            (e.stage_to, e.cause in {"manual", "merge"}) for e in await front.entries(lead_id)
        ]
        for (was, _), (now, by_somebody) in pairwise(by_hand):
            assert by_somebody or Stage(now) in AUTOMATION[Stage(was)], by_hand
    await front.is_whole()


async def _step(
    front: Any, verb: str, name: str, known: dict[str, Any], doings: list[Any], more: Any
) -> None:
    if "email" in known:
        known = {**known, "email": f"{name}@{name}.example"}
    activities = [
        front.did(type_, front.clock.now - timedelta(hours=hours)) for type_, hours in doings
    ]
    if verb == "upsert":
        begins = InitialState(Stage.NURTURE) if more else None
        sent = Lead(name, **known)
        await front.takes(sent, *activities, batch_id=more, initial=begins, actor_id="olu")
    elif not await front.knows(name):
        return
    elif verb == "record" and activities:
        await front.records(name, *activities, batch_id=more)
    elif verb == "work":
        await _worked(front, name, more)
    elif verb == "merge":
        others = [other for other in NAMES if other != name and await front.knows(other)]
        if others and not await front.are_one(name, others[0]):
            await front.merges(name, others[0])


async def _worked(front: Any, name: str, stage: Stage) -> None:
    """Sales moves an open lead on, as it could by accepting, opening and closing."""
    lead = await front.open_lead(name)
    if lead.unfinished and lead.stage is not stage:
        await front.gives(lead.lead.lead_id, stage, RepOwner("bob"), reason="timing")
