"""What holds of every command: its help, its settings, and how it refuses what it is given."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from scoring_service.cli.main import cli, unknown_variables
from scoring_service.cli.options import Setting

Words = tuple[str, ...]
Case = tuple[Words, click.Command]


def _every(group: click.Group, words: Words = ()) -> Iterator[Case]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _every(command, (*words, name))
        else:
            yield (*words, name), command


COMMANDS = dict(_every(cli))
ALL = [pytest.param(words, id=" ".join(words)) for words in COMMANDS]

RULES = str(Path(__file__).parents[2] / "rules")

GIVEN: dict[Words, Words] = {
    ("score",): ("leads.jsonl",),
    ("route",): ("leads.jsonl",),
    ("import", "accounts"): ("leads.jsonl",),
    ("import", "leads"): ("leads.jsonl",),
    ("import", "activities"): ("leads.jsonl",),
    ("rules", "check"): ("rules",),
    ("rules", "test"): ("rules",),
    ("rules", "fmt"): ("rules",),
    ("rules", "explain"): ("l1",),
    ("rules", "diff"): (RULES, RULES, "--since", "30d"),
    ("rules", "force"): ("abc", "--actor", "ann"),
    ("models", "promote"): ("abc",),
    ("reps", "away"): ("ann", "--from", "today", "--to", "tomorrow"),
    ("reps", "back"): ("ann",),
    ("reps", "hand-over"): ("ann", "--reason", "leaves"),
    ("leads", "pin"): ("l1", "ann"),
    ("leads", "unpin"): ("l1",),
    ("webhooks", "replay"): ("crm",),
}
"""What a command must be given beside what is asked of it here."""


def _with(option: str, *but: Words) -> list[Any]:
    """The commands that take an option."""
    return [
        pytest.param(words, id=" ".join(words))
        for words, command in COMMANDS.items()
        if any(option in parameter.opts for parameter in command.params) and words not in but
    ]


@pytest.fixture
def refused(run: Any) -> Any:
    """How a command refuses: what it says in one line, of blanks one each; nothing is left."""
    Path("rules").mkdir()
    Path("models").mkdir()
    Path("leads.jsonl").write_text("{}\n")
    before = sorted(Path().iterdir())

    def refusal(words: Words, *more: str, **env: str) -> str:
        done = run(*words, *GIVEN.get(words, ()), *more, **env)
        assert done.exit_code == 2, done.output
        assert done.stdout == ""
        assert sorted(Path().iterdir()) == before
        return " ".join(done.stderr.split())

    return refusal


@pytest.mark.parametrize("words", ALL)
def test_its_help_says_what_it_does_with_an_example(run: Any, words: Words) -> None:
    shown = run(*words, "--help")
    assert shown.exit_code == 0
    assert f"leadscoring {' '.join(words)}" in shown.output.split("Example")[1]
    command = COMMANDS[words]
    assert command.help
    assert len(command.get_short_help_str(200)) > 10


@pytest.mark.parametrize("words", ALL)
def test_each_of_its_options_is_said_and_can_be_set_in_the_environment(words: Words) -> None:
    options = [p for p in COMMANDS[words].params if isinstance(p, click.Option)]
    assert [option.opts for option in options if not option.help] == []
    assert [option.opts for option in options if not isinstance(option, Setting)] == []


def test_no_variable_means_two_things_of_one_command() -> None:
    """The variable for one command alone is not the one that another's option has for all."""
    alone: set[str] = set()
    shared: set[str] = set()
    for words, command in COMMANDS.items():
        prefix = "_".join(("LEADSCORING", *words)).upper().replace("-", "_")
        for option in command.params:
            if isinstance(option, Setting):
                own, every = option.variables(prefix)
                alone.add(own)
                shared.add(every)
    assert alone & shared == set()


def test_every_variable_that_is_read_is_known(run: Any) -> None:
    named = [
        option.variables("_".join(("LEADSCORING", *words)).upper().replace("-", "_"))
        for words, command in COMMANDS.items()
        for option in command.params
        if isinstance(option, Setting)
    ]
    flat = [name for names in named for name in names]
    assert unknown_variables(click.Context(cli), [*flat, "PATH"]) == []
    for wrong in ("LEADSCORING_", "LEADSCORING_SERVE", "LEADSCORING_SCORE_LISTEN"):
        assert unknown_variables(click.Context(cli), [*flat, wrong]) == [wrong]


@pytest.mark.parametrize("words", ALL)
def test_an_option_that_it_does_not_have_is_named(refused: Any, words: Words) -> None:
    assert "No such option '--colour'" in refused(words, "--colour")


