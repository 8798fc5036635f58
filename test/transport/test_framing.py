"""A header in one piece means the same as urllib3's and http.client's, line by line."""

from __future__ import annotations

import socket
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from openapiopenai import ApiClient, Configuration
from openapiopenai._transport.framing import FramedResponse
from openapiopenai._transport.pools import Connection, Connections
from openapiopenai._transport.timeouts import limit_of

if TYPE_CHECKING:
    import urllib3
    from wire import RecordingServer

LENGTH = "Content-Length: 5\r\n"

#: Headers that are plain, and those that have something of their own.
HEADERS = {
    "a length": LENGTH,
    "chunks": "Transfer-Encoding: chunked\r\n",
    "kept alive": f"{LENGTH}Connection: Keep-Alive\r\n",
    "many": "".join(f"X-{number}: {number}: a, b\r\n" for number in range(90)) + LENGTH,
    "closed": f"{LENGTH}Connection: close\r\n",
    "closed without a length": "Content-Type: text/plain\r\n",
    "upgraded": f"{LENGTH}Connection: upgrade\r\n",
    "a length and chunks": f"{LENGTH}Transfer-Encoding: chunked\r\n",
    "compressed chunks": "Transfer-Encoding: gzip, chunked\r\n",
    "chunks in capitals": "Transfer-Encoding: Chunked\r\n",
    "two lengths": f"{LENGTH}Content-Length: 6\r\n",
    "two lengths in one": "Content-Length: 5, 5\r\n",
    "a signed length": "Content-Length: +5\r\n",
    "a negative length": "Content-Length: -5\r\n",
    "a length that is none": "Content-Length: five\r\n",
    "a length without end": f"Content-Length: {'9' * 5000}\r\n",
    "several cookies, as OpenAI sends": f"{LENGTH}Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n",
    "chunks told twice": "Transfer-Encoding: chunked\r\ntransfer-encoding: chunked\r\n",
    "twice the same": f"Set-Cookie: a=1\r\nset-cookie: b=2\r\n{LENGTH}",
    "folded": f"X-A: one\r\n two\r\n{LENGTH}",
    "empty": f"X-A:\r\nX-B: \r\n{LENGTH}",
    "without spaces": f"X-A:1\r\n{LENGTH}",
    "with further spaces": f"X-A:   1  \r\n{LENGTH}",
    "Latin-1": f"X-A: \xe9\r\n{LENGTH}",
    "bare line ends": "Content-Length: 5\nX-A: 1\n",
    "no colon": f"nonsense\r\n{LENGTH}",
    "a space in a name": f"X A: 1\r\n{LENGTH}",
    "none": "",
}

STATUS_LINES = {
    "ok": "HTTP/1.1 200 OK",
    "an error": "HTTP/1.1 404 Not Found",
    "no reason": "HTTP/1.1 500 ",
    "no reason, no space": "HTTP/1.1 500",
    "no content": "HTTP/1.1 204 No Content",
    "not modified": "HTTP/1.1 304 Not Modified",
    "the old version": "HTTP/1.0 200 OK",
    "an interim one": "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
}


def read_by(kind: type[HTTPResponse], data: bytes, method: str = "POST") -> dict[str, object]:
    """Give all that a class makes of an answer which has arrived whole."""
    server, client = socket.socketpair()
    with server, client:
        server.sendall(data)
        server.shutdown(socket.SHUT_WR)
        with kind(client, method=method) as answer:
            answer.begin()
            told = {name: getattr(answer, name) for name in ("version", "status", "code", "reason")}
            framed = {name: getattr(answer, name) for name in ("chunked", "length", "will_close")}
            return told | framed | {"headers": answer.msg.items(), "body": answer.fp.read()}


