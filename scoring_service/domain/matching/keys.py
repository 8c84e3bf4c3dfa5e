"""By which keys two names are found to be worth a comparison."""

import re
from functools import lru_cache

from scoring_service.domain.matching.weights import TOLD, weight

KEYS_MAX = 8
"""Keys of a name."""

BEGINNING = 6
"""Letters of a name as it sounds that are its beginning."""

_WITH_C = (("ck", "k"), ("ce", "s"), ("ci", "s"), ("cy", "s"))
_WITH_H = (("sch", "s"), ("sh", "s"), ("ph", "f"))
_SOUNDS: dict[str, str | None] = {"c": "k", "q": "k", "w": "v", "z": "s"}
_FIRST = str.maketrans(_SOUNDS)
_REST = str.maketrans(_SOUNDS | dict.fromkeys("aeiouyhj"))
_AGAIN = re.compile(r"(.)(?=\1)")


@lru_cache(maxsize=16_384)
def sound(word: str) -> str:
    """Consonants as they sound, behind the first letter.

    >>> sound("philips"), sound("filips"), sound("elektroniks") == sound("electronics")
    ('flps', 'flps', True)
    """
    for letter, spellings in (("h", _WITH_H), ("c", _WITH_C)):
        if letter in word:
            for spelling, sounds in spellings:
                word = word.replace(spelling, sounds)
    word = word.replace("x", "ks")
    return _AGAIN.sub("", word[:1].translate(_FIRST) + word[1:].translate(_REST))


@lru_cache(maxsize=16_384)
def keys_of(normal: str) -> tuple[str, ...]:
    """The keys of a normalised name, each once, at most KEYS_MAX; none of the empty name.

    Names are compared where they share one: all of it run together as it sounds, or the beginning
    of that, or a word that tells something, as it is written or as it sounds; of a name without
    such a word the first two.
    """
    words = normal.split()
    if not words:
        return ()
    telling = [word for word in words if weight(word) >= TOLD]
    whole = sound("".join(words))
    found = ["*" + whole, "^" + whole[:BEGINNING]]
    for word in telling:
        found += ["=" + word, "~" + sound(word)]
    if not telling:
        found.append("+" + sound("".join(words[:2])))
    return tuple(dict.fromkeys(found))[:KEYS_MAX]
