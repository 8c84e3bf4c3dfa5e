"""Documents into msgspec types; where that fails, every mistake with its own path and line."""

import re
import typing
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar

import msgspec

from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.spans import Span, written
from scoring_service.policy.mistake import Mistake, did_you_mean

T = TypeVar("T")

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""What somebody or something is called in a rule file."""

_LENGTH = re.compile(r"Expected str of length (<=|>=) (\d+)")
_KINDS = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "a map of keys",
    list: "a list",
    date: "a date",
    datetime: "an instant",
    NoneType: "nothing",
}


_EXAMPLES: Mapping[type, str] = {
    date: " such as 2025-01-15",
    datetime: " such as 2025-01-15T10:00:00Z",
}


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A map of a rule file: unknown keys are refused."""


def read(document: Document, kind: type[T], path: Path = ()) -> tuple[T | None, list[Mistake]]:
    """The value at `path` as `kind`, or None and every mistake in it."""
    value = at(document.value, path)
    try:
        return msgspec.convert(value, kind, dec_hook=written), []
    except msgspec.ValidationError as error:
        found = list(_explain(document, path, value, kind))
        return None, found or [_said(document, path, str(error))]


def read_each(document: Document, kind: type[T]) -> tuple[dict[str, T], list[Mistake]]:
    """The entries of a file that is a map of such, those that can be read; and every mistake."""
    if not isinstance(document.value, dict):
        return {}, list(_explain_leaf(document, (), document.value, dict))
    found: dict[str, T] = {}
    mistakes: list[Mistake] = []
    for name in document.value:
        entry, wrong = read(document, kind, (name,))
        mistakes.extend(wrong)
        if entry is not None:
            found[name] = entry
    return found, mistakes


def wrong_name(document: Document, name: str) -> Iterator[Mistake]:
    """What is wrong with a key at the top of a file that names its entry."""
    yield from _explain_leaf(document, (name,), name, Name)


def at(value: Any, path: Path) -> Any:
    """What stands at a path that exists."""
    for key in path:
        value = value[key]
    return value


def _explain(document: Document, path: Path, value: Any, kind: Any) -> Iterator[Mistake]:
    kind = _fitting(kind, value)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        yield from _explain_struct(document, path, value, kind)
    elif typing.get_origin(kind) is dict and isinstance(value, dict):
        of_key, of_item = typing.get_args(kind)
        for key, item in value.items():
            yield from _explain_leaf(document, (*path, key), key, of_key)
            yield from _explain(document, (*path, key), item, of_item)
    elif typing.get_origin(kind) is tuple and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _explain(document, (*path, index), item, typing.get_args(kind)[0])
    else:
        yield from _explain_leaf(document, path, value, kind)


def _fitting(kind: Any, value: Any) -> Any:
    """Of a union, the member whose kind of value this is; None is taken by `X | None`."""
    if typing.get_origin(kind) not in (UnionType, typing.Union):
        return kind
    options = [option for option in typing.get_args(kind) if option is not NoneType]
    if value is None and len(options) < len(typing.get_args(kind)):
        return NoneType
    if type(value) in options:
        return type(value)
    shapes: tuple[type, ...] = (dict, list)
    for option in options:
        origin = typing.get_origin(option) or option
        wants: type = dict if _is_map(origin) else list if origin is tuple else object
        if isinstance(value, wants) and (wants is not object or not isinstance(value, shapes)):
            return option
    return options[0]


def _is_map(origin: Any) -> bool:
    return origin is dict or (isinstance(origin, type) and issubclass(origin, msgspec.Struct))


