"""The files of a rules folder: which there must be, which may be, and which are a slip."""

from collections.abc import Iterator, Mapping

from scoring_service.policy.document import Document, compose
from scoring_service.policy.mistake import Mistake, Mistakes, did_you_mean

NEEDED = ("attributes.yaml", "scoring.yaml", "routing.yaml", "team.yaml")
EXPERIMENTS = "experiments.yaml"
OPTIONAL = ("calendars.yaml", "lifecycle.yaml", EXPERIMENTS)
TEST_SUFFIX = "_test.yaml"
TABLE_SUFFIX = ".csv"

_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".tsv")
_DATA = (".yaml", ".yml", ".csv", ".json", ".toml", *_SPREADSHEETS)


def belongs(name: str) -> bool:
    """Whether a file of the folder is read as rules: notes and what editors leave are not.

    >>> [belongs(name) for name in ("team.yaml", "scoring.yml", "README.md", ".team.yaml.swp")]
    [True, True, False, False]
    """
    return not name.startswith((".", "~", "#")) and name.lower().endswith(_DATA)


def is_test(name: str) -> bool:
    """Whether a file holds tests of the rules."""
    return name.endswith(TEST_SUFFIX)


def documents(files: Mapping[str, bytes]) -> tuple[dict[str, Document | None], list[Mistake]]:
    """The YAML files by name, None for one that is missing or cannot be read; and what is wrong."""
    found: dict[str, Document | None] = dict.fromkeys(set(NEEDED).difference(files))
    mistakes = [*_missing(files), *_strange(files)]
    for name, content in sorted(files.items()):
        if name in NEEDED or name in OPTIONAL or is_test(name):
            try:
                found[name] = compose(name, content)
            except Mistakes as wrong:
                found[name] = None
                mistakes.extend(wrong.mistakes)
    return found, mistakes


def _missing(files: Mapping[str, bytes]) -> Iterator[Mistake]:
    for name in NEEDED:
        if name not in files:
            what = "this file is missing, and no policy is complete without it"
            yield Mistake(name, 1, "$", what, f"add {name} to the folder")


def _strange(files: Mapping[str, bytes]) -> Iterator[Mistake]:
    for name in sorted(files):
        if name in NEEDED or name in OPTIONAL or is_test(name):
            continue
        if belongs(name) and not name.endswith(TABLE_SUFFIX):
            yield Mistake(name, 1, "$", "no rule file has this name", _remedy(name))


def _remedy(name: str) -> str:
    if name.lower().endswith(_SPREADSHEETS):
        return "save the table as CSV with commas, under a name that ends in .csv"
    return did_you_mean(name, (*NEEDED, *OPTIONAL))
