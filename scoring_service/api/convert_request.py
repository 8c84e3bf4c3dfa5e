"""Requests of the wire as the values that workflows are asked with."""

import re
from collections.abc import Sequence
from hashlib import blake2b

from google.protobuf.message import Message
from leadscoring.v1 import routing_pb2, scoring_pb2, types_pb2

from scoring_service.api import texts
from scoring_service.api.convert_activity import activities_of, dated_of, instant_of
from scoring_service.api.convert_lead import Found, Texts, attributes_of, check_id, lead_of
from scoring_service.api.limits import ATTRIBUTES_MAX, ITEMS_MAX
from scoring_service.domain.intake import Violation
from scoring_service.values import countries
from scoring_service.values.account import Account
from scoring_service.values.activity import Activity, Dated
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.lead import Lead
from scoring_service.workflows.requests import AccountItem, RouteLead, ScoreLead, UpsertAccounts

_NO_SUBJECT = ("lead", "is required: send a lead, or the lead_id of a stored one")
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def score_lead(message: scoring_pb2.ScoreRequest) -> ScoreLead:
    """A Score request, with everything that is wrong with its shape."""
    subject = message.WhichOneof("subject")
    if subject == "lead":
        return score_leads((message,))[0]
    found: list[Violation] = []
    seen: Texts = []
    check_stored(subject, message.lead_id, found, seen)
    activities = activities_of(message.activities, found, seen)
    return _score_lead(message, None, activities, Dated(), found, seen)


def score_leads(messages: Sequence[scoring_pb2.ScoreRequest]) -> list[ScoreLead]:
    """Score requests that hold their lead, as `score_lead` has them; each step for all of them."""
    wrong: list[list[Violation]] = [[] for _ in messages]
    seen: list[Texts] = [[] for _ in messages]
    each = list(zip(messages, wrong, seen, strict=True))
    leads = [lead_of(message.lead, found, texts_) for message, found, texts_ in each]
    did = [dated_of(message.activities, found) for message, found, _ in each]
    return [
        _score_lead(message, lead, (), done, found, texts_)
        for (message, found, texts_), lead, done in zip(each, leads, did, strict=True)
    ]


def _score_lead(
    message: scoring_pb2.ScoreRequest,
    lead: Lead | None,
    activities: tuple[Activity, ...],
    did: Dated,
    found: list[Violation],
    seen: Texts,
) -> ScoreLead:
    as_of = None
    if message.HasField("as_of"):
        as_of = instant_of(message.as_of, "as_of", found)
    if not texts.within_limits(seen):
        found += texts.violations(message)
    return ScoreLead(lead, message.lead_id, activities, as_of, tuple(found), did)


def route_lead(message: routing_pb2.RouteRequest) -> RouteLead:
    """A Route request, with everything that is wrong with its shape, and its digest."""
    return route_leads((message,))[0]


def route_leads(messages: Sequence[routing_pb2.RouteRequest]) -> list[RouteLead]:
    """Route requests, as `route_lead` has them; each step for all of them."""
    wrong: list[list[Violation]] = [[] for _ in messages]
    seen: list[Texts] = [[message.actor_id, message.reassign_reason] for message in messages]
    each = list(zip(messages, wrong, seen, strict=True))
    leads = [_lead_to_route(message, found, texts_) for message, found, texts_ in each]
    did = [activities_of(message.activities, found, texts_) for message, found, texts_ in each]
    return [
        _route_lead(message, lead, activities, found, texts_)
        for (message, found, texts_), lead, activities in zip(each, leads, did, strict=True)
    ]


def _lead_to_route(message: routing_pb2.RouteRequest, found: Found, seen: Texts) -> Lead | None:
    """The lead; None for a stored one."""
    subject = message.WhichOneof("subject")
    if subject == "lead":
        return lead_of(message.lead, found, seen)
    check_stored(subject, message.lead_id, found, seen)
    return None


def _route_lead(
    message: routing_pb2.RouteRequest,
    lead: Lead | None,
    activities: tuple[Activity, ...],
    found: list[Violation],
    seen: Texts,
) -> RouteLead:
    lead_id = message.lead_id
    check_id("actor_id", message.actor_id, found)
    request_id = "" if message.dry_run else request_id_of(message.request_id, found)
    if not texts.within_limits(seen):
        bad = list(texts.violations(message))
        if bad:  # what holds them is not looked at any further
            found += bad
            lead, lead_id, activities = Lead(), "", ()
    return RouteLead(
        request_id,
        message.actor_id,
        lead,
        lead_id,
        activities,
        message.dry_run,
        message.reassign_reason,
        "" if message.dry_run else digest_of(message),
        tuple(found),
    )


def upsert_accounts(message: routing_pb2.UpsertAccountsRequest) -> UpsertAccounts:
    """An UpsertAccounts request; what is wrong with an item goes with the item.

    Raises InvalidArgument for what is wrong with the request itself.
    """
    found: list[Violation] = []
    check_id("actor_id", message.actor_id, found)
    request_id = request_id_of(message.request_id, found)
    check_count("accounts", len(message.accounts), found)
    if found or "\0" in message.actor_id:
        raise InvalidArgument((*found, *texts.violations(message)))
    items = tuple(_account_item(account) for account in message.accounts)
    return UpsertAccounts(request_id, message.actor_id, items, digest_of(message))


def check_count(path: str, items: int, found: Found) -> None:
    """Leave a violation where a batch has too many items."""
    if items > ITEMS_MAX:
        found.append((path, f"{items} items; send at most {ITEMS_MAX} at once"))


def _account_item(message: types_pb2.Account) -> AccountItem:
    found: list[Violation] = list(texts.violations(message))
    has = message.HasField
    account = Account(
        message.account_id,
        message.name,
        tuple(message.domains),
        message.country if has("country") else None,
        message.parent_id if has("parent_id") else None,
        message.owner_rep_id if has("owner_rep_id") else None,
        attributes_of(message.attributes, "attributes", found, []),
    )
    for name in ("account_id", "parent_id", "owner_rep_id"):
        check_id(name, getattr(message, name), found)
    if account.country and account.country not in countries.COUNTRIES:
        found.append(("country", countries.remedy(account.country)))
    if len(account.domains) > ATTRIBUTES_MAX:
        found.append(("domains", f"{len(account.domains)}; send at most {ATTRIBUTES_MAX}"))
    return AccountItem(account, tuple(found))


def check_stored(subject: str | None, lead_id: str, found: Found, seen: Texts) -> None:
    """Leave a violation where a request names neither a lead nor a stored one's id."""
    seen.append(lead_id)
    if subject is None:
        found.append(_NO_SUBJECT)
    elif not lead_id:
        found.append(("lead_id", "is empty; send the lead_id of a stored lead, or a lead"))
    check_id("lead_id", lead_id, found)


def request_id_of(text: str, found: Found) -> str:
    """The request_id in lower case; "" where it is missing or wrong."""
    request_id = text.lower()
    if not text or _UUID.fullmatch(request_id):
        return request_id
    found.append(("request_id", f"{text[:60]!r} is no UUID; send one made for this call"))
    return ""


def digest_of(message: Message) -> str:
    """The digest of a request without its request_id: 32 hex digits."""
    request_id: str = message.request_id  # type: ignore[attr-defined]
    message.ClearField("request_id")
    rest = message.SerializeToString(deterministic=True)
    message.request_id = request_id  # type: ignore[attr-defined]
    return blake2b(rest, digest_size=16).hexdigest()
