"""A YAML file laid out: the same values and comments, checked before it is handed back."""

from scoring_service.policy.document import compose, decoded
from scoring_service.policy.layout.block import Blocks
from scoring_service.policy.layout.comments import Cursor, comments
from scoring_service.policy.layout.leaves import UnwritableError
from scoring_service.policy.layout.tree import parsed
from scoring_service.policy.mistake import Mistake, Mistakes


def yaml_laid_out(file: str, content: bytes) -> bytes:
    """The file's canonical text; Mistakes where it is no rule file or has no layout.

    >>> yaml_laid_out("a.yaml", b"a : [ 1,2 ]   # why").decode()
    'a: [1, 2]  # why\\n'
    """
    before = compose(file, content)
    text = decoded(file, content).replace("\r\n", "\n").replace("\r", "\n")
    _plain(file, text)
    try:
        made, said = _laid_out(text)
    except UnwritableError as error:
        line = text.count("\n", 0, error.start) + 1
        raise Mistakes([Mistake(file, line, "$", error.what, error.remedy)]) from None
    if not _is_same(file, before.value, said, made):
        what = "this file has no layout that says the same"
        remedy = "write texts that span lines in quotes on one line, and keys without '?'"
        raise Mistakes([Mistake(file, 1, "$", what, remedy)])
    return made.encode()


def _plain(file: str, text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("%"):
            what = "a directive of YAML is not laid out"
            raise Mistakes([Mistake(file, number, "$", what, "remove the line")])
        if line.strip() and not line.startswith(("#", " ")):
            return


def _laid_out(text: str) -> tuple[str, tuple[str, ...]]:
    """The canonical text, and the comments of the one that was given."""
    root = parsed(text)
    found = comments(text, root)
    blocks = Blocks(text, Cursor(found))
    blocks.root(root)
    made = "\n".join([*blocks.lines, ""]) if blocks.lines else ""
    return made, tuple(comment.text for comment in found)


def _is_same(file: str, value: object, said: tuple[str, ...], made: str) -> bool:
    """Whether the laid out text says the same, has the same comments, and is laid out."""
    try:
        after = compose(file, made.encode()).value
        return repr(after) == repr(value) and _laid_out(made) == (made, said)
    except Mistakes:
        return False
