"""HTTP whose answers are read within a time that the other side cannot stretch."""

from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from io import BufferedIOBase, BufferedReader, RawIOBase
from socket import socket
from typing import Any
from urllib.request import HTTPHandler, HTTPSHandler, Request

from scoring_service.server.clock import monotonic


class _Reading(RawIOBase):
    """What a socket receives until an instant, however little comes at a time.

    The socket is open for as long as `holder`, a file made of it, is.
    """

    def __init__(self, line: socket, holder: BufferedIOBase, until: float) -> None:
        super().__init__()
        self.line, self.holder, self.until = line, holder, until

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError
        self.line.settimeout(left)
        return self.line.recv_into(into)

    def close(self) -> None:
        self.holder.close()
        super().close()


class _Answer(HTTPResponse):
    """An answer that is read for as long as its socket may be silent, and no longer in all."""

    def __init__(self, sock: socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        until = monotonic() + (sock.gettimeout() or 0.0)
        self.fp = BufferedReader(_Reading(sock, self.fp, until))


class _Line(HTTPConnection):
    response_class = _Answer


class _TlsLine(HTTPSConnection):
    response_class = _Answer


class _Http(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Line, req)


class _Https(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_TlsLine, req)


TIMED = (_Http, _Https)
"""For `build_opener`: a request's time-out is also the longest that its answer may take in all."""
