"""Texts that are not what they seem: look-alike letters, what is not seen, accents on their own.

All of them are written with escapes here, so that the difference can be read.
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.policy.letters import as_seen, disguised
from scoring_service.policy.mistake import did_you_mean


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("B\u0435rlin", "the 'e' is a CYRILLIC SMALL LETTER IE", id="Cyrillic inside"),
        pytest.param("\u0410cme", "the 'A' is a CYRILLIC CAPITAL LETTER A", id="Cyrillic first"),
        pytest.param("new L\u03bfndon", "the 'o' is a GREEK SMALL LETTER OMICRON", id="Greek"),
        pytest.param("Zur\u0456ch \u2013 Berlin",
                     "the 'i' is a CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I",
                     id="in one of several words"),
        pytest.param("\u00d6st\u0435rreich", "the 'e' is a CYRILLIC SMALL LETTER IE",
                     id="among Latin letters with accents"),
        pytest.param("Berlin\u200b", "there is a ZERO WIDTH SPACE in it", id="without a width"),
        pytest.param("New\u00a0York", "there is a NO-BREAK SPACE in it", id="a space that is none"),
        pytest.param("soft\u00adware", "there is a SOFT HYPHEN in it", id="a hyphen unseen"),
        pytest.param("\ufeffDE", "there is a ZERO WIDTH NO-BREAK SPACE in it",
                     id="a byte order mark"),
        pytest.param("\u202eDE", "there is a RIGHT-TO-LEFT OVERRIDE in it", id="written backwards"),
        pytest.param("Zu\u0308rich", "an accent stands behind its letter, as a character of its"
                     " own", id="an accent as its own character"),
    ],
)  # fmt: skip
def test_what_is_not_what_it_seems_is_named(text: str, why: str) -> None:
    assert disguised(text) == why


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("Z\u00fcrich, Gen\u00e8ve, Krak\u00f3w, \u0141\u00f3d\u017a", id="accents"),
        pytest.param("\u041c\u043e\u0441\u043a\u0432\u0430", id="Russian"),
        pytest.param("\u0421\u0421\u0421\u0420", id="Russian of look-alikes only"),
        pytest.param("\u0391\u03b8\u03ae\u03bd\u03b1", id="Greek"),
        pytest.param("OOO \u0420\u043e\u0433\u0430", id="words of two alphabets"),
        pytest.param(
            "\u03b2-blocker, 5 \u00b5m, \u03c0r2", id="Greek that looks like nothing else"
        ),
        pytest.param("\u6771\u4eac IBM\u682a\u5f0f\u4f1a\u793e", id="Japanese beside Latin"),
        pytest.param("caf\u00e9 \u2013 \u201equoted\u201c \u2026 \U0001f44d", id="signs"),
        pytest.param("a_\u0430, 1\u0430", id="parted by a sign that is no letter"),
    ],
)
def test_what_is_what_it_seems_is_not_named(text: str) -> None:
    assert disguised(text) == ""


@given(st.text(alphabet=st.characters(max_codepoint=0x2AF, categories=["L", "N", "P", "Zs"])))
def test_no_text_in_composed_latin_letters_is_disguised(text: str) -> None:
    composed = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    assert disguised(composed) == ""
    assert as_seen(composed) == composed


@given(st.text(max_size=20))
def test_what_a_text_looks_like_looks_like_itself(text: str) -> None:
    assert as_seen(as_seen(text)) == as_seen(text)


@pytest.mark.parametrize(
    ("name", "known", "remedy"),
    [
        pytest.param("sdrs", ["sdr", "ae"], "did you mean 'sdr'?", id="a slip of the pen"),
        pytest.param("\u0455dr", ["ae", "sdr"], "it looks like 'sdr', and the 's' is a CYRILLIC"
                     " SMALL LETTER DZE: type it anew", id="a letter of another alphabet"),
        pytest.param("sdr", ["\u0455dr"], "it looks like '\u0455dr', and the 's' is a CYRILLIC"
                     " SMALL LETTER DZE: type it anew", id="one in the name that is known"),
        pytest.param("\u0421\u0422\u041e", ["CTO"], "it looks like 'CTO', and its letters are of"
                     " another alphabet: type it anew", id="all of another alphabet"),
        pytest.param("sdr\u00a0", ["sdr"], "it looks like 'sdr', and there is a NO-BREAK SPACE in"
                     " it: type it anew", id="a space that is not seen"),
        pytest.param("x", [], "there is none yet: define it first", id="nothing is known"),
        pytest.param("x", ["b", "a"], "known are: a, b", id="nothing is like it"),
        pytest.param("zzz", [f"n{n:02}" for n in range(13)],
                     f"known are: {', '.join(f'n{n:02}' for n in range(12))} and 1 more",
                     id="one more than twelve are known"),
        pytest.param("zzz", [f"n{n:02}" for n in range(12)],
                     f"known are: {', '.join(f'n{n:02}' for n in range(12))}",
                     id="twelve are known"),
    ],
)  # fmt: skip
def test_the_remedy_for_an_unknown_name(name: str, known: list[str], remedy: str) -> None:
    assert did_you_mean(name, known) == remedy