@pytest.mark.parametrize("method", ["POST", "HEAD"])
@pytest.mark.parametrize("status_line", STATUS_LINES.values(), ids=STATUS_LINES)
@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_an_answer_is_what_http_client_makes_of_it(
    header: str, status_line: str, method: str
) -> None:
    data = f"{status_line}\r\n{header}\r\nhello".encode("latin-1")

    assert read_by(FramedResponse, data, method) == read_by(HTTPResponse, data, method)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["Content-Length", "transfer-encoding", "Connection", "X-A", "x b", ""]
            ),
            st.sampled_from([":", ": ", " : ", ""]),
            st.one_of(
                st.sampled_from(["5", "chunked", "keep-alive", "close"]), st.text(max_size=5)
            ),
            st.sampled_from(["\r\n", "\n", "\r\n "]),
        ),
        max_size=5,
    )
)
def test_any_answer_is_what_http_client_makes_of_it(lines: list[tuple[str, ...]]) -> None:
    header = "".join(map("".join, lines)).encode("utf-8", "replace")
    data = b"HTTP/1.1 200 OK\r\n" + header + b"\r\nhello"

    assert read_by(FramedResponse, data) == read_by(HTTPResponse, data)


def on_a_socket(kind: type[HTTPConnection], peer: socket.socket) -> HTTPConnection:
    """Give a connection of a class over a socket that is open already."""
    connection = kind("127.0.0.1", timeout=5)
    connection.sock = peer
    # as our pools prepare ours
    connection.limit = limit_of(None)  # type: ignore[attr-defined]
    connection.header_is_whole = True  # type: ignore[attr-defined]
    return connection


def answer_of(kind: type[HTTPConnection], data: bytes, method: str) -> dict[str, object]:
    """Give all that a connection of a class makes of an answer, or the error that it raises."""
    server, client = socket.socketpair()
    with server, client:
        server.sendall(data)
        server.shutdown(socket.SHUT_WR)
        connection = on_a_socket(kind, client)
        connection.request(method, "/", headers={"host": "a"}, preload_content=False)
        try:
            answer = connection.getresponse()
            fields = [(name, " ".join(value.split())) for name, value in answer.headers.items()]
            told = {name: getattr(answer, name) for name in ("status", "reason", "version")}
            asked = {name: getattr(answer, name) for name in ("version_string", "url")}
            return (
                told
                | asked
                | {"kept": connection.sock is client, "headers": fields, "body": answer.data}
            )
        except (HTTPError, HTTPException) as error:
            return {"error": type(error)}
        finally:
            connection.close()


@pytest.mark.parametrize("method", ["POST", "HEAD"])
@pytest.mark.parametrize("status_line", STATUS_LINES.values(), ids=STATUS_LINES)
@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_an_answer_is_what_urllib3_makes_of_it(header: str, status_line: str, method: str) -> None:
    data = f"{status_line}\r\n{header}\r\nhello".encode("latin-1")

    assert answer_of(Connection, data, method) == answer_of(HTTPConnection, data, method)


def sent_by(kind: type[HTTPConnection], method: str, body: Any, length: str) -> tuple[object, ...]:
    """Give what a connection of a class sends: the request line, the header in order, the body."""
    server, client = socket.socketpair()
    with server, client:
        headers = {"host": "a", "accept-encoding": "identity", "user-agent": "mine", "x-a": "b: c"}
        framing = {"content-length": length} if length else {}
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024)  # holds all of it
        connection = on_a_socket(kind, client)
        connection.request(method, "/a?b=c", body() if callable(body) else body, headers | framing)
        client.shutdown(socket.SHUT_WR)
        with server.makefile("rb") as file:
            head, _, rest = file.read().partition(b"\r\n\r\n")
        connection.close()
    line, *fields = head.split(b"\r\n")
    return line, sorted(fields, key=bytes.lower), rest


BODIES = {
    "none": (None, ""),
    "nothing": (b"", ""),
    "bytes": (b"hello", ""),
    "bytes of a told length": (b"hello", "5"),
    "blocks": (lambda: iter([b"he", b"", memoryview(b"llo")]), ""),
    "blocks of a told length": (lambda: iter([b"he", b"", memoryview(b"llo")]), "5"),
    "a large block": (lambda: iter([b"x" * 70_000, b"y"]), "70001"),
    "large chunks": (lambda: iter([b"x" * 70_000, b"y"]), ""),
    "no blocks": (lambda: iter([]), ""),
}


