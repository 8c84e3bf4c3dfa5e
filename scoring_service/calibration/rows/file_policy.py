"""What the rules make of a file's leads: criteria, points of what they did, histories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.activity_file import activities_of
from scoring_service.calibration.rows.candidates import Dated, a_lead
from scoring_service.calibration.rows.criteria import criterion_columns
from scoring_service.calibration.rows.events import Events, activity_columns
from scoring_service.calibration.rows.file_features import attribute_names
from scoring_service.calibration.rows.file_leads import symbols_of
from scoring_service.calibration.rows.histories import histories_of
from scoring_service.calibration.rows.labels import Candidates
from scoring_service.calibration.rows.mapping import CREATED_AT, LEAD_ID, Mapping
from scoring_service.calibration.rows.sheet import Sheet
from scoring_service.calibration.table import Column, Integers, LeadHistory, Time
from scoring_service.domain.policy import Policy


@dataclass(frozen=True, slots=True, eq=False)
class OfRules:
    """Features and histories that need rules, and what should be said of them."""

    columns: tuple[Column, ...] = ()
    histories: tuple[LeadHistory, ...] = ()
    notes: tuple[str, ...] = ()


NOTHING = OfRules()


def of_rules(
    sheet: Sheet,
    every: Candidates,
    kept: Integers,
    known: Dated,
    activities: Sheet | None,
    mapping: Mapping,
    outcome: str,
    policy: Policy,
    horizon: timedelta | None,
) -> OfRules:
    """What the policy makes of the candidates: features of those `kept`, histories of all."""
    symbols = symbols_of(sheet, every, mapping, outcome, policy.schema)
    criteria, notes = criterion_columns(policy.scoring, [symbols[place] for place in kept])
    undeclared = _undeclared(sheet, mapping, outcome, policy)
    done: tuple[Column, ...] = ()
    events: Events | None = None
    if activities is not None:
        _need_times(activities.file, every.time)
        found = activities_of(activities, sheet, mapping, policy.scoring)
        events, taken = found.events, every.rows(kept)
        done, unseen = activity_columns(policy.scoring, events, taken.lead, taken.at)
        notes = (*found.notes, *notes, *unseen)
    histories = histories_of(
        every, symbols, _ids(sheet, every), known.get(CREATED_AT), events, horizon
    )
    return OfRules((*criteria, *done), histories, (*undeclared, *notes))


def _need_times(file: str, time: Time) -> None:
    if time is not Time.INSTANTS:
        raise CalibrationProblem(
            f"{file} has instants, so the leads need theirs: name the column of scored_at or"
            " created_at in the mapping file (columns: {...: scored_at})"
        )


def _undeclared(sheet: Sheet, mapping: Mapping, outcome: str, policy: Policy) -> tuple[str, ...]:
    names = map(mapping.name, attribute_names(sheet, mapping, outcome))
    unknown = [name for name in names if name not in policy.schema]
    if not unknown:
        return ()
    return (
        f"attributes.yaml does not declare {', '.join(unknown)}: a server with these rules cannot"
        " serve a model that uses them until it does",
    )


def _ids(sheet: Sheet, every: Candidates) -> Sequence[str]:
    cells = sheet.columns.get(LEAD_ID)
    rows = every.row.tolist()
    if cells is None:
        return [f"row {row + 1}" for row in rows]
    return [a_lead(cells, row) for row in rows]
