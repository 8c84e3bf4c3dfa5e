"""What the pages say is so: examples run, names exist, commands are taken."""

import ast
import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from leadscoring.v1 import lifecycle_pb2, routing_pb2, scoring_pb2

from scoring_service import __version__
from scoring_service.cli.main import cli
from scoring_service.server.metrics import Metrics
from scoring_service.server.worker_pages import WorkerMetrics
from scoring_service.values.errors import Refusal

ROOT = Path(__file__).parents[1]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _blocks(text: str) -> list[str]:
    return re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


PYTHON = "python3 -m venv .venv && .venv/bin/pip install"


def test_two_commands_of_the_readme_are_all_a_stranger_needs() -> None:
    assert _marked("the demo") == f"{PYTHON} . && .venv/bin/leadscoring demo"
    assert _marked("the tests") == f"{PYTHON} -e '.[dev]' && .venv/bin/pytest"


def _marked(mark: str) -> str:
    """The block below a mark of the README, as .ci/run finds it."""
    found = re.search(rf"<!-- {mark} -->\n```\n(.*?)\n```", _text("README.md"), re.DOTALL)
    assert found is not None, mark
    return found[1]


@pytest.mark.parametrize("mark", ["the tests", "the demo"])
def test_ci_runs_the_readmes_own_commands(mark: str) -> None:
    script = _text(".ci/run")
    (reads,) = [line for line in script.splitlines() if line.startswith("readme() ")]
    assert f'readme "{mark}"' in script
    found = subprocess.run(
        ["bash", "-c", f"{reads}\nreadme '{mark}'"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == _marked(mark)


def test_ci_does_not_take_silence_for_success() -> None:
    assert "no test was executed" in _text(".ci/run")


def test_make_runs_the_same_commands() -> None:
    makefile = _text("Makefile")
    assert _marked("the demo") in makefile
    assert _marked("the tests") in makefile


def test_contributing_names_the_test_command() -> None:
    assert _marked("the tests") in _text("CONTRIBUTING.md")


def _methods() -> list[str]:
    services = [
        scoring_pb2.DESCRIPTOR.services_by_name["ScoringService"],
        routing_pb2.DESCRIPTOR.services_by_name["RoutingService"],
        lifecycle_pb2.DESCRIPTOR.services_by_name["LifecycleService"],
    ]
    return [method.name for service in services for method in service.methods]


@pytest.mark.parametrize("method", _methods())
def test_every_call_is_in_the_page_for_intake(method: str) -> None:
    assert f"`{method}`" in _text("docs/intake.md")


def _verbs(command: click.Command = cli, path: str = "") -> list[str]:
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    found = []
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        found += _verbs(below, f"{path} {name}".strip())
    return found


@pytest.mark.parametrize("verb", _verbs())
def test_every_command_is_in_the_readme(verb: str) -> None:
    readme = _text("README.md")
    assert f"leadscoring {verb}" in readme or f"leadscoring {verb}" in _marked("the demo")


def _commands() -> list[str]:
    """Every line of a block of any page that calls the program, without its remark."""
    lines = (
        line for page in PAGES for block in _blocks(page.read_text()) for line in block.split("\n")
    )
    called = [re.sub(r"\s+#.*", "", line) for line in lines if line.startswith("leadscoring ")]
    assert len(called) > 10
    return sorted(set(called))


@pytest.mark.parametrize("line", _commands())
def test_every_command_in_a_page_has_the_options_it_shows(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command | None = cli
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0))
    assert command is not None, line
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_options_named_in_passing_exist() -> None:
    known = {"--help"}
    for verb in _verbs():
        command: click.Command | None = cli
        for word in verb.split():
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), word)
        assert command is not None
        known |= {name for parameter in command.params for name in parameter.opts}
    for page in ("README.md", "docs/ops.md", "docs/intake.md"):
        assert set(re.findall(r"`(--[a-z-]+)", _text(page))) <= known, page


