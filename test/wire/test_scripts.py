"""The faults that tests provoke are what they are called."""

from __future__ import annotations

import contextlib
import socket
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException

import pytest

from wire import (
    OK,
    Connection,
    RawServer,
    Script,
    closes,
    closes_without_answer,
    drips,
    early_answer,
    full_backlog,
    in_turn,
    open_sockets,
    reads_nothing,
    reads_slowly,
    refused_port,
    replies,
    resets_after_request,
    resets_before_request,
    resets_during_request,
    resets_in_answer,
    says_nothing,
    truncates,
    truncates_chunked,
)
from wire.client import ask, post

BIG = b"x" * 30_000_000  # more than the buffers of a connection hold


@pytest.mark.parametrize(
    ("script", "body", "failure", "requests"),
    [
        (closes, b"", (HTTPException, ConnectionError), 0),
        (resets_before_request, b"", (HTTPException, ConnectionError), 0),
        (resets_during_request(1000), BIG, ConnectionError, 1),
        (resets_after_request, b"", ConnectionResetError, 1),
        (closes_without_answer, b"", HTTPException, 1),
        (resets_in_answer(), b"", (HTTPException, ConnectionResetError), 1),
        (truncates(), b"", HTTPException, 1),
        (truncates_chunked(), b"", HTTPException, 1),
        (says_nothing, b"", TimeoutError, 1),
        (drips(b"{}", 60), b"", TimeoutError, 1),
        (reads_nothing, BIG, TimeoutError, 0),
        (reads_slowly(0.05, block=10), BIG, TimeoutError, 1),
    ],
    ids=lambda value: getattr(value, "__qualname__", "").partition(".")[0] or None,
)
def test_faults_are_what_they_are_called(
    script: Script,
    body: bytes,
    failure: type[Exception] | tuple[type[Exception], ...],
    requests: int,
) -> None:
    with RawServer(in_turn(script, replies(OK))) as server:
        with pytest.raises(failure):
            post(server.port, body, seconds=0.2 if failure is TimeoutError else 5)
        assert server.requests_seen == requests
        assert post(server.port) == b'{"text": "hello"}'
        started = time.monotonic()
    assert time.monotonic() - started < 1


def test_a_drip_is_slow_but_whole() -> None:
    with RawServer(drips(b'{"text": ""}', 0.01)) as server:
        started = time.monotonic()
        assert post(server.port) == b'{"text": ""}'
        assert time.monotonic() - started > 0.1


@pytest.mark.parametrize("drains", [True, False])
def test_an_early_answer_comes_before_the_body(drains: bool) -> None:  # noqa: FBT001
    with RawServer(early_answer(413, {"error": "big"}, drains=drains)) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 30000000\r\n\r\n")
            answer = client.recv(1000)
            with contextlib.suppress(ConnectionError):
                client.sendall(BIG)
            assert answer.startswith(b"HTTP/1.1 413 Content Too Large\r\n")
            assert answer.endswith(b'{"error": "big"}')
        assert server.requests_seen == 1


def test_a_connection_can_be_kept_for_some_answers_only() -> None:
    with RawServer(replies(OK, OK, then=resets_after_request)) as server:
        with closing(HTTPConnection("127.0.0.1", server.port)) as client:
            assert ask(client, body=b"1").read() == ask(client, body=b"2").read()
            with pytest.raises(ConnectionResetError):
                ask(client, body=b"3")
        assert (server.requests_seen, server.connections) == (3, 1)
        assert server.heads[2].startswith(b"POST /v1/x?y=1 HTTP/1.1\r\n")


def test_a_failing_script_fails_the_block() -> None:
    def script(_: Connection) -> None:
        raise AssertionError("seen")

    with (
        pytest.raises(RuntimeError, match="handler") as failure,
        RawServer(script) as server,
        socket.create_connection(("127.0.0.1", server.port)) as client,
    ):
        client.recv(1)
    assert str(failure.value.__cause__) == "seen"


def test_a_full_backlog_times_out_and_a_refused_port_refuses() -> None:
    with full_backlog() as port, pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", port), timeout=0.1)
    with refused_port() as port, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_open_sockets_are_counted() -> None:
    before = open_sockets()
    with socket.socket():
        assert open_sockets() == before + 1
    assert open_sockets() == before
