"""Reading experiments from a store, by the rules that are active in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from scoring_service.cli.problem import Problem
from scoring_service.cli.upkeep.active_rules import active_policy
from scoring_service.cli.upkeep.reading import REMEDY, reading
from scoring_service.domain.experiments.report import Report
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes, did_you_mean
from scoring_service.policy.source import unpack
from scoring_service.store.reader import Reader
from scoring_service.workflows.experiments.reporting import Known, Unread, known, reported


def every(store: str) -> tuple[tuple[Known | Unread, ...], datetime]:
    """Every experiment, and the instant it is read. Raises Problem or StoreProblem."""
    with _reading(store) as (reader, policy):
        return _known(reader, policy), datetime.now(UTC)


def reports(store: str, name: str | None) -> tuple[Report | Unread, ...]:
    """What came of one experiment, or of all; of some it cannot be told. Raises Problem and
    StoreProblem.
    """
    with _reading(store) as (reader, policy):
        found = _known(reader, policy)
        names = [_name(one) for one in found]
        if name is not None and name not in names:
            remedy = did_you_mean(name, names)
            raise Problem(f"there is no experiment '{name}', and none was ever run; {remedy}")
        asked = [one for one in found if name in (None, _name(one))]
        now = datetime.now(UTC)
        return tuple(
            [one if isinstance(one, Unread) else reported(reader, one, now) for one in asked]
        )


def _name(one: Known | Unread) -> str:
    return one.name if isinstance(one, Unread) else one.experiment.name


@contextmanager
def _reading(store: str) -> Iterator[tuple[Reader, Policy]]:
    policy = active_policy(store, REMEDY)
    with reading(store) as reader:
        yield reader, policy


def _known(reader: Reader, policy: Policy) -> tuple[Known | Unread, ...]:
    def past(revision: str) -> Policy | str:
        content = reader.revision_content(revision)
        if content is None:
            return "the store does not have them any more"
        try:
            return load(unpack(content))
        except Mistakes as wrong:  # rules that only an older program could read
            first, *more = wrong.mistakes
            return f"{first}{f', and {len(more)} more' if more else ''}"
        except ValueError as error:
            return f"they are damaged: {error}"

    return known(reader, policy, past)
