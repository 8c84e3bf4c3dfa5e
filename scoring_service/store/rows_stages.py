"""Rows of the stages that leads entered, to values and back."""

import msgspec

from scoring_service.store.connection import Row
from scoring_service.store.rows import text
from scoring_service.values.instant import instant, micros
from scoring_service.values.stored import StageEntry

_texts = msgspec.json.Decoder(tuple[str, ...]).decode
_arms = msgspec.json.Decoder(dict[str, str]).decode


class _Scored(msgspec.Struct, frozen=True):
    """Of a decision its score, as it is written."""

    score: msgspec.Raw


_scored = msgspec.json.Decoder(_Scored).decode


def stage_entry(row: Row) -> StageEntry:
    """A row of `stage_entries_of_leads`: without the score that a decision says."""
    lead_id, visit, cycle, stage_from, stage_to, at, actor, cause, reason, note, *rest = row
    owner, score, bars_missed, revision, model, arms, decision_id = rest
    missed, held = _texts(bars_missed), _arms(arms)
    where = (lead_id, visit, cycle, stage_from, stage_to, instant(at), actor, cause)
    why = (score, revision, reason, note, model, missed, held, decision_id)
    return StageEntry(*where, owner, *why)


def stage_entry_scored(row: Row) -> StageEntry:
    """A row of `stage_entries`: with the score of the decision, where that has it."""
    entry, decision = stage_entry(row[:-1]), row[-1]
    if decision is None:
        return entry
    return msgspec.structs.replace(entry, score=bytes(_scored(decision).score).decode())


def stage_row(entry: StageEntry) -> Row:
    """A stage entry for `record_stage`."""
    return (
        entry.lead_id,
        entry.visit,
        entry.cycle,
        entry.stage_from,
        entry.stage_to,
        micros(entry.at),
        entry.actor,
        entry.cause,
        entry.reason,
        entry.note,
        entry.owner,
        entry.score,
        text(entry.bars_missed),
        entry.revision,
        entry.model,
        text(entry.arms),
        entry.decision_id,
    )
