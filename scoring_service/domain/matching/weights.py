"""How much a word of a company's name tells: data and the rule that reads it.

A word that any company may have in its name tells little. The list is of the trade and the map, in
several languages; it was written down, not counted in any set of names.
"""

from collections.abc import Iterator
from functools import lru_cache

_GENERIC = """
advanced agence agency aircraft airlines airways aktie alimentaria allgemeine alliance american
analytics applications applied arbeit asociacion asset assets assurance assurances auto automation
automobil automobiles automotive aviation azienda bahn banca banco bancorp bank bankasi banking
banque batiment bau bayerische bedrijf bedrijven beheer beratung betrieb biotech bolag brand
brands broadcasting brothers building bureau business byggnads capital care casa center central
centro centrum chemical chemicals chimie city clinic cloud club coal college comercial comercio
commerce commercial commerciale communication communications community compagnie companhia
compania component computer computers computing conseil construcciones construcoes construction
consultancy consultants consulting consultoria consumer contracting control controls cooperativa
cooperative corporacion costruzioni council credit dansk danske data defense denki denshi dental
department desarrollo design deutsche deutscher deutsches development device devices dienst
dienste diensten dienstleistung digital direct distribuidora distribution division dynamics east
eastern editions editorial edizioni education electric electrical electricity electronic
electronics electronique elektrische elektro elektronica elektronik elektronika elektronische
empresa empresas energia energie energy engenharia engineering enterprise enterprises
entertainment entreprise entreprises environmental equipment equity erste estate etablissements
etudes europe european exchange export express fabbrica fabrica fabrics fabriek fabrieken fabrik
fabriker fabryka factory farm farms fashion fastigheter federal film fils finance financial
financiere first food foods forest forlag forsakring foundation francaise fratelli freight freres
fund fundacion furniture gas gebruder general generale generali gesellschaft gestion gewerbe
global gold government green group groupe grupo gruppa gruppe gruppen gruppo handel
handelmaatschappij handels handelsonderneming handlowe haus health healthcare hermanos hijos
holding holdings home hospital hotel hoteles hotels house hygiene imaging immobiliare immobilien
immobiliere import imprenta impresa industri industria industrial industriale industrias industrie
industrielle industrier industries industriewerke industry information informatique infrastructure
ingenieria ingenierie inmobiliaria innovation innovations insaat institut institute instituto
instrument instruments insurance integrated intellectual interactive internacional international
internationale internationaux internazionale inversiones invest investment investments iron
istituto italiana kabushiki kagaku kaisha kaufhaus kingdom kogyo kompaniya kongelige koniglich
koninklijke kraftwerk kungliga laboratoire laboratoires laboratori laboratories laboratorio
laboratorios laboratory land leasing life lighting line lines logistics maatschappij machine
machinery machines maison management manufacturas manufacturing marine maritime market marketing
markets maschinen maschinenbau material materials mechanical media medical medicine medien mercado
metal metall metals micro mills mining mobile motor motors mutual mutuelle nacional national
nationale natural nazionale nederlandse network networks new nippon norsk norske north northern
nueva nuova office oil onderneming onderzoek online optical optics organization osterreichische
pacific packaging paper partners partnership patent patents pazarlama performance petroleum pharma
pharmaceutica pharmaceutical pharmaceuticals photo plastic plastics polska polski polymers port
power precision press printing process prodotti product production productos products produits
produkte produzione professional project projects properties property przedsiebiorstwo public
publishing radio railway real recherche refining regional rental research reseau resources
restaurant restaurants retail ricerca royal royale rubber safety sales sanayi sangyo school
schweizer schweizerische science sciences scientific security seguros seisakusho semiconductor
semiconductors service services servicios servizi shipping shoji shop sirketi sistemas sistemi
smart sociedad societa societe society software sohne solar solution solutions source south
southern space special specialty spolka sport sports stadt stadtwerke stahl standard standards
state states steel stiftung storage store stores strategic studio studios suomen supply support
svensk svenska system systems team technical technik technique techniques technische technologie
technologies technology tecnica tecnologia tecnologias tecnologie teknik teknologi telecom
telecommunications telephone textile textiles ticaret tire tool tools total tourism toys trade
trading training transport transportation transportes trasporti travaux travel trust turkiye und
union united universal university unternehmen usine utilities ventures verein vereinigte
vereniging verlag versicherung versicherungen vertrieb verwaltung verzekeringen video vision water
web werk werke werkzeug west western wireless wirtschaft wood works world worldwide zaklady zavod
zentrum
"""

