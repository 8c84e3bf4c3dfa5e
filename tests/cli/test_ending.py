"""How a command ends: its exit code, and what stands on stderr when it cannot be done."""

import signal
import sys
from errno import EACCES, EPIPE

import click
import pytest

from scoring_service.cli.harmless import harmless
from scoring_service.cli.lazy_group import LazyGroup
from scoring_service.cli.main import Program, main
from scoring_service.cli.problem import Problem
from scoring_service.registry.problem import RegistryProblem
from scoring_service.server.start_problem import StartProblem
from scoring_service.store.problems import StoreProblem


def _invoked(error: BaseException) -> None:
    """A program of one command that ends so."""

    def fails() -> None:
        raise error

    program = Program(places={}, callback=fails, invoke_without_command=True)
    program.main([], standalone_mode=False)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        pytest.param(StartProblem("the port is taken"), "the port is taken", id="no start"),
        pytest.param(StoreProblem("it is newer"), "it is newer", id="no store"),
        pytest.param(RegistryProblem("no version"), "no version", id="no model"),
        pytest.param(Problem("say it"), "say it", id="a sentence of its own"),
        pytest.param(
            PermissionError(EACCES, "Permission denied", "rules/team.yaml"),
            "rules/team.yaml: Permission denied",
            id="a file that may not be read",
        ),
        pytest.param(
            OSError(28, "No space left on device"),
            "the output: No space left on device",
            id="a full disk below the output",
        ),
        pytest.param(
            UnicodeEncodeError("utf-8", "caf\udce9", 3, 4, "surrogates not allowed"),
            "'caf\\udce9' is no UTF-8 text",
            id="a word that is no text",
        ),
    ],
)
def test_what_keeps_a_command_from_being_done_is_a_sentence(
    error: Exception, sentence: str
) -> None:
    with pytest.raises(Problem) as ended:
        _invoked(error)
    assert ended.value.format_message() == sentence
    assert ended.value.exit_code == 2


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(ValueError("a mistake of ours"), id="a mistake of the program"),
        pytest.param(TimeoutError(), id="an error of the system without a number"),
        pytest.param(KeyError("x"), id="something that is missing in it"),
    ],
)
def test_a_mistake_of_the_program_is_no_sentence(error: Exception) -> None:
    with pytest.raises(type(error)):
        _invoked(error)


def test_whoever_has_read_enough_is_no_problem() -> None:
    stdout = sys.stdout
    try:
        with pytest.raises(SystemExit) as ended:
            _invoked(BrokenPipeError(EPIPE, "Broken pipe"))
    finally:
        sys.stdout = stdout
    assert ended.value.code == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(("--version",), 0, "", id="done"),
        pytest.param(("rules", "check", "rules"), 1, "the folder does not load: 4 mistakes, 0 "
                     "findings\n", id="findings"),
        pytest.param(("rules", "check", "none"), 2, "leadscoring: there is no rules folder at none"
                     "\n", id="what cannot be done"),
        pytest.param(("rules", "chekc"), 2, "Error: No such command 'chekc'.", id="a usage"),
        pytest.param((), 2, "Usage: ", id="no command"),
    ],
)  # fmt: skip
def test_the_program_ends_with_its_exit_code(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    place = tmp_path_factory.mktemp("place")
    (place / "rules").mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setitem(vars(sys), "argv", ["leadscoring", *words])
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended:
        main()
    signal.signal(signal.SIGTERM, before)
    assert ended.value.code == code
    assert said in capsys.readouterr().err


def test_a_problem_is_told_below_the_programs_name(capsys: pytest.CaptureFixture[str]) -> None:
    Problem("no server answers").show()
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "leadscoring: no server answers\n")
    Problem("no server answers").show(sys.stdout)
    assert capsys.readouterr().out == "leadscoring: no server answers\n"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("plain", "plain", id="as it is"),
        pytest.param("Zoë 漢字 €", "Zoë 漢字 €", id="letters of every script"),
        pytest.param("", "", id="nothing"),
        pytest.param("a\tb\nc\r", "a\\tb\\nc\\r", id="it stays one line"),
        pytest.param("\x1b[31mred", "\\x1b[31mred", id="a colour"),
        pytest.param("\u202eback", "\\u202eback", id="a turn of the line"),
        pytest.param("a\u200bb", "a\\u200bb", id="what cannot be seen"),
        pytest.param("\U000e0041", "\\U000e0041", id="a tag"),
        pytest.param("\udce9", "\\udce9", id="half a letter"),
    ],
)
def test_what_would_steer_a_terminal_is_shown(line: str, shown: str) -> None:
    assert harmless(line) == shown
    assert harmless(shown) == shown, "twice is once"


def test_a_group_loads_a_command_by_its_name_only() -> None:
    places = {"z": "scoring_service.cli.upkeep.doctor:doctor", "a": "nowhere.at_all:it"}
    group = LazyGroup(places=places)
    context = click.Context(group)
    assert group.list_commands(context) == ["z", "a"], "in the order of their use"
    found = group.get_command(context, "z")
    assert found is not None
    assert found.name == "doctor"
    assert group.get_command(context, "doctor") is None
    with pytest.raises(ModuleNotFoundError):
        group.get_command(context, "a")
