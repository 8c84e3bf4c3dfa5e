"""How many leads may get another owner: as many as the share says, to the lead."""

import pytest

from scoring_service.domain.routing.guard import Guard


@pytest.mark.parametrize("thousandths", [0, 1, 28, 29, 200, 290, 333, 999, 1000])
@pytest.mark.parametrize("leads", [1, 7, 100, 250, 1000, 4999])
def test_as_many_as_the_share_says_may_change_and_not_one_more(
    thousandths: int, leads: int
) -> None:
    most = thousandths * leads // 1000
    guard = Guard(thousandths / 1000, leads)
    assert not guard.refuses(leads, most)
    assert most == leads or guard.refuses(leads, most + 1)


def test_without_a_lead_nothing_is_refused() -> None:
    assert not Guard(0.0, 10).refuses(0, 0)
