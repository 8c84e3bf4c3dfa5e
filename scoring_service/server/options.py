"""What a server is started with."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from scoring_service.api.limits import CALLS_MAX, SECONDS_MAX
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.urls import can_be_host

LISTEN = "127.0.0.1:50051"
HTTP = "127.0.0.1:8080"
DRAIN_SECONDS = 30.0
BATCH_MAX = 64
WORKERS_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`listen` and `http` are HOST:PORT, port 0 any free one.

    `models` is the folder of published models, None for no win probability; `webhooks` the file
    that names receivers of events, `enrichers` the one that names who is asked about companies.
    `activate` has a revision decide that another one has superseded; `watch` has edited rule
    files loaded; commits wait for the disk unless nobody keeps the store and it is not `durable`.
    `calls_max` calls are answered at once; `seconds_max` is the longest a call may take,
    `drain_seconds` the longest an ending server waits for calls in flight. `workers` processes
    share the port, `worker` is the number of one of them, 0 of a server that has its port alone.
    """

    rules: Path
    store: str
    models: Path | None = None
    webhooks: Path | None = None
    enrichers: Path | None = None
    listen: str = LISTEN
    http: str = HTTP
    allow_unauthenticated: bool = False
    reflection: bool = False
    activate: bool = False
    watch: bool = True
    durable: bool = True
    log_level: str = "info"
    calls_max: int = CALLS_MAX
    seconds_max: float = SECONDS_MAX
    drain_seconds: float = DRAIN_SECONDS
    batch_max: int = BATCH_MAX
    workers: int = 1
    worker: int = 0


class Address(NamedTuple):
    """A host and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        """HOST:PORT, an IPv6 host in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address(text: str, option: str, *, anywhere: bool) -> Address:
    """The address in HOST:PORT; StartProblem where it is none, or not on loopback.

    >>> address("127.0.0.1:0", "--listen", anywhere=False)
    Address(host='127.0.0.1', port=0)
    """
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    is_port = port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65_535
    if not (host and is_port and can_be_host(host)):
        raise StartProblem(f"{option} {text!r} is no address; give HOST:PORT, as {LISTEN}")
    if not (anywhere or _is_loopback(host)):
        raise StartProblem(
            f"{option} {text} can be reached from other machines, and calls are not authenticated:"
            " whoever reaches it may read and change every lead; give --allow-unauthenticated if"
            " that is meant"
        )
    return Address(host, int(port))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
