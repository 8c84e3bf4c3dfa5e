"""Accounts by id, by domain and upwards, as units write and read them."""

from typing import Any

from scoring_service.values.account import Account
from scoring_service.values.stored import Keys

HOLDING = Account("holding", "Holding", (), "DE", None, "ann", {"tier": "gold"})
FIRM = Account("firm", "Firm", ("firm.example", "firm.org"), "DE", "holding")
BRANCH = Account("branch", "Branch", ("firm.example",), "GB", "firm", "bob")


def save(*accounts: Account) -> Any:
    def unit(tx: Any) -> None:
        for account in accounts:
            tx.save_account(account)

    return unit


def test_accounts_are_found_by_id_domain_and_upwards(desk: Any) -> None:
    def look(tx: Any) -> Any:
        return (
            tx.account("firm"),
            tx.accounts_on_domain("firm.example"),
            tx.accounts_on_domain("firm.org"),
            tx.accounts_on_domain("other.example"),
            tx.ancestors("branch"),
            tx.account("nobody"),
            tx.ancestors("nobody"),
        )

    def write(tx: Any) -> Any:
        save(HOLDING, FIRM, BRANCH)(tx)
        return look(tx)

    expected = (FIRM, (BRANCH, FIRM), (FIRM,), (), (BRANCH, FIRM, HOLDING), None, ())
    keys = [Keys(account_id="branch", domains=("firm.org", "other.example"))]
    assert desk.run(write, look) == [expected, expected]
    assert desk.run(look, keys=keys) == [expected]
    assert look(desk.reader) == expected


def test_a_moved_domain_leads_to_its_new_account_only(desk: Any) -> None:
    desk.do(save(FIRM))

    def domains(tx: Any) -> Any:
        names = ("firm.example", "firm.org", "new.example")
        return [tuple(a.account_id for a in tx.accounts_on_domain(name)) for name in names]

    def move(tx: Any) -> Any:
        before = domains(tx)
        moved = Account("firm", "Firm", ("firm.example", "new.example"))
        save(moved, Account("other", domains=("firm.org",)))(tx)
        return before, domains(tx)

    was, is_now = [("firm",), ("firm",), ()], [("firm",), ("other",), ("firm",)]
    assert desk.run(move, domains) == [(was, is_now), is_now]
    assert desk.do(domains) == domains(desk.reader) == is_now


def test_a_loop_of_parents_ends(desk: Any) -> None:
    desk.do(save(Account("a", parent_id="b"), Account("b", parent_id="a")))
    found = [account.account_id for account in desk.do(lambda tx: tx.ancestors("a"))]
    assert found == [account.account_id for account in desk.reader.ancestors("a")] == ["a", "b"]


def test_a_chain_of_parents_is_followed_as_this_unit_left_it(desk: Any) -> None:
    desk.do(save(HOLDING, FIRM, BRANCH))

    def cut(tx: Any) -> Any:
        save(Account("firm", "Firm"))(tx)
        return [account.account_id for account in tx.ancestors("branch")]

    assert desk.run(cut, lambda tx: len(tx.ancestors("branch"))) == [["branch", "firm"], 2]


def test_a_parent_may_be_missing(desk: Any) -> None:
    desk.do(save(FIRM))
    assert desk.do(lambda tx: tx.ancestors("firm")) == desk.reader.ancestors("firm") == (FIRM,)


def test_accounts_are_listed_by_id_in_pages(desk: Any) -> None:
    desk.do(save(*(Account(f"a{i}") for i in (3, 1, 2, 10)), Account("Z"), Account("ä")))
    first = desk.reader.accounts(limit=3)
    rest = desk.reader.accounts(after=first[-1].account_id, limit=10)
    listed = [account.account_id for account in (*first, *rest)]
    assert listed == ["Z", "a1", "a10", "a2", "a3", "ä"]
