"""Writes the tables of the condition parser, which rule-engine would build anew at every start.

Run it after an upgrade of rule-engine; a test says when: `.venv/bin/python .ci/parser_tables.py`.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

TARGET = Path(__file__).parents[1] / "scoring_service" / "policy" / "language" / "parser_tables.py"
HEAD = '''"""The tables of rule-engine's parser, written by .ci/parser_tables.py.

Building them takes longer than all else at a start; the library takes them only where they are of
its own grammar.
"""

# ruff: noqa
# fmt: off
# mypy: ignore-errors
'''


def written() -> str:
    """The text of the module for the library as it is installed, built from its grammar."""
    from rule_engine._vendor.ply import yacc
    from rule_engine.parser import Parser

    with TemporaryDirectory() as folder:
        quiet = yacc.NullLogger()
        grammar = Parser.__new__(Parser)
        yacc.yacc(module=grammar, tabmodule="made", outputdir=folder, errorlog=quiet, debug=False)
        made = (Path(folder) / "made.py").read_text(encoding="utf-8")
    lines = (line.rstrip() for line in made.splitlines() if not line.startswith("#"))
    return HEAD + "\n".join(line for line in lines if line) + "\n"


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{TARGET.relative_to(Path.cwd())} written\n")
