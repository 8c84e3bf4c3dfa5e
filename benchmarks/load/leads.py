"""The calls of a load run: made from a seed, each a whole request with its request_id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from leadscoring.v1 import routing_pb2, types_pb2

from benchmarks.load.rules import OWNERS

ACCOUNTS = 20
ACTIVITIES_MAX = 6
_TYPES = ("pricing_page_view", "pricing_page_view", "webinar", "demo_request", "unsubscribe")
_KINDS = {"even": 45, "weighted": 20, "limited": 10, "account": 12, "track": 7, "nobody": 6}

Request = routing_pb2.RouteRequest


@dataclass(frozen=True, slots=True)
class Calls:
    """Route requests about `leads` different leads. `again` names those about a lead of another.

    `activities` is how many different ones they carry.
    """

    requests: tuple[Request, ...]
    leads: int
    activities: int
    again: frozenset[str]


def calls(count: int, seed: int, prefix: str = "lead", again_share: float = 0.05) -> Calls:
    """So many requests; a share of them is about the lead of a request shortly before."""
    random, now = Random(f"{seed}/{prefix}"), datetime.now(UTC)
    requests: list[Request] = []
    again: set[str] = set()
    for number in range(count):
        request = Request(request_id=_uuid(random), actor_id="load")
        earlier = requests[-1] if requests else None
        if earlier is not None and random.random() < again_share and _stays(earlier):
            request.lead.CopyFrom(earlier.lead)
            request.lead.job_title = f"asked again {number}"
            again.add(request.request_id)
        else:
            _fill(request, f"{prefix}-{number}", random, now)
        requests.append(request)
    carried = {activity.activity_id for request in requests for activity in request.activities}
    return Calls(tuple(requests), count - len(again), len(carried), frozenset(again))


def of_pool(pool: str, count: int, seed: int, prefix: str = "") -> tuple[Request, ...]:
    """So many requests about as many leads, all for one pool."""
    random, now = Random(f"{seed}/{pool}/{prefix}"), datetime.now(UTC)
    requests = []
    for number in range(count):
        request = Request(request_id=_uuid(random), actor_id="load")
        _fill(request, f"{prefix or pool}-{number}", random, now, kind=pool)
        requests.append(request)
    return tuple(requests)


def three_times(requests: Sequence[Request], seed: int) -> list[Request]:
    """Each request three times: at once behind itself, so that they race, and once much later."""
    random = Random(f"{seed}/order")
    places = [
        (position + random.uniform(0, spread), request)
        for position, request in enumerate(requests)
        for spread in (0, 4, 400)
    ]
    return [request for _, request in sorted(places, key=lambda place: place[0])]


def accounts(seed: int) -> routing_pb2.UpsertAccountsRequest:
    """Companies with owners, some under others."""
    request = routing_pb2.UpsertAccountsRequest(request_id=_uuid(Random(f"{seed}/accounts")))
    for number in range(ACCOUNTS):
        account = types_pb2.Account(
            account_id=f"company-{number}", domains=[f"company{number}.com"], country="DE"
        )
        if number % 4:
            account.owner_rep_id = OWNERS[number % len(OWNERS)]
        else:
            account.parent_id = f"company-{number + 1}"
        request.accounts.append(account)
    return request


def _stays(request: Request) -> bool:
    """Whether the lead goes to a rep who keeps it, and can be found again."""
    lead = request.lead
    goes_to_rep = lead.country != "GB" and lead.employees >= 10
    return goes_to_rep and bool(lead.lead_id or lead.email)


def _fill(request: Request, name: str, random: Random, now: datetime, kind: str = "") -> None:
    kind = kind or random.choices(list(_KINDS), list(_KINDS.values()))[0]
    lead = request.lead
    _name(lead, name, kind, random)
    if kind != "nobody":
        lead.employees = random.randrange(2, 10) if kind == "track" else random.randrange(10, 900)
    lead.country = "GB" if kind == "limited" else random.choice(("DE", "US", "FR"))
    lead.region = "EMEA" if kind == "weighted" else "AMER"
    lead.attributes["plan"].text = random.choice(("free", "pro", "enterprise"))
    lead.attributes["seats"].integer = random.randrange(500)
    for number in range(random.randrange(ACTIVITIES_MAX + 1)):
        _add_activity(request, f"{name}-{number}", kind, random, now)


def _name(lead: types_pb2.Lead, name: str, kind: str, random: Random) -> None:
    """An id, an e-mail address, both, or (a lead nobody will find again) neither."""
    how = random.random()
    if how < 0.7:
        lead.lead_id = name
    if kind == "account":
        lead.email = f"{name}@company{random.randrange(ACCOUNTS)}.com"
    elif 0.4 < how < 0.95:
        lead.email = f"{name}@nobody-{random.randrange(1000)}.com"


def _add_activity(
    request: Request, activity_id: str, kind: str, random: Random, now: datetime
) -> None:
    """Something the lead did; a demo request would take a lead that nobody matches to a pool."""
    types = _TYPES[:3] if kind == "nobody" else _TYPES
    at = Timestamp()
    at.FromDatetime(now - timedelta(hours=random.uniform(0.1, 900)))
    request.activities.add(
        activity_id=activity_id, type=random.choice(types), occurred_at=at, source="web"
    )


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))
