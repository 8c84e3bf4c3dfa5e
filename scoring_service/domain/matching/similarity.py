"""How alike two normalised names are, and by which words: a pure function of the two."""

from collections.abc import Collection, Iterator, Sequence
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
    lefts, rights = _weighed(left), _weighed(right)
    if not (lefts.keys() >= rights.keys() or rights.keys() >= lefts.keys()):
        lefts, rights = _run_together(lefts, rights), _run_together(rights, lefts)
    pairs = _paired(lefts, rights)
    alone_left = _but(lefts, {one for one, _, _ in pairs})
    alone_right = _but(rights, {other for _, other, _ in pairs})
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


def _score(shared: Sequence[float], left: float, right: float) -> float:
    """What the shared words weigh, by that and what those cost that one name has alone."""
    if not shared:
        return 0.0
    cost = AGAINST * min(left, right) + BESIDE * abs(left - right)
    if shared[-1] < TOLD * ALIKE:
        cost *= VAGUE
    return min(ALMOST, sum(shared) / (sum(shared) + cost))


def _weighed(normal: str) -> Words:
    return {word: weight(word) for word in normal.split()}


def _but(words: Words, found: Collection[str]) -> Words:
    return {word: weight for word, weight in words.items() if word not in found}


def _run_together(words: Words, others: Words) -> Words:
    """Two words in a row are one where the other name has them as one."""
    whole = [word for word in others if word not in words and len(word) >= LETTERS_MIN]
    joined, at = list(words.items()), 0
    while whole and at < len(joined) - 1:
        (first, one), (second, other) = joined[at : at + 2]
        if any(_is_both(word, first, second) for word in whole):
            joined[at : at + 2] = [(first + second, max(one, other))]
        at += 1
    return dict(joined)


def _is_both(word: str, first: str, second: str) -> bool:
    if word[0] != first[0] or len(word) <= len(first):
        return False
    return ratio(first + second, word, score_cutoff=100 * RUN_TOGETHER) > 0


def _paired(lefts: Words, rights: Words) -> list[Pair]:
    """Words that are one, each in one pair, in the order of the left name."""
    same = [(word, word, 1.0) for word in lefts if word in rights]
    alone_left, alone_right = _but(lefts, rights), _but(rights, lefts)
    if not alone_left or not alone_right:
        return same
    for alike, _, one, other in sorted(_likely(alone_left, alone_right)):
        if one in alone_left and other in alone_right:
            del alone_left[one], alone_right[other]
            same.append((one, other, -alike))
    return same


def _likely(lefts: Words, rights: Words) -> Iterator[tuple[float, tuple[str, ...], str, str]]:
    """Words that are one misspelt, the most alike first; the order knows no left and right."""
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
