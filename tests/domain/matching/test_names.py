"""A company's name without what differs from one spelling to the next."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring_service.domain.matching import names
from scoring_service.domain.matching.abbreviations import FULL
from scoring_service.domain.matching.legal_forms import FIRST, LAST
from scoring_service.domain.matching.names import LETTERS_KEPT, WORDS_KEPT, normal_name

PARTS = ["Acme", "N.", "V", "Co", "soc", "anonyme", "the", "and", "&", ",", "Ltd.", "a", "S", "of"]
PARTS += ["Île", "ß", "'", "(publ)", "有限公司", "GmbH", "intl", "kg", "NV", "ﬁ", "\u02bc", "İ"]


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        pytest.param("Acme", "acme", id="capitals-do-not-count"),
        pytest.param("  Acme \t Tools ", "acme tools", id="nor-do-spaces"),
        pytest.param("Société Générale", "societe generale", id="nor-do-accents"),
        pytest.param("Ørsted Łódź Großmann", "orsted lodz grossmann", id="nor-letters-of-others"),
        pytest.param("L'Oréal", "loreal", id="an-apostrophe-joins"),
        pytest.param("McDonald\u2019s", "mcdonalds", id="so-does-a-curved-one"),
        pytest.param("Mettler-Toledo", "mettler toledo", id="a-hyphen-parts"),
        pytest.param("Ernst & Young", "ernst young", id="an-ampersand-is-silent"),
        pytest.param("Ernst and Young", "ernst young", id="as-is-the-word"),
        pytest.param("Ernst &amp; Young", "ernst young", id="and-what-a-web-page-makes-of-it"),
        pytest.param("The Singer Co", "singer", id="an-article-in-front"),
        pytest.param("D.S.M. Research", "dsm research", id="single-letters-are-one-word"),
        pytest.param("Acme Intl Mfg", "acme international manufacturing", id="abbreviations"),
        pytest.param("Yandex ООО", "yandex", id="a-russian-form"),  # noqa: RUF001
        pytest.param("Яндекс", "яндекс", id="letters-of-another-alphabet-stay"),
        pytest.param("株式会社日立製作所", "日立製作所", id="a-form-without-a-space"),
        pytest.param("삼성전자 주식회사", "삼성전자", id="a-korean-form"),
        pytest.param("", "", id="nothing"),
        pytest.param("&", "", id="nothing-that-is-a-word"),
        pytest.param("Co", "co", id="a-name-that-is-only-a-form-stays"),
        pytest.param("The", "the", id="so-does-an-article-alone"),
        pytest.param("AG AG", "ag", id="one-form-of-two-stays"),
        pytest.param("Gm Bh Acme", "acme", id="a-form-in-front-in-two-parts"),
        pytest.param("acme_tools`s", "acme toolss", id="an-underscore-parts-an-accent-joins"),
        pytest.param("Acme Group+Sons", "acme group sons", id="a-plus-is-silent"),
        pytest.param("Zentrol 日 Tools", "zentrol 日 tools", id="a-letter-that-is-a-word"),
    ],
)
def test_what_is_compared_of_a_name(name: str, normal: str) -> None:
    assert normal_name(name) == normal


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Acme Inc.", id="american"),
        pytest.param("Acme, L.L.C.", id="american-with-dots"),
        pytest.param("ACME Ltd", id="british"),
        pytest.param("Acme Public Limited Company", id="british-in-words"),
        pytest.param("Acme Pty. Ltd.", id="australian"),
        pytest.param("Acme Pvt. Ltd.", id="indian"),
        pytest.param("Acme Pte Ltd", id="of-singapore"),
        pytest.param("Acme Sdn. Bhd.", id="malaysian"),
        pytest.param("PT Acme Tbk", id="indonesian-on-both-sides"),
        pytest.param("Acme GmbH", id="german"),
        pytest.param("Acme GmbH & Co. KG", id="german-of-two-forms"),
        pytest.param("Acme Aktiengesellschaft", id="german-in-words"),
        pytest.param("Acme UG (haftungsbeschränkt)", id="german-in-brackets"),
        pytest.param("Acme N.V.", id="dutch"),
        pytest.param("N. V. Acme", id="dutch-in-front"),
        pytest.param("Acme Besloten Vennootschap", id="dutch-in-words"),
        pytest.param("Acme BVBA", id="belgian"),
        pytest.param("Acme S.A.R.L.", id="french"),
        pytest.param("Acme Société Anonyme", id="french-in-words"),
        pytest.param("Acme S.p.A.", id="italian"),
        pytest.param("Acme S.r.l.", id="italian-limited"),
        pytest.param("Acme, S.L.", id="spanish"),
        pytest.param("Acme S.A. de C.V.", id="mexican"),
        pytest.param("Acme Ltda.", id="brazilian"),
        pytest.param("Acme Lda.", id="portuguese"),
        pytest.param("Acme A/S", id="danish"),
        pytest.param("Acme ApS", id="danish-limited"),
        pytest.param("AB Acme", id="swedish-in-front"),
        pytest.param("Acme AB (publ)", id="swedish-listed"),
        pytest.param("Acme Oyj", id="finnish"),
        pytest.param("Acme ASA", id="norwegian"),
        pytest.param("Acme hf.", id="icelandic"),
        pytest.param("Acme Sp. z o.o.", id="polish"),
        pytest.param("Acme s.r.o.", id="czech"),
        pytest.param("Acme Kft.", id="hungarian"),
        pytest.param("Acme d.o.o.", id="croatian"),
        pytest.param("Acme EOOD", id="bulgarian"),
        pytest.param("OOO Acme", id="russian"),
        pytest.param("UAB Acme", id="lithuanian"),
        pytest.param("Acme A.Ş.", id="turkish"),
        pytest.param("Acme Anonim Şirketi", id="turkish-in-words"),
        pytest.param("Acme Kabushiki Kaisha", id="japanese-in-words"),
        pytest.param("Acme Co., Ltd.", id="japanese-as-written-abroad"),
        pytest.param("Acme SE", id="european"),
    ],
)
def test_the_legal_form_is_no_part_of_a_name(name: str) -> None:
    assert normal_name(name) == "acme"


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        pytest.param("Acme N.V., Eindhoven, NL", "acme", id="behind-a-form-and-a-comma-an-address"),
        pytest.param("Acme, Inc., Boston", "acme", id="the-form-may-stand-by-itself"),
        pytest.param("Acme, Eindhoven", "acme eindhoven", id="without-a-form-it-may-be-the-name"),
        pytest.param("Smith, Jones & Co", "smith jones", id="a-comma-between-names"),
        pytest.param("Acme Inc. Nederland B.V.", "acme nederland", id="a-form-in-the-middle"),
        pytest.param("Spa Resorts", "spa resorts", id="a-form-that-is-a-word-counts-last-only"),
        pytest.param("Se Tools", "se tools", id="and-not-in-front"),
    ],
)
def test_what_stands_around_a_legal_form(name: str, normal: str) -> None:
    assert normal_name(name) == normal


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PARTS), max_size=9).map(" ".join)))
@example("soc anonyme")
@example("a b, a b")
@example("x" * 45 + " ltd")
def test_normalising_twice_is_normalising_once(name: str) -> None:
    normal = normal_name(name)
    assert normal_name(normal) == normal


@given(st.lists(st.sampled_from(PARTS), max_size=9).map(" ".join))
def test_the_form_of_the_text_changes_nothing(name: str) -> None:
    assert normal_name(unicodedata.normalize("NFD", name)) == normal_name(name)


@given(st.text(max_size=2000))
def test_what_is_compared_is_bounded(name: str) -> None:
    words = normal_name(name).split()
    assert len(words) <= WORDS_KEPT
    assert all(len(word) <= LETTERS_KEPT for word in words)


def test_what_an_abbreviation_stands_for_is_none_itself() -> None:
    assert set(FULL.values()) & FULL.keys() == set()
    assert {key: normal_name(f"x {key} x") for key in FULL} == {
        key: f"x {full} x" for key, full in FULL.items()
    }


@given(st.lists(st.sampled_from([*PARTS, *sorted(FULL), *sorted(FIRST | LAST)]), max_size=8))
def test_no_step_of_normalising_changes_a_normal_name(parts: list[str]) -> None:
    words = normal_name(" ".join(parts)).split()
    for step in (names._without_last, names._without_first, names._without_inner, names._spelt_out):
        assert step(words) == words
