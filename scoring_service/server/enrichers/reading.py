"""The file that names who is asked about companies."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from scoring_service.api.enriching import Enricher
from scoring_service.policy.document import compose
from scoring_service.policy.mistake import Mistakes
from scoring_service.server.enrichers.company_file import company_file
from scoring_service.server.enrichers.company_http import PLACE, SECONDS_MAX, CompanyHttp
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.urls import mistake_in

ENRICHERS_MAX = 5

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=50, pattern="^[a-z0-9_-]+$")]


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One enricher: a `file` beside this one, or a `url` in which `{domain}` stands; `token` names
    the environment variable that holds the token it is asked with.
    """

    name: Name
    file: str = ""
    url: str = ""
    token: str = ""
    seconds: Annotated[float, msgspec.Meta(gt=0, le=SECONDS_MAX)] = SECONDS_MAX


class _File(msgspec.Struct, forbid_unknown_fields=True):
    enrichers: tuple[_Entry, ...] = ()


def enrichers_in(
    file: Path, environment: Mapping[str, str], clock: Callable[[], float]
) -> tuple[Enricher, ...]:
    """Who is asked, in the order in which they are believed.

    Raises StartProblem that names the place and the remedy.
    """
    try:
        document = compose(file.name, file.read_bytes())
        found = msgspec.convert(document.value, _File)
    except OSError as error:
        raise StartProblem(f"cannot read {file}: {error.strerror}") from error
    except (Mistakes, msgspec.ValidationError) as error:
        raise StartProblem(f"{file} does not load: {error}") from error
    if len(found.enrichers) > ENRICHERS_MAX:
        raise StartProblem(f"{file} names more than {ENRICHERS_MAX} enrichers")
    names = [entry.name for entry in found.enrichers]
    for name in names:
        if names.count(name) > 1:
            raise StartProblem(f"{file} names two enrichers {name!r}; give each its own name")
    return tuple(_enricher(file, entry, environment, clock) for entry in found.enrichers)


def _enricher(
    file: Path, entry: _Entry, environment: Mapping[str, str], clock: Callable[[], float]
) -> Enricher:
    place = f"{file}, enricher {entry.name!r}"
    if bool(entry.file) == bool(entry.url):
        raise StartProblem(f"{place}: give it either a file or a url")
    if entry.file:
        return company_file(entry.name, file.parent / entry.file)
    if wrong := mistake_in(entry.url) or _mistake_in_place(entry.url):
        raise StartProblem(f"{place}: {entry.url!r} {wrong}")
    token = environment.get(entry.token, "") if entry.token else ""
    if entry.token and not token:
        raise StartProblem(f"{place}: the environment has no {entry.token}; put the token there")
    return CompanyHttp(entry.name, entry.url, clock, token, entry.seconds)


def _mistake_in_place(url: str) -> str:
    """A lead must not choose the host: that is told the token."""
    parts = urlsplit(url)
    if PLACE in parts.netloc:
        return f"has {PLACE} in its host; write it behind that"
    if PLACE not in parts.path + parts.query:
        return f"does not say where the domain of a company goes; write {PLACE} there"
    return ""
