"""A company's name as it is compared: without case, accents, legal form and address."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from itertools import groupby

from scoring_service.domain.matching.abbreviations import FULL
from scoring_service.domain.matching.legal_forms import (
    ANYWHERE,
    BEGINNINGS,
    FIRST,
    LAST,
    UNSPACED,
    WORDS_MAX,
)

WORDS_KEPT = 12
"""Words of a name that are compared; so long a name is a sentence."""

LETTERS_KEPT = 40
"""Letters of a word that are compared."""

_LETTERS_READ = 512
"""Letters of a name that are read at all."""

_SPELT = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"\u0131": "i", "&": " and ", "+": " and "}
)  # fmt: skip
_BLANK = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_AMP = re.compile(r"&amp\b;?")
_APOSTROPHE = re.compile("['`\u2018\u2019\u00b4\u02bc]+")
_WORD = re.compile(r"[^\W_]+")
_COMMA = re.compile(r"[,;]")
_FORM = re.compile("|".join(UNSPACED))
_SEEN_TO = LAST | FIRST | BEGINNINGS | FULL.keys() | {"the", "and"}
"""Words of which a name without single letters is made otherwise, wherever they stand."""
_FORM_STARTS = frozenset(form[:many] for form in FIRST for many in range(1, len(form)))
"""First words that with those behind them may be a form."""


@lru_cache(maxsize=16_384)
def normal_name(name: str) -> str:
    """The words of a name that are compared, with a space between; empty where there are none.

    What follows a comma behind a legal form is an address and falls away. Normalising twice is
    normalising once.

    >>> normal_name("* N.V. Philips' Gloeilampenfabrieken")
    'philips gloeilampenfabrieken'
    >>> normal_name("Société Générale S.A., Paris"), normal_name("D S M N. V.")
    ('societe generale', 'dsm')
    """
    words = _without_address([_words(part) for part in _parts(_plain(name[:_LETTERS_READ]))])
    while words and not _is_normal(words):
        again = _once(words)
        if again == words:
            break
        words = again
    return " ".join(words)


def _is_normal(words: list[str]) -> bool:
    """Whether it is plain at a glance that nothing changes these words any more."""
    if not _SEEN_TO.isdisjoint(words) or words[0] in _FORM_STARTS or len(words) > WORDS_KEPT:
        return False
    letters = [len(word) for word in words]
    return min(letters) > 1 and max(letters) <= LETTERS_KEPT


def _once(words: list[str]) -> list[str]:
    kept = _without_last(words)
    if _is_normal(kept):
        return kept
    kept = _spelt_out(_without_inner(_without_first(kept)))
    return [word[:LETTERS_KEPT] for word in kept[:WORDS_KEPT]]


def _parts(plain: str) -> list[str]:
    return _COMMA.split(plain) if "," in plain or ";" in plain else [plain]


def _words(part: str) -> list[str]:
    return part.translate(_BLANK).split() if part.isascii() else _WORD.findall(part)


def _plain(name: str) -> str:
    """Small letters of the plain alphabet; apostrophes join what they part."""
    if "&" in name:
        name = _AMP.sub("&", name)
    if name.isascii():
        small = name.replace("'", "").replace("`", "").lower()
        return small.replace("&", " and ").replace("+", " and ")
    text = _FORM.sub(" ", unicodedata.normalize("NFKC", name))
    small = _without_marks(_without_marks(_APOSTROPHE.sub("", text)).casefold())
    return unicodedata.normalize("NFC", small.translate(_SPELT))


def _without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _without_address(parts: list[list[str]]) -> list[str]:
    words: list[str] = []
    for part in parts:
        if words and _ends_with_form(words) and len(_without_last(["x", *part])) > 1:
            break
        words += part
    return words


def _ends_with_form(words: list[str]) -> bool:
    return len(_without_last(words)) < len(words)


def _without_last(words: list[str]) -> list[str]:
    """At least one word stays."""
    while many := _form_at(words, len(words) - 1, LAST):
        words = words[:-many]
    return words


def _form_at(words: list[str], last: int, forms: Collection[str]) -> int:
    """How many words up to the `last` one are a form, the most; never the first of all."""
    for first in range(max(1, last + 1 - WORDS_MAX), last):
        if words[first] in BEGINNINGS and "".join(words[first : last + 1]) in forms:
            return last + 1 - first
    return int(last > 0 and words[last] in forms)


def _without_first(words: list[str]) -> list[str]:
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    for many in (3, 2, 1):
        if len(words) > many and "".join(words[:many]) in FIRST:
            return words[many:]
    return words


def _without_inner(words: list[str]) -> list[str]:
    last = len(words) - 1
    while last > 0:
        many = _form_at(words, last, ANYWHERE)
        if many:
            words = words[: last + 1 - many] + words[last + 1 :]
        last -= many or 1
    return words


def _spelt_out(words: list[str]) -> list[str]:
    """Single letters in a row are one word, abbreviations are spelt out, "and" is silent."""
    joined: list[str] = []
    for single, run in groupby(words, lambda word: len(word) == 1):
        in_a_row = list(run)
        joined += ["".join(in_a_row)] if single else in_a_row
    return [FULL.get(word, word) for word in joined if word != "and"]
