"""Rule files -> one immutable policy, or every mistake in them at once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.business_time.windows import is_open
from scoring_service.domain.calibration.model import Model
from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.lifecycle.lifecycle import Lifecycle
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.routes import ToQueue
from scoring_service.domain.schema import Schema
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.policy.conditions import Conditions
from scoring_service.policy.document import Document
from scoring_service.policy.files.attributes import schema
from scoring_service.policy.files.calendars import calendars
from scoring_service.policy.files.experiments import Beside, experiments
from scoring_service.policy.files.folder import EXPERIMENTS, documents, is_test
from scoring_service.policy.files.lifecycle import defaults, lifecycle
from scoring_service.policy.files.model import model, scorecard_in
from scoring_service.policy.files.names import (
    Anything,
    entries_in,
    is_map,
    names_in,
    route_names_in,
)
from scoring_service.policy.files.routing import Routing, routing
from scoring_service.policy.files.rule_tests import rule_tests
from scoring_service.policy.files.scoring import is_symbol, scoring
from scoring_service.policy.files.scoring_shape import scoring_file
from scoring_service.policy.files.tables import Tables
from scoring_service.policy.files.team import NOBODY, Team, team
from scoring_service.policy.index import IndexedRoutes, ScannedRoutes
from scoring_service.policy.language.symbols import table_symbols
from scoring_service.policy.mistake import Mistake, Mistakes
from scoring_service.policy.source import Source

_QUOTED = re.compile(r"'([^']+)'")


@dataclass(frozen=True, slots=True)
class Folder:
    """What could be read of a folder; with `mistakes` it makes no policy."""

    source: Source
    documents: Mapping[str, Document | None]
    schema: Schema
    scoring: Scoring | None
    routing: Routing | None
    team: Team
    calendars: Mapping[str, Calendar]
    lifecycle: Lifecycle
    model: Model | None
    compiled: Mapping[str, Mapping[str, object]]
    experiments: tuple[Experiment, ...]
    mistakes: tuple[Mistake, ...]


def load(source: Source, previous: Policy | None = None) -> Policy:
    """The policy of a folder; raises Mistakes with every mistake in it.

    Conditions that `previous` had compiled are taken from it.
    """
    return policy_of(read_folder(source, previous))


def policy_of(folder: Folder) -> Policy:
    """The policy of a folder that was read; raises Mistakes."""
    if folder.mistakes or folder.scoring is None or folder.routing is None:
        raise Mistakes(folder.mistakes)
    found, opens = folder.routing, partial(_is_open, folder.calendars)
    return Policy(
        revision=folder.source.revision,
        schema=folder.schema,
        scoring=folder.scoring,
        routes=IndexedRoutes(found.routes, found.necessary, found.exact, opens),
        routes_unindexed=ScannedRoutes(found.routes, opens),
        reps=folder.team.reps,
        pools=folder.team.pools,
        operators=folder.team.operators,
        calendars=folder.calendars,
        lifecycle=folder.lifecycle,
        model=folder.model,
        compiled=folder.compiled,
        guard=found.guard,
        experiments=folder.experiments,
    )


def _is_open(known: Mapping[str, Calendar], name: str, at: datetime) -> bool:
    return is_open(known[name], at)


def read_folder(source: Source, previous: Policy | None = None) -> Folder:
    """Every file read as far as it can be, with all mistakes."""
    found, mistakes = documents(source.files)
    return _Reader(source, found, mistakes).folder(previous)


class _Reader:
    """Reads the files in the order in which they need each other."""

    def __init__(
        self, source: Source, found: Mapping[str, Document | None], mistakes: list[Mistake]
    ) -> None:
        self.source, self.documents, self.mistakes = source, found, mistakes
        self.names = names_in(found)

    def folder(self, previous: Policy | None) -> Folder:
        attributes, unread = self._schema()
        types = self._activity_types()
        if not is_map(self.documents.get("scoring.yaml")):
            unread = unread | {"activity"}
        conditions = Conditions(attributes, types, previous.compiled if previous else {})
        working_hours, life = self._calendars(), self._lifecycle()
        everybody = self._team(working_hours, conditions, life.escalation_contact)
        points = self._scoring(conditions, life)
        learned = self._model(attributes, conditions, points)
        tables = Tables(self.source.files, table_symbols(attributes, types))
        routes = self._routing(conditions, tables, life)
        tried = self._experiments(points, routes)
        self._tests(attributes, points)
        named = [*conditions.mistakes, *tables.mistakes]
        self.mistakes.extend(_not_about(unread, named) if self.mistakes else named)
        return Folder(
            self.source, self.documents, attributes, points, routes, everybody, working_hours,
            life, learned, conditions.compiled, tried, tuple(self.mistakes),
        )  # fmt: skip

    def _schema(self) -> tuple[Schema, frozenset[str]]:
        """The attributes, and the names of those that could not be read."""
        document = self.documents.get("attributes.yaml")
        if document is None:
            return schema(Document("attributes.yaml", {}, None))[0], Anything()
        found, wrong = schema(document)
        self.mistakes.extend(wrong)
        return found, entries_in(document).difference(found) if is_map(document) else Anything()

    def _activity_types(self) -> frozenset[str]:
        """Those that conditions may name, whether or not their entries are right."""
        named = entries_in(self.documents.get("scoring.yaml"), "behaviour", "activities")
        return frozenset(filter(is_symbol, named))

    def _calendars(self) -> Mapping[str, Calendar]:
        document = self.documents.get("calendars.yaml")
        found, wrong = calendars(document, self.source.holidays)
        self.mistakes.extend(wrong)
        return found

    def _lifecycle(self) -> Lifecycle:
        document = self.documents.get("lifecycle.yaml")
        if document is None:
            return defaults()
        found, wrong = lifecycle(document, self.names)
        self.mistakes.extend(wrong)
        return found

    def _team(
        self, working_hours: Mapping[str, Calendar], conditions: Conditions, contact: str
    ) -> Team:
        document = self.documents.get("team.yaml")
        if document is None:
            return NOBODY
        found, wrong = team(document, working_hours, conditions, self.names, contact)
        self.mistakes.extend(wrong)
        return found

    def _scoring(self, conditions: Conditions, life: Lifecycle) -> Scoring | None:
        document = self.documents.get("scoring.yaml")
        if document is None:
            return None
        file, mistakes = scoring_file(document)
        self.mistakes.extend(mistakes)
        if file is None:
            return None
        found, wrong = scoring(
            document,
            file,
            conditions,
            life.reasons,
            self.names,
            has_model=bool(self.source.model),
        )
        self.mistakes.extend(wrong)
        return found

    def _model(
        self, attributes: Schema, conditions: Conditions, points: Scoring | None
    ) -> Model | None:
        """The current model among these rules; None where there is none, or it does not fit."""
        if not self.source.model or points is None:
            return None
        scorecard, wrong = scorecard_in(self.source.model)
        self.mistakes.extend(wrong)
        if scorecard is None:
            return None
        found, lacking = model(self.source.model, scorecard, attributes, conditions, points)
        self.mistakes.extend(lacking)
        return found

    def _routing(self, conditions: Conditions, tables: Tables, life: Lifecycle) -> Routing | None:
        document = self.documents.get("routing.yaml")
        if document is None:
            return None
        intake = ToQueue(life.intake_queue, life.intake_owner)
        found, wrong = routing(document, conditions, self.names, tables, intake)
        self.mistakes.extend(wrong)
        return found

    def _experiments(
        self, points: Scoring | None, routes: Routing | None
    ) -> tuple[Experiment, ...]:
        document = self.documents.get(EXPERIMENTS)
        if document is None:
            return ()
        known = None if routes is None else routes.routes
        has_model = bool(self.source.model)
        found, wrong = experiments(document, Beside(self.names, points, known, has_model))
        self.mistakes.extend(wrong)
        return found

    def _tests(self, attributes: Schema, points: Scoring | None) -> None:
        """Mistakes in test files are mistakes of the folder."""
        if points is None or self.documents.get("attributes.yaml") is None:
            return  # without what a lead may carry, every test would be a mistake that follows
        known = route_names_in(self.documents.get("routing.yaml"))
        for name, document in self.documents.items():
            if document is not None and is_test(name):
                _, wrong = rule_tests(document, attributes, points, self.names, known)
                self.mistakes.extend(wrong)


def _not_about(unread: frozenset[str], mistakes: Iterable[Mistake]) -> Iterator[Mistake]:
    """The mistakes but for those that follow from names that could not be read."""
    for mistake in mistakes:
        quoted = _QUOTED.findall(mistake.what)
        if not any(name in unread or name.partition(".")[0] in unread for name in quoted):
            yield mistake
