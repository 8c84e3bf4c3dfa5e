"""A long script ends with a verdict, and with exit code 1 where a promise broke."""

import signal
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from benchmarks.load.outcome import Outcome
from benchmarks.load.site import Site
from benchmarks.load.verdict import Run, verdict


def that_finds(*broken: str) -> Run:
    async def run(site: Site) -> Outcome:
        assert site.folder.is_dir()
        return Outcome(list(broken), {"calls": 3})

    return run


async def that_fails(site: Site) -> Outcome:
    raise RuntimeError(f"no server at {site.store}")


@pytest.fixture(autouse=True)
def _terminable() -> Iterator[None]:
    """Puts back how this process takes SIGTERM."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("run", "code", "said"),
    [
        pytest.param(that_finds(), 0, ("held   a run", "every promise held"), id="nothing-broke"),
        pytest.param(
            that_finds("a turn was lost"),
            1,
            ("BROKEN a run", "! a turn was lost", "BROKEN: a run"),
            id="a-promise-broke",
        ),
        pytest.param(
            that_fails, 1, ("! the run itself failed", "no server at sqlite:"), id="the-run-failed"
        ),
    ],
)
def test_a_verdict_is_printed_and_is_the_exit_code(
    run: Callable[[Site], Coroutine[Any, Any, Outcome]],
    code: int,
    said: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verdict({"a run": ("sqlite", run)}) == code

    printed = capsys.readouterr().out
    assert [each for each in said if each not in printed] == []


def test_only_the_runs_that_were_asked_for_take_place(capsys: pytest.CaptureFixture[str]) -> None:
    runs = {"kills": ("sqlite", that_finds()), "queue": ("sqlite", that_finds("never seen"))}

    assert verdict(runs, only="kill") == 0
    assert "queue" not in capsys.readouterr().out


def test_a_name_that_no_run_has_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert verdict({"kills": ("sqlite", that_finds())}, only="kils") == 2
    assert "there are: kills" in capsys.readouterr().out
