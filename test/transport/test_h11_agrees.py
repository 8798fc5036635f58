"""A body that ``http.client`` reads through our rules is the one that h11 reads."""

from __future__ import annotations

import socket
from http.client import HTTPException
from typing import TypeAlias

import h11
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openapiopenai._transport.strict_response import StrictResponse

#: The status and the body; None where a response is refused or incomplete.
Outcome: TypeAlias = "tuple[int, bytes] | None"

LINES = [
    b"Content-Length: 5",
    b"Content-Length: 3",
    b"Content-Length: 5, 5",
    b"Transfer-Encoding: chunked",
    b"Connection: close",
    b"Content-Type: text/plain",
    b"X: y",
]
BODIES = [
    b"hello",
    b"hello world",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
]
PIECES = [
    *(bytes([code]) for code in b"\0\t\n\v\f\r\x1f :,-+_50\x85\xa0"),
    *(b"\r\n", b"\r\n\r\n", b"\n\n", b"\r\n ", b" :", b"0x", *LINES, *BODIES),
]


@st.composite
def responses(draw: st.DrawFn) -> bytes:
    """Return a response, in which pieces are inserted and bytes removed."""
    status = draw(st.sampled_from([b"200 OK", b"204 No Content", b"401 Unauthorized"]))
    lines = draw(st.lists(st.sampled_from(LINES), max_size=3))
    body = draw(st.sampled_from(BODIES))
    sent = b"\r\n".join([b"HTTP/1.1 " + status, *lines, b"", body])
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(sent)))
        piece = draw(st.sampled_from(PIECES))
        removed = draw(st.integers(0, 1))
        sent = sent[:place] + piece + sent[place + removed :]
    return sent


def read_by_us(sent: bytes) -> Outcome:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(sent)
        far.shutdown(socket.SHUT_WR)
        response = StrictResponse(near, method="POST")
        try:
            response.begin()
            body = b"".join(iter(lambda: response.read1(1024), b""))
        except HTTPException:
            return None
        finally:
            response.close()
        return None if response.length else (response.status, body)


def read_by_h11(sent: bytes) -> Outcome:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="POST", target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(sent)
    connection.receive_data(b"")
    status, body = 0, b""
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return status, body
        elif not isinstance(event, h11.InformationalResponse):
            return None


@settings(max_examples=500)
@given(responses())
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello world")
@example(b"HTTP/1.1 200 OK\r\n\r\r\nContent-Length: 5\r\n\r\nhell")
def test_h11_reads_the_same_body_unless_it_refuses_a_character(sent: bytes) -> None:
    ours = read_by_us(sent)
    if ours is None:
        return
    try:
        assert ours == read_by_h11(sent)
    except h11.RemoteProtocolError as error:
        # it permits fewer in a line, which is no matter of where the body ends
        assert str(error).startswith("illegal ")  # noqa: PT017