def _explain_struct(
    document: Document, path: Path, value: dict[str, Any], kind: type[msgspec.Struct]
) -> Iterator[Mistake]:
    hints = typing.get_type_hints(kind, include_extras=True)
    names = dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))
    found = []
    for key, item in value.items():
        if key not in names:
            found.append(
                document.mistake((*path, key), f"unknown key '{key}'", did_you_mean(key, names))
            )
        else:
            found.extend(_explain(document, (*path, key), item, hints[names[key]]))
    required = (field for field in msgspec.structs.fields(kind) if field.required)
    missing = [field.encode_name for field in required if field.encode_name not in value]
    found.extend(
        document.mistake(path, f"the key '{key}' is missing", f"add '{key}:'") for key in missing
    )
    yield from found or _explain_whole(document, path, value, kind)


def _explain_leaf(document: Document, path: Path, value: Any, kind: Any) -> Iterator[Mistake]:
    base = typing.get_args(kind)[0] if typing.get_origin(kind) is typing.Annotated else kind
    if base is str and not isinstance(value, str):
        yield not_a_text(document, path, value)
    elif isinstance(base, type) and issubclass(base, Span):
        yield from _explain_whole(document, path, value, kind)
    elif isinstance(value, str) and (options := _options(base)):
        if value not in options:
            yield document.mistake(path, f"unknown value '{value}'", did_you_mean(value, options))
    elif (base := _container(base)) in _KINDS and not _is_a(value, base):
        what = f"{_said_of(document, path, value)} where {_KINDS[base]} is meant"
        yield document.mistake(path, what, f"write {_KINDS[base]}{_how(value, base)}")
    else:
        yield from _explain_whole(document, path, value, kind)


def _how(value: Any, base: type) -> str:
    """How to write it; a number in quotes, or as `.5` or `50%`, looks like one to who wrote it."""
    if isinstance(value, str) and base in (int, float):
        return " in digits, without quotes"
    return _EXAMPLES.get(base, "")


def _container(kind: Any) -> Any:
    origin = typing.get_origin(kind) or kind
    return dict if _is_map(origin) else list if origin is tuple else kind


def _is_a(value: Any, base: type) -> bool:
    if isinstance(value, bool):
        return base is bool
    return isinstance(value, int | float if base is float else base)


def _options(kind: Any) -> tuple[str, ...]:
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)
    values = getattr(kind, "__members__", {}).values()
    return tuple(str(member.value) for member in values)


def _explain_whole(document: Document, path: Path, value: Any, kind: Any) -> Iterator[Mistake]:
    try:
        msgspec.convert(value, kind, dec_hook=written)
    except msgspec.ValidationError as error:
        yield _said(document, path, str(error))


def _said(document: Document, path: Path, message: str) -> Mistake:
    """msgspec's own sentence, or ours ("what; remedy") passed through it."""
    sentence = message.partition(" - at `")[0].replace("`", "")
    what, _, remedy = sentence.partition("; ")
    if remedy:
        return document.mistake(path, what, remedy)
    if length := _LENGTH.fullmatch(sentence):
        what = "this is empty" if length[1] == ">=" else f"this is longer than {length[2]}"
        return document.mistake(path, what, "write a name")
    bound = sentence.removeprefix("Expected ").replace("int ", "a whole number ")
    what = f"{document.written(path) or 'this'} is not allowed here"
    return document.mistake(path, what, f"write {bound.replace('float ', 'a number ')}")


def not_a_text(document: Document, path: Path, value: Any) -> Mistake:
    """The mistake of a scalar that YAML reads as something else: NO is false, 2026-01-01 a date."""
    said = _said_of(document, path, value)
    what = f"{said} where a text is meant"
    text = document.written(path)
    return document.mistake(path, what, f"put it in quotes: '{text}'" if text else "write a text")


def _said_of(document: Document, path: Path, value: Any) -> str:
    text = document.written(path)
    if value is None:
        return "there is nothing"
    if isinstance(value, bool):
        as_value = str(value).lower()
        return f"{text} is read as {'true or false' if text == as_value else as_value}"
    if text is None:
        return f"there is {_KINDS[type(value)]}"
    kind = next(_KINDS[known] for known in (str, int, float, date) if isinstance(value, known))
    return f"{text} is read as {kind}"
