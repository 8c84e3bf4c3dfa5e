"""What is measured, in Prometheus' terms."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from scoring_service.server.health_gauges import HealthGauges

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
LAG_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
ITEMS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000)
ENDED_AT_ONCE = 64
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """All metrics of one server, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        on = self.registry
        self.calls = Counter(
            "leadscoring_calls",
            "Calls that ended, by method and code",
            ("method", "code"),
            registry=on,
        )
        self.call_seconds = Histogram(
            "leadscoring_call_seconds",
            "Time a call took",
            ("method",),
            buckets=SECONDS,
            registry=on,
        )
        self.policy = Gauge(
            "leadscoring_policy_active", "1 for the policy that decides", ("revision",), registry=on
        )
        self.model = Gauge(
            "leadscoring_model_active",
            "1 for the model that win probabilities are of",
            ("version",),
            registry=on,
        )
        self.reloads = Counter(
            "leadscoring_policy_reload", "Rule folders that were loaded and activated", registry=on
        )
        self.reload_failures = Counter(
            "leadscoring_policy_reload_failures", "Rule folders that were refused", registry=on
        )
        self.reload_failed = Gauge(
            "leadscoring_policy_reload_failed",
            "1 while the folder is refused",
            registry=on,
        )
        self.guard_leads = Gauge(
            "leadscoring_policy_guard_leads",
            "Leads that the guard looked at when rules were last loaded",
            registry=on,
        )
        self.guard_changed = Gauge(
            "leadscoring_policy_guard_owners_changed",
            "Of them, those that the rules would give another owner",
            registry=on,
        )
        self.ready = Gauge("leadscoring_ready", "1 while calls are answered", registry=on)
        self._of_the_store(on)
        self.loop_lag = Histogram(
            "leadscoring_loop_lag_seconds",
            "By how much the event loop was late",
            buckets=LAG_SECONDS,
            registry=on,
        )
        self.health = HealthGauges(on)
        self._ended: list[tuple[str, str, float]] = []
        self._by_method: dict[tuple[str, str], tuple[Counter, Histogram]] = {}

    def _of_the_store(self, on: CollectorRegistry) -> None:
        self.trouble = Counter(
            "leadscoring_store_trouble",
            "What hinders the writer",
            ("what",),
            registry=on,
        )
        self.batch_units = Histogram(
            "leadscoring_writer_batch_units",
            "Units of work that the writer stored in one transaction",
            buckets=ITEMS,
            registry=on,
        )
        self.timers_failed = Gauge(
            "leadscoring_timers_failed",
            "Timers that raised and wait to be tried again",
            registry=on,
        )

    def call_ended(self, method: str, code: str, seconds: float) -> None:
        """Count a call, with others or when somebody asks."""
        self._ended.append((method, code, seconds))
        if len(self._ended) == ENDED_AT_ONCE:
            self._count()

    def _count(self) -> None:
        for method, code, seconds in self._ended:
            found = self._by_method.get((method, code))
            if found is None:
                found = self.calls.labels(method, code), self.call_seconds.labels(method)
                self._by_method[method, code] = found
            found[0].inc()
            found[1].observe(seconds)
        self._ended.clear()

    def watch(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """A gauge that is read whenever somebody asks."""
        Gauge(name, meaning, registry=self.registry).set_function(value)

    def policy_is(self, revision: str, model: str = "") -> None:
        """This revision decides from now on, with this model ("" for none)."""
        for gauge, name in ((self.policy, revision), (self.model, model)):
            gauge.clear()
            if name:
                gauge.labels(name).set(1)

    def judged(self, leads: int, changed: int) -> None:
        """A guard looked at so many leads, and counted so many with another owner."""
        self.guard_leads.set(leads)
        self.guard_changed.set(changed)

    def exposition(self) -> bytes:
        """Everything, as Prometheus reads it."""
        self._count()
        return generate_latest(self.registry)
