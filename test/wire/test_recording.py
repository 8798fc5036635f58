"""The recording server does what the tests take for granted."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

import pytest

from wire import (
    Answer,
    RecordingServer,
    parse_form,
)
from wire.client import ask, post

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="\xc3\xa9.wav"\r\n'
    b"Content-Type: audio/wav\r\n\r\nRI\r\nFF\r\n"
    b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--b--\r\n'
)


@pytest.fixture
def client(recording: RecordingServer) -> Iterator[HTTPConnection]:
    """A kept-alive connection to the recording server."""
    with closing(HTTPConnection("127.0.0.1", recording.port, timeout=5)) as connection:
        yield connection


def test_requests_are_recorded_as_they_came(
    recording: RecordingServer, client: HTTPConnection
) -> None:
    earlier = time.monotonic()
    assert ask(client, body=b"{}", headers={"X-One": "1"}).read() == b'{"text": "hello"}'
    request = recording.last
    assert (request.method, request.target, request.path) == ("POST", "/v1/x?y=1", "/v1/x")
    assert (request.body, request.json, request.size, request.chunked) == (b"{}", {}, 2, False)
    assert request.sha256 == hashlib.sha256(b"{}").hexdigest()
    assert request.headers["x-one"] == "1"
    assert "X-ONE" in request.headers
    assert request.head.startswith(b"POST /v1/x?y=1 HTTP/1.1\r\nHost: 127.0.0.1")
    assert earlier <= request.seconds <= time.monotonic()


def test_repeated_headers_stay_apart(recording: RecordingServer, client: HTTPConnection) -> None:
    client.putrequest("GET", "/")
    client.putheader("X-Twice", "1")
    client.putheader("x-twice", "2")
    client.endheaders()
    client.getresponse().read()
    assert recording.last.headers.get_all("X-TWICE") == ["1", "2"]
    assert recording.last.headers["X-Twice"] == "1, 2"
    assert recording.last.headers.pairs[-2:] == [("X-Twice", "1"), ("x-twice", "2")]


def test_chunked_bodies_are_joined(recording: RecordingServer, client: HTTPConnection) -> None:
    ask(client, body=iter([b"one", b"two"])).read()
    assert (recording.last.body, recording.last.chunked) == (b"onetwo", True)


def test_a_form_is_read_by_an_independent_parser(
    recording: RecordingServer, client: HTTPConnection
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    ask(client, body=FORM, headers=headers).read()
    file, model = recording.last.form
    assert (file.name, file.filename, file.content_type) == ("file", "\u00e9.wav", "audio/wav")
    assert file.content == b"RI\r\nFF"
    assert (model.filename, model.content_type, model.text) == (None, None, "whisper-1")


@pytest.mark.parametrize(
    "body",
    [
        FORM.removesuffix(b"--\r\n"),
        FORM + b"more",
        FORM.replace(b"form-data", b"attachment"),
        FORM.replace(b'name="model"', b'other="model"'),
        FORM.replace(b'name="model"', b'name="model"; other="x"'),
        FORM.replace(b"Content-Type: audio/wav", b"Content-Disposition: form-data"),
        FORM.replace(b"Content-Type: audio/wav", b"Content Type: audio/wav"),
        FORM.replace(b"\r\n--b", b"--b"),
        b"",
    ],
)
def test_a_malformed_form_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_form("multipart/form-data; boundary=b", body)


def test_answers_come_from_the_queue_and_then_from_the_default(
    recording: RecordingServer, client: HTTPConnection
) -> None:
    recording.answer(429, {"error": "slow"}, {"Retry-After": "1"}, reason="Slow Down")
    recording.answer(Answer(204))
    recording.answers_always(200, "text", [("Set-Cookie", "a"), ("Set-Cookie", "b")])
    first = ask(client)
    assert (first.status, first.reason, first.read()) == (429, "Slow Down", b'{"error": "slow"}')
    assert (first.headers["Retry-After"], first.headers["Content-Type"]) == (
        "1",
        "application/json",
    )
    assert (ask(client).read(), ask(client).read()) == (b"", b"text")
    recording.answer_with(lambda request: Answer(body=request.target))
    assert ask(client).read() == b"/v1/x?y=1"
    assert recording.connections == recording.open_connections == 1
    assert [request.connection for request in recording.requests] == [1, 1, 1, 1]


def test_pieces_are_sent_as_they_are_made(
    recording: RecordingServer, client: HTTPConnection
) -> None:
    gate = recording.gate()

    def pieces() -> Iterator[bytes]:
        yield b"first"
        gate.wait()
        yield b"second"

    recording.answer(body=pieces())
    response = ask(client)
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert response.read(5) == b"first"
    gate.set()
    assert response.read() == b"second"


def test_an_answer_can_be_delayed_and_cut(
    recording: RecordingServer, client: HTTPConnection
) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"first"
        raise ConnectionAbortedError

    gate = recording.gate()
    recording.answer(chunks=pieces(), delay=gate)
    threading.Timer(0.05, gate.set).start()
    with pytest.raises(HTTPException):
        ask(client).read()
    assert recording.wait_for(lambda: recording.open_connections == 0)


def test_a_client_may_ask_before_it_sends(recording: RecordingServer) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    with socket.create_connection(("127.0.0.1", recording.port)) as client:
        client.sendall(head)
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"ok")
        assert client.recv(15) == b"HTTP/1.1 200 OK"
    assert recording.last.body == b"ok"


def test_bodies_need_not_be_kept() -> None:
    with RecordingServer(keep_bodies=False) as server:
        post(server.port, b"x" * 1_000_000)
        digest = hashlib.sha256(b"x" * 1_000_000).hexdigest()
        assert (server.last.body, server.last.size, server.last.sha256) == (b"", 1_000_000, digest)


def test_a_request_that_breaks_off_is_not_taken_for_one(recording: RecordingServer) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"
    with socket.create_connection(("127.0.0.1", recording.port)) as client:
        client.sendall(head + b"short")
    assert recording.wait_for(lambda: recording.unfinished == [head])
    assert recording.requests == []


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        *(
            b"POST / HTTP/1.1\r\nHost: a\r\n" + rest
            for rest in (
                b"X: a\nInjected: b\r\n\r\n",
                b"X: a\rInjected: b\r\n\r\n",
                b"X: a\x07\r\n\r\n",
                b"X: a\r\n folded\r\n\r\n",
                b"no colon\r\n\r\n",
                b"Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
                b"Content-Length: +1\r\n\r\nx",
                b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
                b"Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n",
                b"Transfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n",
            )
        ),
    ],
)
def test_a_malformed_request_is_not_forgiven(request_bytes: bytes) -> None:
    with pytest.raises(RuntimeError, match="handler"), RecordingServer() as server:  # noqa: PT012
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(request_bytes)
            assert client.recv(100) == b""
        assert server.requests == []


def test_a_server_ends_whatever_its_handlers_wait_for() -> None:
    with socket.socket() as client:
        with RecordingServer() as server:
            server.answer(delay=threading.Event())
            client.connect(("127.0.0.1", server.port))
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert server.wait_for(lambda: len(server.requests) == 1)
            started = time.monotonic()
        assert time.monotonic() - started < 1
        assert client.recv(1) == b""
