"""One immutable, compiled snapshot of the rule files, named by the hash of its content."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.calibration.model import Model
from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.lifecycle.lifecycle import Lifecycle
from scoring_service.domain.routing.guard import Guard
from scoring_service.domain.routing.routes import RouteTable
from scoring_service.domain.schema import Schema
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.absence import Absence
from scoring_service.values.team import Pool, Rep


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a decision depends on beside its facts.

    `routes` is indexed; `routes_unindexed` is its twin, for explanations and tests. `calendars`
    always holds `always` and `default` (the file's `default`, else `always`). `operators` may make
    backward and skipping moves. `compiled` keeps compiled conditions by their schema, then by their
    text, so that the next policy reuses them. `model` is the published one that was current, None
    where there is none. `guard` is what the rules that would take this one's place are held
    against, None where there is no such limit. `away` are the absences that people entered, as
    `reps` already has them, and `by_files` the policy without them, None where nobody entered any.
    `variants` are the policies that the arms of experiments make of this one, each derived when it
    is first asked for; what is made of this one otherwise has its own.
    """

    revision: str
    schema: Schema
    scoring: Scoring
    routes: RouteTable
    routes_unindexed: RouteTable
    reps: Mapping[str, Rep]
    pools: Mapping[str, Pool]
    operators: frozenset[str]
    calendars: Mapping[str, Calendar]
    lifecycle: Lifecycle
    model: Model | None = None
    compiled: Mapping[str, Mapping[str, object]] = field(default_factory=dict, repr=False)
    guard: Guard | None = None
    away: tuple[Absence, ...] = ()
    by_files: "Policy | None" = field(default=None, repr=False, compare=False)
    experiments: tuple[Experiment, ...] = ()
    variants: dict[tuple[tuple[str, str], ...], "Policy"] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
