"""The current model beside the rules: loaded with them, or refused with its mistakes."""

from collections.abc import Callable

import msgspec
import pytest

from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    Term,
    TextTerm,
    version_of,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.schema import AttributeType
from scoring_service.policy.check import check
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes, Severity
from scoring_service.policy.source import Source, source_of, unpack

Files = Callable[..., dict[str, bytes]]
Json = Callable[..., bytes]

ROW = (0.0,) * 12
CELL = Cell(0.0, ROW)
MQL = "mql: {fit_min: 40, behaviour_min: 40}"


def mistakes(files: dict[str, bytes], model: bytes) -> list[str]:
    with pytest.raises(Mistakes) as refused:
        load(source_of(files, model))
    return str(refused.value).splitlines()


def test_a_policy_has_the_model_of_its_source(rule_files: Files, scorecard_json: Json) -> None:
    model = scorecard_json()
    policy = load(source_of(rule_files(), model))
    assert policy.model is not None
    assert policy.model.version == version_of(model)


def test_without_a_model_a_policy_has_none(loaded: Callable[..., Policy]) -> None:
    assert loaded().model is None


def test_a_revision_without_a_model_is_named_as_before_there_were_models(
    source: Callable[..., Source],
) -> None:
    """The hash of files, holidays and versions alone, as stores have it."""
    import hashlib

    found = source()
    old = msgspec.msgpack.encode(
        (
            dict(sorted(found.files.items())),
            dict(sorted(found.holidays.items())),
            dict(sorted(found.versions.items())),
        )
    )
    assert found.revision == hashlib.sha256(old).hexdigest()[:16]


def test_another_model_is_another_revision(rule_files: Files, scorecard_json: Json) -> None:
    files = rule_files()
    bare, one, other = (
        source_of(files, model) for model in (b"", scorecard_json(), scorecard_json(base=-1.0))
    )
    assert len({bare.revision, one.revision, other.revision}) == 3


def test_a_stored_revision_has_its_model(rule_files: Files, scorecard_json: Json) -> None:
    kept = source_of(rule_files(), scorecard_json())
    again = unpack(kept.pack())
    assert again == kept
    assert again.revision == kept.revision
    found = load(again).model
    assert found is not None
    assert msgspec.json.encode(found.scorecard) == scorecard_json()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", None, id="no model"),
        pytest.param(b"{", "this is no scorecard", id="no JSON"),
        pytest.param(b"\xff", "this is no scorecard", id="no text"),
        pytest.param(b"{}", "this is no scorecard", id="nothing in it"),
        pytest.param(b'{"intercept": [0, []], "terms": [{"kind": "oracle"}]}', "no scorecard",
                     id="a kind of term that is not known"),
        pytest.param(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "no scorecard",
                     id="nested too deep"),
    ],
)  # fmt: skip
def test_what_is_no_scorecard_is_refused(
    rule_files: Files, content: bytes, said: str | None
) -> None:
    if said is None:
        assert load(source_of(rule_files(), content)).model is None
        return
    (told,) = mistakes(rule_files(), content)
    assert told.startswith("scorecard.json:1: $: ")
    assert said in told


def done(**changes: object) -> ActivityTerm:
    term = ActivityTerm("demo_request", 60.0, 86_400.0, CELL)
    return msgspec.structs.replace(term, **changes)


def number(attribute: str = "seats", **changes: object) -> NumberTerm:
    term = NumberTerm(attribute, AttributeType.INTEGER, (1.0,), (CELL, CELL), CELL)
    return msgspec.structs.replace(term, **changes)