_PLACES = """
africa america amsterdam antwerp argentina asia atlanta austin australia austria bangalore
barcelona basel bavaria beijing belgie belgique belgium belgrade benelux berlin berne boston
brasil brazil britain brussels bucharest budapest california canada chicago chile china cologne
colombia copenhagen czech dallas de delhi denmark denver detroit deutschland dubai dublin
dusseldorf egypt eindhoven emea england espana estonia europa europe finland florence fr france
frankfurt gb geneva genova georgia germany ghent greece groningen hague hamburg helsinki holland
hongkong houston hungary iberia iberica india indonesia ireland israel istanbul italia italy japan
kenya korea kuwait latvia lisbon lithuania london luxembourg luxemburg lyon madrid malaysia
manchester marseille mexico miami milan milano montreal moscow mumbai munchen munich naples
nederland netherland netherlands nigeria nl nordic norge norway ontario oslo osterreich ottawa
paris peru philadelphia philippines poland porto portugal prague rica rico roma romania rome
rotterdam russia russland scandinavia schweiz scotland seattle seoul serbia shanghai shenzhen
singapore slovakia slovenia spain stockholm stuttgart suisse sverige sweden switzerland sydney
taipei taiwan tallinn texas thailand tokyo toronto turin turkey uk ukraine united us usa utrecht
valencia vancouver vienna vietnam virginia wales warsaw washington wien york zealand zurich
"""

_JOINING = """
a af an and at auf by da das de del della den der des di do dos du e el en et for fur il im in l
la le les los of on op per te the to und van vande vander von voor y zu
"""

_COMPOUND = (
    "bank", "bau", "fabriek", "fabrieken", "fabrik", "fabriken", "gesellschaft", "handel",
    "maatschappij", "technik", "verlag", "versicherung", "verwaltung", "werk", "werke",
)  # fmt: skip

JOINING, PLACE, GENERIC, COMPOUND, PLAIN = 0.05, 0.15, 0.25, 0.5, 1.0
"""What a word weighs: those that join others, of the map, of the trade, a trade's name made of
several ("Maschinenfabrik"), all others.
"""

TOLD = 0.5
"""A word that weighs as much is looked for."""

_LONG = 7
"""Letters from which a word of the trade is known with a letter missing or too much."""


def _without_one(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


_generic = frozenset(_GENERIC.split())
_places = frozenset(_PLACES.split())
_joining = frozenset(_JOINING.split())
_misspelt = {
    each: GENERIC if word in _generic else PLACE
    for word in sorted(_generic | _places)
    if len(word) >= _LONG
    for each in (word, *_without_one(word))
}
_BEGINNING = 3
_beginnings = frozenset(word[:_BEGINNING] for word in _misspelt)


@lru_cache(maxsize=16_384)
def weight(word: str) -> float:
    """What a normalised word tells of a company, 0 to 1.

    >>> weight("electronics"), weight("elektronics"), weight("electronis"), weight("acme")
    (0.25, 0.25, 0.25, 1.0)
    """
    if word in _joining or len(word) == 1:
        return JOINING
    if word in _places:
        return PLACE
    if word in _generic:
        return GENERIC
    return _of_long(word) if len(word) >= _LONG else PLAIN


def _of_long(word: str) -> float:
    """A letter missing, too much or wrong, or a trade's name that ends in another."""
    if word in _misspelt:
        return _misspelt[word]
    for each in _likely_without_one(word):
        if each in _misspelt:
            return _misspelt[each]
    return COMPOUND if word.endswith(_COMPOUND) else PLAIN


def _likely_without_one(word: str) -> Iterator[str]:
    """Those that begin as a misspelt word may: most words differ from all in their first letters,
    and can at best be one without one of these.
    """
    last = len(word) if word[:_BEGINNING] in _beginnings else _BEGINNING
    return (word[:i] + word[i + 1 :] for i in range(last))
