"""Accounts of a file in the order in which they can be stored."""

from pathlib import Path

import pytest

from scoring_service.cli.files.import_accounts import read
from scoring_service.cli.files.results import Tally
from scoring_service.domain.schema import AttributeType


def _read(folder: Path, text: str) -> tuple[list[tuple[int, str]], list[int]]:
    """Lines and ids in the order of storing, and the lines that were left out."""
    file = folder / "accounts.csv"
    file.write_text(text)
    tally = Tally(str(file), "stored")
    found = read(str(file), {"seats": AttributeType.INTEGER}, tally)
    lines = [line for line, _ in tally.left_out]
    return [(line, account.account_id) for line, account in found], lines


@pytest.mark.parametrize(
    ("text", "order", "left_out"),
    [
        pytest.param("a,\nb,\n", [(2, "a"), (3, "b")], [], id="as they stand in the file"),
        pytest.param("a,b\nb,\n", [(3, "b"), (2, "a")], [], id="a parent before its child"),
        pytest.param(
            "a,b\nb,c\nc,\n", [(4, "c"), (3, "b"), (2, "a")], [], id="and its parent before it"
        ),
        pytest.param(
            "a,b\nb,a\nc,\n", [(4, "c"), (2, "a"), (3, "b")], [], id="those of a loop at the end"
        ),
        pytest.param("a,z\n", [(2, "a")], [], id="a parent that is elsewhere"),
        pytest.param("a,\nb,,,\nc,\n", [(2, "a"), (4, "c")], [3], id="without a bad row"),
        pytest.param("", [], [], id="none"),
    ],
)
def test_accounts_come_in_the_order_of_their_parents(
    tmp_path: Path, text: str, order: list[tuple[int, str]], left_out: list[int]
) -> None:
    assert _read(tmp_path, "account_id,parent_id\n" + text) == (order, left_out)


def test_an_attribute_that_is_no_number_leaves_its_account_out(tmp_path: Path) -> None:
    text = "account_id,seats\na,12\nb,many\n"
    assert _read(tmp_path, text) == ([(2, "a")], [3])