@pytest.mark.parametrize(
    ("term", "said"),
    [
        pytest.param(
            number("seets"),
            "$.terms[0].attribute: the model reads 'seets' (integer), which no lead may carry;"
            " did you mean 'seats'?",
            id="an attribute that the rules lack",
        ),
        pytest.param(
            number("plan"),
            "$.terms[0].attribute: the model reads 'plan' as integer, it is text here",
            id="an attribute of another type",
        ),
        pytest.param(
            TextTerm("seats", AttributeType.TEXT, {}, CELL, CELL),
            "the model reads 'seats' as text, it is integer here",
            id="a text that is a number here",
        ),
        pytest.param(
            CriterionTerm("x", "seets >= 1", CELL),
            "$.terms[0].when: unknown symbol 'seets'; did you mean 'seats'?",
            id="a criterion of an attribute that the rules lack",
        ),
        pytest.param(
            number(bins=(CELL, Cell(0.0, (0.0,)))),
            "$.terms[0]: its rows are not all of length 12",
            id="a row of another length",
        ),
        pytest.param(
            number(missing=Cell(0.0, (*ROW[1:], 11.0))),
            "$.terms[0]: a number of its rows is beyond 10",
            id="a row that no data teach",
        ),
        pytest.param(
            number(edges=(2.0, 1.0), bins=(CELL, CELL, CELL)),
            "$.terms[0]: its bins do not fit its edges",
            id="edges out of order",
        ),
        pytest.param(
            number(edges=(1.0, 2.0)),
            "$.terms[0]: its bins do not fit its edges",
            id="a bin too few",
        ),
        pytest.param(
            number(bins=()), "$.terms[0]: its bins do not fit its edges", id="no bin at all"
        ),
        pytest.param(
            number(edges=(1.0, 1.0), bins=(CELL, CELL, CELL)),
            "$.terms[0]: its bins do not fit its edges",
            id="an edge that is there twice",
        ),
        pytest.param(
            number(missing=Cell(0.0, ROW, -0.1)),
            "$.terms[0]: a variance of its cells is below 0; publish it anew with calibrate",
            id="less than no variance",
        ),
        pytest.param(done(half_life=0.0), "a time of 0 seconds is none", id="no half-life"),
        pytest.param(done(half_life=-1.0), "a time of -1 seconds is none", id="one below zero"),
        pytest.param(done(half_life=1e300), "a time of 1e+300 seconds is none", id="one for ever"),
        pytest.param(done(half_life=1e-9), "a time of 1e-09 seconds is none", id="one of nothing"),
        pytest.param(
            done(expires_after=0.0), "a time of 0 seconds is none", id="what expires at once"
        ),
    ],
)
def test_a_model_that_does_not_fit_the_rules_is_refused_by_name(
    rule_files: Files, scorecard_json: Json, term: Term, said: str
) -> None:
    found = mistakes(rule_files(), scorecard_json(term))
    assert any(said in line for line in found), found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"horizon_days": 0.0}, "$.horizon_days: a horizon of 0 days is none",
                     id="no horizon"),
        pytest.param({"horizon_days": 1e300}, "$.horizon_days: a horizon of 1e+300 days is none",
                     id="a horizon that never comes"),
        pytest.param({"intercept": Cell(0.0, (*ROW[1:], 10.1))},
                     "$.intercept: a number of its rows is beyond 10", id="a base out of bounds"),
        pytest.param({"intercept": Cell(0.0, ROW, -1.0)},
                     "$.intercept: a variance of its cells is below 0", id="less than no variance"),
        pytest.param({"intercept": Cell(0.0, ROW[1:])},
                     "$.terms[0]: its rows are not all of length 11", id="a shorter base"),
    ],
)  # fmt: skip
def test_a_scorecard_that_cannot_be_counted_with_is_refused(
    rule_files: Files, scorecard: Callable[..., Scorecard], changes: dict[str, object], said: str
) -> None:
    found = mistakes(
        rule_files(), msgspec.json.encode(msgspec.structs.replace(scorecard(), **changes))
    )
    assert any(said in line for line in found), found


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"horizon_days": None}, id="no times"),
        pytest.param({"horizon_days": 36_600.0}, id="the longest horizon"),
        pytest.param({"intercept": Cell(0.0, (*ROW[1:], -10.0))}, id="a base at its bound"),
    ],
)
def test_a_scorecard_at_its_bounds_is_taken(
    rule_files: Files, scorecard: Callable[..., Scorecard], changes: dict[str, object]
) -> None:
    card = msgspec.structs.replace(scorecard(), **changes)
    model = load(source_of(rule_files(), msgspec.json.encode(card))).model
    assert model is not None
    assert model.scorecard == card


