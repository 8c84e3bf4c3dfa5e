"""Who would lose leads, if the rules became active over what a store holds."""

from collections.abc import Callable

import pytest

from scoring_service.policy.check import check
from scoring_service.policy.source import Source, source_of
from scoring_service.values.holdings import Held, Holdings
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Rep

Told = Callable[..., list[str]]
ED, ANNA = RepOwner("ed"), RepOwner("anna")
KNOWN = {
    "ed": Rep("ed", manager="flo"),
    "flo": Rep("flo", manager="carla"),
    "gus": Rep("gus"),
    "anna": Rep("anna", manager="carla"),
}


def held(owner: Owner, waiting: int = 0, **leads: int) -> list[Held]:
    return [Held(owner, Stage(stage), count, waiting) for stage, count in leads.items()]


@pytest.fixture(scope="module")
def told(source: Callable[..., Source]) -> Told:
    """What is said of the small folder over these holdings."""

    def said(*found: Held, accounts: dict[str, int] | None = None, **changes: str) -> list[str]:
        holdings = Holdings(tuple(found), accounts or {}, KNOWN)
        findings = check(source(**changes), holdings=holdings)
        return [str(finding) for finding in findings if "own" in finding.what]

    return said


@pytest.mark.parametrize(
    ("found", "accounts", "said"),
    [
        pytest.param(held(ANNA, mql=3, customer=1), {"anna": 2}, [], id="of an active rep"),
        pytest.param(
            held(ED, sql=1, mql=1_200, sal=3),
            {},
            "ed is not active and owns 1,204 leads: 1,200 mql, 3 sal, 1 sql are routed anew",
            id="of what is worked on",
        ),
        pytest.param(
            held(ED, customer=5, opportunity=2, mql=1),
            {"ed": 1},
            "ed is not active and owns 8 leads: 1 mql are routed anew; 2 opportunity, 5 customer"
            " go to carla; 1 account would have no owner",
            id="of what is sold, which goes to the nearest active manager above",
        ),
        pytest.param(
            held(RepOwner("gus"), closed_lost=1),
            {},
            "gus is not active and owns 1 lead: 1 closed_lost have nobody to go to, so activating"
            " these rules is refused",
            id="of one with nobody above",
        ),
        pytest.param(
            held(RepOwner("gus"), mql=2),
            {},
            "gus is not active and owns 2 leads: 2 mql are routed anew",
            id="of what is worked on by one with nobody above, which is not refused",
        ),
        pytest.param(
            held(RepOwner("new"), sal=1),
            {},
            "new is not active and owns 1 lead: 1 sal are routed anew",
            id="of one whom no policy had",
        ),
        pytest.param(
            [*held(ED, mql=1), *held(RepOwner("gus"), sal=1)],
            {},
            ["ed is not active and owns 1 lead: 1 mql are routed anew",
             "gus is not active and owns 1 lead: 1 sal are routed anew"],
            id="of two, by name",
        ),
        pytest.param(
            [], {"ed": 3}, "ed is not active and owns 0 leads: 3 accounts would have no owner",
            id="of accounts alone",
        ),
        pytest.param([], {"stranger": 3}, [], id="of the accounts of somebody never known"),
    ],
)  # fmt: skip
def test_a_rep_who_left_and_owns_is_told_with_what_becomes_of_it(
    told: Told, found: list[Held], accounts: dict[str, int], said: str | list[str]
) -> None:
    lines = told(*found, accounts=accounts)
    if "refused" not in str(said):
        remedy = "; activating these rules does this; hand them over before where others should"
        assert all(line.endswith(f"{remedy} have them") for line in lines)
    whats = [line.split(": ", 2)[2].split("; activating")[0].split("; give")[0] for line in lines]
    assert whats == ([said] if isinstance(said, str) else said)
    assert all(line.startswith("team.yaml:1: $.reps: ") for line in lines)


