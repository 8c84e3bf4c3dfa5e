"""Every written condition of a folder is found, once, with the place where it stands."""

from collections.abc import Callable

import pytest

from scoring_service.policy.condition_texts import condition_texts
from scoring_service.policy.document import compose, show
from scoring_service.policy.files.folder import NEEDED
from scoring_service.policy.load import read_folder
from scoring_service.policy.source import Source

MINIMAL = {
    "scoring.yaml": "mql: {fit_min: 40, behaviour_min: 40}",
    "routing.yaml": "routes: []\notherwise: {track: t}",
    "team.yaml": "reps: {}\npools: {}",
}


def found(**changes: str) -> list[tuple[str, int, str, str]]:
    """File, line, path and text of each condition of a folder that is right but for the names."""
    texts = MINIMAL | {f"{stem}.yaml": text for stem, text in changes.items()}
    documents = {name: compose(name, texts.get(name, "{}").encode()) for name in NEEDED}
    return [
        (document.file, document.line(path), show(path), text)
        for document, path, text in condition_texts(documents)
    ]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"scoring": "fit:\n- {name: a, when: x, points: 1}\n- {name: b, when: y}"},
                     [("scoring.yaml", 2, "$.fit[0].when", "x"),
                      ("scoring.yaml", 3, "$.fit[1].when", "y")], id="criteria of fit"),
        pytest.param({"scoring": "disqualify:\n- {name: a, when: x, reason: spam}"},
                     [("scoring.yaml", 2, "$.disqualify[0].when", "x")], id="criteria that end"),
        pytest.param({"scoring": "disqualify: [{name: a, when: x}]\nfit: [{name: b, when: y}]"},
                     [("scoring.yaml", 2, "$.fit[0].when", "y"),
                      ("scoring.yaml", 1, "$.disqualify[0].when", "x")],
                     id="fit first, wherever it stands"),
        pytest.param({"routing": "routes:\n- {name: a, table: t.csv}\n- name: b\n  when: x"},
                     [("routing.yaml", 4, "$.routes[1].when", "x")],
                     id="of routes those that are written, at their place among all"),
        pytest.param({"team": "pools:\n  p:\n    members:\n    - {rep: a}\n    - {rep: b,"
                      " when: x}"},
                     [("team.yaml", 5, "$.pools.p.members[1].when", "x")], id="of members"),
        pytest.param({"team": "pools: {p: {role: r}, q: {members: [{rep: b, when: x}]}}"},
                     [("team.yaml", 1, "$.pools.q.members[0].when", "x")],
                     id="a pool of a role has none"),
        pytest.param({"scoring": "fit: [{name: a, when: x}]",
                      "routing": "routes: [{name: a, when: x}]"},
                     [("scoring.yaml", 1, "$.fit[0].when", "x"),
                      ("routing.yaml", 1, "$.routes[0].when", "x")],
                     id="the same text at each of its places"),
    ],
)  # fmt: skip
def test_conditions_are_found_with_file_line_and_path(
    files: dict[str, str], told: list[tuple[str, int, str, str]]
) -> None:
    assert found(**files) == told


def test_of_a_whole_folder_every_condition_is_found(source: Callable[..., Source]) -> None:
    texts = [text for _, _, text in condition_texts(read_folder(source()).documents)]
    assert texts == [
        "employees >= 200",
        'plan == "enterprise"',
        'email_domain == "rival.example"',
        "account.owner != null",
        "activity.demo_request.days_since <= 1",
        "employees < 10",
        'country in ["DE", "AT"]',
    ]