@pytest.mark.parametrize("method", ["POST", "PUT", "GET", "DELETE"])
@pytest.mark.parametrize(("body", "length"), BODIES.values(), ids=BODIES)
def test_a_request_is_what_urllib3_makes_of_it(method: str, body: Any, length: str) -> None:
    line, fields, sent = sent_by(HTTPConnection, method, body, length)
    lower = [
        name.lower() + colon + value for name, colon, value in (f.partition(b":") for f in fields)
    ]

    assert sent_by(Connection, method, body, length) == (line, lower, sent)


def test_a_plain_header_is_taken_without_http_client(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse_headers(*_: object) -> None:
        raise AssertionError("http.client was asked")

    monkeypatch.setattr("http.client.parse_headers", parse_headers)
    read = read_by(FramedResponse, f"HTTP/1.1 200 OK\r\n{LENGTH}\r\nhello".encode())

    assert read["headers"] == [("Content-Length", "5")]


def test_a_header_that_has_not_arrived_whole_is_waited_for() -> None:
    server, client = socket.socketpair()
    with server, client, FramedResponse(client, method="POST") as answer:
        server.sendall(b"HTTP/1.1 200 OK\r\nContent-")
        assert answer.fp.peek() == b"HTTP/1.1 200 OK\r\nContent-"
        server.sendall(b"Length: 5\r\n\r\nhello")
        answer.begin()

        assert (answer.status, answer.length, answer.read()) == (200, 5, b"hello")


@pytest.fixture
def manager(recording: RecordingServer) -> urllib3.PoolManager:
    """Give the connections of a client, which a user may use for requests of his own."""
    return ApiClient(Configuration(host=recording.host)).rest_client.pool_manager


def test_a_request_of_urllib3_goes_out_as_it_is_given(
    manager: urllib3.PoolManager, recording: RecordingServer
) -> None:
    headers = {"X-Text": "caf\xe9, a: b", "X-Bytes": b"raw", "User-Agent": "mine", "X-Empty": ""}
    manager.request("POST", f"{recording.host}/any", body=b"hello", headers=headers)  # type: ignore[arg-type]

    sent = recording.last
    assert sent.headers["x-text"].encode("latin-1").decode("latin-1") == "caf\xe9, a: b"
    assert (sent.headers["x-bytes"], sent.headers["x-empty"]) == ("raw", "")
    assert (sent.headers["user-agent"], sent.body) == ("mine", b"hello")


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"X-A": "sk-test\r\nX-B: c"}),
        ("POST", {"X-A: sk-test\r\nX-B": "c"}),
        ("POST", {"X-A": "sk-test\0"}),
        ("POST", {"": "sk-test"}),
        ("POST", {"X-A": "sk-test\u2019"}),
        ("GET / HTTP/1.1\r\nX-A: sk-test\r\n\r\nPOST", {}),
        ("PO ST", {}),
    ],
)
def test_what_http_does_not_allow_is_never_sent(
    method: str, headers: dict[str, str], manager: urllib3.PoolManager, recording: RecordingServer
) -> None:
    whole = {"host": "127.0.0.1", **headers}
    pool = manager.connection_from_url(recording.host)
    with pytest.raises(ValueError, match="none that HTTP allows") as caught:
        pool.urlopen(method, "/any", b"hello", whole, pool_timeout=limit_of(None))  # type: ignore[arg-type]

    assert "sk-test" not in str(caught.value)
    assert recording.requests == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.openai.com/v1", "api.openai.com"),
        ("https://api.openai.com:443/v1", "api.openai.com"),
        ("http://127.0.0.1:8000/v1", "127.0.0.1:8000"),
        ("https://127.0.0.1:80/v1", "127.0.0.1:80"),
        ("http://[::1]:8000/v1", "[::1]:8000"),
        ("http://LocalHost/v1", "localhost"),
        ("https://b\u00fccher.example/v1", "xn--bcher-kva.example"),
        ("https://user:sk-test@name.test/v1?api-version=1", "name.test"),
    ],
)
@pytest.mark.parametrize("proxy", [None, "http://127.0.0.1:3128"])
def test_the_host_is_named_as_in_its_url(url: str, host: str, proxy: str | None) -> None:
    configuration = Configuration(url, proxy=proxy)

    assert Connections(configuration).to(configuration.address).host == host
