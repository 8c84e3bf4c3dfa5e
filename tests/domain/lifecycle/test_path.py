"""Where a new lead begins, and that automation moves leads forward only."""

from itertools import product
from typing import Any

import pytest

from scoring_service.domain.lifecycle.path import (
    BEFORE_MQL,
    BEFORE_OPPORTUNITY,
    UP_TO_MQL,
    entry_stage,
    has_contact,
    moved,
)
from scoring_service.values.lead import Lead
from scoring_service.values.stage import FINISHED, PATH, Stage

BESIDE = frozenset({Stage.CLOSED_LOST, Stage.DISQUALIFIED, Stage.CUSTOMER})


@pytest.mark.parametrize(("stage", "to"), list(product(PATH, PATH)))
def test_on_the_path_automation_moves_forward_only(stage: Stage, to: Stage) -> None:
    ahead = PATH.index(to) > PATH.index(stage)
    assert moved(stage, to) is (to if ahead else stage)


@pytest.mark.parametrize(("stage", "to"), list(product(sorted(BESIDE), PATH)))
def test_what_is_lost_or_finished_is_not_routed_anywhere(stage: Stage, to: Stage) -> None:
    assert moved(stage, to) is stage


@pytest.mark.parametrize("to", PATH)
def test_a_recycled_lead_comes_back_to_mql_only(to: Stage) -> None:
    assert moved(Stage.RECYCLED, to) is (Stage.MQL if to is Stage.MQL else Stage.RECYCLED)


@pytest.mark.parametrize(
    ("fields", "stage"),
    [
        pytest.param({}, Stage.ANONYMOUS, id="nothing-but-activities"),
        pytest.param(
            {"source": "ads", "country": "DE", "technologies": ("php",)},
            Stage.ANONYMOUS,
            id="a-visitor-whose-source-is-known-is-still-nobody",
        ),
        pytest.param({"email": "a@b.de"}, Stage.KNOWN, id="contact-without-source"),
        pytest.param({"phone": "+49 30 1"}, Stage.KNOWN, id="phone-without-source"),
        pytest.param(
            {"company_name": "Acme", "source": "fair"}, Stage.KNOWN, id="source-without-contact"
        ),
        pytest.param({"account_id": "acme"}, Stage.KNOWN, id="only-its-account"),
        pytest.param({"full_name": "Ann"}, Stage.KNOWN, id="only-a-name"),
        pytest.param({"company_domain": "acme.de"}, Stage.KNOWN, id="only-a-website"),
        pytest.param(
            {"company_domain": "https://www.acme.de/x"}, Stage.KNOWN, id="only-an-address-of-it"
        ),
        pytest.param({"company_domain": "n/a"}, Stage.ANONYMOUS, id="a-domain-that-is-none"),
        pytest.param({"company_domain": "10.0.0.1"}, Stage.ANONYMOUS, id="an-address-of-nobody"),
        pytest.param(
            {"company_domain": "-", "full_name": "Ann"}, Stage.KNOWN, id="a-name-without-a-domain"
        ),
        pytest.param({"email": "a@b.de", "source": "web"}, Stage.NURTURE, id="contact-and-source"),
        pytest.param({"phone": "+49 30 1", "source": "web"}, Stage.NURTURE, id="phone-and-source"),
        pytest.param({"email": "", "source": ""}, Stage.ANONYMOUS, id="empty-texts-are-unknown"),
    ],
)
def test_a_new_lead_begins_by_what_it_has(fields: dict[str, Any], stage: Stage) -> None:
    lead = Lead(**fields)
    assert entry_stage(lead) is stage
    assert has_contact(lead) is bool(fields.get("email") or fields.get("phone"))


def test_who_may_still_be_ended_by_automation() -> None:
    assert BEFORE_MQL < UP_TO_MQL < BEFORE_OPPORTUNITY
    assert {Stage.SAL, Stage.SQL} == BEFORE_OPPORTUNITY - UP_TO_MQL
    assert not BEFORE_OPPORTUNITY & FINISHED
