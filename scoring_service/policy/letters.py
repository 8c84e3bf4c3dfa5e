"""Letters that nobody sees: of another alphabet that look Latin, without a width, in two pieces."""

import re
import unicodedata

_LATIN_BY_LOOK = str.maketrans(
    dict(
        zip(
            "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb"
            "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408"
            "\u0405\u03bf\u03bd\u03b1\u03b9\u03c1\u03c5"
            "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
            "aeopcyxijsdhABEKMHOPCTYXIJSovaipuABEZHIKMNOPTYX",
            strict=True,
        )
    )
)
"""Of Cyrillic and Greek the letters that are drawn as Latin ones are."""

_UNSEEN = re.compile("[\u00a0\u00ad\u2007\u200b-\u200f\u202a-\u202f\u2060\ufeff]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")


def as_seen(text: str) -> str:
    """The text that it looks like: look-alike letters as the Latin ones, unseen ones left out.

    >>> as_seen("\\u0455dr\\u200b")
    'sdr'
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text.translate(_LATIN_BY_LOOK)))


def disguised(text: str) -> str:
    """What in a text is not what it seems, "" where nothing is: a look-alike in a word of Latin
    letters, a character that is not seen, an accent that stands behind its letter.

    >>> disguised("B\\u0435rlin")
    "the 'e' is a CYRILLIC SMALL LETTER IE"
    """
    for word in _WORD.findall(text):
        odd = [letter for letter in word if ord(letter) in _LATIN_BY_LOOK]
        if odd and _LATIN.search(word):
            return f"the '{as_seen(odd[0])}' is a {unicodedata.name(odd[0])}"
    if unseen := _UNSEEN.search(text):
        return f"there is a {unicodedata.name(unseen[0], 'ZERO WIDTH SPACE')} in it"
    if unicodedata.normalize("NFC", text) != text:
        return "an accent stands behind its letter, as a character of its own"
    return ""
