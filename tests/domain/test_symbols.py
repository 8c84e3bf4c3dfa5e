from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType
from scoring_service.domain.symbols import days_since, lead_symbols, route_symbols
from scoring_service.values.account import Account, AccountMatch, MatchedBy
from scoring_service.values.lead import Lead
from scoring_service.values.score import Quadrant, Score, WinProbability
from scoring_service.values.stage import Stage

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
NOBODY = AccountMatch()
SCHEMA = {
    name: Attribute(name, type_)
    for name, type_ in {
        "plan": AttributeType.TEXT,
        "seats": AttributeType.INTEGER,
        "trial_until": AttributeType.DATE,
        "tags": AttributeType.TEXTS,
        **TYPED_FIELDS,
    }.items()
}


@pytest.mark.parametrize(
    ("lead", "name", "value"),
    [
        pytest.param(Lead(), "country", None, id="what is not known is null"),
        pytest.param(Lead(country="DE"), "country", "DE", id="a typed field has its own name"),
        pytest.param(Lead(country=""), "country", None, id="an empty text is not known"),
        pytest.param(Lead(), "technologies", None, id="nor is an empty list"),
        pytest.param(Lead(technologies=("go",)), "technologies", ("go",), id="a list is a tuple"),
        pytest.param(Lead(employees=0), "employees", 0, id="zero is known"),
        pytest.param(Lead(annual_revenue=0.0), "annual_revenue", 0.0, id="so is no revenue"),
        pytest.param(Lead(source="fair"), "source", "fair", id="the source is a symbol"),
        pytest.param(
            Lead(email="a@mail.acme.co.uk"),
            "email_domain",
            "acme.co.uk",
            id="the registrable domain of the e-mail",
        ),
        pytest.param(Lead(email=""), "email_domain", None, id="of none there is none"),
        pytest.param(
            Lead(company_domain="https://www.acme.de/"),
            "website_domain",
            "acme.de",
            id="the registrable domain of the website",
        ),
        pytest.param(Lead(), "website_domain", None, id="of no website there is none"),
        pytest.param(
            Lead(attributes={"plan": "pro"}), "plan", "pro", id="a declared attribute has its name"
        ),
        pytest.param(
            Lead(attributes={"tags": ("a", "b")}), "tags", ("a", "b"), id="of any declared type"
        ),
        pytest.param(
            Lead(attributes={"trial_until": "2026-03-31"}),
            "trial_until",
            datetime(2026, 3, 31, tzinfo=UTC),
            id="a date is its midnight in UTC",
        ),
        pytest.param(
            Lead(attributes={"trial_until": "soon"}),
            "trial_until",
            None,
            id="a text stored before it was a date is not known",
        ),
        pytest.param(
            Lead(attributes={"trial_until": 7}),
            "trial_until",
            7,
            id="a number stored before it was a date is a wrong type for the condition",
        ),
        pytest.param(
            Lead(country="DE", attributes={"country": "FR"}),
            "country",
            "DE",
            id="no attribute stands in for a typed field",
        ),
    ],
)
def test_what_conditions_see_of_a_lead(lead: Lead, name: str, value: object) -> None:
    assert lead_symbols(lead, SCHEMA, NOBODY)[name] == value


def test_every_typed_field_is_a_symbol() -> None:
    assert set(TYPED_FIELDS) <= set(lead_symbols(Lead(), {}, NOBODY))


def test_an_attribute_that_is_no_longer_declared_is_no_symbol() -> None:
    assert "gone" not in lead_symbols(Lead(attributes={"gone": "x"}), SCHEMA, NOBODY)


def test_without_a_single_match_all_fields_of_the_account_are_null() -> None:
    ambiguous = AccountMatch(candidates=("a", "b"), ambiguous=True)
    for match in (NOBODY, ambiguous):
        account = lead_symbols(Lead(), SCHEMA, match)["account"]
        assert set(account) == {"account_id", "name", "country", "owner", "parent"}
        assert set(account.values()) == {None}


def test_an_account_has_the_owner_of_its_nearest_ancestor_with_one() -> None:
    account = Account(
        "acme-de",
        name="Acme",
        country="DE",
        parent_id="acme",
        attributes={"plan": "pro", "trial_until": "2026-01-02", "gone": 1, "owner": "nobody"},
    )
    match = AccountMatch(account, MatchedBy.DOMAIN, owner_rep_id="ann", owner_account_id="acme")
    symbols = lead_symbols(
        Lead(), {**SCHEMA, "owner": Attribute("owner", AttributeType.TEXT)}, match
    )
    assert symbols["account"] == {
        "account_id": "acme-de",
        "name": "Acme",
        "country": "DE",
        "owner": "ann",
        "parent": "acme",
        "plan": "pro",
        "trial_until": datetime(2026, 1, 2, tzinfo=UTC),
    }


def score(**fields: Any) -> Score:
    given: dict[str, Any] = {
        "fit": 60.0,
        "behaviour": 42.5,
        "fit_grade": "B",
        "behaviour_level": 2,
        "quadrant": Quadrant.SALES_READY,
        "mql_ready": True,
        "bars": (),
        "contributions": (),
        "as_of": NOW,
        "policy_revision": "r",
    }
    return Score(**{**given, **fields})


def test_what_routes_see_beside_the_lead() -> None:
    of_lead = lead_symbols(Lead(country="DE"), SCHEMA, NOBODY)
    symbols = route_symbols(
        of_lead,
        score(),
        {"demo": (2, NOW - timedelta(hours=36)), "gone": (1, NOW)},
        ["demo", "visit"],
        Stage.NURTURE,
        NOW,
    )
    assert symbols["score"] == {
        "fit": 60.0,
        "behaviour": 42.5,
        "quadrant": "sales_ready",
        "win_probability": None,
        "fit_grade": "B",
        "behaviour_level": 2,
    }
    assert symbols["activity"] == {
        "demo": {"count": 2, "days_since": 1.5},
        "visit": {"count": 0, "days_since": None},
    }
    assert symbols["stage"] == "nurture"
    assert symbols["country"] == "DE"
    assert "score" not in of_lead


def test_texts_of_routes_are_plain_texts() -> None:
    """The rule language compares exact types."""
    symbols = route_symbols({}, score(), {}, [], Stage.MQL, NOW)
    assert type(symbols["stage"]) is str
    assert type(symbols["score"]["quadrant"]) is str


def test_a_win_probability_is_a_number_where_there_is_one() -> None:
    win = WinProbability(0.12, 0.08, 0.2)
    symbols = route_symbols({}, score(win_probability=win), {}, [], Stage.MQL, NOW)
    assert symbols["score"]["win_probability"] == 0.12


def test_days_are_elapsed_days_and_a_fraction() -> None:
    assert days_since(NOW, NOW) == 0
    assert days_since(NOW - timedelta(hours=6), NOW) == 0.25
    with pytest.raises(AssertionError, match="future"):
        days_since(NOW + timedelta(seconds=1), NOW)
