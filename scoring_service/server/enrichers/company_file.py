"""Companies of a file, by their domains; read once."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path

import msgspec

from scoring_service.domain.domains import registrable_domain
from scoring_service.server.enrichers.company_fields import lead_of
from scoring_service.server.start_problem import StartProblem
from scoring_service.values.lead import Lead

DOMAIN = "domain"
SEPARATOR = "|"
"""Between the technologies of a cell."""

_ATTRIBUTE = "attributes."


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
    rows = _of_json(path, text) if path.suffix == ".json" else _of_csv(text)
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
            yield domain, lead_of(fields, strict=True)
        except msgspec.ValidationError as error:
            raise StartProblem(f"{where}: {error}") from error


def _of_csv(text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    reader = csv.DictReader(StringIO(text))
    for row in reader:
        fields: dict[str, object] = {}
        attributes: dict[str, object] = {}
        for column, cell in row.items():
            name, value = str(column), (cell or "").strip() if isinstance(cell, str) else cell
            if name.startswith(_ATTRIBUTE):
                attributes |= {name.removeprefix(_ATTRIBUTE): value} if value else {}
            elif name == "technologies" and isinstance(value, str):
                fields[name] = [one.strip() for one in value.split(SEPARATOR) if one.strip()]
            else:
                fields[name] = value
        yield f"line {reader.line_num}", {**fields, "attributes": attributes}


def _of_json(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        found = msgspec.json.decode(text.encode(), type=list[dict[str, object]])
    except msgspec.DecodeError as error:
        raise StartProblem(f"{path}: {error}; give a list of objects") from error
    for number, row in enumerate(found, 1):
        yield f"company {number}", row
