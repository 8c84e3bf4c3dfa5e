from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PSLFILE, PublicSuffixList

from scoring_service.domain.domains import (
    ascii_host,
    email_domain,
    email_key,
    is_free_mail,
    registrable_domain,
)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        pytest.param("example.com", "example.com", id="a domain is itself"),
        pytest.param("www.example.com", "example.com", id="a host has the domain it is under"),
        pytest.param("EXAMPLE.Com.", "example.com", id="case and a final dot do not matter"),
        pytest.param(" example.com ", "example.com", id="nor do spaces around it"),
        pytest.param("shop.example.co.uk", "example.co.uk", id="a suffix may have two labels"),
        pytest.param("co.uk", None, id="a public suffix is nobody's"),
        pytest.param("com", None, id="nor is a top level domain"),
        pytest.param("localhost", None, id="a bare host is none"),
        pytest.param("acme.github.io", "acme.github.io", id="a host of many has their names"),
        pytest.param("a.b.kawasaki.jp", "a.b.kawasaki.jp", id="wildcards of the list hold"),
        pytest.param("x.city.kawasaki.jp", "city.kawasaki.jp", id="and its exceptions"),
        pytest.param("https://www.example.de/a?b#c", "example.de", id="an address of a page"),
        pytest.param("http://u:p@example.de:8080", "example.de", id="with user and port"),
        pytest.param("example.de/contact", "example.de", id="a page without a scheme"),
        pytest.param("https://a.de/?u=https://b.com/x", "a.de", id="whatever its query names"),
        pytest.param("a.de/login?next=https://b.com", "a.de", id="also without a scheme"),
        pytest.param("http://a.de/https://b.com", "a.de", id="or its path"),
        pytest.param("http://a.de#http://b.com", "a.de", id="or its fragment"),
        pytest.param("http://a.de\\http://b.com", "a.de", id="or what looks like a path"),
        pytest.param("http://b.com@a.de/", "a.de", id="a user may look like a host"),
        pytest.param("https://?u=https://b.com", None, id="and no host has no domain"),
        pytest.param("b\u00fccher.example", "xn--bcher-kva.example", id="in ASCII form"),
        pytest.param("xn--bcher-kva.example", "xn--bcher-kva.example", id="which is itself"),
        pytest.param("shop.acme.xn--55qx5d.cn", "acme.xn--55qx5d.cn", id="so may a suffix be"),
        pytest.param("\u516c\u53f8.cn", None, id="which is nobody's however it is written"),
        pytest.param("192.168.0.1", None, id="a number is no domain"),
        pytest.param("[::1]:80", None, id="of either version"),
        pytest.param("", None, id="nothing has none"),
        pytest.param("a..example.com", None, id="an empty label is a mistake"),
        pytest.param("not a domain.com", None, id="a space is one too"),
        pytest.param("-.example.com", None, id="and a lone hyphen"),
        pytest.param("a" * 64 + ".com", None, id="and a label of 64"),
        pytest.param(".".join(["abcdefghi"] * 30), None, id="and more than 253 characters"),
    ],
)
def test_registrable_domain(text: str, domain: str | None) -> None:
    assert registrable_domain(text) == domain


def test_every_suffix_of_the_list_gives_what_the_list_says_of_it() -> None:
    """Of hosts without other scripts too, which are looked for in a list without their suffixes."""
    whole = PublicSuffixList()
    with Path(PSLFILE).open(encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("//")]
    hosts = [ascii_host(f"shop.acme.{line.lstrip('!*').lstrip('.')}") for line in lines]
    assert len([host for host in hosts if host and "xn--" in host]) > 400
    wrong = [
        host for host in hosts if host and registrable_domain(host) != whole.privatesuffix(host)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        pytest.param("ann@example.com", "example.com", id="an address has the domain behind its @"),
        pytest.param("ann@mail.example.co.uk", "example.co.uk", id="the registrable one"),
        pytest.param('"a@b"@example.com', "example.com", id="the last @ counts"),
        pytest.param("ann@gmail.com", "gmail.com", id="free mail has one too"),
        pytest.param("ann", None, id="a name is no address"),
        pytest.param("", None, id="nor is nothing"),
        pytest.param(None, None, id="an unknown address has none"),
    ],
)
def test_email_domain(email: str | None, domain: str | None) -> None:
    assert email_domain(email) == domain


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Ann@Example.com", "ann@example.com", True, id="case does not matter"),
        pytest.param(
            "ann@b\u00fccher.de", "ann@xn--bcher-kva.de", True, id="nor how it is written"
        ),
        pytest.param("ann@B\u00dcCHER.de", "ann@b\u00fccher.de", True, id="in either case"),
        pytest.param("STRASSE@a.de", "stra\u00dfe@a.de", True, id="names are case-folded"),
        pytest.param("ann@fa\u00df.de", "ann@fass.de", False, id="two domains stay two"),
        pytest.param("ann+news@a.de", "ann@a.de", False, id="a tag is somebody else"),
        pytest.param("a.nn@gmail.com", "ann@gmail.com", False, id="so is a dot"),
    ],
)
def test_one_address_is_one_person(one: str, other: str, same: bool) -> None:
    assert (email_key(one) == email_key(other)) is same


@given(st.text(max_size=40))
def test_any_text_has_a_key_and_the_key_of_a_key_is_itself(text: str) -> None:
    key = email_key(text)
    assert email_key(key) == key


@given(st.text(max_size=60))
def test_any_text_has_a_domain_or_none(text: str) -> None:
    domain = registrable_domain(text)
    assert domain is None or (registrable_domain(domain) == domain and "." in domain)


@given(
    st.sampled_from(["", "http://", "HTTPS://", "ftp://"]),
    st.sampled_from(["", "ann@", "ann:secret@", "b.com@"]),
    st.sampled_from(["", ":80", ":8443"]),
    st.sampled_from("/?#\\"),
    st.text(max_size=20),
)
def test_what_stands_around_a_host_changes_nothing(
    scheme: str, user: str, port: str, sign: str, rest: str
) -> None:
    assert registrable_domain(f"{scheme}{user}shop.example.de{port}{sign}{rest}") == "example.de"


@pytest.mark.parametrize(
    ("domain", "free"),
    [("gmail.com", True), ("web.de", True), ("yahoo.co.uk", True), ("example.com", False)],
)
def test_free_mail_names_no_company(domain: str, free: bool) -> None:
    assert is_free_mail(domain) is free
    assert registrable_domain(domain) == domain


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        pytest.param("Example.COM", "example.com", id="lower case"),
        pytest.param("\u4f8b\u3048.jp", "xn--r8jz45g.jp", id="ASCII form"),
        pytest.param("a_b.example", "a_b.example", id="underscores are seen in the wild"),
        pytest.param("\u2603" * 70 + ".com", None, id="too long for a label"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_ascii_host(host: str, plain: str | None) -> None:
    assert ascii_host(host) == plain
