"""The names that one rule file may use of another, whether or not their entries are right."""

from collections.abc import Callable

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.document import Document, compose
from scoring_service.policy.files.names import (
    Anything,
    entries_in,
    is_map,
    names_in,
    names_of,
    route_names_in,
)

Reading = Callable[[str], Document]
TEAM = """\
reps: {anna: {}, ben: 7}
pools: {sdr: {}, ae: {queue: {name: wait}}}
"""


def team(text: str) -> dict[str, Document | None]:
    return {"team.yaml": compose("team.yaml", text.encode())}


def test_names_of_a_team_are_its_keys() -> None:
    names = names_in(team(TEAM))
    assert names.reps == {"anna", "ben"}
    assert names.pools == {"sdr", "ae"}
    assert names.queues == {"sdr": "sdr", "wait": "ae"}


def test_without_optional_files_there_are_the_defaults() -> None:
    names = names_in({})
    assert names.calendars == {"always", "default"}
    assert {"welcome-nurture", "competitive_recapture"} == names.tracks
    assert {"timing", "spam"} < names.reasons
    assert {"accept", "hot"} < names.slas
    assert names.reps == set()


def test_a_file_adds_to_the_defaults() -> None:
    text = "tracks: {t: {}}\nreasons: {r: {}}\nslas: {s: 1h}\n"
    names = names_in({"lifecycle.yaml": compose("lifecycle.yaml", text.encode())})
    assert {"t", "welcome-nurture"} < names.tracks
    assert {"r", "timing"} < names.reasons
    assert {"s", "hot"} < names.slas


@pytest.mark.parametrize("text", ["[1]", "7", "text"])
def test_of_a_file_that_is_no_map_anything_may_be_named(text: str) -> None:
    names = names_in(team(text))
    assert "whoever" in names.reps
    assert "whatever" in names.pools
    assert names.queues == {}


def test_of_a_file_that_cannot_be_read_anything_may_be_named() -> None:
    names = names_in({"team.yaml": None, "calendars.yaml": None, "lifecycle.yaml": None})
    for known in (names.reps, names.pools, names.calendars, names.tracks, names.slas):
        assert "whatever" in known
        assert isinstance(known | {"more"}, Anything)


@pytest.mark.parametrize(
    ("text", "path", "names"),
    [
        pytest.param("a: {b: {x: 1, y: 2}}", ("a", "b"), {"x", "y"}, id="below"),
        pytest.param("a: 1\nb: 2", (), {"a", "b"}, id="at the top"),
        pytest.param("a: {b: [x]}", ("a", "b"), set(), id="a list"),
        pytest.param("a: 7", ("a", "b"), set(), id="nothing below"),
        pytest.param("[a]", (), set(), id="no map at all"),
    ],
)
def test_the_keys_at_a_path(
    document: Reading, text: str, path: tuple[str, ...], names: set[str]
) -> None:
    assert entries_in(document(text), *path) == names


def test_of_no_file_there_are_no_keys() -> None:
    assert entries_in(None) == set()
    assert not is_map(None)


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        pytest.param("routes: [{name: a}, {name: b}]", "b", "c", id="those that are written"),
        pytest.param("routes: [{name: a}]", "otherwise", "c", id="and the last"),
        pytest.param("routes: [{nme: a}, 7, {name: 5}]", "otherwise", "a", id="among mistakes"),
        pytest.param("routes: []", "otherwise", "a", id="none"),
    ],
)
def test_the_names_of_routes(document: Reading, text: str, known: str, unknown: str) -> None:
    names = route_names_in(document(text))
    assert known in names
    assert unknown not in names


@pytest.mark.parametrize("text", ["routes: {}", "routes: 7", "[]", "", "other: 1"])
def test_where_routes_cannot_be_read_any_name_may_be_one(document: Reading, text: str) -> None:
    assert "whatever" in route_names_in(document(text))


def test_the_names_of_a_policy_are_those_of_its_files(
    loaded: Callable[..., Policy], rule_files: Callable[..., dict[str, bytes]]
) -> None:
    files = {name: text for name, text in rule_files().items() if name.endswith(".yaml")}
    of_files = names_in({name: compose(name, text) for name, text in files.items()})
    of_policy = names_of(loaded())
    assert of_policy.reps == of_files.reps
    assert of_policy.pools == of_files.pools
    assert of_policy.queues == of_files.queues
    assert of_policy.calendars == of_files.calendars
    assert of_policy.tracks == of_files.tracks
    assert of_policy.reasons == of_files.reasons
    assert of_policy.slas == of_files.slas
