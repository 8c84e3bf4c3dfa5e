"""The calendars of an earlier revision, read from what is stored of it."""

from scoring_service.policy.load import load
from scoring_service.policy.past_calendars import KEPT_MAX, calendars_of
from scoring_service.policy.source import Source, source_of
from tests.workflows.conftest import rule_files


def source(closes: str) -> Source:
    """The test team's rules with an office that closes then."""
    office = {"office": {"weekly": {"mon-fri": f"09:00-{closes}"}}, "default": "office"}
    return source_of(rule_files(calendars=office))


def test_they_are_those_that_loading_the_rules_gives() -> None:
    found = calendars_of("past-1", lambda revision: source("17:00").pack())
    assert found == load(source("17:00")).calendars


def test_rules_without_calendars_have_those_that_everybody_has() -> None:
    found = calendars_of("past-2", lambda revision: source_of(rule_files()).pack())
    assert set(found or ()) == {"always", "default"}


def test_what_is_not_stored_or_unreadable_has_none_and_is_asked_for_again() -> None:
    assert calendars_of("past-3", lambda revision: None) is None
    assert calendars_of("past-3", lambda revision: b"nothing that was packed") is None
    assert calendars_of("past-3", lambda revision: source("16:00").pack()) is not None


def test_a_revision_is_read_once_while_it_is_at_hand() -> None:
    asked: list[str] = []

    def content(revision: str) -> bytes:
        asked.append(revision)
        return source("15:00").pack()

    for revision in ("past-4", "past-4", *(f"past-4-{i}" for i in range(KEPT_MAX)), "past-4"):
        assert calendars_of(revision, content) is not None
    assert asked.count("past-4") == 2