@pytest.mark.parametrize("words", ALL)
def test_a_word_too_many_is_named(refused: Any, words: Words) -> None:
    most = sum(isinstance(p, click.Argument) for p in COMMANDS[words].params)
    said = refused(words, *(["."] * most), "one-too-many")
    assert "one-too-many" in said
    assert "unexpected extra argument" in said


NEEDED = [
    pytest.param(words, parameter.human_readable_name, id=f"{' '.join(words)} {parameter.name}")
    for words, command in COMMANDS.items()
    for parameter in command.params
    if parameter.required
]


@pytest.mark.parametrize(("words", "name"), NEEDED)
def test_what_it_needs_is_asked_for_by_its_name(run: Any, words: Words, name: str) -> None:
    given = list(GIVEN[words])
    parameter = next(p for p in COMMANDS[words].params if p.human_readable_name == name)
    if isinstance(parameter, click.Option):
        at = given.index(parameter.opts[0])
        del given[at : at + 2]
        shown = parameter.opts[0]
    else:
        given, shown = [], name
        first = next(p for p in COMMANDS[words].params if isinstance(p, click.Argument))
        shown = first.make_metavar(click.Context(COMMANDS[words])).strip("[]")
    Path("leads.jsonl").write_text("{}\n")
    done = run(*words, *given)
    assert done.exit_code == 2
    assert f"Missing {parameter.param_type_name} '{shown}'" in done.stderr


@pytest.mark.parametrize("words", _with("--store", ("serve",), ("models", "health")))
@pytest.mark.parametrize("url", ["leads.db", "mysql://leads@db/leads"], ids=["a file", "another"])
def test_what_is_no_store_is_told_what_one_is(refused: Any, words: Words, url: str) -> None:
    said = refused(words, "--store", url)
    assert said.startswith("leadscoring: ")
    assert "sqlite:///" in said
    assert "postgresql://" in said


READERS: tuple[Words, ...] = (
    ("doctor",),
    ("experiments", "list"),
    ("experiments", "report"),
    ("webhooks", "list"),
    ("timers", "run"),
    ("rules", "explain"),
    ("rules", "check"),
    ("rules", "diff"),
)


@pytest.mark.parametrize("words", [pytest.param(words, id=" ".join(words)) for words in READERS])
def test_a_store_that_is_only_read_is_not_made(refused: Any, words: Words) -> None:
    said = refused(words, "--store", "sqlite:///none.db")
    assert "sqlite:///none.db" in said
    assert "name it with --store" in said


@pytest.mark.parametrize("words", [pytest.param(words, id=" ".join(words)) for words in READERS])
def test_a_file_that_is_no_store_is_told(run: Any, words: Words) -> None:
    Path("rules").mkdir()
    Path("text.db").write_text("these are no tables, " * 100)
    done = run(*words, *GIVEN.get(words, ()), "--store", "sqlite:///text.db")
    assert done.exit_code == 2
    assert done.stderr.startswith("leadscoring: ")
    assert "text.db" in done.stderr


@pytest.mark.parametrize("words", _with("--server"))
def test_a_server_that_does_not_answer_is_named(refused: Any, words: Words) -> None:
    said = refused(words, "--server", "127.0.0.1:1")
    assert said == "leadscoring: no server answers at 127.0.0.1:1; start `leadscoring serve`"


@pytest.mark.parametrize(
    "words", _with("--rules", ("rules", "check"), ("rules", "test"), ("rules", "fmt"))
)
@pytest.mark.parametrize("folder", ["nowhere", "leads.jsonl"], ids=["nowhere", "a file"])
def test_a_folder_of_rules_that_is_not_there_is_named(
    refused: Any, words: Words, folder: str
) -> None:
    assert refused(words, "--rules", folder) == f"leadscoring: there is no rules folder at {folder}"


@pytest.mark.parametrize("words", _with("--models", ("calibrate",)))
def test_a_folder_of_models_that_is_not_there_is_named(refused: Any, words: Words) -> None:
    said = refused(words, "--models", "nowhere")
    assert said == "leadscoring: there is no models folder at nowhere"


FILES = [
    (words, parameter.opts[0])
    for words, command in COMMANDS.items()
    for parameter in command.params
    if isinstance(parameter.type, click.Path) and parameter.type.exists
]


