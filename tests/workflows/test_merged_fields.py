"""Present fields replace, absent ones change nothing, attributes merge by key."""

import pytest

from scoring_service.values.lead import Lead
from scoring_service.values.stored import FieldChange
from scoring_service.workflows.arrival import merged

ACME = Lead(
    lead_id="l1",
    email="ann@acme.de",
    employees=200,
    technologies=("python",),
    attributes={"plan": "free", "seats": 5},
)


@pytest.mark.parametrize(
    ("old", "sent", "lead", "changes"),
    [
        pytest.param(ACME, Lead(), ACME, (), id="nothing-sent-changes-nothing"),
        pytest.param(ACME, ACME, ACME, (), id="the-same-again-changes-nothing"),
        pytest.param(
            ACME,
            Lead(employees=300),
            Lead(
                lead_id="l1",
                email="ann@acme.de",
                employees=300,
                technologies=("python",),
                attributes={"plan": "free", "seats": 5},
            ),
            (FieldChange("employees", "200", "300"),),
            id="a-present-field-replaces",
        ),
        pytest.param(
            Lead(lead_id="l1"),
            Lead(lead_id="other", employees=0),
            Lead(lead_id="l1", employees=0),
            (FieldChange("employees", None, "0"),),
            id="zero-is-a-value-and-the-id-stays",
        ),
        pytest.param(
            Lead(technologies=("python",)),
            Lead(technologies=("go", "rust")),
            Lead(technologies=("go", "rust")),
            (FieldChange("technologies", '["python"]', '["go","rust"]'),),
            id="a-list-is-replaced-as-a-whole",
        ),
        pytest.param(
            Lead(attributes={"plan": "free", "seats": 5}),
            Lead(attributes={"plan": "pro", "since": "2026-01-05"}),
            Lead(attributes={"plan": "pro", "seats": 5, "since": "2026-01-05"}),
            (
                FieldChange("attributes.plan", '"free"', '"pro"'),
                FieldChange("attributes.since", None, '"2026-01-05"'),
            ),
            id="attributes-merge-by-key",
        ),
        pytest.param(
            Lead(do_not_contact=True),
            Lead(do_not_contact=False),
            Lead(do_not_contact=True),
            (),
            id="do-not-contact-is-not-cleared",
        ),
        pytest.param(
            Lead(do_not_contact=False),
            Lead(do_not_contact=False),
            Lead(do_not_contact=False),
            (),
            id="that-it-may-be-contacted-is-no-news-once-it-is-known",
        ),
        pytest.param(
            Lead(),
            Lead(do_not_contact=True),
            Lead(do_not_contact=True),
            (FieldChange("do_not_contact", None, "true"),),
            id="do-not-contact-is-set",
        ),
    ],
)
def test_merged(old: Lead, sent: Lead, lead: Lead, changes: tuple[FieldChange, ...]) -> None:
    assert merged(old, sent) == (lead, changes)
