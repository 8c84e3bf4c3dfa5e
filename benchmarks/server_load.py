"""A load generator that costs little: calls encoded before, one HTTP/2 connection, raw frames.

    python benchmarks/server_load.py ADDRESS PATH BODIES IN_FLIGHT SECONDS

h2load sends one body again and again, and each Route call needs a request_id of its own. BODIES is
a file of messages framed as gRPC frames them, each sent once, none over 16 KiB. Prints calls a
second and latencies as JSON; a reply without a message counts as failed.
"""

import json
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1
WINDOW_MAX = 2**31 - 1
WINDOW_AT_FIRST = 65_535


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    head = len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big")
    return head + payload


def literal(name: str, value: str) -> bytes:
    """A header in HPACK: literal, not indexed, not compressed."""
    return b"\0" + bytes((len(name),)) + name.encode() + bytes((len(value),)) + value.encode()


def bodies_in(file: Path) -> list[bytes]:
    """The framed messages of a file."""
    whole, bodies, at = file.read_bytes(), [], 0
    while at < len(whole):
        end = at + 5 + int.from_bytes(whole[at + 1 : at + 5], "big")
        bodies.append(whole[at:end])
        at = end
    return bodies


class Load:
    """Calls in flight on one connection."""

    def __init__(self, address: str, path: str, bodies: list[bytes]) -> None:
        host, port = address.rsplit(":", 1)
        self.connection = socket.create_connection((host, int(port)))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        names = {":method": "POST", ":scheme": "http", ":path": path, ":authority": address}
        names |= {"te": "trailers", "content-type": "application/grpc"}
        self.headers = b"".join(literal(*pair) for pair in names.items())
        self.bodies, self.next = bodies, 0
        self.window, self.received = WINDOW_AT_FIRST, b""
        self.started: dict[int, float] = {}
        self.answered: set[int] = set()
        self.seconds: list[float] = []
        self.failed = 0
        window = (4).to_bytes(2, "big") + WINDOW_MAX.to_bytes(4, "big")
        more = (WINDOW_MAX - WINDOW_AT_FIRST).to_bytes(4, "big")
        self.connection.sendall(
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            + frame(SETTINGS, 0, 0, window)
            + frame(WINDOW, 0, 0, more)
        )

    def run(self, in_flight: int, seconds: float) -> float:
        """Keep so many calls in flight for a while; returns how long the last answer took."""
        began = time.perf_counter()
        self.start(in_flight)
        while self.started:
            ended = self.receive()
            if time.perf_counter() - began < seconds:
                self.start(in_flight - len(self.started) if ended else 0)
        return time.perf_counter() - began

    def start(self, calls: int) -> None:
        out = []
        for _ in range(calls):
            if self.next == len(self.bodies) or len(self.bodies[self.next]) > self.window:
                break
            body, stream = self.bodies[self.next], 2 * self.next + 1
            out += (
                frame(HEADERS, END_HEADERS, stream, self.headers),
                frame(DATA, END_STREAM, stream, body),
            )
            self.window -= len(body)
            self.next += 1
            self.started[stream] = time.perf_counter()
        if out:
            self.connection.sendall(b"".join(out))

    def receive(self) -> int:
        """Read what has come; how many calls have ended by it."""
        came = self.connection.recv(1 << 18)
        if not came:
            raise ConnectionError("the server closed the connection")
        self.received += came
        ended, now = 0, time.perf_counter()
        for kind, flags, stream, payload in self.frames():
            if kind == DATA and payload:
                self.answered.add(stream)
            if (kind in (DATA, HEADERS) and flags & END_STREAM) or kind == RESET:
                self.seconds.append(now - self.started.pop(stream))
                self.failed += stream not in self.answered
                ended += 1
            elif kind in (SETTINGS, PING) and not flags & ACK:
                answer = payload if kind == PING else b""
                self.connection.sendall(frame(kind, ACK, 0, answer))
            elif kind == WINDOW and stream == 0:
                self.window += int.from_bytes(payload, "big")
                ended += 1
            elif kind == GOAWAY:
                raise ConnectionError(f"the server says goodbye: {payload!r}")
        return ended

    def frames(self) -> Iterator[tuple[int, int, int, bytes]]:
        received, at = self.received, 0
        while len(received) - at >= 9:
            end = at + 9 + int.from_bytes(received[at : at + 3], "big")
            if end > len(received):
                break
            stream = int.from_bytes(received[at + 5 : at + 9], "big") & WINDOW_MAX
            yield received[at + 3], received[at + 4], stream, received[at + 9 : end]
            at = end
        self.received = received[at:]


def main(address: str, path: str, file: str, in_flight: str, seconds: str) -> None:
    load = Load(address, path, bodies_in(Path(file)))
    took = load.run(int(in_flight), float(seconds))
    cuts = quantiles(load.seconds, n=100)
    told = {
        "calls": len(load.seconds),
        "failed": load.failed,
        "rate": len(load.seconds) / took,
        "p50_ms": cuts[49] * 1000,
        "p99_ms": cuts[98] * 1000,
        "bodies_left": len(load.bodies) - load.next,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
