"""What is wrong in the rule files, said so that an ops person can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from scoring_service.policy.letters import as_seen, disguised


class Severity(StrEnum):
    """A mistake refuses the folder; a finding is only told."""

    MISTAKE = "mistake"
    FINDING = "finding"


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """Where something is wrong, what it is, and how to mend it.

    >>> str(Mistake("team.yaml", 14, "$.reps.anna", "unknown calendar 'berln'", "add it"))
    "team.yaml:14: $.reps.anna: unknown calendar 'berln'; add it"
    """

    file: str
    line: int
    path: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.what}; {self.remedy}"


@dataclass(frozen=True, slots=True, order=True)
class Finding(Mistake):
    """What checking says of a folder; with severity `mistake` it does not load.

    `example` is a lead that shows it, as a rule test on one line of JSON that passes; "" without.
    """

    severity: Severity = Severity.FINDING
    example: str = field(default="", compare=False)


class Mistakes(Exception):
    """A folder that cannot be loaded, with every mistake found, in the order of files and lines."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The remedy for an unknown name: the nearest known one, else all of them (at most twelve).

    >>> did_you_mean("sdrs", ["sdr", "account-executives"])
    "did you mean 'sdr'?"
    """
    names = sorted(known)
    if remedy := near(name, names):
        return remedy
    if not names:
        return "there is none yet: define it first"
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"known are: {', '.join(names[:12])}{more}"


def near(name: str, known: Iterable[str]) -> str:
    """The remedy for an unknown name that is nearly a known one; "" where it is like none.

    >>> near("sdrs", ["sdr", "account-executives"]), near("zoe", ["sdr"])
    ("did you mean 'sdr'?", '')
    """
    names = sorted(known)
    for one in names:
        if as_seen(one) == as_seen(name):
            why = disguised(name) or disguised(one) or "its letters are of another alphabet"
            return f"it looks like '{one}', and {why}: type it anew"
    found = get_close_matches(name, names, n=1, cutoff=0.6)
    return f"did you mean '{found[0]}'?" if found else ""
