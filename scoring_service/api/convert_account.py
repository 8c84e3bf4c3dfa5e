"""Accounts, and how a lead was matched to one, as messages."""

from leadscoring.v1 import routing_pb2, types_pb2

from scoring_service.api.status import refusal_into
from scoring_service.values.account import Account, AccountMatch, MatchedBy
from scoring_service.values.lead import AttributeValue
from scoring_service.workflows.requests import AccountsUpserted

MATCHED_BY = {
    MatchedBy.NONE: types_pb2.MATCHED_BY_UNSPECIFIED,
    MatchedBy.ACCOUNT_ID: types_pb2.MATCHED_BY_ACCOUNT_ID,
    MatchedBy.DOMAIN: types_pb2.MATCHED_BY_DOMAIN,
    MatchedBy.NAME: types_pb2.MATCHED_BY_NAME,
}


def account_into(message: types_pb2.Account, account: Account) -> None:
    """Fill an empty message with an account."""
    message.account_id = account.account_id
    message.name = account.name
    message.domains.extend(account.domains)
    if account.country is not None:
        message.country = account.country
    if account.parent_id is not None:
        message.parent_id = account.parent_id
    if account.owner_rep_id is not None:
        message.owner_rep_id = account.owner_rep_id
    for name, value in account.attributes.items():
        value_into(message.attributes[name], value)


def match_into(message: types_pb2.AccountMatch, match: AccountMatch) -> None:
    """Fill an empty message with the match of a lead and an account."""
    if match.account is not None:
        message.account_id = match.account.account_id
        message.name = match.account.name
    message.matched_by = MATCHED_BY[match.matched_by]
    message.owner_rep_id = match.owner_rep_id or ""
    message.owner_account_id = match.owner_account_id or ""
    message.candidates.extend(match.candidates)
    message.ambiguous = match.ambiguous
    message.note = match.note
    for one in match.named:
        message.named.add(
            account_id=one.account_id,
            name=one.name,
            score=one.score,
            shared=one.shared,
            of_lead=one.of_lead,
            of_account=one.of_account,
        )


def upserted(made: AccountsUpserted) -> routing_pb2.UpsertAccountsResponse:
    """The reply to an upsert: for each item its account or why it was refused, in order."""
    reply = routing_pb2.UpsertAccountsResponse(replayed=made.replayed)
    for result in made.results:
        added = reply.results.add()
        if result.account is not None:
            account_into(added.account, result.account)
            added.account.SetInParent()
        elif result.refusal is not None:
            refusal_into(added.error, result.refusal)
    return reply


def value_into(message: types_pb2.AttributeValue, value: AttributeValue) -> None:
    """Fill an empty message with an attribute; a date comes back as the text it is kept as."""
    match value:
        case bool():
            message.boolean = value
        case int():
            message.integer = value
        case float():
            message.number = value
        case str():
            message.text = value
        case _:
            message.texts.SetInParent()
            message.texts.values.extend(value)
