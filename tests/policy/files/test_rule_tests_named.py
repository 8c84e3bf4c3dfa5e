"""What a rule test names of other files: told where it is unknown, and only where that is sure."""

from collections.abc import Callable

import pytest

from scoring_service.policy.check import check
from scoring_service.policy.source import source_of

Files = Callable[..., dict[str, bytes]]
TEST = "- {{it: t, lead: {{source: web}}, {more}}}\n"


def said(files: dict[str, bytes]) -> list[str]:
    return [str(one) for one in check(source_of(files)) if str(one).startswith("routing_test.yaml")]


@pytest.mark.parametrize(
    ("more", "path", "what"),
    [
        pytest.param("expect: {track: not_now}", "expect.track",
                     "unknown track 'not_now'; did you mean 'not-now'?", id="a track"),
        pytest.param("expect: {owner: ana}", "expect.owner",
                     "unknown rep 'ana'; did you mean 'anna'?", id="an owner"),
        pytest.param("owner: ana, expect: {fit: 1}", "owner",
                     "unknown rep 'ana'; did you mean 'anna'?", id="the owner before"),
        pytest.param("expect: {pool: sdrs}", "expect.pool",
                     "unknown pool 'sdrs'; did you mean 'sdr'?", id="a pool"),
        pytest.param("expect: {route: smal}", "expect.route",
                     "unknown route 'smal'; did you mean 'small'?", id="a route"),
        pytest.param("expect: {disqualified: spm}", "expect.disqualified",
                     "unknown reason 'spm'; did you mean 'spam'?", id="a reason"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_told_at_its_place(
    rule_files: Files, more: str, path: str, what: str
) -> None:
    files = rule_files(routing_test=TEST.format(more=more))
    assert said(files) == [f"routing_test.yaml:1: $[0].{path}: {what}"]


@pytest.mark.parametrize(
    ("more", "broken"),
    [
        pytest.param("expect: {track: of-ours}", "lifecycle", id="a track of a broken file"),
        pytest.param("expect: {disqualified: ours}", "lifecycle", id="a reason of a broken file"),
        pytest.param("expect: {owner: zoe}", "team", id="a rep of a broken file"),
        pytest.param("expect: {pool: ours}", "team", id="a pool of a broken file"),
        pytest.param("expect: {route: ours}", "routing", id="a route of a broken file"),
    ],
)
def test_what_a_broken_file_may_name_is_not_called_unknown(
    rule_files: Files, more: str, broken: str
) -> None:
    files = rule_files(routing_test=TEST.format(more=more), **{broken: "tracks: ["})
    assert said(files) == []


def test_the_built_in_track_may_be_expected(rule_files: Files) -> None:
    more = "expect: {track: suppressed}"
    assert said(rule_files(routing_test=TEST.format(more=more))) == []


ACCOUNTS = "accounts: [{0}], expect: {{fit: 0}}"


@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        pytest.param("{account_id: a, owner: zoe, parent: b}", [],
                     id="an owner and a parent that only conditions ask for"),
        pytest.param("{account_id: b}, {account_id: a, parent: b}", [], id="two that differ"),
        pytest.param("{account_id: a}, {account_id: b}, {account_id: a}",
                     ["$[0].accounts[2].account_id: the account 'a' is there twice; remove or"
                      " rename one of the two"], id="one account twice"),
    ],
)  # fmt: skip
def test_accounts_of_a_test_fit_each_other(
    rule_files: Files, accounts: str, told: list[str]
) -> None:
    files = rule_files(routing_test=TEST.format(more=ACCOUNTS.format(accounts)))
    assert said(files) == [f"routing_test.yaml:1: {one}" for one in told]


@pytest.mark.parametrize(
    ("tools", "told"),
    [
        pytest.param("[crm, 'NO']", [], id="texts"),
        pytest.param("[]", [], id="none at all"),
        pytest.param("[crm, NO]", ["tools[1]: NO is read as false where a text is meant; put it in"
                                   " quotes: 'NO'"], id="a country that YAML takes for a no"),
        pytest.param("[7, 2025-01-15]",
                     ["tools[0]: 7 is read as a whole number where a text is meant; put it in"
                      " quotes: '7'",
                      "tools[1]: 2025-01-15 is read as a date where a text is meant; put it in"
                      " quotes: '2025-01-15'"], id="each that is none"),
        pytest.param("[[crm]]", ["tools[0]: there is a list where a text is meant; write a text"],
                     id="a list in a list"),
        pytest.param("[null]", ["tools[0]: there is nothing where a text is meant; put it in"
                                " quotes: 'null'"], id="nothing"),
    ],
)  # fmt: skip
def test_an_attribute_of_several_texts_has_nothing_else(
    rule_files: Files, tools: str, told: list[str]
) -> None:
    test = f"- {{it: t, lead: {{attributes: {{tools: {tools}}}}}, expect: {{fit: 0}}}}\n"
    assert said(rule_files(routing_test=test)) == [
        f"routing_test.yaml:1: $[0].lead.attributes.{one}" for one in told
    ]
