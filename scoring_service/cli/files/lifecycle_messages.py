"""Rows of a file as messages of the lifecycle: where a lead begins, and what one did."""

from collections.abc import Mapping
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from leadscoring.v1 import lifecycle_pb2, types_pb2

from scoring_service.cli.files.rows import BadRow, shown
from scoring_service.cli.instant import instant_in
from scoring_service.policy.mistake import did_you_mean
from scoring_service.values.stage import Stage

INITIAL = ("stage", "owner", "entered_at", "outcome", "reason")
"""Columns that say where a new lead begins."""

SUBJECT = ("lead_id", "email")
"""Columns that say whose activity it is."""

OWNERS = {"rep": "rep_id", "queue": "queue", "track": "track"}
_TEXTS = ("activity_id", "type", "source", "medium", "campaign", "channel")


def initial_of(row: Mapping[str, Any]) -> lifecycle_pb2.InitialState | None:
    """Where the row's lead begins; None where the row does not say.

    An owner is `rep:ann`, `queue:west` or `track:newsletter`; without a kind it is a rep.
    """
    given = {name: _text(name, row[name]) for name in INITIAL if row.get(name) is not None}
    if not given:
        return None
    message = lifecycle_pb2.InitialState(
        stage=_stage_of(given.get("stage", "")),
        outcome=given.get("outcome", ""),
        reason=given.get("reason", ""),
    )
    if "entered_at" in given:
        message.entered_at.CopyFrom(instant_of("entered_at", given["entered_at"]))
    if "owner" in given:
        kind, owner_id = _owner_of(given["owner"])
        setattr(message, kind, owner_id)
    return message


def _stage_of(cell: str) -> types_pb2.Stage.ValueType:
    if not cell:
        return types_pb2.STAGE_UNSPECIFIED
    if cell.lower() not in set(Stage):
        raise BadRow(f"stage: {shown(cell)} is no stage; {did_you_mean(cell.lower(), list(Stage))}")
    return types_pb2.Stage.Value(f"STAGE_{cell.upper()}")


def _owner_of(cell: str) -> tuple[str, str]:
    kind, colon, owner_id = cell.partition(":")
    if not colon:
        return "rep_id", cell
    if kind not in OWNERS:
        raise BadRow(f"owner: {shown(cell)} is none; write rep:ID, queue:NAME or track:NAME")
    return OWNERS[kind], owner_id


def subject_of(row: Mapping[str, Any]) -> tuple[str, str]:
    """Whose activity it is: "lead_id" or "email", and which."""
    for name in SUBJECT:
        if row.get(name):
            return name, _text(name, row[name])
    raise BadRow("lead_id: says nobody's; give the lead_id of a stored lead, or an email")


def activity_of(row: Mapping[str, Any], *, beside: tuple[str, ...] = SUBJECT) -> types_pb2.Activity:
    """The row's activity; a column that is none of an activity's, nor `beside` it, is refused by
    name.
    """
    columns = (*_TEXTS, "occurred_at", *beside)
    unknown = set(row) - set(columns)
    if unknown:
        name = min(unknown)
        raise BadRow(f"{name}: is no column of an activity; {did_you_mean(name, columns)}")
    message = types_pb2.Activity()
    for name in _TEXTS:
        if row.get(name) is not None:
            setattr(message, name, _text(name, row[name]))
    if row.get("occurred_at") is not None:
        message.occurred_at.CopyFrom(instant_of("occurred_at", row["occurred_at"]))
    return message


def instant_of(name: str, cell: object) -> Timestamp:
    """An ISO 8601 instant or date; one without an offset is taken as UTC.

    >>> instant_of("occurred_at", "2026-03-31").ToJsonString()
    '2026-03-31T00:00:00Z'
    """
    text, stamp = _text(name, cell), Timestamp()
    try:
        stamp.FromDatetime(instant_in(text))
    except ValueError as error:
        raise BadRow(f"{name}: {error}") from None
    return stamp


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadRow(f"{name}: {shown(value)} is no text; put it in quotes")
    return value
