"""A socket's timeout is over all that follows, and sending ends where the peer responds."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from array import array
from typing import TYPE_CHECKING, Any

import pytest
from wire import Connection, RawServer, ca_pem, reads_nothing, server_context

from openapiopenai._transport.sockets import connected, deadline_class, first_connected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT, LATE = 0.3, 3.0  # seconds: a timeout, and when it would plainly not have been kept
BIG = bytes(range(256)) * 40_000  # more than the buffers of a connection hold


@pytest.fixture
def pair() -> Iterator[tuple[Any, socket.socket]]:
    """A socket with a deadline, and its peer."""
    one, peer = socket.socketpair()
    with deadline_class(socket.socket)(fileno=one.detach()) as ours, peer:
        yield ours, peer


@contextlib.contextmanager
def fed(peer: socket.socket, count: int, every: float = 0.05) -> Iterator[None]:
    """Let a peer send so many bytes, one at each interval."""
    ended = threading.Event()

    def feed() -> None:
        for _ in range(count):
            if ended.wait(every):
                break
            peer.send(b"x")

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        yield
    finally:
        ended.set()
        feeder.join()


def received(ours: Any, count: int) -> int:
    """Receive so many bytes one by one, by both methods in turn."""
    buffer = bytearray(1)
    return sum(
        len(ours.recv(1)) if number % 2 else ours.recv_into(buffer) for number in range(count)
    )


# -- the timeout --------------------------------------------------------------------------------


def test_the_timeout_is_over_all_receives(pair: tuple[Any, socket.socket]) -> None:
    ours, peer = pair
    ours.settimeout(LIMIT)
    started = time.monotonic()
    with fed(peer, 200), pytest.raises(TimeoutError):
        received(ours, 200)
    assert LIMIT * 0.9 < time.monotonic() - started < LATE


def test_per_wait_each_receive_has_all_of_it(pair: tuple[Any, socket.socket]) -> None:
    ours, peer = pair
    ours.per_wait = True
    ours.settimeout(LIMIT * 4)
    started = time.monotonic()
    with fed(peer, 30):
        assert received(ours, 30) == 30
    assert time.monotonic() - started > LIMIT * 4
    assert ours.gettimeout() == LIMIT * 4


def test_what_is_left_shrinks_to_an_error(pair: tuple[Any, socket.socket]) -> None:
    ours, _ = pair
    ours.settimeout(LIMIT)
    assert 0 < ours.gettimeout() <= LIMIT
    with pytest.raises(TimeoutError):
        ours.recv(1)
    for late in (ours.gettimeout, lambda: ours.recv(1), lambda: ours.send(b"x")):
        with pytest.raises(TimeoutError):
            late()


def test_the_timeout_begins_when_it_is_set(pair: tuple[Any, socket.socket]) -> None:
    ours, peer = pair
    for _ in range(2):
        ours.settimeout(LIMIT)
        with pytest.raises(TimeoutError):
            ours.recv(1)
    ours.settimeout(None)
    assert ours.gettimeout() is None
    with fed(peer, 1, every=LIMIT):
        assert ours.recv(1) == b"x"


# -- sending ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b"x", BIG, bytearray(BIG), memoryview(BIG), array("I", range(100_000))],
    ids=lambda data: f"{type(data).__name__} of {len(data)}",
)
def test_all_is_sent_in_order(pair: tuple[Any, socket.socket], data: Any) -> None:
    ours, peer = pair
    got = bytearray()

    def read() -> None:
        while block := peer.recv(65_536):
            got.extend(block)

    reader = threading.Thread(target=read)
    reader.start()
    ours.settimeout(20.0)
    ours.sendall(data)
    ours.shutdown(socket.SHUT_WR)
    reader.join()
    assert got == bytes(memoryview(data).cast("B"))


def test_sending_is_within_the_timeout(pair: tuple[Any, socket.socket]) -> None:
    ours, _ = pair
    ours.settimeout(LIMIT)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        ours.sendall(BIG)
    assert time.monotonic() - started < LATE


def test_sending_stops_at_a_response(pair: tuple[Any, socket.socket]) -> None:
    ours, peer = pair
    ours.settimeout(20.0)
    peer.send(b"enough")
    with pytest.raises(BrokenPipeError, match="before all was sent"):
        ours.sendall(BIG)
    assert ours.cut_short
    assert ours.recv(100) == b"enough"


def test_a_response_to_what_is_small_is_not_waited_for(pair: tuple[Any, socket.socket]) -> None:
    ours, peer = pair
    peer.send(b"early")
    ours.settimeout(20.0)
    ours.sendall(b"request")
    assert not ours.cut_short
    assert peer.recv(100) == b"request"


def test_receiving_waits_again_after_an_interrupted_sending(
    pair: tuple[Any, socket.socket],
) -> None:
    ours, peer = pair
    ours.settimeout(20.0)
    peer.send(b"x")
    with pytest.raises(BrokenPipeError):
        ours.sendall(BIG)
    assert ours.recv(1) == b"x"
    with fed(peer, 1, every=0.1):
        assert ours.recv(1) == b"x"


def test_a_peer_that_hung_up_is_a_broken_pipe(pair: tuple[Any, socket.socket]) -> None:
    ours, peer = pair
    peer.close()
    for send in (ours.send, ours.sendall):
        with pytest.raises(BrokenPipeError):
            send(b"x")


# -- TLS ----------------------------------------------------------------------------------------


def tls_context() -> Any:
    context = ssl.create_default_context(cadata=ca_pem().decode())
    base: Any = context.sslsocket_class
    context.sslsocket_class = deadline_class(base)
    return context


@contextlib.contextmanager
def connected_to(server: RawServer, timeout: float) -> Iterator[Any]:
    plain = deadline_class(socket.socket)(socket.AF_INET)
    place = ("127.0.0.1", server.port)
    with connected(plain, lambda: plain.connect(place), timeout) as opened:
        yield opened


def test_a_handshake_has_what_is_left() -> None:
    with RawServer(reads_nothing) as server, connected_to(server, LIMIT * 2) as opened:
        opened.settimeout(20.0)
        opened._end -= 20.0 - LIMIT  # as if most of it had gone by
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            tls_context().wrap_socket(opened, server_hostname="127.0.0.1")
        assert time.monotonic() - started < LATE


@pytest.mark.parametrize("peeked", [False, True])
def test_a_response_over_tls_is_not_lost_by_the_look_for_it(*, peeked: bool) -> None:
    def responds(connection: Connection) -> None:
        if peeked:
            connection.read_some(1)
        connection.send(b"enough of it")
        connection.wait()

    with (
        RawServer(responds, tls=server_context()) as server,
        connected_to(server, 20.0) as plain,
        tls_context().wrap_socket(plain, server_hostname="127.0.0.1") as opened,
    ):
        if peeked:
            with pytest.raises(BrokenPipeError):
                opened.sendall(BIG)
            assert opened.cut_short
        buffer, got = bytearray(5), b""
        while len(got) < 6:
            got += opened.recv(5)
        while len(got) < 12:
            got += bytes(buffer[: opened.recv_into(buffer)])
        assert got == b"enough of it"


def test_a_peer_that_hung_up_over_tls_is_a_broken_pipe_too() -> None:
    with (
        RawServer(lambda connection: connection.close(), tls=server_context()) as server,
        connected_to(server, 20.0) as plain,
        tls_context().wrap_socket(plain, server_hostname="127.0.0.1") as opened,
    ):
        assert server.wait_for(lambda: server.connections == 1 and not server.open_connections)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            opened.sendall(BIG * 10)


# -- connecting ---------------------------------------------------------------------------------


def tries(*outcomes: Any) -> tuple[list[float], Callable[[Any, float], Any]]:
    """Return the timeouts of attempts, and what makes these one after another."""
    timeouts: list[float] = []
    left = list(outcomes)

    def connect(_: Any, timeout: float) -> Any:
        timeouts.append(timeout)
        outcome = left.pop(0)
        if outcome is TimeoutError:
            time.sleep(timeout)
        if isinstance(outcome, type):
            raise outcome(f"attempt {len(timeouts)}")
        return outcome

    return timeouts, connect


def test_addresses_share_the_time_evenly() -> None:
    timeouts, connect = tries(TimeoutError, TimeoutError, TimeoutError)
    started = time.monotonic()
    with pytest.raises(TimeoutError, match="attempt 3"):
        first_connected([(1,), (2,), (3,)], 0.3, connect)
    assert time.monotonic() - started < LATE
    assert timeouts == pytest.approx([0.1, 0.1, 0.1], abs=0.05)


def test_what_one_address_does_not_use_the_others_have() -> None:
    timeouts, connect = tries(ConnectionRefusedError, OSError, TimeoutError)
    with pytest.raises(TimeoutError):
        first_connected([(1,), (2,), (3,)], 0.3, connect)
    assert timeouts == pytest.approx([0.1, 0.15, 0.3], abs=0.05)


def test_the_first_that_accepts_has_the_rest_of_the_time(pair: tuple[Any, socket.socket]) -> None:
    ours, _ = pair
    timeouts, connect = tries(ConnectionRefusedError, ours)
    assert first_connected([(1,), (2,), (3,)], 20.0, connect) is ours
    assert len(timeouts) == 2
    assert timeouts[1] < ours.gettimeout() <= 20.0


def test_no_address_is_an_error() -> None:
    with pytest.raises(OSError, match="no address"):
        first_connected([], 1.0, tries()[1])


@pytest.mark.parametrize("error", [ConnectionRefusedError, KeyboardInterrupt])
def test_a_socket_that_does_not_connect_is_closed(error: type[BaseException]) -> None:
    def connect() -> None:
        raise error

    opened = socket.socket()
    with pytest.raises(error):
        connected(opened, connect, 1.0)
    assert opened.fileno() == -1
