"""Which column of a file is which."""

from collections.abc import Iterable
from dataclasses import replace

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.mapping import ColumnType, Mapping
from scoring_service.calibration.rows.sheet import Sheet
from scoring_service.policy.mistake import did_you_mean


def with_known_names(sheet: Sheet, mapping: Mapping) -> Sheet:
    """The sheet, its lead_id and instants under these names, without those that the mapping
    ignores; attributes keep the file's names.

    CalibrationProblem where two columns would have one name.
    """
    taken: dict[str, str] = {}
    for column in sheet.columns:
        name = mapping.name(column)
        if name in taken:
            raise CalibrationProblem(
                f"{sheet.file}: '{taken[name]}' and '{column}' would both be called '{name}';"
                " change the name under 'columns' in the mapping file"
            )
        taken[name] = column
    names = {column: called(column, mapping) for column in sheet.columns}
    ignored = {
        column
        for column in names
        if mapping.ours(column) and mapping.types.get(column) is ColumnType.IGNORE
    }
    kept = {column: cells for column, cells in sheet.columns.items() if column not in ignored}
    return _renamed(replace(sheet, columns=kept), names)


def called(column: str, mapping: Mapping) -> str:
    """What a column of the file is called in the sheet that `with_known_names` gives."""
    return mapping.name(column) if mapping.ours(column) else column


def with_needed_names(sheet: Sheet, mapping: Mapping, needed: Iterable[str]) -> Sheet:
    """The sheet, its columns under the needed names that they have not yet and the mapping gives
    them.
    """
    missing = {name for name in needed if name not in sheet.columns}
    names = {column: name for column in sheet.columns if (name := mapping.name(column)) in missing}
    return _renamed(sheet, names)


def _renamed(sheet: Sheet, names: dict[str, str]) -> Sheet:
    columns = {names.get(column, column): cells for column, cells in sheet.columns.items()}
    return replace(sheet, columns=columns)


def check_mapping(mapping: Mapping, file: str, columns: Iterable[str]) -> None:
    """CalibrationProblem where the mapping speaks of a column that is not there."""
    known = set(columns)
    for column in mapping.named():
        if column not in known:
            raise CalibrationProblem(
                f"the mapping file speaks of the column '{column}', which {file} has not;"
                f" {did_you_mean(column, known)}"
            )


def outcome_column(sheet: Sheet, mapping: Mapping, asked: str) -> str:
    """The column of outcomes, asked for by the file's name or by the mapping's."""
    for column in sheet.columns:
        if asked in (column, mapping.name(column)):
            return column
    raise CalibrationProblem(
        f"{sheet.file} has no column '{asked}' to take the outcome from;"
        f" {did_you_mean(asked, sheet.columns)}"
    )
