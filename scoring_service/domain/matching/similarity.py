"""How alike two normalised names are, and by which words: a pure function of the two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from scoring_service.domain.matching.keys import sound
from scoring_service.domain.matching.weights import TOLD, weight

ALIKE = 0.85
"""Words of LETTERS_MIN letters with this much in common (twice the letters that they share in
order, by the letters of both) are one word misspelt.
"""

SOUNDS_ALIKE = 0.75
"""The same for words whose three or more consonants sound the same."""

RUN_TOGETHER = 0.9
"""The same for two words without the space between."""

LETTERS_MIN = 4
SOUNDS_MIN = 3

AGAINST = 0.75
"""What a word costs, by its weight, where the other name has another instead."""

BESIDE = 0.5
"""What a word costs, by its weight, that the other name lacks."""

VAGUE = 2.0
"""By how much more words cost where the names share none that tells something: "Bank of America"
and "Bank of Ireland".
"""

ALMOST = 0.99
"""The most that two names get that are not the same."""

Words = dict[str, float]
"""The words of a name in order, each once, with their weights."""

Pair = tuple[str, str, float]
"""A word of each name, and how alike they are."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 1 (the same words in the same order), and the words it comes from.

    `alike` pairs words of both names, `left` and `right` are those of one name alone.
    """

    score: float
    alike: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


def likeness(left: str, right: str) -> Likeness:
    """How alike two normalised names are; from right to left it is the same.

    The score is what the shared words weigh, by that and what the others cost: two names that
    each have a word of their own are less alike than two of which one only is longer.

    >>> likeness("philips", "filips electronics")
    Likeness(score=0.86..., alike=(('philips', 'filips'),), left=(), right=('electronics',))
    """
    if left == right:
        return Likeness(1.0, tuple((word, word) for word in left.split()))
    lefts, rights = _as_words(left, right)
    same = [(word, word, 1.0) for word in lefts if word in rights]
    alone_left, alone_right = _but(lefts, rights), _but(rights, lefts)
    pairs = same + _misspelt(alone_left, alone_right)
    return Likeness(
        _score(
            sorted(alike * min(lefts[one], rights[other]) for one, other, alike in pairs),
            sum(alone_left.values()),
            sum(alone_right.values()),
        ),
        tuple((one, other) for one, other, _ in pairs),
        tuple(alone_left),
        tuple(alone_right),
    )


def _as_words(left: str, right: str) -> tuple[Words, Words]:
    """The words of both; two in a row are one where the other name has them as one."""
    lefts, rights = _weighed(left), _weighed(right)
    whole_left = [word for word in lefts if word not in rights]
    whole_right = [word for word in rights if word not in lefts]
    if not whole_left or not whole_right:
        return lefts, rights
    return _run_together(lefts, whole_right), _run_together(rights, whole_left)


def _score(shared: Sequence[float], left: float, right: float) -> float:
    """What the shared words weigh, by that and what those cost that one name has alone."""
    if not shared:
        return 0.0
    cost = AGAINST * min(left, right) + BESIDE * abs(left - right)
    if shared[-1] < TOLD * ALIKE:
        cost *= VAGUE
    return min(ALMOST, sum(shared) / (sum(shared) + cost))


@lru_cache(maxsize=4_096)
def _weighed(normal: str) -> Words:
    """Never changed by those who ask."""
    return {word: weight(word) for word in normal.split()}


def _but(words: Words, others: Words) -> Words:
    return {word: weight for word, weight in words.items() if word not in others}


def _run_together(words: Words, whole: Sequence[str]) -> Words:
    if len(words) < 2:
        return words
    joined, at = list(words.items()), 0
    while at < len(joined) - 1:
        (first, one), (second, other) = joined[at : at + 2]
        if any(_is_both(word, first, second) for word in whole if word[0] == first[0]):
            joined[at : at + 2] = [(first + second, max(one, other))]
        at += 1
    return dict(joined)


def _is_both(word: str, first: str, second: str) -> bool:
    if len(word) <= len(first) or len(word) < LETTERS_MIN:
        return False
    return ratio(first + second, word, score_cutoff=100 * RUN_TOGETHER) > 0


def _misspelt(lefts: Words, rights: Words) -> list[Pair]:
    """Words that are one misspelt, the most alike first; each is taken out of its name's."""
    found: list[Pair] = []
    for alike, _, one, other in sorted(_likely(lefts, rights)):
        if one in lefts and other in rights:
            del lefts[one], rights[other]
            found.append((one, other, -alike))
    return found


def _likely(lefts: Words, rights: Words) -> Iterator[tuple[float, tuple[str, ...], str, str]]:
    """Their order, sorted, knows no left and right."""
    for one in lefts:
        for other in rights:
            alike = _alike(one, other)
            if alike:
                yield -alike, tuple(sorted((one, other))), one, other


@lru_cache(maxsize=16_384)
def _alike(left: str, right: str) -> float:
    """How alike two different words are; 0 where they are not one word misspelt."""
    if min(len(left), len(right)) < LETTERS_MIN:
        return 0.0
    alike = ratio(left, right, score_cutoff=100 * SOUNDS_ALIKE) / 100
    if alike >= ALIKE or (alike >= SOUNDS_ALIKE and _sound_the_same(left, right)):
        return alike
    return 0.0


def _sound_the_same(left: str, right: str) -> bool:
    return sound(left) == sound(right) and len(sound(left)) >= SOUNDS_MIN
