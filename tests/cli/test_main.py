"""The program as a whole: its commands, their help, the environment, exit codes."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from scoring_service import __version__
from scoring_service.cli.main import COMMANDS


def test_the_program_lists_its_commands(run: Any) -> None:
    shown = run("--help").output
    assert all(f"\n  {name} " in shown for name in COMMANDS)


def test_the_help_of_all_commands_loads_nothing_of_what_they_do() -> None:
    asked = "import sys; from scoring_service.cli.main import cli; cli.main(standalone_mode=False)"
    words = [sys.executable, "-c", f"{asked}; print(*sys.modules, file=sys.stderr)", "--help"]
    told = subprocess.run(words, capture_output=True, text=True, check=True)
    loaded = set(told.stderr.split())
    assert "scoring_service.cli.upkeep.doctor" in loaded
    heavy = {"grpc", "google.protobuf", "numpy", "sqlite3", "scoring_service.workflows"}
    assert not heavy & loaded


def test_the_program_says_its_version(run: Any) -> None:
    assert __version__ in run("--version").output


def test_an_unknown_command_is_a_usage_error(run: Any) -> None:
    assert run("scoer").exit_code == 2


def test_an_unknown_setting_is_refused_with_a_suggestion(run: Any) -> None:
    refused = run("rules", "check", ".", LEADSCORING_STOER="sqlite:///x.db")
    assert refused.exit_code == 2
    assert "LEADSCORING_STOER" in refused.output
    assert "did you mean 'LEADSCORING_STORE'?" in refused.output


@pytest.mark.parametrize(
    "name", ["LEADSCORING_STORE", "LEADSCORING_MIGRATE_STORE"], ids=["for all", "for one command"]
)
def test_an_option_can_be_set_in_the_environment(run: Any, name: str) -> None:
    done = run("migrate", **{name: "sqlite:///from-environment.db"})
    assert done.exit_code == 0
    assert "from-environment.db" in done.output


def test_a_commands_own_setting_comes_before_the_one_for_all(run: Any) -> None:
    done = run(
        "migrate",
        LEADSCORING_STORE="sqlite:///all.db",
        LEADSCORING_MIGRATE_STORE="sqlite:///own.db",
    )
    assert "own.db" in done.output


def test_what_is_typed_comes_before_the_environment(run: Any) -> None:
    done = run("migrate", "--store", "sqlite:///typed.db", LEADSCORING_STORE="sqlite:///env.db")
    assert "typed.db" in done.output


def test_a_flag_can_be_set_in_the_environment(run: Any) -> None:
    assert run("migrate", LEADSCORING_JSON="true").output.startswith("{")


def test_a_setting_of_another_command_is_no_mistake(run: Any) -> None:
    assert run("migrate", LEADSCORING_SERVE_LISTEN="127.0.0.1:9").exit_code == 0


def test_a_problem_is_one_sentence_and_exit_2(
    program: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = program("rules", "check", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "leadscoring: there is no rules folder at nowhere\n"


def test_the_package_can_be_run_as_a_module(run: Any) -> None:

    done = subprocess.run(
        [sys.executable, "-m", "scoring_service", "--version"], capture_output=True, check=True
    )
    assert __version__.encode() in done.stdout
