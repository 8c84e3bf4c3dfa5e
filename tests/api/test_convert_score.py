"""A score in its encoding is what the protobuf library makes of it, field by field."""

from hypothesis import given
from hypothesis import strategies as st
from leadscoring.v1 import types_pb2

from scoring_service.api.convert_score import QUADRANTS, score_encoded, score_into
from scoring_service.values.instant import instant
from scoring_service.values.score import (
    Bar,
    Contribution,
    Dimension,
    ModelContribution,
    Quadrant,
    Score,
    WinProbability,
)

numbers = st.floats(allow_nan=False)
names = st.text(max_size=30)
instants = st.integers(-2_208_988_800_000_000, 7_258_118_399_999_999).map(instant)
probabilities = st.builds(WinProbability, numbers, numbers, numbers)
scores = st.builds(
    Score,
    fit=numbers,
    behaviour=numbers,
    fit_grade=st.sampled_from(["A", "D", ""]),
    behaviour_level=st.integers(0, 4),
    quadrant=st.sampled_from(Quadrant),
    mql_ready=st.booleans(),
    bars=st.lists(st.builds(Bar, names, numbers, numbers, st.booleans()), max_size=3).map(tuple),
    contributions=st.just((Contribution(Dimension.FIT, "size", 20.0),)),
    as_of=instants,
    policy_revision=names,
    qualified_until=st.none() | instants,
    win_probability=st.none() | probabilities,
    sql_ready=st.none() | st.booleans(),
    model_version=names,
    model_contributions=st.just((ModelContribution("base", -2.0), ModelContribution("", 0.0))),
    arms=st.dictionaries(names, names, max_size=2),
)


def by_library(score: Score) -> types_pb2.Score:
    message = types_pb2.Score(
        fit=score.fit,
        behaviour=score.behaviour,
        fit_grade=score.fit_grade,
        behaviour_level=score.behaviour_level,
        quadrant=QUADRANTS[score.quadrant],
        mql_ready=score.mql_ready,
        policy_revision=score.policy_revision,
        model_version=score.model_version,
        sql_ready=score.sql_ready,
        arms=score.arms,
    )
    message.as_of.FromDatetime(score.as_of)
    if score.qualified_until is not None:
        message.qualified_until.FromDatetime(score.qualified_until)
    for bar in score.bars:
        message.bars.add(name=bar.name, value=bar.value, threshold=bar.threshold, met=bar.met)
    if score.win_probability is not None:
        message.win_probability = score.win_probability.value
        message.win_probability_low = score.win_probability.low
        message.win_probability_high = score.win_probability.high
        for one in score.model_contributions:
            message.model_contributions.add(name=one.name, log_odds=one.log_odds)
    message.contributions.add(dimension=types_pb2.DIMENSION_FIT, name="size", points=20.0)
    return message


@given(scores)
def test_whatever_is_known_of_a_lead(score: Score) -> None:
    assert types_pb2.Score.FromString(score_encoded(score)) == by_library(score)
    message = types_pb2.Score()
    score_into(message, score)
    assert message == by_library(score)
