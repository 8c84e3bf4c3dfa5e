"""Companies we know, and how a lead was matched to one."""

from enum import StrEnum

import msgspec

from scoring_service.values.lead import AttributeValue


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """A company with its domains, its parent and the rep who owns it."""

    account_id: str
    name: str = ""
    domains: tuple[str, ...] = ()
    country: str | None = None
    parent_id: str | None = None
    owner_rep_id: str | None = None
    attributes: dict[str, AttributeValue] = {}


class MatchedBy(StrEnum):
    """The evidence by which a lead was matched to an account."""

    ACCOUNT_ID = "account_id"
    DOMAIN = "domain"
    NAME = "name"
    NONE = "none"


class NamedAccount(msgspec.Struct, frozen=True, omit_defaults=True):
    """An account whose name is like the lead's company, and by what.

    `name` is the account's as it was compared. `score` is 0 to 1, 1 for the same name. `shared` are
    words of both ("philips", or "filips ~ philips" where they are spelt apart), `of_lead` and
    `of_account` those of one alone.
    """

    account_id: str
    name: str
    score: float
    shared: tuple[str, ...] = ()
    of_lead: tuple[str, ...] = ()
    of_account: tuple[str, ...] = ()


class AccountMatch(msgspec.Struct, frozen=True, omit_defaults=True):
    """The account a lead belongs to, or why there is none.

    `owner_rep_id` is the owner of the nearest ancestor (`owner_account_id`) that has one.
    `candidates` are the ids looked at; with `ambiguous` there is no account. `note` says what was
    odd, such as an unknown account id. `named` are the accounts of similar names, the best first,
    where names were compared.
    """

    account: Account | None = None
    matched_by: MatchedBy = MatchedBy.NONE
    owner_rep_id: str | None = None
    owner_account_id: str | None = None
    candidates: tuple[str, ...] = ()
    ambiguous: bool = False
    note: str = ""
    named: tuple[NamedAccount, ...] = ()
