"""What is measured, as Prometheus reads it: names, buckets, and what each call moves."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import CapturingLogger

from scoring_service.server.metrics import CONTENT_TYPE, ITEMS, LAG_SECONDS, SECONDS, Metrics
from scoring_service.server.options import Options
from scoring_service.server.stored import opened


def samples(metrics: Metrics, name: str) -> dict[tuple[tuple[str, str], ...], float]:
    """The samples of that very name, by their labels."""
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        tuple(sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
        if sample.name == name
    }


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """The value under these labels; None where there is none."""
    return samples(metrics, name).get(tuple(sorted(labels.items())))


def test_a_server_that_did_nothing_shows_no_call_and_no_policy() -> None:
    metrics = Metrics()
    assert samples(metrics, "leadscoring_calls_total") == {}
    assert samples(metrics, "leadscoring_policy_active") == {}
    assert samples(metrics, "leadscoring_model_active") == {}
    assert value(metrics, "leadscoring_ready") == 0
    assert value(metrics, "leadscoring_policy_reload_failures_total") == 0


def test_two_servers_of_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.call_ended("Route", "OK", 0.1)
    assert samples(other, "leadscoring_calls_total") == {}


calls = st.lists(
    st.tuples(
        st.sampled_from(["Route", "Score"]),
        st.sampled_from(["OK", "NOT_FOUND"]),
        st.floats(0, 20),
    ),
    max_size=30,
)


@given(calls)
def test_calls_are_counted_by_method_and_code_and_timed_by_method(
    ended: list[tuple[str, str, float]],
) -> None:
    metrics = Metrics()
    for method, code, seconds in ended:
        metrics.call_ended(method, code, seconds)
    for method in ("Route", "Score"):
        of_method = [call for call in ended if call[0] == method]
        timed = value(metrics, "leadscoring_call_seconds_count", method=method)
        assert (timed or 0) == len(of_method)
        spent = value(metrics, "leadscoring_call_seconds_sum", method=method) or 0
        assert spent == pytest.approx(sum(seconds for _, _, seconds in of_method))
        for code in ("OK", "NOT_FOUND"):
            counted = value(metrics, "leadscoring_calls_total", method=method, code=code)
            assert (counted or 0) == sum(call[1] == code for call in of_method)


@pytest.mark.parametrize(
    ("steps", "revisions", "models"),
    [
        pytest.param([("r1", "")], {"r1"}, set(), id="a policy without a model"),
        pytest.param([("r1", "m1")], {"r1"}, {"m1"}, id="a policy with one"),
        pytest.param([("r1", "m1"), ("r2", "m1")], {"r2"}, {"m1"}, id="the new one replaces it"),
        pytest.param([("r1", "m1"), ("r2", "")], {"r2"}, set(), id="a model that is gone is gone"),
        pytest.param([("r1", "m1"), ("", "")], set(), set(), id="none decides"),
    ],
)
def test_one_revision_and_one_model_are_active_at_a_time(
    steps: list[tuple[str, str]], revisions: set[str], models: set[str]
) -> None:
    metrics = Metrics()
    for revision, model in steps:
        metrics.policy_is(revision, model)
    active = samples(metrics, "leadscoring_policy_active")
    assert active == {(("revision", name),): 1.0 for name in revisions}
    served = samples(metrics, "leadscoring_model_active")
    assert served == {(("version", name),): 1.0 for name in models}


def test_a_watched_value_is_read_whenever_somebody_asks() -> None:
    metrics, waiting = Metrics(), [3]
    metrics.watch("leadscoring_writer_waiting", "as the server does", lambda: waiting[0])
    assert value(metrics, "leadscoring_writer_waiting") == 3
    waiting[0] = 7
    assert value(metrics, "leadscoring_writer_waiting") == 7


@pytest.mark.parametrize("bounds", [SECONDS, LAG_SECONDS, ITEMS])
def test_buckets_rise_and_none_is_there_twice(bounds: tuple[float, ...]) -> None:
    assert list(bounds) == sorted(set(bounds))
    assert bounds[0] > 0


@pytest.mark.parametrize(
    ("size", "within"),
    [
        pytest.param(1, "1.0", id="a batch of one is in the first bucket"),
        pytest.param(2, "2.0", id="of two in the second"),
        pytest.param(3, "4.0", id="of three in that to four"),
        pytest.param(64, "64.0", id="a full one has a bucket that ends there"),
        pytest.param(65, "128.0", id="one over it is told apart"),
    ],
)
def test_a_batch_is_in_the_smallest_bucket_that_holds_it(size: int, within: str) -> None:
    metrics = Metrics()
    metrics.batch_units.observe(size)
    found = samples(metrics, "leadscoring_writer_batch_units_bucket")
    reached = {dict(labels)["le"] for labels, count in found.items() if count}
    assert min(reached, key=float) == within
    assert value(metrics, "leadscoring_writer_batch_units_sum") == size


async def test_a_server_observes_every_batch_of_its_writer(tmp_path: Path) -> None:
    metrics = Metrics()
    options = Options(rules=tmp_path, store=f"sqlite:///{tmp_path / 'leads.db'}")
    store = await opened(options, metrics, CapturingLogger())
    for _ in range(3):
        with pytest.raises(Exception, match="no policy is active"):
            await store.writer.write(_nothing)
    await store.close()
    assert value(metrics, "leadscoring_writer_batch_units_count") == 3
    assert value(metrics, "leadscoring_writer_batch_units_sum") == 3


def _nothing(tx: Any, policy: Any, now: Any) -> None:
    """It is never run."""


def test_the_page_says_how_it_is_to_be_read() -> None:
    assert CONTENT_TYPE.startswith("text/plain; version=0.0.4")
    assert Metrics().exposition().endswith(b"\n")


def test_what_a_guard_counted_last_is_shown() -> None:
    metrics = Metrics()
    for leads, changed in ((10, 3), (12, 0)):
        metrics.judged(leads, changed)
        assert value(metrics, "leadscoring_policy_guard_leads") == leads
        assert value(metrics, "leadscoring_policy_guard_owners_changed") == changed


@pytest.mark.parametrize("model", ["", "2026-03-02"])
def test_one_policy_decides_with_one_model_or_none(model: str) -> None:
    metrics = Metrics()
    metrics.policy_is("r1", "2025-01-01")
    metrics.policy_is("r2", model)
    assert samples(metrics, "leadscoring_policy_active") == {(("revision", "r2"),): 1}
    active = {(("version", model),): 1} if model else {}
    assert samples(metrics, "leadscoring_model_active") == active
