"""Whole files, held against a reading row by row with the standard library alone."""

import csv
import gzip
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from scoring_service.calibration.rows.mapping import Mapping, mapping_of
from scoring_service.calibration.rows.read_file import read_file
from scoring_service.calibration.table import Column, Kind, TrainingTable
from scoring_service.values.instant import micros

EXAMPLES = Path(__file__).parents[3] / "examples"
Rows = list[dict[str, str]]


def rows_of(path: Path, separator: str) -> Rows:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


def cell(column: Column, row: int) -> float | str | None:
    """What a feature says of a row, as the file would."""
    value = column.values[row]
    if column.kind is Kind.TEXT:
        return None if value < 0 else column.levels[int(value)]
    return None if np.isnan(value) else float(value)


def agrees(column: Column, rows: Rows, name: str) -> bool:
    for place, row in enumerate(rows):
        said, text = cell(column, place), row[name].strip()
        expected = float(text) if column.kind is Kind.NUMBER and text else text or None
        if said != expected:
            return False
    return True


@pytest.fixture(scope="module")
def calls() -> Rows:
    return rows_of(EXAMPLES / "bank" / "bank-additional-full.csv.gz", ";")


@pytest.fixture(scope="module")
def bank() -> TrainingTable:
    path = EXAMPLES / "bank" / "bank-additional-full.csv.gz"
    return read_file(path, outcome="y", ordered=True).table


def test_every_cell_of_the_bank_is_what_the_file_says(bank: TrainingTable, calls: Rows) -> None:
    assert bank.won.tolist() == [row["y"] == "yes" for row in calls]
    wrong = [column.name for column in bank.columns if not agrees(column, calls, column.name)]
    assert wrong == []
    assert {column.name for column in bank.columns} == calls[0].keys() - {"y"}


def test_as_many_rows_equal_another_as_a_plain_count_finds(
    bank: TrainingTable, calls: Rows
) -> None:
    twice = len(calls) - len({tuple(row.values()) for row in calls})
    assert bank.notes[0].startswith(f"{twice} rows the same as another")


PIPELINE = EXAMPLES / "crm" / "sales_pipeline.csv.gz"
HORIZON = timedelta(days=100)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> TrainingTable:
    path = tmp_path_factory.mktemp("crm") / "mapping.yaml"
    path.write_text(
        "columns: {opportunity_id: lead_id, engage_date: scored_at, close_date: closed_at}\n"
    )
    mapping: Mapping = mapping_of(path)
    return read_file(PIPELINE, outcome="deal_stage", mapping=mapping, horizon=HORIZON).table


@pytest.fixture(scope="module")
def counted() -> Rows:
    """The opportunities that count, oldest first, ties by id: won and lost by the 100th day."""
    rows = rows_of(PIPELINE, ",")
    days = [row[name] for row in rows for name in ("engage_date", "close_date") if row[name]]
    latest = max(map(date.fromisoformat, days))
    old = [
        row
        for row in rows
        if row["engage_date"] and date.fromisoformat(row["engage_date"]) + HORIZON <= latest
    ]
    return sorted(old, key=lambda row: (row["engage_date"], row["opportunity_id"]))


def won(row: dict[str, str]) -> bool:
    begun, closed = row["engage_date"], row["close_date"]
    if row["deal_stage"] != "Won":
        return False
    return date.fromisoformat(closed) <= date.fromisoformat(begun) + HORIZON


def test_every_row_of_the_pipeline_is_what_a_plain_reading_says(
    pipeline: TrainingTable, counted: Rows
) -> None:
    assert len(pipeline) == len(counted)
    assert pipeline.won.tolist() == [won(row) for row in counted]
    for name in ("sales_agent", "product", "account", "close_value"):
        assert agrees(pipeline.column(name), counted, name)


def test_the_instants_of_the_pipeline(pipeline: TrainingTable, counted: Rows) -> None:
    scored = [datetime.fromisoformat(row["engage_date"]).replace(tzinfo=UTC) for row in counted]
    assert pipeline.scored_at.tolist() == [micros(at) for at in scored]
    assert pipeline.known_at.tolist() == [micros(at + HORIZON) for at in scored]
    assert pipeline.leads.tolist() == list(range(len(counted)))
    assert (pipeline.weights == 1).all()


def test_parquet_gives_the_same_table_as_the_csv(tmp_path: Path, calls: Rows) -> None:

    some = calls[::40]
    header = list(some[0])
    lines = [",".join(header), *(",".join(row.values()) for row in some)]
    (tmp_path / "calls.csv").write_text("\n".join(lines))
    typed: dict[str, Any] = {name: [row[name] for row in some] for name in header}
    for name in ("age", "duration", "campaign", "pdays", "previous"):
        typed[name] = pa.array([int(text) for text in typed[name]], pa.int32())
    for name in ("emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed"):
        typed[name] = [float(text) for text in typed[name]]
    typed["y"] = [text == "yes" for text in typed["y"]]
    pyarrow.parquet.write_table(pa.table(typed), tmp_path / "calls.parquet")
    one, other = (
        read_file(tmp_path / name, outcome="y", ordered=True).table
        for name in ("calls.csv", "calls.parquet")
    )
    assert one.won.tolist() == other.won.tolist()
    assert [column.name for column in one.columns] == [column.name for column in other.columns]
    for mine, theirs in zip(one.columns, other.columns, strict=True):
        assert (mine.kind, mine.type, mine.levels) == (theirs.kind, theirs.type, theirs.levels)
        np.testing.assert_array_equal(mine.values, theirs.values)
