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
    NONE = "none"


class AccountMatch(msgspec.Struct, frozen=True, omit_defaults=True):
    """The account a lead belongs to, or why there is none.

    `owner_rep_id` is the owner of the nearest ancestor (`owner_account_id`) that has one.
    `candidates` are the ids looked at; with `ambiguous` there is no account. `note` says what was
    odd, such as an unknown
    account id.
    """

    account: Account | None = None
    matched_by: MatchedBy = MatchedBy.NONE
    owner_rep_id: str | None = None
    owner_account_id: str | None = None
    candidates: tuple[str, ...] = ()
    ambiguous: bool = False
    note: str = ""
