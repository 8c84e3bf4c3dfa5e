"""Regular expressions of conditions: google-re2's, so that no pattern can hang."""

import re
from collections.abc import Callable
from functools import lru_cache

import re2  # type: ignore[import-untyped]

from scoring_service.policy.language.refusal import Refused

BYTES_MAX = 1 << 20
"""Memory of one compiled pattern; one that needs more is refused."""

Matcher = Callable[[str], bool]
"""Whether the pattern is found in a text; UnicodeEncodeError for half a character."""


@lru_cache(maxsize=1_024)
def matcher(pattern: str, anchored: bool) -> Matcher:
    """Looks for the pattern at the start of a text, or with `anchored` False anywhere in it.

    >>> matcher("uni", True)("my university"), matcher("uni", False)("my university")
    (False, True)
    """
    _no_control_characters(pattern)
    anchors = re2._re2.RE2.Anchor
    anchor = anchors.ANCHOR_START if anchored else anchors.UNANCHORED
    # The wrapper's own match() makes offsets of characters, which take five times the search.
    find = engine(pattern)._regexp.Match

    def matches(text: str) -> bool:
        encoded = text.encode()
        return find(anchor, encoded, 0, len(encoded))[0][0] != -1  # type: ignore[no-any-return]

    return _plain(pattern, anchored, matches) or matches


def _plain(pattern: str, anchored: bool, matches: Matcher) -> Matcher | None:
    """A pattern without any choice in it by a method of texts, three times as fast as a search;
    None for other patterns. Texts beyond ASCII are left to the engine.
    """
    found = _PLAIN.fullmatch(pattern)
    if found is None or (found["any"] and not found["end"]):
        return None
    literal = _ESCAPED.sub(r"\1\2", found["literal"])
    at_start = anchored or bool(found["start"])
    if found["any"]:
        return _of_end(literal, at_start, matches)
    return _of_literal(literal, at_start, bool(found["end"]), matches)


def _of_end(literal: str, at_start: bool, matches: Matcher) -> Matcher:
    """`.*x$`: a dot crosses no newline, so from the start to the end there must be none."""
    if not at_start:
        return _of_literal(literal, False, True, matches)

    def ends(text: str) -> bool:
        plain = text.isascii() and "\n" not in text
        return text.endswith(literal) if plain else matches(text)

    return ends


def _of_literal(literal: str, at_start: bool, at_end: bool, matches: Matcher) -> Matcher:
    if at_start and at_end:
        return lambda text: text == literal if text.isascii() else matches(text)
    if at_start:
        return lambda text: text.startswith(literal) if text.isascii() else matches(text)
    if at_end:
        return lambda text: text.endswith(literal) if text.isascii() else matches(text)
    return lambda text: literal in text if text.isascii() else matches(text)


_PLAIN = re.compile(
    r"(?P<start>\^)?(?P<any>\.\*)?"
    r"(?P<literal>(?:[\w@ <>,;:!#%&=~\"'/-]|\\[.@/-]|\[[.@]\])+)"
    r"(?P<end>\$)?"
)
_ESCAPED = re.compile(r"\\([.@/-])|\[([.@])\]")


def engine(pattern: str) -> re2._Regexp:
    """Google-re2's own object for this pattern; Refused where it is none."""
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = BYTES_MAX
    try:
        return re2.compile(pattern, options)
    except UnicodeEncodeError:
        what = "this is no regular expression: it has half a character in it"
        raise Refused(what, "write the character itself") from None
    except re2.error as error:
        (said,) = error.args
        what = f"this is no regular expression: {said.decode(errors='replace')}"
        raise Refused(what, _remedy(pattern)) from None


def _remedy(pattern: str) -> str:
    if "(?=" in pattern or "(?!" in pattern or "(?<" in pattern:
        return "look-around is not read: write two conditions with and, or !~~"
    return "look for unpaired brackets, and put a backslash before a sign that is meant as it is"


def _no_control_characters(pattern: str) -> None:
    """A \\b in plain quotes is a backspace, and would never match."""
    if any(ord(sign) < 32 and sign not in "\t\n\r" for sign in pattern):
        what = "the regular expression has a control character in it"
        raise Refused(what, 'write r"..." so that a backslash stays one')
