"""What abbreviations in company names stand for: data. No full word is itself abbreviated here."""

FULL = {
    "assoc": "associates", "assocs": "associates", "bros": "brothers", "chem": "chemical",
    "comm": "communications", "cons": "consulting", "constr": "construction",
    "dept": "department", "dev": "development", "dist": "distribution", "distr": "distribution",
    "electr": "electric", "eng": "engineering",
    "engr": "engineering", "ent": "enterprises", "equip": "equipment",
    "fin": "finance", "gebr": "gebruder", "ges": "gesellschaft", "govt": "government",
    "grp": "group", "hldg": "holding", "hldgs": "holdings", "ind": "industries",
    "inds": "industries", "indus": "industries", "info": "information", "ins": "insurance",
    "inst": "institute", "instr": "instruments", "int": "international",
    "internatl": "international", "intl": "international", "inv": "investment",
    "kon": "koninklijke", "lab": "laboratory",
    "labs": "laboratories", "maatsch": "maatschappij", "mach": "machinery",
    "mfg": "manufacturing", "mfrs": "manufacturers", "mgmt": "management",
    "mgt": "management", "mktg": "marketing", "natl": "national", "pharm": "pharmaceuticals",
    "prod": "products", "prods": "products", "prop": "properties", "res": "research",
    "sci": "scientific", "semicond": "semiconductor", "soc": "societe", "svc": "service",
    "svcs": "services", "sys": "systems", "tech": "technology", "techn": "technology",
    "tel": "telephone", "telecom": "telecommunications", "telecomm": "telecommunications",
    "transp": "transport", "univ": "university",
}  # fmt: skip
"""Full words by their abbreviations, both as normalised."""
