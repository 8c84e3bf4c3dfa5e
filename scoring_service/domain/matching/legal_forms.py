"""Legal forms of companies as they stand in names: data, by where in a name they count.

Lower case, without dots and accents; a form of several words is written with its spaces and found
with or without them ("s p a" is "spa"). A form on the wrong side costs a company its name, so those
that are words of a language too count at the end only.
"""

_ANYWHERE = """
inc, incorporated, corp, corporation, ltd, limited, llc, llp, lllp, plc, pllc, pbc
limited liability company, limited liability partnership, limited partnership
public limited company, private limited, proprietary limited
gmbh, ggmbh, mbh, kgaa, ohg, aktiengesellschaft, kommanditgesellschaft, gesellschaft mbh
gesellschaft mit beschrankter haftung, kommanditgesellschaft auf aktien, kg auf aktien
gmbh and co, gmbh and co kg, gmbh and co kgaa, gmbh and co ohg, ag and co kg, ag and co kgaa
gmbh und co kg, se and co kg, se and co kgaa, ug haftungsbeschrankt
bv, nv, bvba, vzw, besloten vennootschap, naamloze vennootschap, naamlooze vennootschap
sarl, sasu, eurl, asbl, sprl, societe anonyme, societe a responsabilite limitee
societe par actions simplifiee, societe cooperative
srl, srls, sapa, scarl, societa per azioni, societa a responsabilita limitata
sociedad anonima, sociedad limitada, sa de cv, sab de cv, s de rl de cv, sapi de cv
ltda, eireli, sgps, sociedade anonima, sociedade limitada, limitada
aps, aktieselskab, anpartsselskab, aktiebolag, aktiebolaget, kommanditbolag, handelsbolag
aksjeselskap, allmennaksjeselskap, hlutafelag, osakeyhtio, oyj
sp zoo, sp z oo, spolka akcyjna, spolka z oo, spolka z ograniczona odpowiedzialnoscia
sro, spol sro, akciova spolecnost, kft, nyrt, zrt, doo, dooel, eood, ood
ojsc, cjsc, pjsc, jsc, oao, zao, anonim sirketi, limited sirketi, ltd sti
pty, pty ltd, pte, pte ltd, pvt, pvt ltd, private limited company
sdn bhd, bhd, berhad, sendirian berhad, tbk, perseroan terbatas
kabushiki kaisha, kabushiki gaisha, yugen kaisha, godo kaisha, gomei kaisha
αε, επε, ικε
"""
_CYRILLIC = "ооо, оао, зао, пао, тоо, тов, еоод, оод"  # noqa: RUF001

_LAST = """
co, company, companies, and co, and company, und co, et cie, et compagnie, y cia, and cie, cie
co ltd, co inc, co llc, co kg, and co kg
ag, kg, eg, ev, ek, gbr, ug, se, sce, sa, sas, sca, scs, snc, sc, cic, cio
as, asa, a s, ab, ab publ, publ, oy, hf, ehf, ans, da, ou, is
sl, slu, slne, spa, sca, lda, rt, ad, ead, dd, kd, jv, tov, uab, sia, pao, ooo
lp, gp, pc, na, cv, vof, scrl, cvba, sti, tas, aps, kk, gk, pt, a g
"""

_FIRST = "ab, as, nv, bv, pt, cv, ooo, oao, zao, pao, tov, uab, sia, kk, firma"
_CYRILLIC_FIRST = "ао, ип"  # noqa: RUF001

_UNSPACED = (
    "株式会社", "有限会社", "合同会社", "合資会社", "股份有限公司", "有限责任公司",
    "有限公司", "股份公司", "주식회사", "유한회사",
)  # fmt: skip


def _beginnings(*texts: str) -> frozenset[str]:
    forms = ",".join(texts).replace("\n", ",").split(",")
    words = [form.split() for form in forms]
    return frozenset(each[0] for each in words if len(each) > 1)


def _compact(text: str) -> frozenset[str]:
    forms = text.replace("\n", ",").split(",")
    return frozenset(form.replace(" ", "") for form in forms) - {""}


ANYWHERE = _compact(_ANYWHERE) | _compact(_CYRILLIC)
"""Forms that are no part of a name wherever they stand."""

LAST = ANYWHERE | _compact(_LAST)
"""Forms that are no part of a name at its end."""

FIRST = ANYWHERE | _compact(_FIRST) | _compact(_CYRILLIC_FIRST)
"""Forms that are no part of a name at its beginning."""

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")

BEGINNINGS = _beginnings(_ANYWHERE, _LAST) | _LETTERS
"""Words with which a form of several words begins, or one whose letters are parted."""

WORDS_MAX = 6
"""Words of the longest form, single letters counted one by one."""

UNSPACED = tuple(sorted(_UNSPACED, key=len, reverse=True))
"""Forms of languages that put no space between words, the longest first."""
