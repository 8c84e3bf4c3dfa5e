"""The shipped files, read whole: what is in them, and what is said of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.rows.mapping import mapping_of
from scoring_service.calibration.rows.read_file import read_file
from scoring_service.calibration.table import Kind, Readings, Time
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.server.folders import rule_files

EXAMPLES = Path(__file__).parents[3] / "examples"
BANK = EXAMPLES / "bank" / "bank-additional-full.csv.gz"
PIPELINE = EXAMPLES / "crm" / "sales_pipeline.csv.gz"

CRM = """
columns: {opportunity_id: lead_id, engage_date: scored_at, close_date: closed_at}
"""
DEMO = """
columns: {contact: contact_channel, campaign: calls_this_campaign}
missing: {"*": [unknown], pdays: [999]}
"""


@pytest.fixture(scope="module")
def bank() -> Readings:
    return read_file(BANK, outcome="y", ordered=True)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Readings:
    path = tmp_path_factory.mktemp("crm") / "mapping.yaml"
    path.write_text(CRM, encoding="utf-8")
    return read_file(PIPELINE, outcome="deal_stage", mapping=mapping_of(path))


def test_the_bank_file_has_every_call_and_every_column(bank: Readings) -> None:
    table = bank.table
    assert (len(table), int(table.won.sum()), table.time) == (41_188, 4_640, Time.ORDER)
    kinds = [column.kind for column in table.columns]
    assert (kinds.count(Kind.NUMBER), kinds.count(Kind.TEXT)) == (10, 10)
    assert table.column("job").levels[:3] == ("admin.", "blue-collar", "entrepreneur")
    assert bank.histories == ()


def test_the_bank_files_placeholders_and_equal_rows_are_pointed_out(bank: Readings) -> None:
    notes = bank.table.notes
    assert len(notes) == 8
    assert notes[0].startswith("12 rows the same as another in every column")
    assert {note.partition(" holds ")[0] for note in notes[1:]} == {
        "'job'", "'marital'", "'education'", "'default'", "'housing'", "'loan'", "'pdays'",
    }  # fmt: skip
    assert notes[-1].startswith("'pdays' holds '999' in 39,673 of 41,188 rows")


def test_the_bank_under_the_rules_of_the_demo(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(DEMO, encoding="utf-8")
    policy = load(source_of(rule_files(EXAMPLES / "demo" / "rules")))
    readings = read_file(BANK, outcome="y", ordered=True, mapping=mapping_of(path), policy=policy)
    table = readings.table
    criteria = {column.name for column in table.columns if column.kind is Kind.CRITERION}
    assert criteria <= {criterion.name for criterion in policy.scoring.fit}
    assert len(criteria) == 4
    mobile = table.column("reached on a mobile").values
    channel = table.column("contact_channel")
    assert np.array_equal(mobile == 1, channel.values == channel.levels.index("cellular"))
    assert int(table.column("pdays").missing.sum()) == 39_673
    assert len(readings.histories) == 41_188
    assert not any("stands for missing" in note for note in table.notes)


def test_the_pipeline_is_labelled_by_its_horizon(pipeline: Readings) -> None:
    table = pipeline.table
    assert table.time is Time.INSTANTS
    assert table.horizon is not None
    assert (len(table), table.horizon.days) == (6_525, 115)
    assert [column.name for column in table.columns] == [
        "sales_agent", "product", "account", "close_value",
    ]  # fmt: skip
    assert np.all(np.diff(table.scored_at) >= 0)


def test_what_the_pipeline_leaves_out_adds_up(pipeline: Readings) -> None:
    """8,800 opportunities: those never engaged, those too young, and the rows."""
    notes = pipeline.table.notes
    assert "left out: 500 rows (no scored_at)" in notes
    assert any(note.startswith("left out: 1,775 rows (their horizon ends") for note in notes)
    assert 500 + 1_775 + len(pipeline.table) == 8_800
    assert any(note.startswith("the first win closes on 2017-03-01, and 342") for note in notes)


def test_two_readings_are_equal(bank: Readings) -> None:
    again: Any = read_file(BANK, outcome="y", ordered=True)
    assert again.table.digest == bank.table.digest
    for one, other in zip(again.table.columns, bank.table.columns, strict=True):
        assert np.array_equal(one.values, other.values, equal_nan=True)
