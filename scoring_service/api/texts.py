"""The limits of texts, checked over a whole message."""

from collections.abc import Iterator, Sequence

from google.protobuf.message import Message

from scoring_service.api.limits import TEXT_MAX
from scoring_service.domain.intake import Violation


def within_limits(texts: Sequence[str | None]) -> bool:
    """Whether none of the texts can be over TEXT_MAX bytes or holds a NUL character.

    False may be a false alarm; `violations` knows. (A character has at most 4 bytes.)
    """
    joined = "".join(filter(None, texts))
    if "\0" in joined:
        return False
    characters_max = TEXT_MAX if joined.isascii() else TEXT_MAX // 4
    if len(joined) <= characters_max:
        return True
    return len(max(filter(None, texts), key=len)) <= characters_max


def violations(message: Message, path: str = "") -> Iterator[Violation]:
    """Every text of a message that is too long or holds a NUL character, by its path."""
    for field, value in message.ListFields():
        place = f"{path}.{field.name}" if path else field.name
        for where, item in _items(place, value):
            if isinstance(item, str):
                yield from _of_text(where, item)
            elif isinstance(item, Message):
                yield from violations(item, where)


def _items(path: str, value: object) -> Iterator[tuple[str, object]]:
    if hasattr(value, "items"):
        for name, item in sorted(value.items()):
            yield f"{path}[{name[:60]}]", name
            yield f"{path}[{name[:60]}]", item
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        yield from ((f"{path}[{i}]", item) for i, item in enumerate(value))
    else:
        yield path, value


def _of_text(path: str, text: str) -> Iterator[Violation]:
    if "\0" in text:
        yield path.replace("\0", "?"), "holds a NUL character; leave it out"
    size = len(text.encode())
    if size > TEXT_MAX:
        yield path, f"{size} bytes; a text has at most {TEXT_MAX}"
