"""Limits of texts, and the two lists that a lead's texts are held to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadscoring.v1 import routing_pb2, types_pb2

from scoring_service.api import email_syntax, texts
from scoring_service.api.limits import TEXT_MAX
from scoring_service.values import countries

TEXTS = st.text(max_size=TEXT_MAX + 8) | st.builds(
    lambda piece, times: piece * times, st.text(min_size=1, max_size=8), st.integers(1, 1_200)
)


@given(st.lists(st.none() | TEXTS, max_size=4))
def test_what_passes_the_quick_look_breaks_no_limit(seen: list[str | None]) -> None:
    if texts.within_limits(seen):
        for text in filter(None, seen):
            assert "\0" not in text
            assert len(text.encode()) <= TEXT_MAX


@pytest.mark.parametrize(
    ("seen", "passes"),
    [
        pytest.param(["x" * TEXT_MAX], True, id="ascii-as-long-as-a-text-may-be"),
        pytest.param(["x" * TEXT_MAX, "", None, "y"], True, id="two-texts-are-no-long-one"),
        pytest.param(["x" * (TEXT_MAX + 1)], False, id="a-letter-too-many"),
        pytest.param(["ä" * (TEXT_MAX // 4)], True, id="others-that-cannot-be-too-long"),
        pytest.param(["ä", "x" * (TEXT_MAX // 4)], True, id="an-umlaut-beside-ascii"),
        pytest.param(["ä", "x" * (TEXT_MAX // 4 + 1)], False, id="where-only-a-count-would-tell"),
    ],
)
def test_the_quick_look_counts_bytes_where_it_can(seen: list[str | None], *, passes: bool) -> None:
    assert texts.within_limits(seen) is passes


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        pytest.param("x" * TEXT_MAX, True, id="4096-letters-are-looked-at-closely-and-pass"),
        pytest.param("x" * (TEXT_MAX + 1), False, id="4097-letters"),
        pytest.param("ä" * (TEXT_MAX // 2), True, id="2048-umlauts"),
        pytest.param("ä" * (TEXT_MAX // 2 + 1), False, id="2049-umlauts"),
        pytest.param("a\0b", False, id="a-nul"),
    ],
)
def test_a_text_has_at_most_4096_bytes_and_no_nul(text: str, *, passes: bool) -> None:
    found = list(texts.violations(types_pb2.Lead(full_name=text), "lead"))
    assert (found == []) is passes
    assert {field for field, _ in found} <= {"lead.full_name"}


def test_a_text_is_named_wherever_it_is() -> None:
    long = "x" * (TEXT_MAX + 1)
    message = routing_pb2.RouteRequest(actor_id=long)
    message.lead.technologies.extend(["ok", long])
    message.lead.attributes["plan"].text = long
    message.lead.attributes["tags"].texts.values.append(long)
    message.activities.add(campaign=long)
    assert sorted(field for field, _ in texts.violations(message)) == [
        "activities[0].campaign",
        "actor_id",
        "lead.attributes[plan].text",
        "lead.attributes[tags].texts.values[0]",
        "lead.technologies[1]",
    ]


def test_a_long_name_of_an_attribute_is_cut_in_its_own_path() -> None:
    message = types_pb2.Lead()
    message.attributes["n" * 5_000].integer = 1
    [(field, remedy)] = texts.violations(message, "lead")
    assert len(field) < 100
    assert remedy == "5000 bytes; a text has at most 4096"


@pytest.mark.parametrize(
    "address",
    ["ann@example.org", "a.b+c@mail.example.co.uk", "ünï@bücher.example", "o'neil@example.org"],
)
def test_an_address_people_have_is_one(address: str) -> None:
    assert email_syntax.mistake(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "ann", "@example.org", "ann@", "ann@example", "a b@example.org", ".a@example.org",
        "a..b@example.org", "a.@example.org", "a@exa mple.org", "a@-example.org",
        f"{'a' * 250}@example.org", f"{'a' * 65}@{'b' * 63}.{'c' * 63}.{'d' * 63}.org",
    ],
)  # fmt: skip
def test_what_no_mail_would_reach_is_no_address(address: str) -> None:
    assert email_syntax.mistake(address)


@given(st.text("abz09._-+", min_size=1, max_size=70))
def test_the_quick_look_at_a_local_part_says_what_the_library_says(local: str) -> None:
    from email_validator import EmailNotValidError, validate_email

    address = f"{local}@example.org"
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
        right = True
    except EmailNotValidError:
        right = False
    assert (email_syntax.mistake(address) is None) is right


def test_the_countries_are_those_of_iso_3166() -> None:
    assert len(countries.COUNTRIES) == 249
    assert {"DE", "GB", "US", "TW", "SS"} <= countries.COUNTRIES
    assert not {"UK", "EU", "XK", "AN"} & countries.COUNTRIES
