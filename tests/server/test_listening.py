"""A port is free or not; one that workers share is shared with nobody else."""

import socket
from collections.abc import Callable, Iterator

import pytest

from scoring_service.server.listening import claimed, require_free
from scoring_service.server.options import Address
from scoring_service.server.start_problem import StartProblem

ANY = Address("127.0.0.1", 0)
REUSE_ADDRESS, REUSE_PORT = socket.SO_REUSEADDR, socket.SO_REUSEPORT

Bind = Callable[..., socket.socket]


@pytest.fixture
def bind() -> Iterator[Bind]:
    """Binds sockets, which are closed after the test; OSError where the port is another's."""
    made: list[socket.socket] = []

    def bind(port: int, *settings: int, listen: bool = True) -> socket.socket:
        made.append(socket.socket())
        for setting in settings:
            made[-1].setsockopt(socket.SOL_SOCKET, setting, 1)
        made[-1].bind(("127.0.0.1", port))
        if listen:
            made[-1].listen()
        return made[-1]

    yield bind
    for each in made:
        each.close()


def test_workers_may_listen_at_a_claimed_port_and_get_its_calls(bind: Bind) -> None:
    with claimed(ANY, "--listen") as at:
        workers = [bind(at.port, REUSE_ADDRESS, REUSE_PORT) for _ in range(2)]
        for _ in range(4):  # each is accepted by a worker: the one who claims does not listen
            socket.create_connection(at, timeout=5).close()
    assert all(worker.fileno() > 0 for worker in workers)


def test_a_claimed_port_without_a_worker_takes_no_calls() -> None:
    with claimed(ANY, "--listen") as at, pytest.raises(ConnectionRefusedError):
        socket.create_connection(at, timeout=5)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_claimed_port_is_not_shared_with_another_server(bind: Bind, workers: int) -> None:
    with claimed(ANY, "--listen") as at:
        for _ in range(workers):
            bind(at.port, REUSE_ADDRESS, REUSE_PORT)
        with pytest.raises(StartProblem, match=f"{at}: .*--listen"), claimed(at, "--listen"):
            pass
        with pytest.raises(StartProblem, match=f"{at}: .*--http"):
            require_free(at, "--http")
        with pytest.raises(OSError, match="in use"):
            bind(at.port, REUSE_ADDRESS)


def test_who_listens_already_is_not_joined(bind: Bind) -> None:
    for settings in ((), (REUSE_ADDRESS,), (REUSE_ADDRESS, REUSE_PORT)):
        port = bind(0, *settings).getsockname()[1]
        at = Address("127.0.0.1", port)
        with pytest.raises(StartProblem, match="in use"), claimed(at, "--listen"):
            pass


def test_what_an_earlier_server_closed_does_not_stand_in_the_way(bind: Bind) -> None:
    listening = bind(0, REUSE_ADDRESS)
    at = Address(*listening.getsockname())
    caller = socket.create_connection(at)
    called, _ = listening.accept()
    called.close()  # the server's side ends first, and its port remembers for a minute
    assert caller.recv(1) == b""
    caller.close()
    listening.close()
    with pytest.raises(OSError, match="in use"):
        bind(at.port)
    with claimed(at, "--listen"):
        bind(at.port, REUSE_ADDRESS, REUSE_PORT)


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(StartProblem), claimed(Address("192.0.2.1", 0), "--listen"):
        pass


def test_a_port_is_free_again_afterwards() -> None:
    with claimed(ANY, "--listen") as at:
        pass
    require_free(at, "--listen")
