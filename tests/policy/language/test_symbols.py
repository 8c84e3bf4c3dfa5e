"""What conditions and the columns of tables may name, with which types."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scoring_service.domain.schema import Attribute, AttributeType, Schema
from scoring_service.domain.symbols import lead_symbols, route_symbols
from scoring_service.policy.language.symbols import fit_symbols, scope, table_symbols
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.lead import Lead
from scoring_service.values.score import Quadrant, Score
from scoring_service.values.stage import Stage

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def dotted(symbols: dict[str, object], prefix: str = "") -> set[str]:
    """The names of nested symbols as conditions write them."""
    found: set[str] = set()
    for name, value in symbols.items():
        below = isinstance(value, dict)
        found |= dotted(value, f"{prefix}{name}.") if below else {prefix + name}  # type: ignore[arg-type]
    return found


def test_every_symbol_of_a_lead_can_be_named_and_has_its_place(schema: Schema) -> None:
    account = Account("acme", domains=("acme.de",), attributes={"seats": 5, "industry": "health"})
    match = AccountMatch(account, owner_rep_id="anna")
    sent = Lead(lead_id="l", email="a@b.de", attributes={"vip": True, "since": "2026-03-01"})
    score = Score(1.0, 2.0, "B", 2, Quadrant.NURTURE, False, (), (), NOW, "r")
    lead = lead_symbols(sent, schema, match)
    symbols = route_symbols(lead, score, {"demo": (1, NOW)}, ("demo", "web"), "mql", NOW)
    assert dotted(symbols) <= table_symbols(schema, ("demo", "web")).keys()
    assert dotted(lead) <= fit_symbols(schema).keys()
    assert not {"score.fit", "stage", "activity.demo.count"} & fit_symbols(schema).keys()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("country", AttributeType.TEXT),
        ("employees", AttributeType.INTEGER),
        ("annual_revenue", AttributeType.NUMBER),
        ("technologies", AttributeType.TEXTS),
        ("vip", AttributeType.BOOLEAN),
        ("since", AttributeType.DATE),
        ("email_domain", AttributeType.TEXT),
        ("website_domain", AttributeType.TEXT),
        ("account.owner", AttributeType.TEXT),
        ("account.parent", AttributeType.TEXT),
        ("account.seats", AttributeType.INTEGER),
        ("score.fit", AttributeType.NUMBER),
        ("score.win_probability", AttributeType.NUMBER),
        ("score.behaviour_level", AttributeType.INTEGER),
        ("activity.demo.count", AttributeType.INTEGER),
        ("activity.web.days_since", AttributeType.NUMBER),
        ("stage", AttributeType.TEXT),
    ],
)
def test_symbols_have_these_types(schema: Schema, name: str, kind: AttributeType) -> None:
    found = table_symbols(schema, ("demo", "web"))[name]
    assert (found.name, found.type) == (name, kind)


def test_closed_lists_of_values_come_with_their_symbols(schema: Schema) -> None:
    found = table_symbols(schema, ())
    assert found["stage"].values == set(Stage)
    assert found["score.quadrant"].values == set(Quadrant)
    assert found["account.industry"].values == schema["industry"].values


def test_an_account_s_own_fields_stand_before_attributes_of_their_name(schema: Schema) -> None:
    declared = {**schema, "owner": Attribute("owner", AttributeType.INTEGER)}
    found = fit_symbols(declared)
    assert found["owner"].type is AttributeType.INTEGER
    assert found["account.owner"].type is AttributeType.TEXT


def test_a_scope_is_named_by_what_it_sees(schema: Schema) -> None:
    digest = scope(fit_symbols(schema)).digest
    reordered = dict(reversed(list(schema.items())))
    assert scope(fit_symbols(reordered)).digest == digest
    narrowed = {**schema, "seats": replace(schema["seats"], max=5)}
    listed = {**schema, "country": replace(schema["country"], values=frozenset({"DE"}))}
    retyped = {**schema, "seats": replace(schema["seats"], type=AttributeType.NUMBER)}
    others = [scope(fit_symbols(changed)).digest for changed in (narrowed, listed, retyped)]
    others.append(scope(table_symbols(schema, ())).digest)
    others.append(scope(table_symbols(schema, ("demo",))).digest)
    assert len({digest, *others}) == 6


def test_the_digest_of_a_scope_does_not_depend_on_the_order_of_values(schema: Schema) -> None:
    """A set of texts has another order in each process."""
    texts = [f"value {n}" for n in range(50)]
    one, other = (
        {**schema, "country": replace(schema["country"], values=frozenset(order))}
        for order in (texts, texts[::-1])
    )
    assert scope(fit_symbols(one)).digest == scope(fit_symbols(other)).digest
