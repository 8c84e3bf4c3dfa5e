"""The health of a model as metrics: what was judged is shown, what was not is not."""

import math

import pytest
from prometheus_client import CollectorRegistry

from scoring_service.domain.calibration.health import Check, Finding, Health, Level
from scoring_service.server.health_gauges import HealthGauges

PREFIX = "leadscoring_model_"


class Board:
    """Gauges in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.gauges = HealthGauges(self.registry)

    def value(self, name: str, **labels: str) -> float | None:
        """What a gauge shows; None where it shows nothing under these labels."""
        return self.registry.get_sample_value(f"{PREFIX}{name}", labels)

    def show(self, *findings: Finding) -> None:
        self.gauges.show(Health("m1", 500.0, findings))


def finding(check: Check, subject: str = "employees", **fields: object) -> Finding:
    """A finding that is fine unless it is said otherwise."""
    known = {"level": Level.FINE, "value": 0.2, "before": 0.1, "leads": 500.0, "sentence": "."}
    return Finding(check, subject, **{**known, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "name", "labels", "shown"),
    [
        pytest.param(
            finding(Check.DRIFT, value=0.3), "psi", {"feature": "employees"}, 0.3, id="a drift"
        ),
        pytest.param(
            finding(Check.MISSING, value=0.4),
            "missing",
            {"feature": "employees"},
            0.4,
            id="missing values",
        ),
        pytest.param(
            finding(Check.CALIBRATION, "", value=30.0, before=40.0),
            "won_to_expected",
            {},
            0.75,
            id="wins over what was expected of them",
        ),
        pytest.param(
            finding(Check.ACCEPTANCE, "", value=0.6, before=0.8),
            "mqls_accepted",
            {},
            0.6,
            id="MQLs that sales accepted",
        ),
    ],
)
def test_a_finding_is_shown_under_its_own_name(
    found: Finding, name: str, labels: dict[str, str], shown: float
) -> None:
    board = Board()
    board.show(found)
    assert board.value(name, **labels) == pytest.approx(shown)
    assert board.value("health_leads") == 500


@pytest.mark.parametrize("check", Check)
def test_what_was_not_judged_for_want_of_leads_is_not_shown(check: Check) -> None:
    board = Board()
    board.show(finding(check, level=Level.TOO_FEW))
    assert board.value("psi", feature="employees") is None
    assert board.value("missing", feature="employees") is None
    for name in ("won_to_expected", "mqls_accepted"):
        found = board.value(name)
        assert found is not None
        assert math.isnan(found)


def test_alarms_are_counted_by_what_is_looked_at_and_none_is_0() -> None:
    board = Board()
    board.show(
        finding(Check.DRIFT, "employees", level=Level.ALARM),
        finding(Check.DRIFT, "source", level=Level.ALARM),
        finding(Check.DRIFT, "country", level=Level.WATCH),
        finding(Check.MISSING, "source", level=Level.ALARM),
    )
    counts = {check: board.value("alarms", check=check.value) for check in Check}
    assert counts == {
        Check.DRIFT: 2,
        Check.MISSING: 1,
        Check.CALIBRATION: 0,
        Check.ACCEPTANCE: 0,
    }


def test_what_is_no_longer_found_is_no_longer_shown() -> None:
    board = Board()
    board.show(finding(Check.DRIFT, "employees"), finding(Check.ACCEPTANCE, ""))
    board.show(finding(Check.DRIFT, "source"))
    assert board.value("psi", feature="employees") is None
    assert board.value("psi", feature="source") == 0.2
    accepted = board.value("mqls_accepted")
    assert accepted is not None
    assert math.isnan(accepted)


def test_of_another_model_nothing_is_known() -> None:
    board = Board()
    board.show(finding(Check.DRIFT, level=Level.ALARM), finding(Check.MISSING))
    board.gauges.clear()
    assert board.value("health_leads") == 0
    assert board.value("psi", feature="employees") is None
    assert board.value("missing", feature="employees") is None
    assert board.value("alarms", check="drift") is None
