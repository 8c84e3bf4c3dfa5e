"""Numbers of things, for sentences."""


def many(count: int, one: str) -> str:
    """So many of a thing.

    >>> many(1, "row"), many(12_000, "row"), many(2, "activity")
    ('1 row', '12,000 rows', '2 activities')
    """
    if count == 1:
        return f"1 {one}"
    return f"{count:,} {one[:-1]}ies" if one.endswith("y") else f"{count:,} {one}s"


def left_out(count: int, one: str, why: str) -> str:
    """The sentence about things that do not count.

    >>> left_out(2, "row", "no scored_at")
    'left out: 2 rows (no scored_at)'
    """
    return f"left out: {many(count, one)} ({why})"