def test_metrics_in_the_page_for_ops_are_exposed() -> None:
    metrics = Metrics()
    for name in ("calls_in_flight", "streams_open", "log_lines_lost"):
        metrics.watch(f"leadscoring_{name}", "as the server does", lambda: 0.0)
    everything = WorkerMetrics(2).exposition({1: metrics.exposition()}, {1: True, 2: True})
    helped = re.findall(r"^# HELP (\S+)", everything.decode(), re.MULTILINE)
    exposed = {name for name in helped if not name.endswith("_created")}
    named = set(re.findall(r"`(leadscoring_[a-z_]+)`", _text("docs/ops.md")))
    assert len(named) >= 10
    assert named == exposed


def test_rule_files_in_the_page_for_ops_are_those_of_the_starter() -> None:
    page = _text("docs/ops.md")
    for file in (ROOT / "rules").iterdir():
        assert f"`{file.name}`" in page or file.name.endswith("_test.yaml"), file.name


def test_every_reason_of_a_refusal_is_in_the_page_for_intake() -> None:
    """A reason is a text in upper case, raised with one of the refusals."""
    kinds = {kind.__name__ for kind in Refusal.__subclasses__()}
    found = set()
    for floor in ("workflows", "api", "store"):
        for path in (ROOT / "scoring_service" / floor).rglob("*.py"):
            found |= set(_reasons(path, kinds))
    assert len(found) >= 20
    page = _text("docs/intake.md")
    of_activations = {"STILL_OWNS_LEADS", "NOBODY_TO_HAND_OVER_TO"}
    assert {reason for reason in found if f"`{reason}`" not in page} <= of_activations


def _reasons(path: Path, kinds: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds:
            reasons = (a.value for a in node.args[1:2] if isinstance(a, ast.Constant))
            yield from (reason for reason in reasons if isinstance(reason, str))


def test_the_code_map_is_short_and_names_every_package() -> None:
    page = _text("ARCHITECTURE.md")
    assert len(page.splitlines()) < 200
    for package in (ROOT / "scoring_service").iterdir():
        if (package / "__init__.py").is_file():
            assert f"`{package.name}/`" in page or f"`scoring_service/{package.name}/`" in page


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])
def test_modules_and_files_that_are_named_exist(page: str) -> None:
    """Names with a slash in backquotes are paths from the root or from the package."""
    for name in re.findall(r"`([\w.-]+/[\w./-]*)`", _text(page)):
        places = (ROOT / name, ROOT / "scoring_service" / name)
        modules = [place.with_name(f"{place.name}.py") for place in places]
        assert any(place.exists() for place in (*places, *modules)), name


def test_every_decision_on_dependencies_names_what_is_declared() -> None:
    project = tomllib.loads(_text("pyproject.toml"))["project"]
    page = _text("docs/adr/0005-dependencies.md").lower()
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for line in lines:
        name = re.split(r"[^A-Za-z0-9._-]", line)[0].lower()
        assert name in page or name.startswith("types-") or name == "grpc-stubs", name


def test_the_changelog_knows_this_version() -> None:
    assert f"## {__version__} " in _text("CHANGELOG.md")


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def _dockerfile() -> dict[str, list[str]]:
    """Instructions of the Dockerfile with their arguments, continued lines joined."""
    found: dict[str, list[str]] = {}
    for line in re.sub(r"\\\n\s*", "", _text("Dockerfile")).splitlines():
        word, _, rest = line.partition(" ")
        if word.isupper():
            found.setdefault(word, []).append(rest)
    return found


def test_the_image_is_built_in_stages_and_runs_as_nobody_special() -> None:
    file = _dockerfile()
    assert len(file["FROM"]) == 2
    assert file["USER"] == ["leadscoring"]
    assert "/readyz" in file["HEALTHCHECK"][0]


def test_the_image_serves_with_options_that_exist() -> None:
    (shown,) = _dockerfile()["CMD"]
    verb, *words = json.loads(shown)
    command = cli.get_command(click.Context(cli), verb)
    assert command is not None
    context = command.make_context(verb, words)
    assert context.params["allow_unauthenticated"] is True
    assert context.params["listen"] == "0.0.0.0:50051"
    assert context.params["store"].startswith("sqlite:////var/lib/leadscoring/")
    assert _dockerfile()["VOLUME"] == ["/var/lib/leadscoring"]
