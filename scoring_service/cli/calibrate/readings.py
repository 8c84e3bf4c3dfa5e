"""The leads that a calibration learns from: of a file, or of a store."""

from datetime import datetime

from scoring_service.calibration.rows.mapping import mapping_of
from scoring_service.calibration.rows.read_file import read_file
from scoring_service.calibration.rows.read_store import HORIZON, read_store
from scoring_service.calibration.table import Readings
from scoring_service.cli.calibrate.asked import Asked
from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.folder import source_in
from scoring_service.cli.upkeep.active_rules import active_source
from scoring_service.cli.upkeep.reading import reading
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import Source


def policy_for(asked: Asked) -> Policy | None:
    """The rules of --rules, else those that the store decides by; None for a file without rules.

    Raises Problem where they do not load.
    """
    source = _source(asked)
    try:
        return None if source is None else load(source)
    except Mistakes as wrong:
        count, first = len(wrong.mistakes), wrong.mistakes[0]
        raise Problem(
            f"the rules do not load, {count} mistakes; leadscoring rules check tells all of them, "
            f"one is {first}"
        ) from wrong


def _source(asked: Asked) -> Source | None:
    if asked.rules is not None:
        return source_in(asked.rules, asked.models)
    if asked.store is None:
        return None
    source = active_source(asked.store)
    if source is None:
        raise Problem(f"nothing has decided yet in {asked.store}; name the rules by --rules")
    return source


def readings(asked: Asked, policy: Policy | None, now: datetime) -> Readings:
    """The training rows, and the histories to replay where there are rules.

    Raises CalibrationProblem, Problem or StoreProblem where they cannot be read.
    """
    if asked.store is not None:
        assert policy is not None
        return _stored(asked, asked.store, policy, now)
    assert asked.file is not None
    assert asked.outcome is not None
    return read_file(
        asked.file,
        outcome=asked.outcome,
        mapping=None if asked.mapping is None else mapping_of(asked.mapping),
        activities=asked.activities,
        ordered=asked.ordered,
        policy=policy,
        horizon=asked.horizon,
        now=now,
    )


def _stored(asked: Asked, store: str, policy: Policy, now: datetime) -> Readings:
    with reading(store) as reader:
        return read_store(reader, policy, now, horizon=asked.horizon or HORIZON)
