"""A small sales team, whose rules stand in `rules/`, and the changes that tests make to them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead

FILES: dict[str, Any] = {
    path.stem: yaml.safe_load(path.read_text())
    for path in (Path(__file__).parent / "rules").glob("*.yaml")
}
TEAM, ROUTING, LIFECYCLE = FILES["team"], FILES["routing"], FILES["lifecycle"]


def _written(files: Mapping[str, Any]) -> dict[str, bytes]:
    return {f"{name}.yaml": yaml.safe_dump(value).encode() for name, value in files.items()}


WRITTEN = _written(FILES)


def rule_files(**changes: Mapping[str, Any]) -> dict[str, bytes]:
    """The test team's rule files; `changes` replaces whole files by their stem."""
    return {**WRITTEN, **_written(changes)}


@pytest.fixture(scope="session")
def policy_of() -> Callable[..., Policy]:
    """The test team's rules, with whole files replaced, beside a model's scorecard; the same ones
    are compiled once a session, as no test can change a policy.
    """
    compiled: dict[str, Policy] = {}

    def make(model: bytes = b"", **changes: Any) -> Policy:
        source = source_of(rule_files(**changes), model)
        if source.revision not in compiled:
            compiled[source.revision] = load(source)
        return compiled[source.revision]

    return make


@pytest.fixture(scope="session")
def policy(policy_of: Callable[..., Policy]) -> Policy:
    """The test team's policy."""
    return policy_of()


@pytest.fixture
def desk_of(open_desk: Callable[[str, Policy], Any], policy: Policy) -> Callable[[str], Any]:
    """Opens a desk of the team by name."""
    return lambda name: open_desk(name, policy)


@pytest.fixture
def desk(desk_of: Callable[[str], Any]) -> Any:
    """The team's desk."""
    return desk_of("desk")


@pytest.fixture(scope="session")
def scoring_without_attributes() -> dict[str, Any]:
    """The scoring without the criterion on a declared attribute."""
    return {**FILES["scoring"], "fit": FILES["scoring"]["fit"][:2]}


@pytest.fixture
def big() -> Callable[[int], Lead]:
    """A lead of a large company, for the pool west."""
    return lambda i: Lead(lead_id=f"b{i}", email=f"b{i}@big{i}.example", employees=500)


@pytest.fixture
def demo_request(clock: Any) -> Callable[..., Activity]:
    """A demo request, now or some days ago."""
    return lambda activity_id, days_ago=0: Activity(
        "demo_request", clock.now - timedelta(days=days_ago), activity_id
    )


def west_of(*members: Mapping[str, Any], **ann: Any) -> dict[str, Any]:
    """The team with other members in its pool west, and with changes of Ann's."""
    reps = {**TEAM["reps"], "ann": {**TEAM["reps"]["ann"], **ann}}
    return {**TEAM, "reps": reps, "pools": {**TEAM["pools"], "west": {"members": list(members)}}}


@pytest.fixture(scope="session")
def small(policy_of: Callable[..., Policy]) -> Callable[..., Policy]:
    """The pool west is Ann alone, with these limits."""

    def make(**limits: int | None) -> Policy:
        given = {name: limit for name, limit in limits.items() if limit is not None}
        return policy_of(team=west_of({"rep": "ann"}, **given))

    return make


@pytest.fixture(scope="session")
def conditional(policy_of: Callable[..., Policy]) -> Callable[..., Policy]:
    """The pool west is Ann alone, who takes only some leads."""
    return lambda when, **limits: policy_of(team=west_of({"rep": "ann", "when": when}, **limits))


@pytest.fixture(scope="session")
def on_leave(policy_of: Callable[..., Policy]) -> Callable[..., Policy]:
    """A rep has leave."""

    def make(rep: str, leave: Mapping[str, Any]) -> Policy:
        away = {**TEAM["reps"][rep], "leave": [leave]}
        return policy_of(team={**TEAM, "reps": {**TEAM["reps"], rep: away}})

    return make


@pytest.fixture(scope="session")
def without_limited() -> dict[str, Any]:
    """The files in which the pool limited is gone."""
    routes = [route for route in ROUTING["routes"] if route["name"] != "british"]
    pools = {"west": TEAM["pools"]["west"]}
    return {"routing": {**ROUTING, "routes": routes}, "team": {**TEAM, "pools": pools}}


@pytest.fixture(scope="session")
def without_newsletter() -> dict[str, Any]:
    """The files in which the track newsletter is gone."""
    routes = [route for route in ROUTING["routes"] if route["name"] != "small firms"]
    tracks = {"welcome-nurture": LIFECYCLE["tracks"]["welcome-nurture"]}
    return {
        "routing": {**ROUTING, "routes": routes},
        "lifecycle": {**LIFECYCLE, "tracks": tracks},
    }
