"""The health of the current model as metrics."""

import math

from prometheus_client import CollectorRegistry, Gauge

from scoring_service.domain.calibration.health import Check, Health, Level


class HealthGauges:
    """What was last found of the current model; empty until it was looked at."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.psi = Gauge(
            "leadscoring_model_psi",
            "Population stability index of recent leads against training, by feature",
            ("feature",),
            registry=registry,
        )
        self.missing = Gauge(
            "leadscoring_model_missing",
            "Share of recent leads without a value, by feature",
            ("feature",),
            registry=registry,
        )
        self.won = Gauge(
            "leadscoring_model_won_to_expected",
            "Wins of the leads whose horizon has passed lately, over the sum of their P(won)",
            registry=registry,
        )
        self.accepted = Gauge(
            "leadscoring_model_mqls_accepted",
            "Share of recent MQLs that sales accepted",
            registry=registry,
        )
        self.leads = Gauge(
            "leadscoring_model_health_leads",
            "Recent leads that the health of the model was judged on",
            registry=registry,
        )
        self.alarms = Gauge(
            "leadscoring_model_alarms",
            "Alarms about the model, by what is looked at",
            ("check",),
            registry=registry,
        )

    def show(self, health: Health) -> None:
        """Show what was found; what was not judged, for want of leads, is not shown."""
        self.clear()
        self.leads.set(health.leads)
        for check in Check:
            raised = sum(alarm.check is check for alarm in health.alarms)
            self.alarms.labels(check.value).set(raised)
        for found in health.findings:
            if found.level is Level.TOO_FEW:
                continue
            if found.check is Check.DRIFT:
                self.psi.labels(found.subject).set(found.value)
            elif found.check is Check.MISSING:
                self.missing.labels(found.subject).set(found.value)
            elif found.check is Check.CALIBRATION:
                self.won.set(found.value / found.before)
            else:
                self.accepted.set(found.value)

    def clear(self) -> None:
        """Nothing is known, as of a model that has just become current."""
        for gauge in (self.psi, self.missing, self.alarms):
            gauge.clear()
        self.leads.set(0)
        for gauge in (self.won, self.accepted):
            gauge.set(math.nan)
