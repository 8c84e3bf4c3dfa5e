"""What is told again and again has a time between: else the service would tell for ever at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scoring_service.domain.business_time.duration import BusinessDays, BusinessHours, Duration
from scoring_service.domain.lifecycle.lifecycle import Lifecycle
from scoring_service.policy.document import Document
from scoring_service.policy.files.lifecycle import defaults, lifecycle
from scoring_service.policy.files.names import names_in

Reading = Callable[[str], Document]


def read(reading: Reading, text: str) -> tuple[Lifecycle, list[str]]:
    found = reading(text)
    life, wrong = lifecycle(found, names_in({"lifecycle.yaml": found}))
    return life, [str(one).removeprefix("rules.yaml:") for one in wrong]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        pytest.param("top_again: 1m", timedelta(minutes=1), id="a minute"),
        pytest.param("top_again: 0.001bh", timedelta(seconds=3.6), id="seconds of business time"),
        pytest.param("top_again: 1bd", timedelta(days=1), id="a business day"),
    ],
)
def test_the_top_is_told_again_after_any_time(
    document: Reading, text: str, span: timedelta
) -> None:
    life, wrong = read(document, text)
    assert wrong == []
    again = life.top_again
    assert (
        timedelta(days=again.days) == span
        if isinstance(again, BusinessDays)
        else again.span == span
    )


@pytest.mark.parametrize("zero", ["0s", "0m", "0h", "0d", "0bh", "0bd", "0.0h"])
def test_after_no_time_the_top_is_not_told_again(document: Reading, zero: str) -> None:
    life, wrong = read(document, f"top_again: {zero}")
    assert wrong == [f"1: $.top_again: {zero} is not longer than zero; write a longer time"]
    assert life == defaults()


@pytest.mark.parametrize("zero", ["0s", "0h", "0bh", "0bd"])
def test_after_no_time_nobody_is_told_of_a_silent_opportunity_again(
    document: Reading, zero: str
) -> None:
    wrong = read(document, f"stale: {{opportunity: {{again: {zero}}}}}")[1]
    assert wrong == [
        "1: $.stale.opportunity.again: told again after no time at all, nobody would ever be told"
        " anything else; write a longer time"
    ]


@pytest.mark.parametrize(
    ("text", "stage", "act", "span"),
    [
        pytest.param("opportunity: {again: 1bd}", "opportunity", "again", BusinessDays(1),
                     id="the shortest of days"),
        pytest.param("opportunity: {overdue: 0bd}", "opportunity", "overdue", BusinessDays(0),
                     id="what comes once may come at once"),
        pytest.param("sal: {reassign: 0bh}", "sal", "reassign", BusinessHours(timedelta(0)),
                     id="in any stage"),
    ],
)  # fmt: skip
def test_other_times_may_be_as_short_as_is_wished(
    document: Reading, text: str, stage: str, act: str, span: Duration
) -> None:
    life, wrong = read(document, f"stale: {{{text}}}")
    assert wrong == []
    assert life.stale[stage][act] == span
    others = {key: value for key, value in life.stale[stage].items() if key != act}
    assert others == {k: v for k, v in defaults().stale[stage].items() if k != act}


def test_the_defaults_are_longer_than_nothing() -> None:
    assert defaults().top_again == BusinessHours(timedelta(hours=8))
    assert defaults().stale["opportunity"]["again"] == BusinessDays(10)
