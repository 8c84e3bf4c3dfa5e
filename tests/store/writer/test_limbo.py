"""The writer keeps no unit that leaves a lead in limbo: its caller is told, the others stand."""

from datetime import UTC, datetime
from typing import Any

from scoring_service.store.transaction_leads import NoTimer
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


async def test_a_lead_without_a_timer_is_not_committed(desk: Any) -> None:
    def limbo(tx: Any, policy: Any, now: datetime) -> None:
        tx.save_lead(StoredLead(Lead("l1"), "p1", Stage.MQL, AT, AT, AT))

    first, refused, second = await desk.together(desk.turn("q1"), desk.run(limbo), desk.turn("q2"))
    assert (first, second) == (1, 2)
    assert isinstance(refused, NoTimer)
    assert await desk.run(lambda tx, policy, now: tx.lead("l1")) is None
