"""Companies of a file, by their domains; read once."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

import msgspec

from scoring_service.api.enriching import mistakes_in
from scoring_service.domain.domains import registrable_domain
from scoring_service.server.enrichers.company_fields import lead_of
from scoring_service.server.start_problem import StartProblem
from scoring_service.values.lead import Lead

DOMAIN = "domain"
SEPARATOR = "|"
"""Between the technologies of a cell."""

_ATTRIBUTE = "attributes."
_BEYOND = "cells without a column"


class CompanyFile:
    """Knows the companies of a file: an enricher."""

    def __init__(self, name: str, companies: Mapping[str, Lead]) -> None:
        self.name, self.companies = name, companies

    async def known_of(self, domain: str) -> Lead | None:
        """The company of that domain."""
        return self.companies.get(domain)


def company_file(name: str, path: Path) -> CompanyFile:
    """The enricher of a CSV or JSON file. A company is a row with a `domain` and fields of a lead;
    columns called `attributes.NAME` are attributes, technologies stand between `|`.

    Raises StartProblem that names the place and the remedy.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StartProblem(f"cannot read {path}: {error}") from error
    rows = (_of_json if path.suffix == ".json" else _of_csv)(path, text)
    return CompanyFile(name, dict(_companies(path, rows)))


def _companies(
    path: Path, rows: Iterable[tuple[str, Mapping[str, object]]]
) -> Iterator[tuple[str, Lead]]:
    seen: dict[str, str] = {}
    for place, row in rows:
        where = f"{path}, {place}"
        domain = registrable_domain(str(row.get(DOMAIN) or ""))
        if domain is None:
            raise StartProblem(f"{where}: {row.get(DOMAIN)!r} is no domain; write example.com")
        if seen.setdefault(domain, place) != place:
            raise StartProblem(f"{where}: {domain} stands in {seen[domain]} too; keep one of them")
        fields = {field: value for field, value in row.items() if field != DOMAIN}
        try:
            known = lead_of(fields, strict=True)
        except msgspec.ValidationError as error:
            raise StartProblem(f"{where}: {error}") from error
        if wrong := mistakes_in(known):
            raise StartProblem(f"{where}: {wrong}")
        yield domain, known


def _of_csv(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    reader = csv.DictReader(StringIO(text, newline=""), restkey=_BEYOND, strict=True)
    try:
        _check_header(path, reader.fieldnames or ())
        for row in reader:
            place = f"line {reader.line_num}"
            if _BEYOND in row:
                remedy = "quote a cell that holds a comma"
                raise StartProblem(f"{path}, {place}: has more cells than columns; {remedy}")
            yield place, _of_cells(row)
    except csv.Error as error:
        place = f"{path}, line {reader.line_num + 1}"
        raise StartProblem(f"{place}: {error}; look at the quotes from there on") from error


def _check_header(path: Path, columns: Sequence[str]) -> None:
    """DictReader believes the last of two columns of one name, and a file that it takes for one."""
    if columns and DOMAIN not in columns:
        remedy = "name the columns in the first line, with commas between them"
        raise StartProblem(f"{path}, line 1: has no column {DOMAIN!r}; {remedy}")
    for column in columns:
        if columns.count(column) > 1:
            raise StartProblem(f"{path}, line 1: the column {column!r} stands twice; keep one")


def _of_cells(row: Mapping[str, str | None]) -> Mapping[str, object]:
    fields: dict[str, object] = {}
    attributes: dict[str, object] = {}
    for name, cell in row.items():
        value = (cell or "").strip()
        if name.startswith(_ATTRIBUTE):
            attributes |= {name.removeprefix(_ATTRIBUTE): value} if value else {}
        elif name == "technologies":
            fields[name] = [one.strip() for one in value.split(SEPARATOR) if one.strip()]
        else:
            fields[name] = value
    return {**fields, "attributes": attributes}


def _of_json(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        found = msgspec.json.decode(text.encode(), type=list[dict[str, object]])
    except msgspec.DecodeError as error:
        raise StartProblem(f"{path}: {error}; give a list of objects") from error
    for number, row in enumerate(found, 1):
        yield f"company {number}", row
