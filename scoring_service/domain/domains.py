"""Internet domains of companies and e-mail addresses, without any network."""

import re
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_ADDRESS = re.compile(r"(?:[^/?#\\]*://)?([^/?#\\]*)")
_HOST_LENGTH_MAX = 253

# fmt: off
_FREE_MAIL = frozenset([
    "126.com", "163.com", "aol.com", "bk.ru", "bluewin.ch", "btinternet.com", "comcast.net",
    "fastmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de",
    "gmx.net", "googlemail.com", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de",
    "hotmail.es", "hotmail.fr", "hotmail.it", "hushmail.com", "icloud.com", "inbox.ru",
    "laposte.net", "libero.it", "list.ru", "live.co.uk", "live.com", "live.de", "live.fr",
    "live.nl", "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "naver.com", "orange.fr",
    "outlook.com", "outlook.de", "outlook.es", "outlook.fr", "pm.me", "posteo.de", "proton.me",
    "protonmail.com", "qq.com", "rediffmail.com", "rocketmail.com", "sbcglobal.net", "seznam.cz",
    "t-online.de", "tuta.com", "tutanota.com", "verizon.net", "web.de", "wp.pl", "ya.ru",
    "yahoo.ca", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.com.br",
    "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "ymail.com",
    "zoho.com",
])
# fmt: on


@cache
def _public_suffixes(*, encoded: bool) -> PublicSuffixList:
    """The bundled list, read once and only when a domain is first asked for; with suffixes of
    other scripts in their ASCII form, which takes three times as long, where a host has such.
    """
    return PublicSuffixList(accept_encoded_idn=encoded)


@lru_cache(maxsize=65_536)
def registrable_domain(host_or_url: str) -> str | None:
    """The domain somebody registered, in its ASCII form; None for an address, a public suffix,
    anything else.

    >>> registrable_domain("https://www.Shop.example.co.uk:8443/basket?id=1")
    'example.co.uk'
    >>> registrable_domain("co.uk") is None, registrable_domain("10.0.0.1") is None
    (True, True)
    """
    host = ascii_host(_host_of(host_or_url))
    if host is None or host.rpartition(".")[2].isdigit():
        return None
    return _public_suffixes(encoded="xn--" in host).privatesuffix(host) or None


def email_domain(email: str | None) -> str | None:
    """The registrable domain of an address.

    >>> email_domain("Ann@mail.example.de")
    'example.de'
    """
    return registrable_domain(email.rpartition("@")[2]) if email and "@" in email else None


def is_free_mail(domain: str) -> bool:
    """Whether a registrable domain gives addresses to anybody, and so names no company.

    >>> is_free_mail("gmail.com"), is_free_mail("example.com")
    (True, False)
    """
    return domain in _FREE_MAIL


def email_key(email: str) -> str:
    """What makes two addresses the same person's: case-folded, the domain in its ASCII form.

    >>> email_key("Ann.Weber+News@B\u00fccher.Example")
    'ann.weber+news@xn--bcher-kva.example'
    """
    local, at, domain = email.strip().rpartition("@")
    return f"{local.casefold()}{at}{ascii_host(domain) or domain.casefold()}"


@lru_cache(maxsize=65_536)
def ascii_host(host: str) -> str | None:
    """A host name in lower case and IDNA's ASCII form; None where it is no host name.

    >>> ascii_host("M\u00fcnchen.DE."), ascii_host("not a host")
    ('xn--mnchen-3ya.de', None)
    """
    plain = host.lower().removesuffix(".") if host.isascii() else _encoded(host)
    if not plain or len(plain) > _HOST_LENGTH_MAX:
        return None
    return plain if all(map(_LABEL.fullmatch, plain.split("."))) else None


def _encoded(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode().removesuffix(".")
    except idna.IDNAError:
        return ""


def _host_of(host_or_url: str) -> str:
    """The host of an address; another address in its path or query is none of its own."""
    found = _ADDRESS.match(host_or_url.strip())
    authority = found[1] if found else ""
    return authority.rpartition("@")[2].partition(":")[0]
