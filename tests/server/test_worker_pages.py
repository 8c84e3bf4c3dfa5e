"""What the workers of a server measured and said, put together."""

import json
from http import HTTPStatus
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from scoring_service.server.http import JSON, Page
from scoring_service.server.metrics import Metrics
from scoring_service.server.worker_pages import WorkerMetrics, readyz

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def counted(**calls: int) -> bytes:
    """What a worker tells that had so many calls of each method."""
    metrics = Metrics()
    for method, times in calls.items():
        for _ in range(times):
            metrics.call_ended(method, "OK", 0.004)
    return metrics.exposition()


def samples(text: bytes) -> Samples:
    """Every sample by its name and labels; the name of each family stands once."""
    families = list(text_string_to_metric_families(text.decode()))
    assert len({family.name for family in families}) == len(families)
    found = [sample for family in families for sample in family.samples]
    by_labels = {(one.name, tuple(sorted(one.labels.items()))): one.value for one in found}
    assert len(by_labels) == len(found), "a sample is told twice"
    return by_labels


def test_each_worker_s_samples_are_told_once_under_its_number() -> None:
    told = {1: counted(Score=3, Route=1), 2: counted(Score=4)}
    found = samples(WorkerMetrics(2).exposition(told, {1: True, 2: True}))
    calls = {
        (dict(labels)["method"], dict(labels)["worker"]): value
        for (name, labels), value in found.items()
        if name == "leadscoring_calls_total"
    }
    assert calls == {("Score", "1"): 3, ("Route", "1"): 1, ("Score", "2"): 4}


def test_the_sum_over_workers_is_what_one_server_would_have_told() -> None:
    told = {1: counted(Score=3, Route=1), 2: counted(Score=4, Route=2)}
    summed: dict[Any, float] = {}
    for (name, labels), value in samples(WorkerMetrics(2).exposition(told, {})).items():
        kept = (name, tuple(pair for pair in labels if pair[0] != "worker"))
        summed[kept] = summed.get(kept, 0) + value
    for (name, labels), value in samples(counted(Score=7, Route=3)).items():
        if name.startswith("leadscoring_call") and "_created" not in name:
            assert summed[name, labels] == pytest.approx(value)


def test_how_many_serve_and_were_started_again_is_told_though_one_is_silent() -> None:
    metrics = WorkerMetrics(2)
    metrics.restarts.labels(2).inc()
    found = samples(metrics.exposition({1: counted(Score=1)}, {1: True, 2: False}))
    assert found["leadscoring_workers", ()] == 2
    for name, values in {
        "leadscoring_worker_up": (1, 0),
        "leadscoring_worker_restarts_total": (0, 1),
    }.items():
        assert tuple(found[name, (("worker", number),)] for number in "12") == values


SILENT = "serves, and does not answer"


def page(*, ready: bool = True, missing: str = "", detail: str = "") -> Page:
    body = {"ready": ready, "missing": missing, "revision": "abc", "detail": detail}
    return Page(HTTPStatus.OK, json.dumps(body).encode(), JSON)


@pytest.mark.parametrize(
    ("told", "ready", "missing", "detail"),
    [
        pytest.param([page(), page()], True, "", "", id="all-are-ready"),
        pytest.param([page(), None], True, "no answer", "", id="one-is-being-started-again"),
        pytest.param([page(), SILENT], False, "no answer", "", id="one-has-calls-and-stands-still"),
        pytest.param([None, None], False, "no answer", "", id="none-serves"),
        pytest.param([SILENT, SILENT], False, "no answer", "", id="none-answers"),
        pytest.param(
            [page(), page(ready=False, missing="no store")],
            False,
            "no store",
            "",
            id="one-has-calls-and-no-store",
        ),
        pytest.param(
            [page(), page(detail="refused")], True, "", "refused", id="one-refuses-its-folder"
        ),
    ],
)
def test_a_shared_port_is_ready_while_every_worker_that_runs_is(
    told: list[Page | str | None], ready: bool, missing: str, detail: str
) -> None:
    answers = {n: one if isinstance(one, Page) else None for n, one in enumerate(told, 1)}
    found = readyz(answers, {n for n, one in enumerate(told, 1) if one is not None})
    said = json.loads(found.body)
    assert (found.status == HTTPStatus.OK) == ready == said["ready"]
    assert (said["missing"], said["detail"]) == (missing, detail)
    assert [worker["worker"] for worker in said["workers"]] == [1, 2]
