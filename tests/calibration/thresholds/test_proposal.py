"""Points from a scorecard: what they are, what they lose, and that the file applied keeps what was
promised of it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.learning.apply import log_odds
from scoring_service.calibration.results import Fitted, Training
from scoring_service.calibration.table import Column, Kind, LeadHistory, Readings
from scoring_service.calibration.thresholds.bars_in_file import SCORING, Bars, with_bars
from scoring_service.calibration.thresholds.crossings import paths_of
from scoring_service.calibration.thresholds.points_in_file import with_points
from scoring_service.calibration.thresholds.proposal import Proposal, fidelity, proposal
from scoring_service.calibration.thresholds.proposed_points import (
    OFFSET,
    ProposedPoints,
    proposed_points,
)
from scoring_service.calibration.thresholds.replay import Replay, before_after
from scoring_service.calibration.thresholds.threshold_results import BeforeAfter, By, Pair, Wish
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.fit import fit
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of

HORIZON = timedelta(days=30)
TEXT, INTEGER = AttributeType.TEXT, AttributeType.INTEGER


def cell(weight: float) -> Cell:
    return Cell(weight, (0.0,))


def scorecard(**changes: Any) -> Scorecard:
    terms = (
        CriterionTerm("large company", "employees >= 200", cell(0.6)),
        CriterionTerm("decides or advises", "x", cell(-0.5)),
        ActivityTerm("demo_request", 60.0, 21 * 86_400.0, cell(0.025), points_max=60.0),
        ActivityTerm("webinar_attended", 20.0, 21 * 86_400.0, cell(0.01), points_max=30.0),
        ActivityTerm("page_view", 1.0, 7 * 86_400.0, cell(-0.01), points_max=10.0),
        NumberTerm(
            "employees", INTEGER, (50.0, 200.0), tuple(map(cell, (-0.4, 0.0, 0.3))), cell(-0.2)
        ),
        TextTerm("industry", TEXT, {'so"ft': cell(0.5)}, cell(0.0), cell(-0.3)),
    )
    return Scorecard(cell(-1.5), changes.get("terms", terms), 0.2, 100, 20)


ETA = np.linspace(-3, 2, 501)
SCALE = 100 / (np.quantile(ETA, 0.99) - np.quantile(ETA, 0.01))


@pytest.fixture
def policy(files: dict[str, bytes]) -> Policy:
    return load(source_of(files))


@pytest.fixture
def points(policy: Policy) -> ProposedPoints:
    return proposed_points(scorecard(), policy.scoring, ETA)


def test_a_unit_of_log_odds_is_so_many_points_that_most_leads_span_the_scale(
    points: ProposedPoints,
) -> None:
    assert points.scale == pytest.approx(SCALE)
    worth = {c.name: c.points for c in points.criteria}
    assert worth[OFFSET] == round(SCALE * (-1.5 - float(np.quantile(ETA, 0.01))))
    assert worth["large company"] == round(0.6 * SCALE)


def test_what_a_number_and_a_text_tell_become_criteria(points: ProposedPoints) -> None:
    new = {c.when: c.points for c in points.criteria if c.today is None}
    assert new == {
        "true": round(SCALE * (-1.5 - float(np.quantile(ETA, 0.01)))),
        "employees == null": round(-0.2 * SCALE),
        "employees < 50": round(-0.4 * SCALE),
        "employees >= 200": round(0.3 * SCALE),
        'industry == "so\\"ft"': round(0.5 * SCALE),
        'industry != null and not (industry in ["so\\"ft"])': round(-0.3 * SCALE),
    }


def test_what_surprises_is_flagged(points: ProposedPoints) -> None:
    flags = {c.name: c.flag for c in points.criteria if c.flag}
    assert flags["decides or advises"] == "its sign is not the one of today's points"
    assert flags["student"].startswith("the model did not learn it")
    acts = {a.type: a for a in points.activities}
    assert (acts["page_view"].points, acts["page_view"].flag) == (
        0.0,
        "its learned weight is not above 0",
    )
    assert acts["trial_started"].flag == "the model did not learn it"


def test_activities_and_groups_are_scaled(points: ProposedPoints) -> None:
    acts = {a.type: a for a in points.activities}
    demo, webinar = acts["demo_request"], acts["webinar_attended"]
    assert demo.points == pytest.approx(60 * 0.025 * SCALE, abs=0.005)
    assert demo.points_max == pytest.approx(60 * 0.025 * SCALE, abs=0.05)
    assert points.groups["events"] == webinar.points_max
    assert points.groups["web"] == 25, "nothing in it is worth a point: as it was"


def test_an_offset_stays_one_when_the_proposal_is_calibrated_again(policy: Policy) -> None:
    terms = (CriterionTerm(OFFSET, "true", cell(0.25)), *scorecard().terms)
    found = proposed_points(scorecard(terms=terms), policy.scoring, ETA)
    (offset,) = [c for c in found.criteria if c.name == OFFSET]
    assert offset.points == round(SCALE * (-1.25 - float(np.quantile(ETA, 0.01))))


def test_points_keep_the_comments_and_the_bars(
    files: dict[str, bytes], points: ProposedPoints
) -> None:
    before, after = files[SCORING].decode(), with_points(files[SCORING], points).decode()
    kept = [line[line.index("#") :] for line in before.splitlines() if "#" in line]
    assert [line[line.index("#") :] for line in after.splitlines() if "#" in line] == kept
    assert "mql: {fit_min: 40, behaviour_min: 40, hysteresis: 5}" in after


def _training(trainings: Any, card: Scorecard, leads: tuple[LeadHistory, ...]) -> Training:
    """A training on the leads as they were created, by a scorecard of their criteria and acts."""
    chance = np.random.default_rng(0)
    symbols = [lead.symbols[0][1] for lead in leads]
    base = trainings.of(np.full(len(leads), 0.2), np.array([lead.won for lead in leads]))
    columns = (
        Column(
            "large company",
            Kind.CRITERION,
            np.array([float(s["employees"] >= 200) for s in symbols]),
            when="employees >= 200",
        ),
        Column("demo_request", Kind.ACTIVITY, 60 * chance.random(len(leads))),
        Column("webinar_attended", Kind.ACTIVITY, 30 * chance.random(len(leads))),
        Column(
            "employees", Kind.NUMBER, np.array([float(s["employees"]) for s in symbols]), INTEGER
        ),
    )
    table = replace(base.table, columns=columns, horizon=HORIZON)
    training: Training = replace(base, table=table, published=Fitted(None, card, 1.0))
    return training


@pytest.fixture(scope="module")
def made(
    trainings: Any, files: dict[str, bytes], leads: tuple[LeadHistory, ...], until: datetime
) -> Proposal:
    """A proposal for a team that can work ten leads a week."""
    card = scorecard(terms=tuple(t for k, t in enumerate(scorecard().terms) if k in (0, 2, 3, 5)))
    training = _training(trainings, card, leads)
    policy, readings = load(source_of(files)), Readings(training.table, leads, until)
    return proposal(training, readings, policy, files, Wish(By.CAPACITY, 10))


def test_a_proposal_applied_reloaded_and_replayed_gives_what_it_promised(
    made: Proposal, files: dict[str, bytes], leads: tuple[LeadHistory, ...], until: datetime
) -> None:
    assert made.pair.pair is not None
    applied = load(source_of({**files, SCORING: made.change.content})).scoring
    bars = Pair(applied.mql.fit_min, applied.mql.behaviour_min)
    assert bars == made.pair.pair
    today = load(source_of(files)).scoring
    after = Replay(paths_of(leads, applied, HORIZON, until), dated=True).volume(bars)
    before = Replay(paths_of(leads, today, HORIZON, until), dated=True).volume(Pair(40, 40))
    assert made.before_after == BeforeAfter(before, after)
    assert after.leads_a_week is not None
    assert 0 < after.leads_a_week <= 10
    assert f"{after.wins:.1f} wins expected" in made.pair.sentence
    recent = made.looked_at
    assert recent == sum(lead.created_at > until - timedelta(days=91) for lead in leads)
    assert not set(made.becomes) & set(made.stops)
    assert len(made.becomes) <= after.leads
    assert len(made.stops) <= before.leads


def test_bars_applied_reloaded_and_replayed_give_the_volumes_of_the_table(
    files: dict[str, bytes], leads: tuple[LeadHistory, ...], until: datetime
) -> None:
    today = load(source_of(files)).scoring
    promised = before_after(
        Replay(paths_of(leads, today, HORIZON, until), dated=True), Pair(40, 40), Pair(25, 55)
    )
    change = with_bars(files, Bars(promised.after.bars))
    applied = load(source_of({**files, SCORING: change.content})).scoring
    bars = Pair(applied.mql.fit_min, applied.mql.behaviour_min)
    replayed = Replay(paths_of(leads, applied, HORIZON, until), dated=True).volume(bars)
    assert replayed == promised.after
    assert promised.after.leads != promised.before.leads


def test_the_file_scores_fit_as_the_points_say(
    made: Proposal, files: dict[str, bytes], leads: tuple[LeadHistory, ...]
) -> None:
    applied = load(source_of({**files, SCORING: made.change.content})).scoring
    worth = {c.when: 0.0 for c in made.points.criteria}
    for criterion in made.points.criteria:
        worth[criterion.when] += criterion.points
    for lead in leads[:50]:
        size = lead.symbols[0][1]["employees"]
        bin_of = {10: "employees < 50", 500: "employees >= 200"}.get(size, "")
        expected = worth["true"] + worth.get(bin_of, 0.0)
        assert fit(applied, lead.symbols[0][1])[0] == min(max(expected, 0), 100)


def test_where_nothing_is_capped_the_error_is_at_most_half_a_step_a_term(
    made: Proposal,
) -> None:
    found = made.fidelity
    assert 0 < found.error_largest <= found.error_bound == 2.5
    assert found.clipped < 0.5
    assert found.rank_correlation > 0.97


def test_a_type_that_is_proposed_at_0_counts_as_capped(
    trainings: Any, policy: Policy, leads: tuple[LeadHistory, ...]
) -> None:
    terms = tuple(
        ActivityTerm(t.type, t.points, t.half_life, cell(-0.01), t.points_max)
        if isinstance(t, ActivityTerm) and t.type == "webinar_attended"
        else t
        for t in scorecard().terms
        if t.cells[0].weight != -0.5
    )
    card = scorecard(terms=terms)
    table = _training(trainings, card, leads).table
    points = proposed_points(card, policy.scoring, log_odds(card, table).eta)
    found = fidelity(points, policy.scoring, card, table)
    assert found.clipped > 0.99
    assert found.error_anywhere > found.error_largest
