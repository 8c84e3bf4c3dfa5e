"""What was acknowledged: the first answer to each request, and whatever broke a promise."""

from dataclasses import dataclass, field

from leadscoring.v1 import routing_pb2

BROKEN_MAX = 50
"""Broken promises kept; more say nothing new."""


@dataclass(slots=True)
class Answers:
    """First answers by request_id, and how often each request was answered anew.

    `count` is of all replies; `refused` are statuses that no caller should have seen; `retries` are
    calls sent again because the server was away, `given_up` those nobody waited for, `told_when`
    the seconds after which callers of a server without a database were told to come again.
    """

    first: dict[str, routing_pb2.Assignment] = field(default_factory=dict)
    fresh: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    count: int = 0
    retries: int = 0
    given_up: int = 0
    told_when: list[float] = field(default_factory=list)

    def add(self, request_id: str, assignment: routing_pb2.Assignment) -> None:
        """Take a reply down, and compare it with the first to this request."""
        self.count += 1
        self.fresh[request_id] = self.fresh.get(request_id, 0) + (not assignment.replayed)
        assignment.replayed = False
        first = self.first.setdefault(request_id, assignment)
        if first != assignment:
            self._break(f"request {request_id} was answered {first!r} and then {assignment!r}")

    def refuse(self, request_id: str, why: str) -> None:
        """Take down a status that was no answer."""
        if len(self.refused) < BROKEN_MAX:
            self.refused.append(f"request {request_id}: {why}")

    def answered_twice(self) -> list[str]:
        """Requests that were carried out more than once."""
        return [request_id for request_id, times in self.fresh.items() if times > 1]

    @property
    def lost(self) -> int:
        """How many requests were carried out while the reply did not arrive."""
        return list(self.fresh.values()).count(0)

    def _break(self, what: str) -> None:
        if len(self.broken) < BROKEN_MAX:
            self.broken.append(what)
