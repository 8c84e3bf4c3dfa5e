"""First touch never changes, last is by time of happening."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from scoring_service.domain.lifecycle.touches import touched, touches, united_touches
from scoring_service.values.activity import Activity
from scoring_service.values.happening import Touch
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StoredLead

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
EARLY, LATE = NOW - timedelta(days=9), NOW - timedelta(days=1)


def stored(**fields: Touch | None) -> StoredLead:
    bare = StoredLead(Lead("l"), "p", Stage.NURTURE, NOW, NOW, NOW)
    return touched(bare, [touch for touch in fields.values() if touch])


@pytest.mark.parametrize(
    ("lead", "changed", "did", "is_new", "found"),
    [
        pytest.param(Lead(source="web"), "", [], True, ["web"], id="the source of a new lead"),
        pytest.param(Lead(source="web"), "", [], False, [], id="a source that was known is none"),
        pytest.param(Lead(source="web"), "source", [], False, ["web"], id="a source that is new"),
        pytest.param(Lead(source="web"), "phone", [], False, [], id="another field is none"),
        pytest.param(
            Lead(source="web"),
            "",
            [Activity("visit", LATE, "1", "web", "cpc")],
            True,
            ["web"],
            id="a source that an activity says is told once",
        ),
        pytest.param(
            Lead(),
            "",
            [Activity("visit", LATE, "1", "web"), Activity("visit", EARLY, "2", "mail")],
            True,
            ["mail", "web"],
            id="activities, by their time",
        ),
        pytest.param(Lead(), "", [Activity("visit", LATE, "1")], True, [], id="without a source"),
    ],
)
def test_by_what_a_lead_came(
    lead: Lead, changed: str, did: Sequence[Activity], is_new: bool, found: list[str]
) -> None:
    changes = [FieldChange(changed, None, '"x"')] if changed else []
    came = touches(lead, changes, did, NOW, is_new=is_new)
    assert [touch.source for touch in came] == found


def test_one_that_is_told_late_may_be_the_last_never_the_first() -> None:
    lead = stored(first=Touch("web", LATE))
    assert touched(lead, [Touch("fair", EARLY)]).first_touch == Touch("web", LATE)
    assert touched(lead, [Touch("fair", EARLY)]).last_touch == Touch("web", LATE)
    assert touched(lead, [Touch("mail", NOW)]).last_touch == Touch("mail", NOW)
    assert touched(lead, []) is lead


def test_of_a_merge_the_earlier_is_first_and_the_later_last_in_whichever_order() -> None:
    leads = [stored(a=Touch("web", LATE)), stored(a=Touch("fair", EARLY)), stored()]
    for one, two, three in permutations(leads):
        found = united_touches(united_touches(one, two), three)
        assert (found.first_touch, found.last_touch) == (Touch("fair", EARLY), Touch("web", LATE))


@pytest.mark.parametrize(
    ("lead", "changed", "did", "is_new", "found"),
    [
        pytest.param(Lead(campaign="spring"), "", [], True, [("", "", "spring")],
                     id="a new lead of a campaign without a source"),
        pytest.param(Lead(source="web", campaign="spring"), "campaign", [], False,
                     [("web", "", "spring")], id="a campaign that is new, with its source"),
        pytest.param(Lead(), "", [Activity("visit", LATE, "1", campaign="spring")], True,
                     [("", "", "spring")], id="an activity of a campaign without a source"),
        pytest.param(Lead(), "", [Activity("visit", LATE, "1", medium="cpc")], True, [],
                     id="a medium alone is no touch"),
        pytest.param(Lead(source="web"), "", [Activity("visit", LATE, "1", "mail", "post")], True,
                     [("mail", "post", ""), ("web", "", "")],
                     id="a source beside another that an activity says"),
        pytest.param(Lead(), "source", [], False, [], id="a source that was taken away is none"),
    ],
)  # fmt: skip
def test_what_a_touch_says(
    lead: Lead,
    changed: str,
    did: Sequence[Activity],
    is_new: bool,
    found: list[tuple[str, str, str]],
) -> None:
    changes = [FieldChange(changed, None, '"x"')] if changed else []
    came = touches(lead, changes, did, NOW, is_new=is_new)
    assert [(touch.source, touch.medium, touch.campaign) for touch in came] == found
    assert all(touch.occurred_at <= NOW for touch in came)
