"""attributes.yaml: what a lead may carry beside the typed fields, and how these are narrowed."""

import re
from collections.abc import Iterator

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType, Schema
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.reading import Shape, read_each
from scoring_service.policy.mistake import Mistake
from scoring_service.values.stage import PATH, Stage

ATTRIBUTES_MAX = 1000

# fmt: off
RESERVED = frozenset([
    "account", "score", "activity", "stage", "email_domain", "website_domain", "lead_id",
    "do_not_contact", "attributes", "and", "or", "not", "in", "is", "if", "else", "elif", "for",
    "while", "true", "false", "null", "inf", "nan",
])
# fmt: on
"""Names that conditions already use for something else."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TEXTUAL = frozenset({AttributeType.TEXT, AttributeType.TEXTS})
_NUMERIC = frozenset({AttributeType.INTEGER, AttributeType.NUMBER})


class AttributeEntry(Shape, frozen=True):
    """`{type: text, values: [...], min:, max:, required_by: sql}`; a typed field needs no type."""

    type: AttributeType | None = None
    values: tuple[str, ...] | None = None
    min: float | None = None
    max: float | None = None
    required_by: Stage | None = None


def schema(document: Document) -> tuple[Schema, list[Mistake]]:
    """Every attribute by name, the typed fields first; and what is wrong with them."""
    found = {name: Attribute(name, kind, typed=True) for name, kind in TYPED_FIELDS.items()}
    entries, mistakes = read_each(document, AttributeEntry)
    if len(entries) > ATTRIBUTES_MAX:
        what = f"{len(entries):,} attributes are more than {ATTRIBUTES_MAX:,}"
        mistakes.append(document.mistake((), what, "keep those that rules use"))
    for name, entry in entries.items():
        mistakes.extend(_wrong(document, name, entry))
        if not _is_name(name):
            continue
        kind = TYPED_FIELDS.get(name) or entry.type or AttributeType.TEXT
        found[name] = Attribute(
            name,
            kind,
            values=frozenset(entry.values or ()),
            min=entry.min,
            max=entry.max,
            required_by=entry.required_by.value if entry.required_by else None,
            typed=name in TYPED_FIELDS,
        )
    return found, mistakes


def _wrong(document: Document, name: str, entry: AttributeEntry) -> Iterator[Mistake]:
    path: Path = (name,)
    yield from _wrong_name(document, name)
    kind = TYPED_FIELDS.get(name, entry.type)
    if kind is None:
        remedy = f"add 'type:', one of {', '.join(AttributeType)}"
        yield document.mistake(path, "a declared attribute needs a type", remedy)
        return
    if entry.type not in (None, kind):
        what = f"{name} is a field of every lead, of type {kind}"
        yield document.mistake((name, "type"), what, f"write 'type: {kind}' or leave it out")
    yield from _wrong_limits(document, name, kind, entry)
    if entry.required_by is not None and entry.required_by not in PATH:
        what = f"{entry.required_by} is not on the path of a lead"
        remedy = f"choose one of {', '.join(PATH)}"
        yield document.mistake((name, "required_by"), what, remedy)


def _is_name(name: str) -> bool:
    return name not in RESERVED and _NAME.fullmatch(name) is not None


def _wrong_name(document: Document, name: str) -> Iterator[Mistake]:
    if name in RESERVED:
        what = f"conditions use the name '{name}' for something else"
        yield document.mistake((name,), what, "choose another name")
    elif not _is_name(name):
        what = f"'{name}' is no name that a condition can use"
        yield document.mistake((name,), what, "use a-z, 0-9 and _, starting with a letter")


def _wrong_limits(
    document: Document, name: str, kind: AttributeType, entry: AttributeEntry
) -> Iterator[Mistake]:
    if entry.values is not None and kind not in _TEXTUAL:
        what = f"a list of values does not go with type {kind}"
        yield document.mistake((name, "values"), what, "use min and max, or make it a text")
    if entry.values is not None and len(set(entry.values)) < max(1, len(entry.values)):
        what = "the values are empty or name one twice"
        yield document.mistake((name, "values"), what, "list each allowed value once")
    for bound in ("min", "max"):
        if getattr(entry, bound) is not None and kind not in _NUMERIC:
            what = f"'{bound}' does not go with type {kind}"
            yield document.mistake((name, bound), what, "remove it, or make it a number")
    if entry.min is not None and entry.max is not None and entry.min > entry.max:
        what = f"min {entry.min:.15g} is above max {entry.max:.15g}"
        yield document.mistake((name, "min"), what, "exchange them")
