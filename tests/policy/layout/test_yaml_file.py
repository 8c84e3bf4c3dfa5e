"""How a YAML file is laid out, case by case."""

import pytest

from scoring_service.policy.layout.yaml_file import yaml_laid_out
from scoring_service.policy.mistake import Mistakes


def laid_out(text: str) -> str:
    return yaml_laid_out("team.yaml", text.encode()).decode()


LONG = ", ".join(f"k{number}: 'a text of some length'" for number in range(6))
FILLED = (
    "a: {k0: 'a text of some length', k1: 'a text of some length', k2: 'a text of some length',"
    " k3: 'a text of some length',\n    k4: 'a text of some length', k5: 'a text of some length'}\n"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a: {x:  1,y : 2 }\n", "a: {x: 1, y: 2}\n", id="one blank in maps"),
        pytest.param("a: [ 1,2 , 3 ]\n", "a: [1, 2, 3]\n", id="one blank in lists"),
        pytest.param("a: { }\nb: [\n]\n", "a: {}\nb: []\n", id="nothing in empty ones"),
        pytest.param("a: {x, y: }\n", "a: {x: null, y: null}\n", id="null is written out in maps"),
        pytest.param(
            "a:\n    b:\n          c: 1\n", "a:\n  b:\n    c: 1\n", id="two blanks deeper"
        ),
        pytest.param("a:\n- 1\n- 2\n", "a:\n  - 1\n  - 2\n", id="lists are deeper than their key"),
        pytest.param("-   a: 1\n    b: 2\n", "- a: 1\n  b: 2\n", id="a map beside its dash"),
        pytest.param("-\n  - 1\n  -   2\n", "- - 1\n  - 2\n", id="a list beside its dash"),
        pytest.param(
            'a: "x"\nb: "it\'s"\n', "a: 'x'\nb: \"it's\"\n", id="single quotes if they can"
        ),
        pytest.param("a: 'it''s'\n", 'a: "it\'s"\n', id="double quotes around a single one"),
        pytest.param('a: "say \\"x\\""\n', "a: 'say \"x\"'\n", id="no escapes that are not needed"),
        pytest.param('a: "x\\ny"\n', 'a: "x\\ny"\n', id="escapes that are needed"),
        pytest.param(
            "a: x\nb: 'x'\n", "a: x\nb: 'x'\n", id="quotes are neither added nor taken away"
        ),
        pytest.param(
            "a: 1 \nb: 2\t\n\n\n", "a: 1\nb: 2\n", id="no blanks at the end, one line end"
        ),
        pytest.param("a: 1", "a: 1\n", id="a line end where there was none"),
        pytest.param("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n", id="line ends of Windows"),
        pytest.param("\ufeffa: 1\n", "a: 1\n", id="no byte order mark"),
        pytest.param("---\na: 1\n...\n", "a: 1\n", id="no marks of a document"),
        pytest.param("\n\na: 1\n\n\n\nb: 2\n", "a: 1\n\nb: 2\n", id="at most one empty line"),
        pytest.param("a:\n\n  b: 1\n", "a:\n  b: 1\n", id="none below a key"),
        pytest.param("a: 1   # x\n#y\n", "a: 1  # x\n#y\n", id="two blanks before a comment"),
        pytest.param("", "", id="an empty file"),
        pytest.param("\n# none yet\n\n", "# none yet\n", id="comments only"),
        pytest.param("{a: 1,\n b: 2}", "{a: 1, b: 2}\n", id="a file in brackets"),
        pytest.param("a: {x: 1,\n    y: 2}\n", "a: {x: 1, y: 2}\n", id="joined where it fits"),
        pytest.param(f"a: {{{LONG}}}\n", FILLED, id="filled where it does not"),
        pytest.param(
            "a: [1,  # one\n  # two\n  2 , 3]\n",
            "a: [1,  # one\n    # two\n    2,\n    3]\n",
            id="an entry a line where comments are in it",
        ),
        pytest.param(
            "a: [1\n  # no more\n  ]\n",
            "a: [1\n    # no more\n   ]\n",
            id="a comment before the end",
        ),
        pytest.param(
            "a:  # the first\n  # below\n  b: 1\n",
            "a:  # the first\n  # below\n  b: 1\n",
            id="comments beside a key and below it",
        ),
        pytest.param(
            "a: # why\n   1\n", "a:  # why\n  1\n", id="a comment between a key and its value"
        ),
        pytest.param(
            "a:\n    - 1\n    # of the list\n# of what follows\nb: 2\n",
            "a:\n  - 1\n  # of the list\n# of what follows\nb: 2\n",
            id="comments stay as deep as they were",
        ),
        pytest.param(
            "a:\n- 1\n# of what follows\nb: 2\n",
            "a:\n  - 1\n# of what follows\nb: 2\n",
            id="a comment at the depth of both is of what follows",
        ),
        pytest.param(
            "a: >-   # text\n     one\n     two\n\nb: |+\n  x\n\n\nc: 1\n",
            "a: >-  # text\n  one\n  two\n\nb: |+\n  x\n\n\nc: 1\n",
            id="texts in block style",
        ),
        pytest.param("a: |\n  x", "a: |-\n  x\n", id="a text in block style that is cut off"),
        pytest.param(
            "a: 'one\n      two'\nb: three\n   four\n",
            "a: 'one\n  two'\nb: three\n  four\n",
            id="texts over several lines",
        ),
        pytest.param(
            "&x  a : &y   [ 1]\nb: *y\n", "&x a: &y [1]\nb: *y\n", id="anchors and aliases"
        ),
        pytest.param("? a\n: 1\n", "a: 1\n", id="a key with a question mark"),
    ],
)
def test_it_is_laid_out(before: str, after: str) -> None:
    assert laid_out(before) == after
    assert laid_out(after) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "anna:   {role: sdr}\nben: {role: sdr}\n",
            "anna: {role: sdr}\nben:  {role: sdr}\n",
            id="keys that one line has aligned are aligned in all",
        ),
        pytest.param(
            "anna: {role: sdr}\nben: {role: sdr}\n",
            "anna: {role: sdr}\nben: {role: sdr}\n",
            id="keys that no line has aligned are not",
        ),
        pytest.param(
            "- {a: 1,   b: 2}\n- {a: 100, b: 2}\n- {a: 1}\n",
            "- {a: 1,   b: 2}\n- {a: 100, b: 2}\n- {a: 1}\n",
            id="columns in maps",
        ),
        pytest.param(
            "- {a: 1,     b: 2,   c: 3}\n- {a: 1000, b: 20, c: 3}\n",
            "- {a: 1,    b: 2,  c: 3}\n- {a: 1000, b: 20, c: 3}\n",
            id="no more blanks than the widest needs",
        ),
        pytest.param(
            "a:    1\n\nlonger: 2\nb: 3\n",
            "a: 1\n\nlonger: 2\nb: 3\n",
            id="an empty line ends a table",
        ),
        pytest.param(
            "a:    1\n# the others\nlonger: 2\nb: 3\n",
            "a: 1\n# the others\nlonger: 2\nb: 3\n",
            id="a comment ends a table",
        ),
        pytest.param(
            f"- {{n: a,    w: '{'x' * 80}',   p: 1}}\n- {{n: bcd, w: 'y',  p: 1}}\n",
            f"- {{n: a,   w: '{'x' * 80}', p: 1}}\n- {{n: bcd, w: 'y', p: 1}}\n",
            id="a very wide cell pushes nobody",
        ),
        pytest.param(
            f"a:   {{{LONG}}}\nbcd: {{x: 1}}\n",
            FILLED.replace("a: ", "a:   ").replace("\n    k4", "\n      k4") + "bcd: {x: 1}\n",
            id="the key of what takes several lines is aligned too",
        ),
        pytest.param("a: 1    # x\nbcd: 2  # y\n", "a: 1  # x\nbcd: 2  # y\n", id="not comments"),
    ],
)
def test_columns(before: str, after: str) -> None:
    assert laid_out(before) == after
    assert laid_out(after) == after


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("a: [1\nb: 2\n", "team.yaml:2: $: this is not YAML", id="no YAML"),
        pytest.param("a: 1\na: 2\n", "team.yaml:2: $: the key 'a'", id="a key twice"),
        pytest.param("%YAML 1.1\n---\na: 1\n", "team.yaml:1: $: a directive", id="a directive"),
        pytest.param("a: 1\nb: |2\n   x\n", "team.yaml:2: $: a text in block style names its own",
                     id="an indentation of its own"),
        pytest.param('? "a\n  b"\n: 1\n', "no layout that says the same", id="a key on two lines"),
    ],
)  # fmt: skip
def test_what_cannot_be_laid_out_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(Mistakes) as refused:
        laid_out(text)
    assert message in str(refused.value)


def test_a_large_file_is_laid_out_in_one_go() -> None:
    text = "".join(f"rep-{n}:  {{name: Rep {n}, role: sdr}}  # {n}\n" for n in range(1000))
    assert laid_out(text).count("\n") == 1000
