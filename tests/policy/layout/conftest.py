"""Documents like those of rule files, scribbled down in every way that YAML allows."""

from random import Random

import pytest

from scoring_service.policy.document import compose
from scoring_service.policy.mistake import Mistakes

WORDS = (
    "a", "b c", "it's", "'q'", '"dq"', '"it\'s"', "'say \"x\"'", "5", "null", "~", "true", "09:00",
    '"a\\nb"', "é", '""', "''", '"\\x07"', "01234", "-5", "2025-01-01", "'{pool}'", '"a: b"',
    "'it''s'", "'country in [\"DE\", \"AT\"] and employees >= 200'", "x#y", "'# no comment'",
)  # fmt: skip


class Scribbler:
    """Writes a random document; `random` decides of everything."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._comments = 0

    def text(self) -> str:
        """A document that reads as YAML."""
        lines = self.block(3, 0)
        text = "\n".join(lines) + self.random.choice(["\n", "", "\n\n\n", "   \n"])
        if self._happens(0.1):
            text = text.replace("\n", "\r\n")
        try:
            compose("x", text.encode())
        except Mistakes:
            return f"ok: {self.word()}\n"
        return text

    def _happens(self, chance: float) -> bool:
        """Whether something happens; a source that is all zeros makes it rare."""
        return self.random.random() > 1 - chance

    def word(self) -> str:
        return self.random.choice(WORDS)

    def comment(self) -> str:
        self._comments += 1
        return self.random.choice(["#", "# ", "#  {x: ", "# 'q "]) + str(self._comments)

    def beside(self, chance: float = 0.15) -> str:
        return f"{self.blanks(4)} {self.comment()}" if self._happens(chance) else ""

    def above(self, indent: int) -> list[str]:
        found: list[str] = []
        while len(found) < 4 and self._happens(0.25):
            moved = " " * max(0, indent + self.random.choice([-4, -2, 0, 0, 0, 2]))
            found.append(self.random.choice(["", "  ", moved + self.comment()]))
        return found

    def blanks(self, most: int = 2) -> str:
        return " " * self.random.choice([0, 0, 1, 1, most])

    def gap(self, indent: int) -> str:
        """What may stand between two things in brackets."""
        chance = 1 - self.random.random()
        beside = f" {self.comment()}" if chance < 0.08 else ""
        deeper = " " * (indent + self.random.randrange(1, 9))
        return f"{beside}\n{deeper}" if chance < 0.2 else self.blanks()

    def flow(self, depth: int, indent: int) -> str:
        if depth == 0 or not self._happens(0.6):
            return self.word()
        keyed, parts = self._happens(0.5), []
        for number in range(self.random.randrange(4)):
            key = f"{self.random.choice(['k', 'key '])}{number}:{self.blanks()} " if keyed else ""
            value = self.flow(depth - 1, indent)
            parts.append(f"{self.gap(indent)}{key}{value}{self.gap(indent)}")
        opening, closing = "{}" if keyed else "[]"
        return f"{opening}{','.join(parts)}{closing}"

    def block(self, depth: int, indent: int) -> list[str]:
        found: list[str] = []
        dashes = self._happens(0.5)
        for number in range(self.random.randrange(1, 5)):
            key = self.random.choice([f"k{number}:", f"'key {number}':", f"a long key {number} :"])
            found += self.above(indent)
            found += self.entry(depth, indent, "-" if dashes else key)
        return found + self.above(indent)

    def entry(self, depth: int, indent: int, head: str) -> list[str]:
        start, inner = " " * indent + head, " " * (indent + 3)
        chance = 1 - self.random.random()
        if depth and chance < 0.45:
            below = self.block(depth - 1, indent + self.random.choice([1, 2, 2, 3, 4]))
            return self.beside_dash(start, below) or [start + self.beside(), *below]
        if chance < 0.75:
            flow = self.flow(2, indent + 1)
            return f"{start} {self.blanks(6)}{flow}{self.beside()}".split("\n")
        if chance < 0.82:
            style = self.random.choice(["|", ">", "|-", ">-", "|+", ">+"])
            lines = [self.random.choice([f"{inner}text", f"{inner}# none", ""]) for _ in range(3)]
            return [f"{start} {style}{self.beside()}", *lines, f"{inner}  end", f"{inner}end"]
        if chance < 0.87:
            return [start + self.beside()]
        if chance < 0.92:
            quote = self.random.choice(["'", '"', ""])
            return [f"{start} {quote}some words", f"{inner}go on{quote}{self.beside()}"]
        return [f"{start} {self.blanks(8)}{self.word()}{self.beside()}"]

    def beside_dash(self, start: str, below: list[str]) -> list[str]:
        """The first entry of a block beside the dash it is below, where that can be."""
        first = below[0].lstrip()
        pad = len(below[0]) - len(first) - len(start)
        if not start.endswith("-") or pad < 1 or not first or first.startswith("#"):
            return []
        return [start + " " * pad + first, *below[1:]]


@pytest.fixture(scope="session")
def scribbled() -> type[Scribbler]:
    """Makes documents from a random source."""
    return Scribbler