@pytest.mark.parametrize(
    ("words", "name"), [pytest.param(*case, id=f"{' '.join(case[0])} {case[1]}") for case in FILES]
)
@pytest.mark.parametrize(
    ("file", "why"),
    [
        pytest.param("none.csv", "File 'none.csv' does not exist.", id="nowhere"),
        pytest.param("rules", "File 'rules' is a directory.", id="a folder"),
    ],
)
def test_a_file_that_is_none_is_named(
    run: Any, words: Words, name: str, file: str, why: str
) -> None:
    Path("rules").mkdir()
    given = (file,) if name == "file" else (*GIVEN.get(words, ()), name, file)
    done = run(*words, *given)
    assert done.exit_code == 2
    assert why in done.stderr


@pytest.mark.parametrize(
    ("words", "variable", "value", "said"),
    [
        pytest.param(
            ("serve",),
            "LEADSCORING_WORKERS",
            "many",
            "'--workers' (LEADSCORING_WORKERS): 'many' is not a valid integer range.",
            id="for all commands",
        ),
        pytest.param(
            ("serve",),
            "LEADSCORING_SERVE_CALLS_MAX",
            "0",
            "'--calls-max' (LEADSCORING_SERVE_CALLS_MAX): 0 is not in the range x>=1.",
            id="for one command",
        ),
        pytest.param(
            ("doctor",),
            "LEADSCORING_JSON",
            "perhaps",
            "'--json' (LEADSCORING_JSON): 'perhaps' is not a valid boolean.",
            id="a flag",
        ),
        pytest.param(
            ("score",),
            "LEADSCORING_AS_OF",
            "soon",
            "'--as-of' (LEADSCORING_AS_OF): 'soon' is no instant; write it like",
            id="an instant",
        ),
        pytest.param(
            ("rules", "test"),
            "LEADSCORING_COVER_MIN",
            "routes=80 rows=many",
            "'--cover-min' (LEADSCORING_COVER_MIN): 'many' is not a percentage from 0 to 100",
            id="the second of several",
        ),
    ],
)
def test_a_value_of_the_environment_is_named_by_its_variable(
    refused: Any, words: Words, variable: str, value: str, said: str
) -> None:
    assert f"Invalid value for {said}" in refused(words, **{variable: value})


def test_a_value_that_is_typed_is_named_by_its_option(refused: Any) -> None:
    said = refused(("serve",), "--workers", "many", LEADSCORING_WORKERS="2")
    assert "Invalid value for '--workers': 'many'" in said


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        pytest.param(("simulate",), ("--days", "0"), "1<=x<=3650", id="no day"),
        pytest.param(("simulate",), ("--days", "3651"), "1<=x<=3650", id="a day too many"),
        pytest.param(("simulate",), ("--leads", "1000001"), "1<=x<=1000000", id="a lead too many"),
        pytest.param(("serve",), ("--batch-max", "65"), "1<=x<=64", id="a batch too large"),
        pytest.param(("serve",), ("--drain-seconds", "-1"), "x>=0", id="less than no time"),
        pytest.param(("serve",), ("--log-level", "loud"), "'debug', 'info', 'warn", id="a level"),
        pytest.param(("calibrate",), ("--window", "1"), "0<x<1", id="all rows judge"),
        pytest.param(("calibrate",), ("--precision", "0"), "0<x<1", id="no precision"),
        pytest.param(("calibrate",), ("--capacity", "inf"), "no number to", id="all capacity"),
        pytest.param(("calibrate",), ("--value", "nan"), "no number to reckon with", id="nan"),
        pytest.param(("calibrate",), ("--seed", "4294967296"), "0<=x<=4294967295", id="a seed"),
        pytest.param(("calibrate",), ("--horizon", "4bh"), "bh", id="a horizon in working hours"),
        pytest.param(("rules", "test"), ("--cover-min", "101"), "from 0 to 100", id="too much"),
        pytest.param(("rules", "test"), ("--cover-min", "-1"), "from 0 to 100", id="too little"),
        pytest.param(("rules", "test"), ("--cover-min", "nan"), "from 0 to 100", id="no share"),
        pytest.param(
            ("rules", "test"), ("--cover-min", "x=5"), "known are: routes, rows, ", id="a kind"
        ),
        pytest.param(
            ("rules", "test"), ("--cover-min", "=5"), "known are: routes, rows, ", id="no kind"
        ),
        pytest.param(("rules", "test"), ("--json", "--junit", "-"), "name a file", id="both"),
        pytest.param(("score",), ("--as-of", "9999-12-31T23:59-10:00"), "is no instant", id="late"),
        pytest.param(
            ("score",), ("--as-of", "0001-01-01T00:00+14:00"), "is no instant", id="early"
        ),
    ],
)
def test_a_value_beyond_its_limit_is_refused_with_the_limit(
    refused: Any, words: Words, typed: Words, said: str
) -> None:
    assert said in refused(words, *typed)
