"""Which rows count, and whether each was won by the horizon."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.counted import left_out, many
from scoring_service.calibration.rows.instants import MICROSECOND, NEVER, shown, span
from scoring_service.calibration.rows.outcomes import Outcome, Outcomes
from scoring_service.calibration.table import Flags, Integers, Time

CLOSING_SHARE = 0.95
"""The horizon of a file that gives none: by then this share of its closed rows had closed."""

MISSED_WINS_MIN = 7.0
"""So many wins expected and none seen: chance in fewer than one file of a thousand (e^-7)."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """m rows of a file, each at an instant at which it may be scored (several a lead, perhaps).

    `row`, shape (m,), is the row of the file; `lead` numbers its lead; `at` are microseconds UTC, a
    row's number where `time` is ORDER, 0 where it is NONE; `closed` are microseconds UTC or NEVER,
    None where the file does not say.
    """

    time: Time
    row: Integers
    lead: Integers
    at: Integers
    outcome: Outcomes
    closed: Integers | None = None

    def __len__(self) -> int:
        return len(self.row)

    def rows(self, which: Flags | Integers) -> "Candidates":
        """Some of them (indices or flags)."""
        return replace(
            self,
            row=self.row[which],
            lead=self.lead[which],
            at=self.at[which],
            outcome=self.outcome[which],
            closed=None if self.closed is None else self.closed[which],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Of the candidates those that count (`kept`, indices in the order of time) and, for each of
    these, whether it was won and from when on that is known.
    """

    kept: Integers
    won: Flags
    known_at: Integers
    horizon: timedelta | None
    notes: tuple[str, ...]


def labels_of(candidates: Candidates, latest: int, horizon: timedelta | None) -> Labels:
    """The labels of candidates as things stand at the horizon; as they stand, without times.

    `latest` is the last instant of the file: what is younger than the horizon then is left out.
    """
    if candidates.time is not Time.INSTANTS:
        return _as_they_stand(candidates)
    assert horizon is not None, "rows with times need a horizon"
    notes: list[str] = []
    length = horizon // MICROSECOND
    counts = _counting(candidates, latest, length, notes)
    kept = np.flatnonzero(counts)
    kept = kept[np.argsort(candidates.at[kept], kind="stable")]
    taken = candidates.rows(kept)
    notes.extend(_truncation(taken, length))
    return Labels(kept, won_by(taken, length), taken.at + length, horizon, tuple(notes))


def _as_they_stand(candidates: Candidates) -> Labels:
    still = candidates.outcome == Outcome.OPEN
    kept = np.flatnonzero(~still)
    notes = (left_out(int(still.sum()), "row", "still open"),) if still.any() else ()
    won = candidates.outcome[kept] == Outcome.WON
    return Labels(kept, won, candidates.at[kept], None, notes)


def derived_horizon(candidates: Candidates, file: str) -> tuple[timedelta, str]:
    """The 95 % quantile of the closing times of closed rows, in whole seconds, at least one; and
    the note that says so. CalibrationProblem where no row of the file closed.
    """
    closed = candidates.closed
    assert closed is not None, "without closing times a horizon has to be given"
    times = (closed - candidates.at)[_closed(candidates)]
    times = times[times >= 0]
    if not len(times):
        raise CalibrationProblem(
            f"{file}: no row closed after it was scored, so that no horizon can be had from closing"
            " times: wait for outcomes, or give a horizon (--horizon 90d)"
        )
    quantile = float(np.quantile(times, CLOSING_SHARE, method="higher"))
    horizon = timedelta(seconds=max(1, -(-quantile // 1_000_000)))
    return horizon, (
        f"no horizon was given: it is {span(horizon)}, by which {CLOSING_SHARE:.0%} of the closed"
        " rows had closed"
    )


def _closed(candidates: Candidates) -> Flags:
    assert candidates.closed is not None
    found: Flags = (candidates.outcome != Outcome.OPEN) & (candidates.closed != NEVER)
    return found


def won_by(candidates: Candidates, length: int) -> Flags:
    """Which were won at most `length` microseconds after their instant; where the file does not say
    when, which were won at all.
    """
    won: Flags = candidates.outcome == Outcome.WON
    if candidates.closed is None:
        return won
    by: Flags = candidates.closed <= candidates.at + length
    return won & by


def _counting(candidates: Candidates, latest: int, length: int, notes: list[str]) -> Flags:
    """Which candidates count; what is left out is counted in `notes`."""
    left = np.ones(len(candidates), dtype=np.bool_)

    def leave_out(which: Flags, why: str) -> None:
        nonlocal left
        if gone := int((left & which).sum()):
            notes.append(left_out(gone, "row", why))
        left = left & ~which

    if candidates.closed is not None:
        closed = _closed(candidates)
        undated = (candidates.outcome == Outcome.WON) & ~closed
        leave_out(closed & (candidates.closed < candidates.at), "closed before they were scored")
        leave_out(undated, "won, but the file does not say when")
    young = candidates.at + length > latest
    leave_out(young, f"their horizon ends after {shown(latest)}, the latest instant of the file")
    still = left & (candidates.outcome == Outcome.OPEN)
    if still.any():
        notes.append(f"{many(int(still.sum()), 'open row')} older than the horizon: not won")
    late = left & (candidates.outcome == Outcome.WON) & ~won_by(candidates, length)
    if late.any():
        notes.append(f"{many(int(late.sum()), 'row')} won after the horizon: not won by it")
    return left


def _truncation(taken: Candidates, length: int) -> tuple[str, ...]:
    """A note where wins begin so long after leads do that earlier ones seem not to be in the file:
    old leads then look cold.
    """
    won = won_by(taken, length)
    if taken.closed is None or not won.any():
        return ()
    first = int(taken.closed[won].min())
    usual = int(np.median((taken.closed - taken.at)[won]))
    before = taken.at + usual < first
    rate = won[~before].mean() if (~before).any() else 0.0
    if before.sum() * rate / 2 < MISSED_WINS_MIN:
        return ()
    older = many(int(before.sum()), "row")
    return (
        f"the first win closes on {shown(first)}, and {older} older than it by more than a win"
        " usually takes: earlier wins seem not to be in the file, so that old leads look cold;"
        " leave those rows out",
    )
