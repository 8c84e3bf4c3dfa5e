"""Addresses: the short way says what the whole check says, and nothing is looked up."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.api.email_syntax import mistake


def plainly(address: str) -> bool:
    """Whether the library takes the address, asked without any short way."""
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return len(address) <= 254


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        "ada.lovelace+crm@sub.example.co.uk",
        "a_b-c@example.org",
        "ada@test",
        "ada@nobody.test",
        "o'brien@example.org",
        "dörte@example.org",
        "ada@bücher.example.org",
        "a@" + "b" * 60 + ".de",
    ],
)
def test_an_address_is_taken(address: str) -> None:
    assert mistake(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@@example.org",
        "ada@example..org",
        "ada@-example.org",
        ".ada@example.org",
        "ada.@example.org",
        "a..da@example.org",
        "ada lovelace@example.org",
        "ada@exam ple.org",
        "ada@example.org ",
        "<ada@example.org>",
        "ada@example.org, bob@example.org",
        "...@example.org",
    ],
)
def test_what_is_no_address_has_its_mistake(address: str) -> None:
    assert mistake(address)


def of_length(size: int) -> str:
    """An address of so many characters whose parts are each within their limits."""
    domain = ".".join(["d" * 60] * 3)
    return f"{'a' * (size - len(domain) - 4)}@{domain}.de"


@pytest.mark.parametrize(("size", "taken"), [(240, True), (254, True), (255, False)])
def test_an_address_has_at_most_254_characters(size: int, taken: bool) -> None:
    address = of_length(size)
    assert len(address) == size
    assert (mistake(address) is None) == taken == plainly(address)


def test_over_254_characters_the_limit_is_named() -> None:
    assert mistake("a" * 300 + "@example.org") == "An address has at most 254 characters."
    assert mistake("ä" * 300 + "@example.org") == "An address has at most 254 characters."


locals_ = st.text(st.sampled_from("aZ9._-+'\" @äß"), max_size=12)
domains = st.sampled_from(
    ["example.org", "example", "a.de", "-a.de", "a..de", "", "test", "x.test", "ä.de", "a_b.de"]
)


@given(locals_, domains)
def test_the_short_way_agrees_with_the_whole_check(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    assert (mistake(address) is None) == plainly(address)
