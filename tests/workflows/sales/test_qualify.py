"""QualifyLead: answers that came before, or with the call."""

from typing import Any

import pytest

from scoring_service.values.errors import InvalidArgument
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import AcceptLead, QualifyLead
from tests.workflows.sales.conftest import ANSWERS


async def test_a_sal_whose_answers_came_before_becomes_an_sql_without_new_ones(sales: Any) -> None:
    await sales.mql()
    assert (await sales.act(QualifyLead)).stage is Stage.MQL
    assert (await sales.act(AcceptLead)).stage is Stage.SAL
    view = await sales.act(QualifyLead, criteria={})
    assert (view.stage, view.still_asked) == (Stage.SQL, ())
    assert view.qualification == ANSWERS


async def test_what_is_still_asked_is_named_where_nothing_is_answered(sales: Any) -> None:
    await sales.at(Stage.SAL)
    await sales.act(QualifyLead, criteria={"need": "routing"})
    with pytest.raises(InvalidArgument) as refused:
        await sales.act(QualifyLead, criteria={})
    ((field, remedy),) = refused.value.violations
    assert field == "criteria"
    assert remedy == "is empty; send answers to any of budget, authority, timeline"


@pytest.mark.parametrize("stage", [Stage.MQL, Stage.SQL, Stage.OPPORTUNITY], ids=str)
async def test_nothing_said_of_a_lead_that_it_would_not_move_is_refused(
    sales: Any, stage: Stage
) -> None:
    await sales.at(stage)
    with pytest.raises(InvalidArgument, match="criteria: is empty"):
        await sales.act(QualifyLead, criteria={})
