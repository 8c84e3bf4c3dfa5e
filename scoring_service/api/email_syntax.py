"""Whether a text is an e-mail address. Syntax only: nothing is looked up."""

from functools import lru_cache

_PLAIN = str.maketrans("", "", "._-+")
_ADDRESS_MAX = 254


def mistake(address: str) -> str | None:
    """What is wrong with an address, or None.

    >>> mistake("ada@example.org"), mistake("ada@example")
    (None, 'The part after the @-sign is not valid. It should have a period.')
    """
    local, _, domain = address.rpartition("@")
    plain = local.translate(_PLAIN)
    simple = plain.isalnum() and plain.isascii() and ".." not in local
    if simple and local[0] != "." != local[-1] and len(address) <= _ADDRESS_MAX:
        return _mistake_of_domain(domain)
    return _checked(address)


@lru_cache(maxsize=8192)
def _mistake_of_domain(domain: str) -> str | None:
    return _checked(f"a@{domain}")


def _checked(address: str) -> str | None:
    # imported at the first address, not at start
    from email_validator import EmailNotValidError, validate_email

    if len(address) > _ADDRESS_MAX:
        return f"An address has at most {_ADDRESS_MAX} characters."
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as wrong:
        return str(wrong)
    return None
