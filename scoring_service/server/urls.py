"""What keeps an address from being one, found before anything is sent there."""

from urllib.parse import SplitResult, urlsplit


def mistake_in(url: str) -> str:
    """What keeps a URL from being one that can be asked or sent to, with the remedy; "" if nothing.

    >>> mistake_in("https://crm.example:8443/hooks")
    ''
    >>> mistake_in("ftp://crm.example")
    'is no address; begin it with https://'
    """
    try:
        parts = urlsplit(url)
        wrong_port = parts.port == 0
    except ValueError as error:
        return f"is no address ({error}); write it as https://crm.example:8443/hooks"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "is no address; begin it with https://"
    if wrong_port:
        return "has port 0; give the one on which somebody listens"
    if not (url.isascii() and url.isprintable()) or " " in url:
        return "has blanks or letters beyond ASCII; write those as %C3%BC, in its host as xn--"
    return _mistake_in_host(parts)


def _mistake_in_host(parts: SplitResult) -> str:
    if "@" in parts.netloc:
        return "has a user before its host; leave that out"
    if not can_be_host(parts.hostname or ""):
        return "has a host with an empty or too long part; mend it"
    return ""


def can_be_host(host: str) -> bool:
    """Whether a text can be looked up as the name of a host; the lookup raises for what cannot."""
    try:
        host.rstrip(".").encode("idna")
    except UnicodeError:
        return False
    return True
