"""Assignments, decisions, stages, events and policies, as they are recorded and read back."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stored import Event, StageEntry, StoredDecision
from scoring_service.values.team import Leave, Rep


def assign(example: Any, *assignments: Any) -> Any:
    def unit(tx: Any) -> None:
        for one in assignments:
            tx.save_lead(example.lead(one.lead_id))
            tx.record_assignment(one)

    return unit


@pytest.mark.parametrize(
    "owner", [RepOwner("ann"), QueueOwner("west"), TrackOwner("newsletter")], ids=repr
)
def test_an_assignment_comes_back_whole(desk: Any, example: Any, owner: Any) -> None:
    hour = timedelta(hours=1)
    full = example.assignment(
        "s1",
        owner=owner,
        pool="west",
        route="everybody",
        sla="hot",
        team="t",
        manager="mia",
        draw_number=7,
        enqueued_at=desk.now - hour,
        respond_by=desk.now + hour,
    )
    bare = example.assignment("s2", owner=owner)
    desk.do(assign(example, full, bare))
    assert desk.do(lambda tx: (tx.assignment("s1"), tx.assignment("s2"))) == (full, bare)
    assert desk.reader.assignment("s1") == full
    assert desk.reader.assignment("s3") is None


def test_how_an_assignment_ended_is_added_to_it(desk: Any, example: Any) -> None:
    made = example.assignment("s1")
    desk.do(assign(example, made))
    desk.later(hours=1)

    def end(tx: Any) -> Any:
        tx.end_assignment("s1", "reassign", False)
        return tx.assignment("s1")

    ended = msgspec.structs.replace(made, ended_at=desk.now, ended_how="reassign")
    assert desk.run(end, lambda tx: tx.assignment("s1")) == [ended, ended]
    assert desk.reader.assignment("s1") == ended


def test_an_unknown_assignment_cannot_end(desk: Any) -> None:
    desk.session.begin()
    tx = desk.session.batch(desk.now, desk.new_id).transaction()
    with pytest.raises(AssertionError, match="no assignment s1"):
        tx.end_assignment("s1", "reassign", False)
    desk.session.rollback()


def test_assignments_are_listed_newest_first_of_a_lead_a_rep_or_both(
    desk: Any, example: Any
) -> None:
    def at(assignment_id: str, hours: float, rep: str, lead: str) -> Any:
        when = desk.now + timedelta(hours=hours)
        return example.assignment(assignment_id, rep, lead, assigned_at=when)

    some = [at("s1", 1, "ann", "l1"), at("s3", 2, "ann", "l2"), at("s2", 2, "ann", "l1")]
    other = at("s4", 3, "bob", "l1")
    queued = example.assignment("s5", lead_id="l3", owner=QueueOwner("ann"))
    desk.do(assign(example, *some, other, queued))

    def ids(**asked: Any) -> list[str]:
        return [one.assignment_id for one in desk.reader.assignments(**asked)]

    assert ids() == ["s4", "s3", "s2", "s1", "s5"]
    assert ids(rep_id="ann") == ["s3", "s2", "s1"]
    assert ids(lead_id="l1") == ["s4", "s2", "s1"]
    assert ids(lead_id="l1", rep_id="ann") == ["s2", "s1"]
    assert ids(rep_id="ann", limit=2) == ["s3", "s2"]
    before = (desk.now + timedelta(hours=2), "s3")
    assert ids(before=before) == ["s2", "s1", "s5"]
    assert ids(rep_id="ann", before=before, limit=1) == ["s2"]
    assert ids(lead_id="l1", before=before) == ["s2", "s1"]


def test_a_decision_record_comes_back_byte_by_byte(desk: Any, example: Any) -> None:
    facts, decision = '{"name":"Zoë \\u0000 ☎"}'.encode(), b'{"owner":{"kind":"rep"}}'
    record = StoredDecision("d1", "l1", desk.now, "ann", "r1", "m1", 1, facts, decision, "s1")

    def write(tx: Any) -> Any:
        tx.save_lead(example.lead())
        assert tx.decision("d1") is None
        tx.record_decision(record)
        return tx.decision("d1")

    assert desk.run(write, lambda tx: tx.decision("d1")) == [record, record]
    assert desk.do(lambda tx: tx.decision("d1")) == desk.reader.decision("d1") == record
    assert desk.reader.decision("d2") is None
    assert (desk.reader.decisions(), desk.reader.decisions(after="d1")) == ((record,), ())


def test_stages_are_listed_in_the_order_they_were_entered(desk: Any, example: Any) -> None:
    first = StageEntry("l1", 1, 1, "", "nurture", desk.now, "", "routed", "track:t", "{}", "r1")
    second = msgspec.structs.replace(
        first, visit=2, stage_from="nurture", reason="why", note="n", bars_missed=("fit",)
    )

    def write(tx: Any) -> None:
        tx.save_lead(example.lead())
        tx.record_stage(first)
        tx.record_stage(second)

    desk.do(write)
    assert desk.reader.stage_entries("l1") == (first, second)


@pytest.mark.parametrize(
    "score",
    [
        pytest.param('{"fit":70.0,"behaviour":1e2}', id="letter-by-letter"),
        pytest.param('{"name":"\\u00fc \\"ü\\" {","bars":[]}', id="whatever-is-in-it"),
    ],
)
def test_a_stage_that_a_decision_brought_has_its_score(desk: Any, example: Any, score: str) -> None:
    made = f'{{"owner":{{"kind":"rep","id":"ann"}},"score":{score},"draw":{{"score":1}}}}'
    record = StoredDecision("d1", "l1", desk.now, "", "r1", "", 1, b"{}", made.encode())
    own = StageEntry("l1", 1, 1, "", "nurture", desk.now, "", "routed", "track:t", "{}", "r1")
    entry = msgspec.structs.replace(own, visit=2, score="", decision_id="d1")
    scored = msgspec.structs.replace(entry, score=score)

    def write(tx: Any) -> None:
        tx.save_lead(example.lead())
        tx.record_stage(own)
        tx.record_stage(entry)
        tx.record_decision(record)

    _, seen = desk.run(write, lambda tx: tx.stage_entries("l1"))
    assert seen == desk.reader.stage_entries("l1") == (own, scored)
    (lead,) = desk.reader.records_of(["l1"])
    assert lead.entries == (own, entry)


def test_a_stage_is_entered_once_a_visit(desk: Any, example: Any) -> None:
    entry = StageEntry("l1", 1, 1, "", "mql", desk.now, "", "routed", "rep:ann", "{}", "r1")

    def write(tx: Any) -> None:
        tx.save_lead(example.lead())
        tx.record_stage(entry)

    desk.do(write)
    with pytest.raises(desk.session.errors):
        desk.do(write)
    desk.session.rollback()


def test_events_are_numbered_as_they_were_told(desk: Any) -> None:
    events = [Event(f"e{i}", "l1", "lead.assigned", desk.now, b'{"n":%d}' % i) for i in range(5)]

    def tell(*told: Event) -> Any:
        return lambda tx: [tx.emit(event) for event in told]

    def fails(tx: Any) -> None:
        tx.emit(events[4])
        raise ValueError

    desk.run(tell(events[0]), fails, tell(events[1], events[2]))
    desk.do(tell(events[3]))
    assert desk.reader.events() == tuple(enumerate(events[:4], 1))
    assert desk.reader.events(after=1, limit=2) == ((2, events[1]), (3, events[2]))


def test_the_active_policy_is_the_one_activated_last(desk: Any) -> None:
    def activate(revision: str, content: bytes) -> Any:
        def unit(tx: Any) -> Any:
            before = tx.active_revision()
            tx.activate(revision, content, "ops")
            return before, tx.active_revision(), tx.revision_content(revision)

        return unit

    packed = bytes(range(256))
    first = desk.run(activate("r1", packed), lambda tx: tx.active_revision())
    assert first == [(None, "r1", packed), "r1"]
    desk.later(hours=1)
    assert desk.do(activate("r2", b"two")) == ("r1", "r2", b"two")
    assert desk.do(activate("r1", packed)) == ("r2", "r1", packed)
    assert desk.reader.active_revision() == "r1"
    assert desk.reader.revision_content("r1") == packed
    assert desk.do(lambda tx: tx.revision_content("r3")) is None
    assert [(n, revision, who) for n, revision, _, who in desk.reader.activations()] == [
        (1, "r1", "ops"),
        (2, "r2", "ops"),
        (3, "r1", "ops"),
    ]


def test_before_the_first_activation_no_policy_is_active(desk: Any) -> None:
    assert desk.do(lambda tx: tx.active_revision()) is None
    assert desk.reader.active_revision() is None


def test_what_changes_of_a_rep_is_kept(desk: Any, dump: Any, url: str) -> None:
    ann, bob = Rep("ann", "Ann", per_day_max=5), Rep("bob", "Bob")
    away = Leave(date(2026, 3, 2), date(2026, 3, 6), "bob")
    desk.do(lambda tx: tx.save_reps({"ann": ann, "bob": bob}, "r1", "ops"))
    assert dump(url)["field_changes"] == []
    later = Rep("ann", "Ann", per_day_max=6, leave=(away,))
    desk.do(lambda tx: tx.save_reps({"ann": later}, "r2", "ops"))
    changed = [(row[1], *row[2:5]) for row in dump(url)["field_changes"]]
    leave = '[{"first":"2026-03-02","last":"2026-03-06","backup":"bob"}]'
    assert changed == [
        ("ann", "leave", "[]", leave),
        ("ann", "per_day_max", "5", "6"),
        ("bob", "in_team", "true", "false"),
    ]
    assert [row[:2] for row in dump(url)["reps"]] == [("ann", "r2"), ("bob", "r1")]


def test_a_rep_who_is_gone_is_said_to_be_gone_once(desk: Any, dump: Any, url: str) -> None:
    ann, bob = Rep("ann"), Rep("bob")
    desk.do(lambda tx: tx.save_reps({"ann": ann, "bob": bob}, "r1"))
    for revision in ("r2", "r3"):
        desk.do(lambda tx, revision=revision: tx.save_reps({"ann": ann}, revision))
    assert [row[1:5] for row in dump(url)["field_changes"]] == [("bob", "in_team", "true", "false")]
    desk.do(lambda tx: tx.save_reps({"ann": ann, "bob": bob}, "r4"))
    assert dump(url)["field_changes"][0][1:5] == ("bob", "in_team", "false", "true")


def test_owners_that_are_no_reps_are_counted(desk: Any, example: Any) -> None:
    track, queue = TrackOwner("newsletter"), QueueOwner("west")

    def own(lead_id: str, owner: Any) -> Any:
        def unit(tx: Any) -> Any:
            tx.save_lead(example.lead(lead_id, owner))
            return tx.owners_not_reps()

        return unit

    moves = [own("l1", track), own("l2", track), own("l3", queue), own("l4", RepOwner("ann"))]
    seen = desk.run(*moves, own("l1", queue))
    assert seen == [
        ((track, 1),),
        ((track, 2),),
        ((queue, 1), (track, 2)),
        ((queue, 1), (track, 2)),
        ((queue, 2), (track, 1)),
    ]
    assert desk.do(lambda tx: tx.owners_not_reps()) == seen[-1]