def test_a_scorecard_of_another_format_is_refused(
    rule_files: Files, scorecard: Callable[..., Scorecard]
) -> None:
    later = msgspec.structs.replace(scorecard(), format=99)
    (told,) = mistakes(rule_files(), msgspec.json.encode(later))
    assert "the scorecard has format 99, this version reads 1" in told


@pytest.fixture
def scoring(rule_files: Files) -> Callable[[str], str]:
    """scoring.yaml with other bars."""
    text = rule_files()["scoring.yaml"].decode()
    assert MQL in text
    return lambda bars: text.replace(MQL, bars)


def test_a_bar_on_the_win_probability_needs_a_model(
    rule_files: Files, scorecard_json: Json, scoring: Callable[[str], str]
) -> None:
    bars = "mql: {fit_min: 40, behaviour_min: 40, win_probability_min: 0.2}"
    files = rule_files(scoring=scoring(bars))
    assert any("needs a model, and there is none" in line for line in mistakes(files, b""))
    policy = load(source_of(files, scorecard_json()))
    assert policy.scoring.mql.win_probability_min == 0.2


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        pytest.param("{version}", False, id="for the current model"),
        pytest.param("{short}", False, id="for the beginning of its name"),
        pytest.param("0123456789abcdef", True, id="for another model"),
        pytest.param("", False, id="for none that it names"),
    ],
)
@pytest.mark.parametrize("key", ["mql", "sql"])
def test_a_bar_that_was_chosen_for_another_model_is_a_finding_not_a_refusal(
    rule_files: Files,
    scorecard_json: Json,
    scoring: Callable[[str], str],
    key: str,
    chosen: str,
    told: bool,
) -> None:
    version = version_of(scorecard_json())
    named = chosen.format(version=version, short=version[:4])
    entry = f'win_probability_min: 0.3, for_model: "{named}"'
    bars = {
        "mql": f"mql: {{fit_min: 40, behaviour_min: 40, {entry}}}",
        "sql": f"{MQL}\nsql: {{{entry}}}",
    }[key]
    source = source_of(rule_files(scoring=scoring(bars)), scorecard_json())
    found = [f for f in check(source) if "was chosen for the model" in f.what]
    assert [f.severity for f in found] == [Severity.FINDING] * told
    assert load(source).model is not None


def test_a_bar_of_sql_needs_a_model_too(
    rule_files: Files, scorecard_json: Json, scoring: Callable[[str], str]
) -> None:
    files = rule_files(scoring=scoring(f"{MQL}\nsql: {{win_probability_min: 0.3}}"))
    (told,) = mistakes(files, b"")
    assert "$.sql.win_probability_min: a bar on the win probability needs a model" in told
    assert load(source_of(files, scorecard_json())).scoring.sql_win_probability_min == 0.3


def test_the_model_that_a_bar_was_chosen_for_is_read(
    rule_files: Files, scorecard_json: Json, scoring: Callable[[str], str]
) -> None:
    files = rule_files(
        scoring=scoring(f"{MQL}\nsql: {{win_probability_min: 0.3, for_model: 3f9c}}")
    )
    assert load(source_of(files, scorecard_json())).scoring.for_model == "3f9c"


def test_a_condition_on_the_win_probability_is_doubtful_only_without_a_model(
    rule_files: Files, scorecard_json: Json
) -> None:
    route = "{name: hot, when: 'score.win_probability >= 0.5', assign: {pool: sdr}}"
    text = rule_files()["routing.yaml"].decode().replace("routes:\n", f"routes:\n  - {route}\n", 1)
    assert "score.win_probability" in text
    files = rule_files(routing=text)

    def told(model: bytes) -> bool:
        return any(
            "there is no model" in finding.what for finding in check(source_of(files, model))
        )

    assert told(b"")
    assert not told(scorecard_json())
