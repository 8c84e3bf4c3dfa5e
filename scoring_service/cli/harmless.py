"""Texts of others on a terminal: what would steer it is shown and does nothing."""


def harmless(line: str) -> str:
    """A line with each letter that cannot be seen written as Python writes it.

    >>> print(harmless("lead \\x1b[31m and \\u202eback"))
    lead \\x1b[31m and \\u202eback
    """
    return line if line.isprintable() else "".join(map(_letter, line))


def _letter(letter: str) -> str:
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode()