def test_one_who_is_still_in_the_file_is_told_at_his_line(told: Told) -> None:
    team = (
        "reps:\n  anna: {active: false, manager: carla}\n  carla: {}\n  ben: {}\n"
        "pools: {sdr: {members: [{rep: ben}]}, executives: {members: [{rep: carla}]}}\n"
    )
    rules = {"team": team, "routing_test": "- {it: x, lead: {}, expect: {queue: triage}}"}
    (line,) = told(*held(ANNA, customer=1), **rules)
    assert line.startswith("team.yaml:2: $.reps.anna: anna is not active and owns 1 lead: 1 ")
    assert "go to carla" in line


def test_managers_in_a_circle_are_nobody(told: Told) -> None:
    team = (
        "reps:\n  anna: {active: false, manager: dora}\n  dora: {active: false, manager: anna}\n"
        "  ben: {}\npools: {sdr: {members: [{rep: ben}]}, executives: {members: [{rep: ben}]}}\n"
    )
    rules = {"team": team, "routing_test": "- {it: x, lead: {}, expect: {queue: triage}}"}
    (line,) = told(*held(ANNA, customer=1), **rules)
    assert "have nobody to go to, so activating these rules is refused" in line


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(held(TrackOwner("old"), nurture=4, recycled=1),
                     ["lifecycle.yaml:1: $.tracks: the track 'old' is gone and owns 5 leads"],
                     id="a track that is gone"),
        pytest.param(held(QueueOwner("old"), mql=2),
                     ["routing.yaml:1: $.routes: the queue 'old' is gone and owns 2 leads"],
                     id="a queue that is gone"),
        pytest.param(held(QueueOwner("old"), waiting=2, mql=2), [],
                     id="a queue whose leads wait for a pool, which a drain takes"),
        pytest.param(held(QueueOwner("old"), waiting=1, mql=2),
                     ["routing.yaml:1: $.routes: the queue 'old' is gone and owns 1 lead"],
                     id="a queue of which some wait for a pool"),
        pytest.param([*held(TrackOwner("not-now"), recycled=1), *held(QueueOwner("triage"), mql=1),
                      *held(QueueOwner("sdr-waiting"), mql=1), *held(QueueOwner("intake"), known=1),
                      *held(SUPPRESSED, disqualified=1)], [],
                     id="queues and tracks that are there"),
    ],
)  # fmt: skip
def test_a_queue_or_track_that_is_gone_and_owns_leads_is_told(
    told: Told, found: list[Held], said: list[str]
) -> None:
    lines = told(*found)
    assert [line.split(", so ")[0] for line in lines] == said
    assert all(line.endswith("refused; keep it until they have moved") for line in lines)


@pytest.mark.parametrize(
    ("owner", "lifecycle", "place"),
    [
        pytest.param(TrackOwner("old"), "slas: {accept: 4bh, hot: 0.25bh}\n",
                     "lifecycle.yaml:1: $.tracks: ", id="a track where no tracks are written"),
        pytest.param(TrackOwner("old"), "slas: {accept: 4bh, hot: 0.25bh}\ntracks:\n"
                     "  welcome-nurture: {owner: marketing}\n",
                     "lifecycle.yaml:2: $.tracks: ", id="a track where others are written"),
        pytest.param(QueueOwner("old"), "slas: {accept: 4bh, hot: 0.25bh}\n",
                     "routing.yaml:1: $.routes: ", id="a queue"),
    ],
)  # fmt: skip
def test_what_is_gone_is_told_where_it_would_be_written(
    told: Told, owner: Owner, lifecycle: str, place: str
) -> None:
    (line,) = told(*held(owner, nurture=1), lifecycle=lifecycle)
    assert line.startswith(f"{place}the ")


def test_a_track_that_is_gone_from_a_folder_without_lifecycle_is_told(
    rule_files: Callable[..., dict[str, bytes]],
) -> None:
    files = {n: content for n, content in rule_files().items() if n != "lifecycle.yaml"}
    files["routing.yaml"] = files["routing.yaml"].replace(b", sla: hot", b"")
    holdings = Holdings(tuple(held(TrackOwner("old"), nurture=1)), {}, KNOWN)
    (line,) = (str(f) for f in check(source_of(files), holdings=holdings) if "gone" in f.what)
    assert line.startswith("lifecycle.yaml:1: $.tracks: the track 'old' is gone and owns 1 lead")
