"""Events over real HTTP: signed, retried, never redirected; receivers' files that are wrong."""

import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event as Event_
from threading import Thread

import msgspec
import pytest

from scoring_service.server.posting import post
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.webhooks import endpoints_in
from scoring_service.values.stored import Event
from scoring_service.values.webhook import Endpoint

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
KEY = b"0123456789abcdef01234567"
SECRET = "whsec_" + b64encode(KEY).decode()
EVENT = Event("evt-1", "l1", "lead.assigned", AT, b'{"owner":{"kind":"rep","id":"ann"}}')


class Receiver(HTTPServer):
    """A receiver on a free port that answers as it is told, and keeps what it was sent."""

    answer = 204
    location = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.server.answer)
        if self.server.location:
            self.send_header("location", self.server.location)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that listens."""
    server = Receiver()
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_an_event_arrives_signed_as_receivers_check_it(receiver: Receiver) -> None:
    assert post(Endpoint("crm", receiver.url, KEY), EVENT, AT) == ""
    ((headers, body),) = receiver.got
    assert msgspec.json.decode(body) == {
        "type": "lead.assigned",
        "timestamp": "2026-03-02T10:00:00Z",
        "lead_id": "l1",
        "data": {"owner": {"kind": "rep", "id": "ann"}},
    }
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    version, _, sent = headers["webhook-signature"].partition(",")
    assert version == "v1"
    assert compare_digest(b64decode(sent), hmac(KEY, signed, sha256).digest())


@pytest.mark.parametrize("answer", [301, 400, 404, 410, 429, 500, 503])
def test_whatever_is_no_yes_is_a_failure(receiver: Receiver, answer: int) -> None:
    receiver.answer = answer
    assert post(Endpoint("crm", receiver.url, KEY), EVENT, AT) == f"answered {answer}"


@pytest.mark.parametrize("answer", [200, 201, 202, 204, 299])
def test_any_yes_is_one(receiver: Receiver, answer: int) -> None:
    receiver.answer = answer
    assert post(Endpoint("crm", receiver.url, KEY), EVENT, AT) == ""


@pytest.mark.parametrize("answer", [300, 304, 399])
def test_neither_yes_nor_no_is_a_failure(receiver: Receiver, answer: int) -> None:
    receiver.answer = answer
    assert post(Endpoint("crm", receiver.url, KEY), EVENT, AT) == f"answered {answer}"


def test_an_event_is_signed_anew_whenever_it_is_sent(receiver: Receiver) -> None:
    for at in (AT, AT.replace(hour=11)):
        assert post(Endpoint("crm", receiver.url, KEY), EVENT, at) == ""
    (first, body), (second, again) = receiver.got
    assert body == again
    assert first["webhook-id"] == second["webhook-id"] == "evt-1"
    assert first["webhook-signature"] != second["webhook-signature"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 3600


def test_a_receiver_that_has_moved_is_not_followed(receiver: Receiver) -> None:
    receiver.answer, receiver.location = 302, receiver.url
    assert post(Endpoint("crm", receiver.url, KEY), EVENT, AT) == "answered 302"
    assert len(receiver.got) == 1


def test_a_receiver_that_has_moved_to_no_address_is_a_failure(receiver: Receiver) -> None:
    receiver.answer, receiver.location = 308, "http://[::nowhere/"
    assert post(Endpoint("crm", receiver.url, KEY), EVENT, AT) == "answered 308"


@pytest.fixture
def dripping() -> Iterator[str]:
    """The URL of a receiver that begins an answer and never comes to its end."""
    closed = Event_()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            line, _ = listening.accept()
            with line, suppress(OSError):
                line.sendall(b"HTTP/1.1 200 OK\r\nx: ")
                while not closed.wait(0.01):
                    line.sendall(b"y")

        thread = Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hooks"
        closed.set()
        thread.join()


def test_an_answer_that_never_ends_is_no_yes(dripping: str) -> None:
    said = post(Endpoint("crm", dripping, KEY), EVENT, AT, seconds=0.1)
    assert said == "did not answer within 0.1 s"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_receiver_that_takes_the_line_and_says_nothing_is_late(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/"
        said = post(Endpoint("crm", url, KEY), EVENT, AT, seconds=0.05)
    assert said == "did not answer within 0.05 s"


def test_a_receiver_that_hangs_up_at_once_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            listening.accept()[0].close()

        thread = Thread(target=hang_up, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        assert "cannot be reached: " in post(Endpoint("crm", url, KEY), EVENT, AT)
        thread.join()


def test_a_receiver_without_the_tls_that_its_url_asks_for_is_a_failure(receiver: Receiver) -> None:
    secured = receiver.url.replace("http:", "https:")
    assert "cannot be reached: [SSL" in post(Endpoint("crm", secured, KEY), EVENT, AT)


def test_nobody_there_is_a_failure_not_an_error(receiver: Receiver) -> None:
    gone = receiver.url
    receiver.shutdown()
    receiver.server_close()
    assert "cannot be reached" in post(Endpoint("crm", gone, KEY), EVENT, AT)


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "webhooks.yaml"
    path.write_text(text)
    return path


ONE = "endpoints: [{name: crm, url: 'https://crm.example/hooks', secret: CRM_SECRET}]"


def test_receivers_are_read_with_their_secrets(tmp_path: Path) -> None:
    (found,) = endpoints_in(_file(tmp_path, ONE), {"CRM_SECRET": SECRET})
    assert found == Endpoint("crm", "https://crm.example/hooks", KEY)
    assert found.wants("notice")


def _at(url: str) -> str:
    return ONE.replace("https://crm.example/hooks", url)


@pytest.mark.parametrize(
    ("text", "environment", "said"),
    [
        pytest.param(ONE, {}, "the environment has no CRM_SECRET", id="no-secret"),
        pytest.param(ONE, {"CRM_SECRET": "abc"}, "it begins with whsec_", id="no-signing-secret"),
        pytest.param(ONE, {"CRM_SECRET": "whsec_!"}, "is no base64", id="a-torn-secret"),
        pytest.param(ONE, {"CRM_SECRET": "whsec_YWJj"}, "a key of 3 bytes", id="a-short-secret"),
        pytest.param(
            ONE.replace("https:", "ftp:"), {"CRM_SECRET": SECRET}, "begin it with https", id="ftp"
        ),
        pytest.param(_at("https://crm.example:x/"), {}, "is no address (Port", id="no-port"),
        pytest.param(_at("https://[::crm/"), {}, "is no address (Invalid IPv6", id="no-host"),
        pytest.param(_at("https://crm.example:0/"), {}, "port 0", id="port-nought"),
        pytest.param(_at("https://crm.example/ü"), {}, "write those as %C3%BC", id="an-umlaut"),
        pytest.param(_at("https://crm.example/a b"), {}, "has blanks", id="a-blank"),
        pytest.param(_at("https://u:pw@crm.example/"), {}, "leave that out", id="a-password"),
        pytest.param(_at("https://crm..example/"), {}, "empty or too long part", id="two-dots"),
        pytest.param(
            ONE.replace("}", ", types: [notice, lead.asigned]}"),
            {"CRM_SECRET": SECRET},
            "'lead.asigned' is no type of event; did you mean 'lead.assigned'?",
            id="an-unknown-type",
        ),
        pytest.param(ONE.replace("url", "uri"), {}, "uri", id="an-unknown-key"),
        pytest.param("endpoints: [", {}, "does not load", id="no-yaml"),
        pytest.param(ONE, {"CRM_SECRET": ""}, "it begins with whsec_", id="an-empty-secret"),
        pytest.param(
            ONE.replace("name: crm", "name: ''"), {}, "Expected `str` of length >= 1", id="no-name"
        ),
        pytest.param(
            f"endpoints: [{', '.join(['{name: a, url: x, secret: S}'] * 21)}]",
            {},
            "names more than 20 receivers",
            id="too-many",
        ),
        pytest.param(
            "endpoints: [{name: a, url: 'https://a', secret: S}, {name: a, url: 'https://b',"
            " secret: S}]",
            {"S": SECRET},
            "two receivers 'a'",
            id="two-of-one-name",
        ),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_remedy(
    tmp_path: Path, text: str, environment: dict[str, str], said: str
) -> None:
    with pytest.raises(StartProblem) as refused:
        endpoints_in(_file(tmp_path, text), environment)
    assert said in str(refused.value)
    assert "webhooks.yaml" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartProblem, match="cannot read"):
        endpoints_in(tmp_path / "none.yaml", {})
