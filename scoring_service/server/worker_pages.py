"""The HTTP pages of a server with workers: those of its workers, put together."""

from collections.abc import Container, Iterable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from scoring_service.server.http import JSON, Page

SILENT = {"ready": False, "missing": "no answer", "revision": "", "detail": ""}
"""What is said of a worker that does not answer."""


class WorkerMetrics:
    """What the parent measures of its workers."""

    def __init__(self, workers: int) -> None:
        self.registry = CollectorRegistry()
        on = self.registry
        self.meant = Gauge("leadscoring_workers", "Workers that are meant to serve", registry=on)
        self.meant.set(workers)
        self.up = Gauge("leadscoring_worker_up", "1 while it serves", ("worker",), registry=on)
        self.restarts = Counter(
            "leadscoring_worker_restarts",
            "Times that a worker ended by itself and was started again",
            ("worker",),
            registry=on,
        )
        for number in range(1, workers + 1):
            self.restarts.labels(number)

    def exposition(self, told: Mapping[int, bytes], up: Mapping[int, bool]) -> bytes:
        """All metrics: the parent's, and what each worker told, labelled with its number."""
        for number, serves in up.items():
            self.up.labels(number).set(serves)
        together = CollectorRegistry()
        together.register(_Together([*self.registry.collect(), *_labelled(told)]))
        return generate_latest(together)


class _Together(Collector):
    """Metrics that were collected elsewhere; the samples of one name stand together."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._by_name: dict[str, Metric] = {}
        for metric in metrics:
            first = self._by_name.setdefault(metric.name, metric)
            if first is not metric:
                first.samples += metric.samples

    def collect(self) -> Iterable[Metric]:
        return self._by_name.values()

    def describe(self) -> Iterable[Metric]:
        return ()


def _labelled(told: Mapping[int, bytes]) -> Iterable[Metric]:
    for number, text in told.items():
        for metric in text_string_to_metric_families(text.decode()):
            metric.samples = [
                sample._replace(labels={**sample.labels, "worker": str(number)})
                for sample in metric.samples
            ]
            yield metric


def readyz(told: Mapping[int, Page | None], serving: Container[int]) -> Page:
    """200 while every worker that serves is ready, and one serves: a port that is shared has calls
    for each of them, also for one that stands still and tells nothing. What is wrong is that of the
    first worker of which something is.
    """
    workers = {number: _said(page) for number, page in told.items()}
    running = [said for number, said in workers.items() if number in serving]
    ready = bool(running) and all(said["ready"] for said in running)
    first = min(workers.values(), key=lambda said: (said["ready"], not said["detail"]))
    body = {
        "ready": ready,
        **{name: first[name] for name in ("missing", "revision", "detail")},
        "workers": [{"worker": number, **said} for number, said in workers.items()],
    }
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return Page(status, msgspec.json.encode(body) + b"\n", JSON)


def _said(page: Page | None) -> dict[str, Any]:
    found: dict[str, Any] = SILENT if page is None else msgspec.json.decode(page.body)
    return found
