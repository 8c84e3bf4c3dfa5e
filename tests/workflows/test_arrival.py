"""What a routed lead brings: blanks are nothing, whichever call they come with."""

from typing import Any

import pytest

from scoring_service.values.errors import InvalidArgument
from scoring_service.values.lead import Lead

BLANKS = Lead("l1", email=" ", phone="\t", country="  ", source="", attributes={"plan": " "})


async def test_a_new_lead_of_blanks_is_one_of_whom_nothing_is_known(desk: Any) -> None:
    await desk.route(BLANKS)
    assert (await desk.lead("l1")).lead == Lead("l1")


async def test_blanks_change_nothing_of_a_lead_that_is_known(desk: Any) -> None:
    known = Lead("l1", email="a@a.example", country="DE", source="web", attributes={"plan": "pro"})
    await desk.route(known)
    await desk.route(BLANKS)
    assert (await desk.lead("l1")).lead == known


async def test_what_a_blank_hides_is_still_held_to_its_list(desk: Any) -> None:
    with pytest.raises(InvalidArgument, match="plan"):
        await desk.route(Lead("l1", phone=" ", attributes={"plan": "goldd"}))
