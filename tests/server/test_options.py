"""Addresses that a server may listen on."""

import pytest

from scoring_service.server.options import Address, address
from scoring_service.server.start_problem import StartProblem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:50051", Address("127.0.0.1", 50_051)),
        ("127.8.8.8:0", Address("127.8.8.8", 0)),
        ("[::1]:1", Address("::1", 1)),
        ("localhost:65535", Address("localhost", 65_535)),
    ],
)
def test_loopback_is_always_allowed(text: str, expected: Address) -> None:
    assert address(text, "--listen", anywhere=False) == expected


@pytest.mark.parametrize("text", ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.org:1"])
def test_elsewhere_must_be_meant(text: str) -> None:
    assert str(address(text, "--listen", anywhere=True)) == text
    with pytest.raises(StartProblem, match="whoever reaches it may read and change every lead"):
        address(text, "--listen", anywhere=False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(":", id="neither host nor port"),
        pytest.param(":1", id="no host"),
        pytest.param("[]:1", id="empty brackets"),
        pytest.param("127.0.0.1", id="no port"),
        pytest.param("127.0.0.1:", id="an empty port"),
        pytest.param("h:-1", id="a port below 0"),
        pytest.param("h:65536", id="a port beyond the last"),
        pytest.param("h:²", id="a digit that is none of ours"),
        pytest.param(f"h:{'9' * 5_000}", id="more digits than are read"),
        pytest.param("a..b:1", id="a host with an empty part"),
        pytest.param(f"{'a' * 64}:1", id="a host with too long a part"),
    ],
)
def test_what_is_no_address_is_refused_with_its_option(text: str) -> None:
    with pytest.raises(StartProblem, match=r"--http .* is no address; give HOST:PORT"):
        address(text, "--http", anywhere=True)


@pytest.mark.parametrize("text", ["127.0.0.1:1", "[::1]:1", "localhost:1"])
def test_an_address_is_written_as_it_is_read(text: str) -> None:
    assert str(address(text, "--listen", anywhere=False)) == text
