"""A condition that is not accepted: what is wrong with it, and how to mend it."""


class Refused(Exception):
    """Raised while a condition is read or compiled; it becomes a mistake of the file."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what = what
        self.remedy = remedy


def shortened(text: str, length: int = 40) -> str:
    """The text, its middle left out where it is long.

    >>> shortened("a" * 60, 11)
    'aaaa...aaaa'
    """
    half = (length - 3) // 2
    return text if len(text) <= length else f"{text[:half]}...{text[-half:]}"
