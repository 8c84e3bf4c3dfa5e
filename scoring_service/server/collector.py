"""How often Python's collector looks for cycles, of which a start and a call leave next to none."""

import gc

YOUNG_OBJECTS = 20_000
"""New objects after which the collector looks at them; a call makes about a hundred."""


def collect_seldom() -> None:
    """To be said before a server is imported: what is imported stays, and need not be looked
    through again and again.
    """
    gc.set_threshold(YOUNG_OBJECTS)


def spare_what_started() -> None:
    """What a start leaves lives on and is not looked through any more; calls leave no cycles."""
    gc.collect()
    gc.freeze()
    collect_seldom()
