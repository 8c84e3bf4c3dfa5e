"""A rules folder as a policy that has passed its own tests."""

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistake, Mistakes
from scoring_service.policy.rule_tests import run
from scoring_service.policy.source import Source, source_of, unpack
from scoring_service.registry.current import current
from scoring_service.registry.problem import RegistryProblem
from scoring_service.server.folders import rule_files
from scoring_service.server.start_problem import StartProblem


class Loaded(NamedTuple):
    """A policy, and the files it was made from."""

    policy: Policy
    source: Source


def load_folder(folder: Path, previous: Policy | None = None, models: Path | None = None) -> Loaded:
    """The folder with the current model, compiled and tested. Takes seconds for thousands of
    conditions.

    Raises StartProblem where it cannot be read, and Mistakes, failed rule tests among them.
    Conditions that `previous` had compiled are taken from it.
    """
    source = source_of(rule_files(folder), _model_in(models))
    policy = load(source, previous)
    failed = [outcome for outcome in run(policy, source) if not outcome.passed]
    if failed:
        raise Mistakes(
            Mistake(
                outcome.file,
                outcome.line,
                outcome.it,
                f"this test fails: {'; '.join(outcome.differences)}",
                "mend the rule or the test",
            )
            for outcome in failed
        )
    return Loaded(policy, source)


def content_of(folder: Path, models: Path | None = None) -> bytes:
    """A hash of all that a load reads of the two folders; empty where they cannot be read."""
    try:
        content = sorted(rule_files(folder).items()), _model_in(models)
    except (StartProblem, Mistakes):
        return b""
    return sha256(msgspec.msgpack.encode(content)).digest()


def _model_in(models: Path | None) -> bytes:
    """The current model's scorecard.json, empty where there is none; Mistakes where it is not as it
    was published.
    """
    try:
        found = current(models) if models else None
    except RegistryProblem as wrong:
        remedy = "have another version be current (`models promote`), or none (`models rollback`)"
        raise Mistakes([Mistake("CURRENT", 1, "model", str(wrong), remedy)]) from wrong
    return b"" if found is None else found.scorecard


def compile_stored(content: bytes) -> Policy:
    """The policy of a revision's stored content."""
    return load(unpack(content))


def told(mistakes: Mistakes) -> str:
    """The mistakes in one sentence: the first of them, and how many more there are."""
    first, more = mistakes.mistakes[0], len(mistakes.mistakes) - 1
    others = "mistake" if more == 1 else "mistakes"
    return f"{first} (and {more} more {others})" if more else str(first)
