"""The shares kept at training are those of the leads, counted one by one."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from msgspec import structs

from scoring_service.calibration.reporting.baseline import baseline, first_rows, score_edges
from scoring_service.calibration.results import Training
from scoring_service.domain.calibration.baseline import Baseline, Shares
from scoring_service.domain.calibration.drift import psi
from scoring_service.domain.calibration.scorecard import TextTerm

Train = Callable[..., Training]


def _of(training: Training) -> Baseline:
    assert training.published is not None
    window = training.window
    assert window is not None
    return baseline(window.table, window.p, training.published.scorecard)


def _feature(found: Baseline, name: str) -> Shares:
    (shares,) = [feature for feature in found.features if feature.feature == name]
    return shares


def test_every_term_has_shares_that_sum_to_one(train: Train) -> None:
    found = _of(train())
    assert [f.feature for f in found.features] == ["decides", "demo_request", "employees", "source"]
    assert [f.kind for f in found.features] == ["criterion", "activity", "number", "text"]
    for feature in (*found.features, found.score):
        assert sum(feature.by_slot.values()) == pytest.approx(1)
    assert found.rows == 600


def test_a_text_s_shares_are_its_counts(train: Train) -> None:
    training = train()
    assert training.window is not None
    codes = Counter(training.window.table.column("source").values.tolist())
    shares = _feature(_of(training), "source").by_slot
    assert shares == {
        "=web": codes[0] / 600, "=fair": codes[1] / 600, "=ads": codes[2] / 600,
        "missing": codes[-1] / 600,
    }  # fmt: skip


def test_a_number_s_shares_follow_the_scorecard_s_bins(train: Train) -> None:
    training = train()
    assert training.window is not None
    sizes = training.window.table.column("employees").values
    shares = _feature(_of(training), "employees")
    assert shares.by_slot["< 50"] == pytest.approx((sizes < 50).mean())
    assert shares.by_slot[">= 200"] == pytest.approx((sizes >= 200).mean())
    assert shares.missing == pytest.approx(np.isnan(sizes).mean())


def test_criteria_and_activities(train: Train) -> None:
    training = train()
    assert training.window is not None
    table, found = training.window.table, _of(training)
    held = _feature(found, "decides").by_slot["holds"]
    assert held == pytest.approx(table.column("decides").values.mean())
    nothing = _feature(found, "demo_request").by_slot["nothing"]
    assert nothing == pytest.approx((table.column("demo_request").values == 0).mean())


def test_a_level_that_was_pooled_counts_as_other(train: Train) -> None:
    training = train()
    assert training.published is not None
    assert training.window is not None
    *terms, text = training.published.scorecard.terms
    assert isinstance(text, TextTerm)
    pooled = structs.replace(text, levels={"web": text.levels["web"]})
    card = structs.replace(training.published.scorecard, terms=(*terms, pooled))
    found = baseline(training.window.table, training.window.p, card)
    codes = training.window.table.column("source").values
    assert _feature(found, "source").by_slot["other"] == pytest.approx((codes > 0).mean())


def test_p_is_cut_into_tenths(train: Train) -> None:
    found = _of(train())
    assert len(found.score_edges) <= 9
    assert max(found.score.by_slot.values()) < 0.3


def test_equal_values_of_p_make_fewer_slots() -> None:
    assert score_edges(np.full(50, 0.2)) == (0.2,)


def test_only_the_first_row_of_each_lead_counts(train: Train) -> None:
    table = train().table.rows(np.arange(6))
    twice = replace(
        table,
        leads=np.array([0, 1, 1, 0, 2, 2]),
        scored_at=np.array([30, 10, 20, 10, 5, 5]),
    )
    assert first_rows(twice).tolist() == [False, True, False, True, True, False]


def test_held_against_itself_nothing_has_moved(train: Train) -> None:
    found = _of(train())
    for feature in found.features:
        assert psi(feature.by_slot, feature.by_slot) == 0
