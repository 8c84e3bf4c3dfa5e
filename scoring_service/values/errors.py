"""Why a request is refused. Each has one status code, in one table of the api floor."""


class Refusal(Exception):
    """A request that is not carried out. `reason` is stable and in UPPER_CASE; the message is for
    people.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


class NotFound(Refusal):
    """What was asked for is not there."""


class InvalidArgument(Refusal):
    """The request is wrong; every violation at once, each a field path and a remedy."""

    def __init__(self, violations: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{field}: {remedy}" for field, remedy in violations), "INVALID")
        self.violations = violations


class FailedPrecondition(Refusal):
    """The request is right, but not in this state."""


class AlreadyExists(Refusal):
    """A key was used before for something else."""


class PermissionDenied(Refusal):
    """The actor may not do this."""


class ResourceExhausted(Refusal):
    """A limit, named in the message."""


class DeadlineExceeded(Refusal):
    """Dropped before it started: the caller's deadline had passed."""


class Unavailable(Refusal):
    """Try again later: after `retry_after` seconds."""

    def __init__(self, message: str, reason: str = "", retry_after: float = 1.0) -> None:
        super().__init__(message, reason)
        self.retry_after = retry_after
