"""Messages of the wire as plain rows: fields by their names, enums in lower case."""

import re
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

Row = dict[str, Any]
PACKAGE = "leadscoring."


def row_of(message: Message) -> Row:
    """A message as JSON would have it; zeros and falsehoods are said, what is absent is not."""
    row: Row = MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return _in_words(message.DESCRIPTOR, row)  # type: ignore[arg-type]


def _in_words(kind: Descriptor, row: Row) -> Row:
    return {name: _value(kind.fields_by_name[name], value) for name, value in row.items()}


def _value(field: FieldDescriptor, value: Any) -> Any:
    if isinstance(value, list):
        return [_value(field, item) for item in value]
    if field.enum_type is not None:
        return word(field.enum_type, str(value))
    inner = field.message_type
    if inner is None or not isinstance(value, dict) or inner.GetOptions().map_entry:
        return value
    return _in_words(inner, value) if inner.full_name.startswith(PACKAGE) else value


def word(kind: EnumDescriptor, name: str) -> str:
    """An enum value without the name of its enum.

    >>> from leadscoring.v1.types_pb2 import MatchedBy
    >>> word(MatchedBy.DESCRIPTOR, "MATCHED_BY_DOMAIN")
    'domain'
    """
    prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.name).upper()
    return name.removeprefix(f"{prefix}_").lower()
