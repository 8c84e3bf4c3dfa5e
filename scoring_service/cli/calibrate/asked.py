"""What `leadscoring calibrate` was asked for, and which wishes do not go together."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click

from scoring_service.cli.sparing import spare

OF_A_FILE = {
    "outcome": "--outcome",
    "activities": "--activities",
    "mapping": "--mapping",
    "ordered": "--ordered",
}
DECIDES = (
    "outcome", "ordered", "horizon", "window", "allow", "seed", "precision", "capacity",
    "leads_per_week", "value", "cost",
)  # fmt: skip
BARS = {"precision": "--precision", "capacity": "--capacity", "value": "--value"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of the command by their names; paths as given."""

    models: Path
    window: float
    seed: int
    file: Path | None = None
    store: str | None = None
    outcome: str | None = None
    activities: Path | None = None
    mapping: Path | None = None
    ordered: bool = False
    horizon: timedelta | None = None
    allow: tuple[str, ...] = ()
    rules: Path | None = None
    precision: float | None = None
    capacity: float | None = None
    leads_per_week: float | None = None
    value: float | None = None
    cost: float | None = None
    applied: bool = False
    points: Path | None = None
    report: Path | None = None
    as_json: bool = False

    @property
    def settings(self) -> dict[str, str]:
        """What decided the result, by option: no folder and no form of telling it."""
        told = {name: getattr(self, name) for name in DECIDES}
        return {
            f"--{name.replace('_', '-')}": str(value)
            for name, value in told.items()
            if value is not None and value is not False and value != ()
        }

    @property
    def bars(self) -> str | None:
        """By which of precision, capacity and value bars are asked for."""
        return next((name for name in BARS if getattr(self, name) is not None), None)


def check(asked: Asked) -> None:
    """Raises a usage error, exit 2, for wishes that do not go together; and Problem where what
    comes of them would be written over what it is made from. Points may take the place of those
    that they were made from.
    """
    for wrong in (_source(asked), _bars(asked), _rules(asked)):
        if wrong:
            raise click.UsageError(wrong)
    read = (asked.file, asked.activities, asked.mapping, asked.store)
    spare("--report", asked.report, *read, asked.rules)
    spare("--propose-points", asked.points, *read)


def _source(asked: Asked) -> str | None:
    if asked.file is None and asked.store is None:
        return "name the FILE of leads, or --store URL"
    if asked.file is not None and asked.store is not None:
        return "give FILE or --store, not both"
    if asked.file is not None:
        return None if asked.outcome else "--outcome names the column that says how a lead ended"
    given = [option for name, option in OF_A_FILE.items() if getattr(asked, name)]
    return f"{given[0]} belongs to a FILE, and --store is read" if given else None


def _bars(asked: Asked) -> str | None:
    given = [option for name, option in BARS.items() if getattr(asked, name) is not None]
    if len(given) > 1:
        return f"bars are chosen by one of them: {' or '.join(given)}"
    if (asked.value is None) != (asked.cost is None):
        return "--value and --cost go together: the bar is at cost / value"
    if asked.value is not None and asked.cost is not None and asked.cost >= asked.value:
        return "--cost is not below --value: no lead pays, whatever its P(won)"
    return None


def _rules(asked: Asked) -> str | None:
    if asked.applied and asked.bars is None:
        return "--apply writes bars: say by --precision, --capacity or --value which"
    if asked.applied and asked.rules is None:
        return "--apply writes into scoring.yaml: name its folder by --rules"
    if asked.points is not None and asked.rules is None:
        return "--propose-points starts from today's points: name their folder by --rules"
    if asked.points is not None and asked.bars is None:
        return "--propose-points has bars too: say by --precision, --capacity or --value which"
    return None
