"""Reasons that say they bring a lead back and do not."""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]
TRACKS = "tracks: {welcome-nurture: {owner: marketing}, not-now: {owner: marketing}}\n"


def lifecycle(reasons: str, more: str = "recycles_max: 0\n") -> str:
    return f"{TRACKS}slas: {{accept: 4bh, hot: 0.25bh}}\n{more}{reasons}"


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        pytest.param("", [], id="none but those that there always are"),
        pytest.param("reasons:\n  later: {then: recycle, reevaluate: 9d}\n", ["later"],
                     id="one that recycles"),
        pytest.param("reasons:\n  not_worked: {then: recycle, reevaluate: 9d}\n", [],
                     id="that nobody worked it, which does not count"),
        pytest.param("reasons:\n  rude: {then: disqualify}\n", [], id="one that disqualifies"),
        pytest.param("reasons:\n  other_desk: {then: reroute}\n", [], id="one that routes anew"),
        pytest.param("reasons:\n  later: {then: recycle, reevaluate: 9d}\n"
                     "  rude: {then: disqualify}\n"
                     "  budget: {then: recycle, tracks: [not-now], reevaluate: 9d}\n",
                     ["later", "budget"], id="each that recycles"),
    ],
)  # fmt: skip
def test_a_reason_that_brings_no_lead_back_is_told(
    found: Said, reasons: str, told: list[str]
) -> None:
    text = lifecycle(reasons)
    lines = [line for line in found(lifecycle=text) if line.startswith("lifecycle.yaml")]
    written = text.splitlines()
    assert lines == [
        f"lifecycle.yaml:{next(n for n, w in enumerate(written, 1) if w.startswith(f'  {name}:'))}:"
        f" $.reasons.{name}: no lead comes back from '{name}': with recycles_max 0 it disqualifies;"
        " raise recycles_max, or write 'then: disqualify'"
        for name in told
    ]


@pytest.mark.parametrize("more", ["", "recycles_max: 1\n", "recycles_max: 3\n"])
def test_where_leads_may_come_back_once_nothing_is_told(found: Said, more: str) -> None:
    text = lifecycle("reasons:\n  later: {then: recycle, reevaluate: 9d}\n", more)
    assert [line for line in found(lifecycle=text) if line.startswith("lifecycle.yaml")] == []
